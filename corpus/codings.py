"""Judgements as they come about: saved once however often they are sent, doubts, adjudications."""

import datetime as dt
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
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
    the same time, gives the number that it has already; sent again with something else in it,
    such as from a page one has gone back to, it is another judgement. What the coder had kept
    as a draft of the item is gone with it.

    Raises:
        InvalidInputError: the passage is not held, or another coder's form had this token.
    """
    with store.writing() as connection:
        held, token = _sent_before(connection, circumstances.token, judgement)
        return held or put_coding(connection, judgement, replace(circumstances, token=token))


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
    """Append a doubt; sent twice, it is kept once, and sent again with other words beside it."""
    row = asdict(doubt)
    row["codes"] = [asdict(code) for code in doubt.codes]
    with store.writing(content=False) as connection:
        d = t.doubts.c
        query = sa.select(t.doubts).where(_sendings(d.token, token)).order_by(d.doubt_id)
        sent = connection.execute(query).all()
        if not sent or (sent[-1].codes, sent[-1].note) != (row["codes"], row["note"]):
            token = _next_token(token, len(sent))
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
            judge has coded the passage, for this draw or another.
    """
    circumstances = circumstances or Circumstances(token=secrets.token_hex(16))
    with store.writing() as connection:
        held, token = _sent_before(connection, circumstances.token, judgement)
        if held is not None:
            return held
        _check_between(connection, judgement, between)
        number = put_coding(connection, judgement, replace(circumstances, token=token))
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


def _sent_before(
    connection: Connection, token: str, judgement: Judgement
) -> tuple[int | None, str]:
    """The number of the same judgement by the same form, else the token for this sending."""
    query = (
        sa.select(t.codings.c.judgement_id, t.judgements)
        .select_from(t.codings.join(t.judgements))
        .where(_sendings(t.codings.c.token, token))
        .order_by(t.codings.c.judgement_id)
    )
    rows = connection.execute(query).mappings().all()
    if not rows:
        return None, token
    newest = rows[-1]
    if newest["coder"] != judgement.coder:
        raise InvalidInputError("This form was used by another coder. Open the page again.")
    number = int(newest["judgement_id"])
    c = t.judgement_codes.c
    codes = connection.execute(sa.select(t.judgement_codes).where(c.judgement_id == number))
    held = judgement_from_row(newest, [code_from_row(row) for row in codes.mappings()])
    same = _said(held) == _said(judgement)
    return number if same else None, _next_token(token, len(rows))


def _said(judgement: Judgement) -> tuple[str, frozenset[Code], frozenset[str], str]:
    return (
        judgement.passage_id,
        frozenset(judgement.codes),
        frozenset(judgement.reforms),
        judgement.note,
    )


def _sendings(column: sa.ColumnElement[str], token: str) -> sa.ColumnElement[bool]:
    """Every sending of a form: the first by its token, further ones by ``token#1`` and so on."""
    return sa.or_(column == token, sa.and_(column >= f"{token}#", column < f"{token}$"))


def _next_token(token: str, sent: int) -> str:
    return f"{token}#{sent}" if sent else token


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
    if judgement.coder in found.values() or _has_judged(connection, judgement):
        raise InvalidInputError(
            "You judged this passage yourself, so another lead decides where coders differ."
        )


def _has_judged(connection: Connection, judgement: Judgement) -> bool:
    """Whether its coder has judged the passage, for whatever draw, other than as a lead."""
    query = (
        sa.select(t.judgements.c.judgement_id)
        .outerjoin_from(t.judgements, t.adjudications)
        .where(
            t.judgements.c.passage_id == judgement.passage_id,
            t.judgements.c.coder == judgement.coder,
            t.adjudications.c.judgement_id.is_(None),
        )
    )
    return connection.execute(query.limit(1)).first() is not None
