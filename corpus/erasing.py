"""Which rows a withdrawal takes along, and how they leave the database file."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.errors import DocumentNotFoundError, StorageError
from corpus.ids import sha256_text
from corpus.store import Store
from corpus.tombstones import identity_key, raise_missing, text_key


@dataclass(frozen=True)
class Doomed:
    """Everything that one withdrawal takes along."""

    identities: frozenset[str]
    document_ids: frozenset[str]
    """Every version, and those in quarantine."""
    passage_ids: frozenset[str]
    capture_ids: frozenset[str]
    review_ids: frozenset[str]
    """Reviews whose records go too, because a publisher's words are all that they are."""
    text_hashes: frozenset[str]
    publishers: tuple[str, ...]
    n_judgements: int


def find_doomed(connection: Connection, asked: str) -> Doomed:
    """Find what goes with a document, or with a review.

    Raises:
        DocumentNotFoundError: nothing held has this id.
        WithdrawnError: it was withdrawn, as part of something else.
    """
    identities = frozenset(connection.scalars(_asked_identities(asked)))
    if not identities:
        raise_missing(connection, asked, DocumentNotFoundError(asked))
    documents = connection.execute(
        sa.select(t.documents).where(t.documents.c.identity.in_(identities))
    ).all()
    held_back = connection.execute(
        sa.select(t.quarantine).where(t.quarantine.c.identity.in_(identities))
    ).all()
    records = [row.document for row in held_back]
    document_ids = {row.document_id for row in documents}
    passage_ids = connection.scalars(
        sa.select(t.passages.c.passage_id).where(t.passages.c.document_id.in_(document_ids))
    )
    seen_in = connection.scalars(
        sa.select(t.document_captures.c.capture_id).where(
            t.document_captures.c.identity.in_(identities)
        )
    )
    judged = sa.select(sa.func.count()).select_from(
        t.judgements.join(t.passages).join(
            t.documents, t.documents.c.document_id == t.passages.c.document_id
        )
    )
    return Doomed(
        identities=identities,
        document_ids=frozenset(document_ids | {row.document_id for row in held_back}),
        passage_ids=frozenset(passage_ids),
        capture_ids=frozenset(
            ({row.capture_id for row in [*documents, *held_back]} | set(seen_in)) - {None}
        ),
        review_ids=_emptied(connection, asked, document_ids),
        text_hashes=frozenset(
            ({row.text_sha256 for row in documents} | {row["text_sha256"] for row in records})
            - {sha256_text("")}  # what had no words is no reason to keep others without words out
        ),
        publishers=tuple(
            sorted(
                ({row.publisher for row in documents} | {row["publisher"] for row in records})
                - {None}
            )
        ),
        n_judgements=connection.scalar(judged.where(t.documents.c.identity.in_(identities))) or 0,
    )


def set_tombstones(connection: Connection, doomed: Doomed, withdrawal_id: int) -> None:
    """Let every id answer that it was withdrawn, and keep the same from coming back in."""
    stones = [
        *((document_id, "document") for document_id in doomed.document_ids),
        *((passage_id, "passage") for passage_id in doomed.passage_ids),
        *((review_id, "review") for review_id in doomed.review_ids),
    ]
    known = set(connection.scalars(sa.select(t.tombstones.c.entity_id)))
    connection.execute(
        sa.insert(t.tombstones),
        [
            {"entity_id": entity_id, "entity": entity, "withdrawal_id": withdrawal_id}
            for entity_id, entity in sorted(stones)
            if entity_id not in known
        ],
    )


def keep_out(
    connection: Connection, doomed: Doomed, withdrawal_id: int, *, block_text: bool
) -> None:
    """Remember by hashes what must not be taken in again, and which captures must go."""
    keys = {identity_key(identity) for identity in doomed.identities}
    if block_text:
        keys |= {text_key(text_sha256) for text_sha256 in doomed.text_hashes}
    held = set(connection.scalars(sa.select(t.withheld.c.sha256)))
    rows = [{"sha256": key, "withdrawal_id": withdrawal_id} for key in sorted(keys - held)]
    if rows:
        connection.execute(sa.insert(t.withheld), rows)
    doom_captures(connection, doomed.capture_ids, withdrawal_id)


