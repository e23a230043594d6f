"""What is held, by publisher and decade: the record of gaps as much as of holdings."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.model import Kind
from corpus.store import Store

UNDATED = None
"""Stands for the decade of documents without a publication date."""


@dataclass(frozen=True, kw_only=True)
class PublisherHoldings:
    """The current documents of one publisher; our own digests are nobody's."""

    publisher: str | None
    """``None`` for documents that do not say."""
    documents: int
    by_decade: Mapping[int | None, int]
    """First year of the decade → documents; those without a date under ``None``."""
    last_captured_at: dt.datetime


def holdings_by_publisher(store: Store) -> tuple[PublisherHoldings, ...]:
    """Count current documents, digests left out: most documents first, then by name."""
    decade = sa.func.substr(t.documents.c.published, 1, 3)
    query = (
        sa.select(
            t.documents.c.publisher,
            decade.label("decade"),
            sa.func.count().label("documents"),
            sa.func.max(t.documents.c.captured_at).label("last"),
        )
        .where(t.documents.c.superseded_by.is_(None), t.documents.c.kind != Kind.DIGEST.value)
        .group_by(t.documents.c.publisher, decade)
    )
    by_publisher: dict[str | None, dict[int | None, int]] = {}
    last: dict[str | None, dt.datetime] = {}
    with store.reading() as connection:
        for row in connection.execute(query):
            decades = by_publisher.setdefault(row.publisher, {})
            decades[int(row.decade) * 10 if row.decade else UNDATED] = row.documents
            last[row.publisher] = max(row.last, last.get(row.publisher, row.last))
    held = [
        PublisherHoldings(
            publisher=publisher,
            documents=sum(decades.values()),
            by_decade=decades,
            last_captured_at=last[publisher],
        )
        for publisher, decades in by_publisher.items()
    ]
    return tuple(sorted(held, key=lambda one: (-one.documents, one.publisher or "")))
