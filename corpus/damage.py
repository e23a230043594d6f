"""Captures that were found damaged, and the documents whose words are withheld meanwhile."""

import datetime as dt
from collections.abc import Collection, Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.licence import COPY_DAMAGED
from corpus.store import Store

COPY_OVERWRITTEN = "stored-copy-overwritten"
"""The mark of a document whose capture held another one too, which was withdrawn."""

_OF_CAPTURES = frozenset({COPY_DAMAGED, COPY_OVERWRITTEN})


def note_damage(store: Store, damaged: Mapping[str, str], *, at: dt.datetime) -> None:
    """Record which captures are damaged now, and withhold or give back the words that rest on them.

    Args:
        store: what is held.
        damaged: every capture that does not hold its bytes, by id, with why; a capture that
            is not named is sound.
        at: when that was seen, with its zone.
    """
    known = damaged_captures(store)
    new, mended = damaged.keys() - known.keys(), known.keys() - damaged.keys()
    if not new and not mended:
        return
    with store.writing() as connection:
        _forget(connection, mended)
        if new:
            connection.execute(
                sa.insert(t.damaged_captures),
                [
                    {"capture_id": one, "reason": damaged[one], "found_at": at}
                    for one in sorted(new)
                ],
            )
        _mark_documents(connection, new, add=COPY_DAMAGED)


def damaged_captures(store: Store) -> dict[str, str]:
    """Read the captures that were found damaged and not mended since: id → why."""
    query = sa.select(t.damaged_captures.c.capture_id, t.damaged_captures.c.reason)
    with store.reading() as connection:
        return {row.capture_id: row.reason for row in connection.execute(query)}


def count_withheld(store: Store) -> int:
    """Count the current documents whose words are withheld."""
    query = (
        sa.select(sa.func.count())
        .select_from(t.documents)
        .join(t.damaged_captures, t.damaged_captures.c.capture_id == t.documents.c.capture_id)
        .where(t.documents.c.superseded_by.is_(None))
    )
    with store.reading() as connection:
        return int(connection.scalar(query) or 0)


def lacks_its_capture(store: Store, document_id: str) -> bool:
    """Whether the capture that a document rests on is damaged or was overwritten."""
    query = sa.select(t.documents.c.marks).where(t.documents.c.document_id == document_id)
    with store.reading() as connection:
        return not _OF_CAPTURES.isdisjoint(connection.scalar(query) or ())


def note_kept_anew(store: Store, capture_id: str, *, record_id: str | None) -> None:
    """Record that a capture's file was written again, with bytes of the same hash.

    Answers that the lost file held besides are not looked for any more.

    Args:
        store: what is held.
        capture_id: the capture, whose words are shown again.
        record_id: the record that the file holds now; ``None`` where it was given as a file.
    """
    path = sa.select(t.captures.c.warc_path).where(t.captures.c.capture_id == capture_id)
    lost: sa.ColumnElement[bool] = t.fetches.c.warc_path == path.scalar_subquery()
    if record_id is not None:
        lost = sa.and_(lost, t.fetches.c.record_id != record_id)
    with store.writing() as connection:
        connection.execute(sa.update(t.fetches).where(lost).values(record_id=None))
        _forget(connection, [capture_id])


def note_overwritten(connection: Connection, capture_id: str) -> None:
    """Mark the documents that rested on a capture which went for the sake of another one."""
    _mark_documents(connection, [capture_id], add=COPY_OVERWRITTEN)


def rest_on_sound_copy(connection: Connection, document_id: str, capture_id: str) -> None:
    """Let a document rest on another capture that gave its very text, if its own is no more."""
    lost = sa.union(
        sa.select(t.damaged_captures.c.capture_id), sa.select(t.withdrawn_captures.c.capture_id)
    )
    this = t.documents.c.document_id == document_id
    moved = connection.execute(
        sa.update(t.documents)
        .where(this, t.documents.c.capture_id.in_(lost), sa.literal(capture_id).not_in(lost))
        .values(capture_id=capture_id)
    )
    if moved.rowcount:
        _mark_documents(connection, [capture_id])


def _forget(connection: Connection, capture_ids: Collection[str]) -> None:
    connection.execute(
        sa.delete(t.damaged_captures).where(t.damaged_captures.c.capture_id.in_(capture_ids))
    )
    _mark_documents(connection, capture_ids, drop=frozenset({COPY_DAMAGED}))


def _mark_documents(
    connection: Connection,
    capture_ids: Collection[str],
    *,
    drop: frozenset[str] = _OF_CAPTURES,
    add: str | None = None,
) -> None:
    query = sa.select(t.documents.c.document_id, t.documents.c.marks)
    for row in connection.execute(query.where(t.documents.c.capture_id.in_(capture_ids))).all():
        marks = [mark for mark in row.marks if mark not in drop]
        connection.execute(
            sa.update(t.documents)
            .where(t.documents.c.document_id == row.document_id)
            .values(marks=[*marks, *([add] if add else [])])
        )
