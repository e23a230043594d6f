"""What a package covers and what it lacks, for its dataset card."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.model import Kind
from corpus.store import Store


@dataclass(frozen=True)
class DecadeHeld:
    """One decade of reviews, by publication; ``decade`` is ``None`` for those without a date."""

    decade: int | None
    reviews: int
    with_own_text: int
    """Reviews whose own text is held; the others are known through a digest or by title."""


@dataclass(frozen=True)
class PublisherHeld:
    """What is held of one publisher under one licence tier."""

    publisher: str
    licence_tier: str
    documents: int


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """What the card says of a package's content."""

    decades: Sequence[DecadeHeld]
    publishers: Sequence[PublisherHeld]
    """Most documents first."""
    kinds: Sequence[tuple[str, int]]
    coders: int
    judged_passages: int
    withdrawn_documents: int


def read_coverage(store: Store) -> Coverage:
    """Read what the card says; a handful of queries."""
    d = t.documents.c
    current = d.superseded_by.is_(None)
    decade = sa.func.substr(t.reviews.c.published, 1, 3)
    own = sa.select(d.review_id).where(current, d.kind == Kind.REVIEW.value).distinct().subquery()
    decades = (
        sa.select(
            decade.label("decade"), sa.func.count().label("n"), sa.func.count(own.c.review_id)
        )
        .select_from(t.reviews.outerjoin(own, own.c.review_id == t.reviews.c.review_id))
        .group_by(decade)
    )
    n = sa.func.count().label("n")
    publisher = sa.func.coalesce(d.publisher, "").label("publisher")
    publishers = sa.select(publisher, d.licence_tier, n).where(current)
    kinds = sa.select(d.kind, n).where(current).group_by(d.kind).order_by(d.kind)
    with store.reading() as connection:
        held = [
            DecadeHeld(int(row[0]) * 10 if row[0] else None, row[1], row[2])
            for row in connection.execute(decades)
        ]
        return Coverage(
            decades=sorted(held, key=lambda each: each.decade or 9999),
            publishers=[
                PublisherHeld(*row)
                for row in connection.execute(
                    publishers.group_by(publisher, d.licence_tier).order_by(
                        n.desc(), publisher, d.licence_tier
                    )
                )
            ],
            kinds=[(row.kind, row.n) for row in connection.execute(kinds)],
            coders=_count(connection, sa.func.count(t.judgements.c.coder.distinct())),
            judged_passages=_count(connection, sa.func.count(t.judgements.c.passage_id.distinct())),
            withdrawn_documents=int(
                connection.scalar(
                    sa.select(sa.func.count()).where(t.tombstones.c.entity == "document")
                )
                or 0
            ),
        )


def _count(connection: sa.Connection, counted: sa.ColumnElement[int]) -> int:
    return int(connection.scalar(sa.select(counted)) or 0)
