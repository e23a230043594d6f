"""How a review's documents came to be as they are: captures, versions, judgements, withdrawals."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.store import Store


@dataclass(frozen=True, kw_only=True)
class Version:
    """One version of a document: its text, and the capture that gave it."""

    document_id: str
    identity: str
    title: str
    taken_in: dt.datetime
    text_sha256: str
    is_current: bool
    address: str | None
    """Where the bytes came from; ``None`` where none are held, as of our own digests."""
    captured_at: dt.datetime | None
    media_type: str | None
    size_bytes: int | None
    capture_id: str | None
    """The SHA-256 of the bytes."""


@dataclass(frozen=True, kw_only=True)
class Judged:
    """How far people have read a review's current passages."""

    passages: int
    read: int
    """Of these, how many somebody judged."""
    judgements: int
    coders: int
    last_at: dt.datetime | None


@dataclass(frozen=True, kw_only=True)
class TakenDown:
    """A withdrawal that was asked for by this review's id."""

    at: dt.datetime
    reason: str
    documents: int


@dataclass(frozen=True, kw_only=True)
class ReviewHistory:
    """Versions by identity, oldest first within each; withdrawals oldest first."""

    versions: tuple[Version, ...]
    judged: Judged
    withdrawals: tuple[TakenDown, ...]


def read_history(store: Store, review_id: str) -> ReviewHistory:
    """Read a review's history, in three queries however many documents it has."""
    return ReviewHistory(
        versions=_versions(store, review_id),
        judged=_judged(store, review_id),
        withdrawals=_withdrawals(store, review_id),
    )


def _versions(store: Store, review_id: str) -> tuple[Version, ...]:
    query = (
        sa.select(
            t.documents.c.document_id,
            t.documents.c.identity,
            t.documents.c.title,
            t.documents.c.captured_at.label("taken_in"),
            t.documents.c.text_sha256,
            t.documents.c.superseded_by.is_(None).label("is_current"),
            t.captures.c.address,
            t.captures.c.captured_at,
            t.captures.c.media_type,
            t.captures.c.size_bytes,
            t.captures.c.capture_id,
        )
        .outerjoin_from(t.documents, t.captures)
        .where(t.documents.c.review_id == review_id)
        .order_by(
            t.documents.c.identity,
            t.documents.c.held_from,
            t.documents.c.captured_at,
            t.documents.c.document_id,
        )
    )
    with store.reading() as connection:
        rows = connection.execute(query).mappings().all()
    withheld = store.withheld_names()
    return tuple(
        Version(
            **{
                **row,
                "title": withheld.cut(row["title"], review_id),
                "address": withheld.address(row["address"], review_id),
                "is_current": bool(row["is_current"]),
            }
        )
        for row in rows
    )


def _judged(store: Store, review_id: str) -> Judged:
    query = (
        sa.select(
            sa.func.count(t.passages.c.passage_id.distinct()).label("passages"),
            sa.func.count(t.judgements.c.passage_id.distinct()).label("read"),
            sa.func.count(t.judgements.c.judgement_id).label("judgements"),
            sa.func.count(t.judgements.c.coder.distinct()).label("coders"),
            sa.func.max(t.judgements.c.judged_at).label("last_at"),
        )
        .join_from(t.documents, t.passages)
        .outerjoin(t.judgements, t.judgements.c.passage_id == t.passages.c.passage_id)
        .where(t.documents.c.review_id == review_id, t.documents.c.superseded_by.is_(None))
    )
    with store.reading() as connection:
        return Judged(**connection.execute(query).mappings().one())


def _withdrawals(store: Store, review_id: str) -> tuple[TakenDown, ...]:
    query = (
        sa.select(
            t.withdrawals.c.withdrawn_at.label("at"),
            t.withdrawals.c.reason,
            t.withdrawals.c.n_documents.label("documents"),
        )
        .where(t.withdrawals.c.asked == review_id)
        .order_by(t.withdrawals.c.withdrawal_id)
    )
    with store.reading() as connection:
        return tuple(TakenDown(**row) for row in connection.execute(query).mappings())
