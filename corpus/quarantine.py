"""Quarantine: documents that are kept whole, and stand where no question can meet them."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from corpus import tables as t
from corpus.errors import InvalidInputError, NotInQuarantineError
from corpus.model import Document, Passage
from corpus.rows import document_from_row, document_row, passage_from_row, passage_row
from corpus.store import Store


@dataclass(frozen=True, kw_only=True)
class FiredRule:
    """A rule about tampering that a document met."""

    rule_id: str
    found: str
    """What met it, in a few words; may quote the document."""


@dataclass(frozen=True, kw_only=True)
class HeldBack:
    """A document in quarantine, or one that was released from it."""

    document: Document
    passages: tuple[Passage, ...]
    rules: tuple[FiredRule, ...]
    held_at: dt.datetime
    pseudonym: str | None = None
    """What its publisher's list calls the child, for grouping once it is released."""
    released_at: dt.datetime | None = None
    released_by: str | None = None
    release_reason: str | None = None


def hold_back(connection: Connection, held: HeldBack) -> None:
    """Put a document into quarantine, within a transaction; one that is there stays as it is."""
    this = t.quarantine.c.document_id == held.document.document_id
    if connection.scalar(sa.select(t.quarantine.c.document_id).where(this)) is not None:
        return
    record = document_row(held.document)
    record["captured_at"] = held.document.captured_at.isoformat()
    connection.execute(
        sa.insert(t.quarantine).values(
            document_id=held.document.document_id,
            identity=held.document.identity,
            capture_id=held.document.capture_id,
            rules=[asdict(rule) for rule in held.rules],
            document=record,
            passages=[passage_row(passage) for passage in held.passages],
            pseudonym=held.pseudonym,
            held_at=held.held_at,
        )
    )


def mark_released(
    connection: Connection, document_id: str, *, reason: str, by: str, at: dt.datetime
) -> None:
    """Log that a document left quarantine, within the transaction that takes it in.

    Raises:
        InvalidInputError: there is no reason.
    """
    if not reason.strip():
        raise InvalidInputError("A release needs a reason: say why the rule was wrong.")
    connection.execute(
        sa.update(t.quarantine)
        .where(t.quarantine.c.document_id == document_id)
        .values(released_at=at, released_by=by, release_reason=reason.strip())
    )


def get_held_back(store: Store, document_id: str) -> HeldBack:
    """Read one document in quarantine, or one that was released from it.

    Raises:
        NotInQuarantineError: there is none with this id.
    """
    query = sa.select(t.quarantine).where(t.quarantine.c.document_id == document_id)
    with store.reading() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise NotInQuarantineError(document_id)
    return _held_back(row)


def list_held_back(store: Store, *, released: bool = False) -> list[HeldBack]:
    """Read what is in quarantine, oldest first; with ``released``, what left it instead."""
    state = t.quarantine.c.released_at
    query = (
        sa.select(t.quarantine)
        .where(state.is_not(None) if released else state.is_(None))
        .order_by(t.quarantine.c.held_at, t.quarantine.c.document_id)
    )
    with store.reading() as connection:
        return [_held_back(row) for row in connection.execute(query).mappings()]


def count_held_back(store: Store) -> Mapping[str, int]:
    """Count what is in quarantine now, by publisher; unknown publishers under ``""``."""
    query = sa.select(t.quarantine.c.document).where(t.quarantine.c.released_at.is_(None))
    with store.reading() as connection:
        return Counter(record["publisher"] or "" for record in connection.scalars(query))


def held_back_by_year(store: Store) -> dict[str, int]:
    """Count what is in quarantine now, by its documents' year; those without one under ``""``."""
    query = sa.select(t.quarantine.c.document).where(t.quarantine.c.released_at.is_(None))
    with store.reading() as connection:
        years = [(record["published"] or "")[:4] for record in connection.scalars(query)]
    return dict(sorted(Counter(years).items()))


def _held_back(row: RowMapping) -> HeldBack:
    record: dict[str, Any] = dict(row["document"])
    record["captured_at"] = dt.datetime.fromisoformat(record["captured_at"])
    return HeldBack(
        document=document_from_row(cast("RowMapping", record)),
        passages=_passages(row["passages"]),
        rules=tuple(FiredRule(**rule) for rule in row["rules"]),
        held_at=row["held_at"],
        pseudonym=row["pseudonym"],
        released_at=row["released_at"],
        released_by=row["released_by"],
        release_reason=row["release_reason"],
    )


def _passages(records: Sequence[Mapping[str, Any]]) -> tuple[Passage, ...]:
    return tuple(passage_from_row(cast("RowMapping", record)) for record in records)
