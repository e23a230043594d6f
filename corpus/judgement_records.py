"""Judgements on their way out and in: each with a name that no library has to itself."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.codings import Circumstances, Doubt, put_adjudication, put_coding
from corpus.ids import PassageId, short_digest
from corpus.model import Attribution, Code, Judgement, Level, Stance
from corpus.rows import code_from_row, judgement_from_row
from corpus.store import Store

_AT_A_TIME = 1000
"""Ids in one query: databases take a limited number."""


@dataclass(frozen=True, kw_only=True)
class JudgementRecord:
    """One judgement, or one doubt, as a file carries it."""

    judgement: Judgement
    blind: bool = False
    """Neither the machine's codes nor another coder's were shown."""
    adjudicates: tuple[str, ...] | None = None
    """Keys of the judgements that it decides between; ``None`` where it decides nothing."""
    unsure: bool = False
    """The coder was not sure: no judgement, and ``codes`` are what they leaned to."""
    is_timed: bool = True
    """Whether the file said when; else the time is that of taking it in."""

    @property
    def key(self) -> str:
        """Names it by what it says, who said it and when: the same in every library."""
        return _key(self.judgement, timed=True)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of the records of a file."""

    added: int
    held: int
    """Held already: nothing is added twice."""
    unknown: tuple[int, ...]
    """Places, from 0, of those whose passages are not held here."""


def iter_records(store: Store, *, coder: str | None = None) -> Iterator[JudgementRecord]:
    """Read every judgement with how it came about, oldest first, then every doubt."""
    with store.reading() as connection:
        judgements = _judgements(connection)
        blind = set(
            connection.scalars(sa.select(t.codings.c.judgement_id).where(t.codings.c.blind))
        )
        decided: dict[int, list[int]] = {
            number: [] for number in connection.scalars(sa.select(t.adjudications.c.judgement_id))
        }
        for row in connection.execute(sa.select(t.adjudicated)):
            decided[row.adjudication_id].append(row.judgement_id)
        doubts = connection.execute(sa.select(t.doubts).order_by(t.doubts.c.doubt_id)).all()
    for number, judgement in judgements.items():
        if coder in {None, judgement.coder}:
            between = decided.get(number)
            yield JudgementRecord(
                judgement=judgement,
                blind=number in blind,
                adjudicates=None
                if between is None
                else tuple(sorted(_key(judgements[each], timed=True) for each in between)),
            )
    for row in doubts:
        if coder in {None, row.coder}:
            yield JudgementRecord(judgement=_doubted(row), unsure=True)


def add_records(
    store: Store, records: Sequence[JudgementRecord], *, dry_run: bool = False
) -> Taken:
    """Append what is not held yet, in the order given; all or nothing.

    A record without a time is held already where its coder said just that of its passage
    at any time.

    Raises:
        StorageError: the store cannot be written; nothing was changed.
    """
    are_held = _are_held(store, records)
    unknown = tuple(place for place, held in enumerate(are_held) if not held)
    known = [record for record, held in zip(records, are_held, strict=True) if held]
    with store.reading() as connection:
        new = _new(connection, known)
    if new and not dry_run:
        with store.writing() as connection:
            # Looked at again: somebody may have taken the same in meanwhile.
            numbers, _ = _held_keys(connection)
            for record in _new(connection, known):
                numbers[record.key] = _put(connection, record, numbers)
    return Taken(added=len(new), held=len(known) - len(new), unknown=unknown)


def _new(connection: Connection, records: Sequence[JudgementRecord]) -> list[JudgementRecord]:
    """Those that are not held, each once."""
    timed, loose = _held_keys(connection)
    seen, new = set(timed), []
    for record in records:
        if record.key in seen or (not record.is_timed and _loose(record) in loose):
            continue
        seen.add(record.key)
        loose.add(_loose(record))
        new.append(record)
    return new


def _put(connection: Connection, record: JudgementRecord, numbers: dict[str, int]) -> int:
    token = f"file:{record.key}"
    if record.unsure:
        doubt = Doubt(
            passage_id=record.judgement.passage_id,
            coder=record.judgement.coder,
            doubted_at=record.judgement.judged_at,
            codebook_version=record.judgement.codebook_version,
            codes=record.judgement.codes,
            note=record.judgement.note,
            tagger_version=record.judgement.tagger_version,
        )
        row = asdict(doubt) | {"codes": [asdict(code) for code in doubt.codes], "token": token}
        connection.execute(sa.insert(t.doubts).values(**row))
        return 0
    number = put_coding(
        connection,
        record.judgement,
        Circumstances(
            token=token, blind=record.blind, tagger_version=record.judgement.tagger_version
        ),
    )
    if record.adjudicates is not None:
        between = [numbers[key] for key in record.adjudicates if numbers.get(key)]
        put_adjudication(connection, number, between)
    return number


def _are_held(store: Store, records: Sequence[JudgementRecord]) -> list[bool]:
    asked = sorted({record.judgement.passage_id for record in records})
    held: set[str] = set()
    with store.reading() as connection:
        for begin in range(0, len(asked), _AT_A_TIME):
            some = t.passages.c.passage_id.in_(asked[begin : begin + _AT_A_TIME])
            held |= set(connection.scalars(sa.select(t.passages.c.passage_id).where(some)))
    return [record.judgement.passage_id in held for record in records]


def _held_keys(connection: Connection) -> tuple[dict[str, int], set[str]]:
    """Key → number of every judgement held, 0 for doubts; and the keys that leave out when."""
    judgements = _judgements(connection)
    doubts = [_doubted(row) for row in connection.execute(sa.select(t.doubts))]
    timed = {_key(each, timed=True): number for number, each in judgements.items()}
    timed |= {_key(each, timed=True): 0 for each in doubts}
    loose = {_key(each, timed=False) for each in (*judgements.values(), *doubts)}
    return timed, loose


def _loose(record: JudgementRecord) -> str:
    return _key(record.judgement, timed=False)


def _key(judgement: Judgement, *, timed: bool) -> str:
    codes = sorted(
        [code.theme, code.stance.value, code.level.value, code.attribution.value]
        for code in judgement.codes
    )
    when = judgement.judged_at.astimezone(dt.UTC).isoformat() if timed else ""
    return "j" + short_digest(
        judgement.passage_id,
        judgement.coder,
        when,
        judgement.codebook_version,
        codes,
        sorted(judgement.reforms),
        judgement.note,
    )


def _judgements(connection: Connection) -> dict[int, Judgement]:
    codes: dict[int, list[Code]] = {}
    for code in connection.execute(sa.select(t.judgement_codes)).mappings():
        codes.setdefault(code["judgement_id"], []).append(code_from_row(code))
    query = sa.select(t.judgements).order_by(t.judgements.c.judgement_id)
    return {
        row["judgement_id"]: judgement_from_row(row, codes.get(row["judgement_id"], ()))
        for row in connection.execute(query).mappings()
    }


def _doubted(row: sa.Row[Any]) -> Judgement:
    return Judgement(
        passage_id=PassageId(row.passage_id),
        coder=row.coder,
        judged_at=row.doubted_at,
        codebook_version=row.codebook_version,
        codes=tuple(_stored_code(code) for code in row.codes),
        tagger_version=row.tagger_version,
        note=row.note,
    )


def _stored_code(code: Mapping[str, str]) -> Code:
    return Code(
        theme=code["theme"],
        stance=Stance(code["stance"]),
        level=Level(code["level"]),
        attribution=Attribution(code["attribution"]),
    )
