"""When a document, and each code on it, was first seen: what makes an alert new, once.

A sighting is numbered, and its number says what came first; its time is for readers only.
What was seen stays seen: a tag that goes and comes back, a text that is taken in again and
a clock that is put back make nothing new.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.findings import standing_codes
from corpus.store import Store
from corpus.tombstones import identity_key

BATCH = 400
"""Rows that one query takes."""


def observe(store: Store, *, now: dt.datetime) -> int:
    """Record what was not seen before; returns the number of the newest sighting.

    A document counts once all its passages have been analysed, so that its first tags come
    with it. Costs two small queries where nothing was written since.
    """
    with store.reading() as connection:
        revision = connection.scalar(sa.select(t.revisions.c.value))
        last = connection.execute(_newest()).first()
    if last is not None and last.revision == revision:
        return int(last.sighting_id)
    with store.writing(content=False) as connection:
        # First: from here on nobody else writes, so revision and content belong together.
        number = _begin(connection, now)
        _see_documents(connection, number)
        _see_codes(connection, number)
    return number


def newest_sighting(store: Store) -> int:
    """The number of the newest sighting; 0 before the first."""
    with store.reading() as connection:
        last = connection.execute(_newest()).first()
    return 0 if last is None else int(last.sighting_id)


def last_seen_at(store: Store) -> dt.datetime | None:
    """The time of the newest sighting; ``None`` before the first."""
    with store.reading() as connection:
        last = connection.execute(_newest()).first()
    return None if last is None else last.seen_at


def _newest() -> sa.Select[Any]:
    return sa.select(t.sightings).order_by(t.sightings.c.sighting_id.desc()).limit(1)


def _begin(connection: Connection, now: dt.datetime) -> int:
    revision = sa.select(t.revisions.c.value).scalar_subquery()
    made = connection.execute(sa.insert(t.sightings).values(seen_at=now, revision=revision))
    number = int(made.inserted_primary_key[0])  # type: ignore[index]  # an insert of one row
    before = connection.scalar(
        sa.select(sa.func.max(t.sightings.c.seen_at, type_=t.UtcDateTime())).where(
            t.sightings.c.sighting_id < number
        )
    )
    if before is not None and before > now:
        # The clock was put back: readers of a feed go by its times.
        connection.execute(
            sa.update(t.sightings).where(t.sightings.c.sighting_id == number).values(seen_at=before)
        )
    return number


def _see_documents(connection: Connection, number: int) -> None:
    unread = sa.exists().where(
        t.passages.c.document_id == t.documents.c.document_id,
        t.passages.c.tagger_version.is_(None),
    )
    seen = sa.exists().where(t.sighted_documents.c.document_id == t.documents.c.document_id)
    new = connection.execute(
        sa.select(t.documents.c.document_id, t.documents.c.identity)
        .where(t.documents.c.superseded_by.is_(None), ~unread, ~seen)
        .order_by(t.documents.c.document_id)
    ).all()
    for batch in in_batches(new):
        keys = {row.document_id: identity_key(row.identity) for row in batch}
        earlier = {
            row.identity_sha256: row.first_document_id
            for row in connection.execute(
                sa.select(t.sighted_documents).where(
                    t.sighted_documents.c.identity_sha256.in_(set(keys.values()))
                )
            )
        }
        rows = [
            {
                "document_id": document_id,
                "first_document_id": earlier.get(key, document_id),
                "identity_sha256": key,
                "sighting_id": number,
            }
            for document_id, key in keys.items()
        ]
        connection.execute(sa.insert(t.sighted_documents), rows)


def _see_codes(connection: Connection, number: int) -> None:
    codes, seen = standing_codes(), t.sighted_codes
    names = ("passage_id", "theme", "stance", "level", "attribution", "confident")
    known = sa.exists().where(*(seen.c[name] == codes.c[name] for name in names))
    query = (
        sa.select(*(codes.c[name] for name in names), sa.literal(number))
        .join_from(codes, t.passages, codes.c.passage_id == t.passages.c.passage_id)
        .join(t.sighted_documents, t.sighted_documents.c.document_id == t.passages.c.document_id)
        .where(~known)
    )
    connection.execute(sa.insert(seen).from_select([*names, "sighting_id"], query))


def in_batches(rows: Sequence[Any], size: int = BATCH) -> Iterator[Sequence[Any]]:
    """Cut a list into runs that fit one query, in order."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