def doom_captures(connection: Connection, capture_ids: Collection[str], withdrawal_id: int) -> None:
    """Note that the bytes of captures must go, and those of answers cut short at their address."""
    fetched = t.fetches.c.capture_id.in_(capture_ids)
    addresses = sa.select(t.fetches.c.address).where(fetched)
    paths = connection.execute(
        sa.union(
            sa.select(t.captures.c.capture_id, t.captures.c.warc_path).where(
                t.captures.c.capture_id.in_(capture_ids)
            ),
            sa.select(t.fetches.c.record_id, t.fetches.c.warc_path).where(
                t.fetches.c.partial,
                t.fetches.c.record_id.is_not(None),
                t.fetches.c.address.in_(addresses),
            ),
        )
    ).all()
    known = set(connection.scalars(sa.select(t.withdrawn_captures.c.capture_id)))
    rows = [
        {"capture_id": name, "warc_path": path, "withdrawal_id": withdrawal_id}
        for name, path in paths
        if name not in known
    ]
    if rows:
        connection.execute(sa.insert(t.withdrawn_captures), rows)
    # What the list page said of it: its title among other things.
    of_these = t.visits.c.fetch_id.in_(sa.select(t.fetches.c.fetch_id).where(fetched))
    connection.execute(sa.update(t.visits).where(of_these).values(sighting=None))


def erase(connection: Connection, doomed: Doomed) -> None:
    """Delete every row that holds, judges, groups or names what is doomed."""
    _delete_rows(connection, t.documents, t.documents.c.document_id.in_(doomed.document_ids))
    _delete_rows(connection, t.reviews, t.reviews.c.review_id.in_(doomed.review_ids))
    # These name it without a foreign key.
    for table in (t.group_decisions, t.document_captures, t.quarantine):
        connection.execute(sa.delete(table).where(table.c.identity.in_(doomed.identities)))


def scrub(store: Store, at: dt.datetime) -> None:
    """Rewrite the database file, so that no free page and no log keeps a deleted word.

    Then every withdrawal that was open is finished.

    Raises:
        StorageError: another program uses the store; the withdrawals stay open.
    """
    with store.reading() as connection:
        if connection.dialect.name == "sqlite":
            _rewrite(connection.execution_options(isolation_level="AUTOCOMMIT"))
    with store.writing() as connection:
        connection.execute(
            sa.update(t.withdrawals)
            .where(t.withdrawals.c.finished_at.is_(None))
            .values(finished_at=at)
        )


def _asked_identities(asked: str) -> sa.CompoundSelect[Any]:
    return sa.union(
        sa.select(t.documents.c.identity).where(
            sa.or_(t.documents.c.document_id == asked, t.documents.c.review_id == asked)
        ),
        sa.select(t.quarantine.c.identity).where(t.quarantine.c.document_id == asked),
    )


def _emptied(connection: Connection, asked: str, document_ids: set[str]) -> frozenset[str]:
    """The review asked for, and those made from these documents alone."""
    left = sa.select(t.documents.c.review_id).where(
        t.documents.c.review_id.is_not(None), t.documents.c.document_id.not_in(document_ids)
    )
    touched = sa.select(t.documents.c.review_id).where(t.documents.c.document_id.in_(document_ids))
    query = sa.select(t.reviews.c.review_id).where(
        sa.or_(
            t.reviews.c.review_id == asked,
            sa.and_(
                t.reviews.c.review_id.in_(sa.select(t.found_reviews.c.review_id)),
                t.reviews.c.review_id.in_(touched),
            ),
        ),
        t.reviews.c.review_id.not_in(left),
    )
    return frozenset(connection.scalars(query))


def _delete_rows(
    connection: Connection, table: sa.Table, condition: sa.ColumnElement[bool]
) -> None:
    """Delete rows, and before them whatever row of whatever table refers to them."""
    for other in t.metadata.sorted_tables:
        for key in other.foreign_keys:
            if key.column.table is table and other is not table:
                referred = sa.select(key.column).where(condition)
                _delete_rows(connection, other, key.parent.in_(referred))
    connection.execute(sa.delete(table).where(condition))


def _rewrite(connection: Connection) -> None:
    try:
        connection.exec_driver_sql("VACUUM")
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
    except sa.exc.OperationalError as error:
        raise StorageError(
            "What was withdrawn is gone from every answer, but the database file could not be "
            f"rewritten ({error.orig}). Run the same command again."
        ) from error
    if busy:
        raise StorageError(
            "What was withdrawn is gone from every answer, but another program is reading the "
            "store, so its log still holds old bytes. Stop it and run the same command again."
        )
