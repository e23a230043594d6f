"""Withdrawal: every trace of a document's words out of the store, and a tombstone for it."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.damage import note_overwritten
from corpus.erasing import erase, find_doomed, keep_out, set_tombstones
from corpus.errors import InvalidInputError
from corpus.store import Store, inserted_number

_CAPTURES = sa.select(t.withdrawn_captures).order_by(t.withdrawn_captures.c.capture_id)
_BEREFT = (
    sa.select(t.withdrawn_captures.c.withdrawal_id, sa.func.count().label("n_bereft"))
    .join(t.documents, t.documents.c.capture_id == t.withdrawn_captures.c.capture_id)
    .where(t.documents.c.superseded_by.is_(None))
    .group_by(t.withdrawn_captures.c.withdrawal_id)
)


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """A tombstone: that something was withdrawn, when, by whom and why; none of its words."""

    withdrawal_id: int
    asked: str
    """The document or review whose withdrawal was asked for."""
    reason: str
    withdrawn_by: str
    withdrawn_at: dt.datetime
    publishers: tuple[str, ...]
    n_documents: int
    """Documents taken down, each version counted, also those in quarantine."""
    n_passages: int
    n_judgements: int
    """Judgements of these passages, which went with them."""
    finished_at: dt.datetime | None
    """``None`` while captures, index, snapshots or free space may still hold its words."""
    document_ids: tuple[str, ...] = ()
    review_ids: tuple[str, ...] = ()
    """Reviews whose records went too."""
    capture_ids: tuple[str, ...] = ()
    """Captures that are overwritten, or answers cut short, by their records' hashes."""
    n_bereft: int = 0
    """Documents that stay and have lost their capture, because it held what was withdrawn."""


def begin_withdrawal(
    store: Store,
    asked: str,
    *,
    reason: str,
    by: str,
    at: dt.datetime,
    block_text: bool = True,
) -> Withdrawal:
    """Take a document's words out of every table, and set its tombstone; one transaction.

    Every version of its identity goes, held or in quarantine, with passages, findings,
    judgements and reasons for grouping. Captures, index and free space are not touched
    yet: the withdrawal stays open until :func:`corpus.erasing.scrub`. What was withdrawn
    already is not withdrawn twice: its tombstone is given back.

    Args:
        store: what is held.
        asked: a document's id, or a review's for all of its documents.
        reason: a sentence that readers will see.
        by: who asked, or the rule that decided.
        at: when, with its zone.
        block_text: keep the same text out under any other identity too. Not where a
            publisher's address went missing: the text may have moved.

    Raises:
        InvalidInputError: there is no reason.
        DocumentNotFoundError: nothing held has this id.
    """
    if not reason.strip():
        raise InvalidInputError("A withdrawal needs a reason, which readers will see.")
    with store.writing() as connection:
        earlier = connection.scalar(
            sa.select(t.tombstones.c.withdrawal_id).where(t.tombstones.c.entity_id == asked)
        )
        if earlier is not None:
            return _read(connection, t.withdrawals.c.withdrawal_id == earlier)[0]
        doomed = find_doomed(connection, asked)
        number = inserted_number(
            connection.execute(
                sa.insert(t.withdrawals).values(
                    asked=asked,
                    reason=reason.strip(),
                    withdrawn_by=by,
                    withdrawn_at=at,
                    publishers=list(doomed.publishers),
                    n_documents=len(doomed.document_ids),
                    n_passages=len(doomed.passage_ids),
                    n_judgements=doomed.n_judgements,
                )
            )
        )
        set_tombstones(connection, doomed, number)
        keep_out(connection, doomed, number, block_text=block_text)
        erase(connection, doomed)
        return _read(connection, t.withdrawals.c.withdrawal_id == number)[0]


def list_withdrawals(store: Store) -> tuple[Withdrawal, ...]:
    """Read every tombstone, newest first."""
    with store.reading() as connection:
        return _read(connection, sa.true())


def open_withdrawals(store: Store) -> tuple[Withdrawal, ...]:
    """Read the withdrawals that were begun and not finished, newest first."""
    with store.reading() as connection:
        return _read(connection, t.withdrawals.c.finished_at.is_(None))


def captures_to_overwrite(store: Store) -> list[tuple[str, str]]:
    """List captures whose bytes must still go: id, and path under the data directory."""
    query = (
        sa.select(t.withdrawn_captures.c.capture_id, t.withdrawn_captures.c.warc_path)
        .where(t.withdrawn_captures.c.overwritten_at.is_(None))
        .order_by(t.withdrawn_captures.c.capture_id)
    )
    with store.reading() as connection:
        return [(row.capture_id, row.warc_path) for row in connection.execute(query)]


def mark_overwritten(store: Store, capture_id: str, at: dt.datetime) -> None:
    """Record that a capture's bytes are gone, for other documents that rested on it too."""
    this = t.withdrawn_captures.c.capture_id == capture_id
    with store.writing() as connection:
        connection.execute(sa.update(t.withdrawn_captures).where(this).values(overwritten_at=at))
        note_overwritten(connection, capture_id)


def withdrawn_capture_ids(store: Store) -> frozenset[str]:
    """Captures that hold a withdrawal record instead of what was fetched."""
    with store.reading() as connection:
        return frozenset(connection.scalars(sa.select(t.withdrawn_captures.c.capture_id)))


def _read(connection: Connection, condition: sa.ColumnElement[bool]) -> tuple[Withdrawal, ...]:
    query = sa.select(t.withdrawals).where(condition).order_by(t.withdrawals.c.withdrawal_id.desc())
    rows = connection.execute(query).mappings().all()
    stones: dict[tuple[int, str], list[str]] = {}
    for stone in connection.execute(sa.select(t.tombstones).order_by(t.tombstones.c.entity_id)):
        stones.setdefault((stone.withdrawal_id, stone.entity), []).append(stone.entity_id)
    captures: dict[int, list[str]] = {}
    for capture in connection.execute(_CAPTURES):
        captures.setdefault(capture.withdrawal_id, []).append(capture.capture_id)
    bereft = {row.withdrawal_id: row.n_bereft for row in connection.execute(_BEREFT)}
    return tuple(
        Withdrawal(
            **{
                **row,
                "publishers": tuple(row["publishers"]),
                "document_ids": tuple(stones.get((row["withdrawal_id"], "document"), ())),
                "capture_ids": tuple(captures.get(row["withdrawal_id"], ())),
                "n_bereft": bereft.get(row["withdrawal_id"], 0),
                "review_ids": tuple(stones.get((row["withdrawal_id"], "review"), ())),
            }
        )
        for row in rows
    )
