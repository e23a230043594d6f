"""Judgements as they come about: saved once however often they are sent, doubts, adjudications."""

import datetime as dt
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.errors import InvalidInputError
from corpus.ids import PassageId
from corpus.model import Code, Judgement
from corpus.rows import code_from_row, judgement_from_row
from corpus.store import Store, put_judgements

LONGEST_NOTE = 5000
"""Characters of a note, typed or from a file; it always fits into a cell of a spreadsheet."""


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """How a judgement came about; none of it changes what it says."""

    token: str
    """Names the form it came from: what is sent twice is kept once."""
    item_id: int | None = None
    """The item of a draw that it decides."""
    blind: bool = False
    """Neither the machine's codes nor another coder's were shown."""
    tagger_version: str | None = None
    """What had read the passage then, whether its codes were shown or not."""
    decisions: tuple[Mapping[str, str], ...] = ()
    """What became of each code that was shown: the code's fields and ``decision``."""


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """A coder who read a passage and is not sure; no judgement, so it stays unchecked."""

    passage_id: PassageId
    coder: str
    doubted_at: dt.datetime
    codebook_version: str
    codes: tuple[Code, ...] = ()
    """What they lean to, as far as they said."""
    note: str = ""
    tagger_version: str | None = None


def save_coding(store: Store, judgement: Judgement, circumstances: Circumstances) -> int:
    """Append a judgement with how it came about; gives its number.

    When this returns, the judgement survives a power cut. The same form sent twice, also at
    the same time, gives the number that it has already. What the coder had kept as a draft
    of the item is gone with it.

    Raises:
        InvalidInputError: the passage is not held, or another coder's form had this token.
    """
    with store.writing() as connection:
        held = _sent_before(connection, circumstances.token, judgement.coder)
        return held or put_coding(connection, judgement, circumstances)


def put_coding(connection: Connection, judgement: Judgement, circumstances: Circumstances) -> int:
    """Append a judgement within a transaction; see :func:`save_coding`."""
    (number,) = put_judgements(connection, [judgement])
    row = asdict(circumstances)
    row["decisions"] = [dict(decision) for decision in circumstances.decisions]
    connection.execute(sa.insert(t.codings).values(judgement_id=number, **row))
    if circumstances.item_id is not None:
        _drop_draft(connection, circumstances.item_id, judgement.coder)
    return number


def save_doubt(store: Store, doubt: Doubt, *, token: str, item_id: int | None = None) -> None:
    """Append a doubt; sent twice, it is kept once."""
    row = asdict(doubt)
    row["codes"] = [asdict(code) for code in doubt.codes]
    with store.writing(content=False) as connection:
        held = sa.select(t.doubts.c.doubt_id).where(t.doubts.c.token == token)
        if connection.scalar(held) is None:
            connection.execute(sa.insert(t.doubts).values(token=token, item_id=item_id, **row))
        if item_id is not None:
            _drop_draft(connection, item_id, doubt.coder)


def adjudicate(
    store: Store,
    judgement: Judgement,
    between: Sequence[int],
    circumstances: Circumstances | None = None,
) -> int:
    """Append a judgement that decides between others; it stands until the next such one.

    Args:
        store: where.
        judgement: what holds, whoever said so before.
        between: numbers of the judgements that it decides between; none where the coders
            were not sure.
        circumstances: the form it came from.

    Raises:
        InvalidInputError: one of these is not held or is about another passage, or the
            judge is one of those who differ.
    """
    circumstances = circumstances or Circumstances(token=secrets.token_hex(16))
    with store.writing() as connection:
        held = _sent_before(connection, circumstances.token, judgement.coder)
        if held is not None:
            return held
        _check_between(connection, judgement, between)
        number = put_coding(connection, judgement, circumstances)
        put_adjudication(connection, number, between)
    return number


def put_adjudication(connection: Connection, number: int, between: Sequence[int]) -> None:
    """Mark a judgement as deciding between others, within a transaction."""
    connection.execute(sa.insert(t.adjudications).values(judgement_id=number))
    rows = [{"adjudication_id": number, "judgement_id": each} for each in sorted(set(between))]
    if rows:
        connection.execute(sa.insert(t.adjudicated), rows)


def read_judgements(store: Store, numbers: Collection[int]) -> dict[int, Judgement]:
    """Read judgements by their numbers, in order; numbers that are not held are left out."""
    wanted = t.judgements.c.judgement_id.in_(sorted(numbers))
    codes_query = (
        sa.select(t.judgement_codes)
        .where(t.judgement_codes.c.judgement_id.in_(sorted(numbers)))
        .order_by(t.judgement_codes.c.theme, t.judgement_codes.c.stance, t.judgement_codes.c.level)
    )
    query = sa.select(t.judgements).where(wanted).order_by(t.judgements.c.judgement_id)
    codes: dict[int, list[Code]] = {}
    with store.reading() as connection:
        for row in connection.execute(codes_query).mappings():
            codes.setdefault(row["judgement_id"], []).append(code_from_row(row))
        rows = connection.execute(query).mappings().all()
    return {
        row["judgement_id"]: judgement_from_row(row, codes.get(row["judgement_id"], ()))
        for row in rows
    }


def keep_draft(
    store: Store, item_id: int, coder_id: int, contents: Mapping[str, Any], *, at: dt.datetime
) -> None:
    """Keep what a coder had typed into an item's form; the newest replaces the one before."""
    with store.writing(content=False) as connection:
        connection.execute(sa.delete(t.drafts).where(*_draft(item_id, coder_id)))
        connection.execute(
            sa.insert(t.drafts).values(
                item_id=item_id, coder_id=coder_id, contents=dict(contents), kept_at=at
            )
        )


def read_draft(store: Store, item_id: int, coder_id: int) -> Mapping[str, Any] | None:
    """What a coder had typed into an item's form and not saved yet."""
    query = sa.select(t.drafts.c.contents).where(*_draft(item_id, coder_id))
    with store.reading() as connection:
        contents: Mapping[str, Any] | None = connection.scalar(query)
    return contents


def _draft(item_id: int, coder_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    return t.drafts.c.item_id == item_id, t.drafts.c.coder_id == coder_id


def _drop_draft(connection: Connection, item_id: int, coder: str) -> None:
    coder_id = sa.select(t.coders.c.coder_id).where(t.coders.c.name == coder)
    connection.execute(
        sa.delete(t.drafts).where(t.drafts.c.item_id == item_id, t.drafts.c.coder_id.in_(coder_id))
    )


def _sent_before(connection: Connection, token: str, coder: str) -> int | None:
    query = (
        sa.select(t.codings.c.judgement_id, t.judgements.c.coder)
        .select_from(t.codings.join(t.judgements))
        .where(t.codings.c.token == token)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    if row.coder != coder:
        raise InvalidInputError("This form was used by another coder. Open the page again.")
    return int(row.judgement_id)


def _check_between(connection: Connection, judgement: Judgement, between: Sequence[int]) -> None:
    query = sa.select(t.judgements.c.judgement_id, t.judgements.c.coder).where(
        t.judgements.c.judgement_id.in_(list(between)),
        t.judgements.c.passage_id == judgement.passage_id,
    )
    found = {row.judgement_id: row.coder for row in connection.execute(query)}
    lacking = sorted(set(between) - set(found))
    if lacking:
        raise InvalidInputError(
            f"The judgements {', '.join(map(str, lacking))} are not of this passage."
        )
    if judgement.coder in found.values():
        raise InvalidInputError(
            "You judged this passage yourself, so another lead decides where coders differ."
        )
