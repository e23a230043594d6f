"""The rows behind groups of documents: read and written within one transaction."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.ids import ReviewId, short_digest
from corpus.model import Document, Review
from corpus.store import put_review

Action = Literal["joined", "started", "split", "merged"]

FOUND = "found"
"""How the id begins of a review that no catalogue knows; no word of it is from its documents."""

FOUND_CAUTION = (
    "This record was made by a machine, from documents that their publishers put online. "
    "Nobody has edited it."
)
UNKNOWN_NATION = "not stated"
UNKNOWN_TYPE = "other"


@dataclass(frozen=True, kw_only=True)
class Decision:
    """Why a document, in all its versions, belongs to a review; never changed, only followed."""

    identity: str
    review_id: str
    action: Action
    reason: str
    """A sentence for readers."""
    decided_at: dt.datetime
    rule: str | None = None
    evidence: Mapping[str, Any] = field(default_factory=dict)
    decided_by: str | None = None
    """The person; ``None`` where a rule decided."""
    from_review_id: str | None = None
    """The review it belonged to until then."""


def found_ids(connection: Connection) -> frozenset[str]:
    """The reviews whose records were made from documents."""
    return frozenset(connection.scalars(sa.select(t.found_reviews.c.review_id)))


def start_review(
    connection: Connection, document: Document, pseudonym: str | None, at: dt.datetime
) -> ReviewId:
    """Make the record of a review that no catalogue knows, out of its first document.

    Its id is a hash: no title, name or address goes into it.
    """
    review = describe_found(document, pseudonym)
    put_review(connection, review)
    known = sa.select(t.found_reviews.c.review_id).where(
        t.found_reviews.c.review_id == review.review_id
    )
    if connection.scalar(known) is None:
        connection.execute(
            sa.insert(t.found_reviews).values(review_id=review.review_id, found_at=at)
        )
    # It may have been emptied by a withdrawal; another document of it is held now.
    connection.execute(sa.delete(t.tombstones).where(t.tombstones.c.entity_id == review.review_id))
    return review.review_id


def describe_found(document: Document, pseudonym: str | None) -> Review:
    """Say of a review what its document says of itself, and nothing that it does not."""
    review_id = ReviewId(f"{FOUND}-{short_digest('review', document.identity)[:12]}")
    return Review(
        review_id=review_id,
        case_id=review_id,
        title=document.title,
        review_type=document.review_type or UNKNOWN_TYPE,
        nation=document.nation or UNKNOWN_NATION,
        place=document.partnership,
        publisher=document.publisher,
        author=document.author,
        published=document.published,
        incident=document.incident,
        aliases=(pseudonym,) if pseudonym else (),
        report_url=document.url,
        cautions=(FOUND_CAUTION,),
        sources=(document.url,) if document.url else (),
    )


def add_decision(connection: Connection, decision: Decision) -> None:
    """Append a decision; nothing is moved by it."""
    row = asdict(decision)
    row["evidence"] = dict(decision.evidence)
    connection.execute(sa.insert(t.group_decisions).values(row))


def move(connection: Connection, identity: str, review_id: str | None) -> None:
    """Put every version of a document under a review, or under none."""
    connection.execute(
        sa.update(t.documents).where(t.documents.c.identity == identity).values(review_id=review_id)
    )


def absorb(
    connection: Connection, from_id: str, into_id: str, decision: Decision
) -> tuple[str, ...]:
    """Move all documents of a found review into another, and drop its record.

    Args:
        connection: a transaction.
        from_id: a found review.
        into_id: any review.
        decision: what is logged for each document, with its identity filled in.

    Returns:
        The identities that were moved, sorted.
    """
    identities = tuple(
        connection.scalars(
            sa.select(t.documents.c.identity)
            .where(t.documents.c.review_id == from_id)
            .distinct()
            .order_by(t.documents.c.identity)
        )
    )
    for identity in identities:
        move(connection, identity, into_id)
        add_decision(connection, replace(decision, identity=identity))
    for table in (t.found_reviews, t.reviews):
        connection.execute(sa.delete(table).where(table.c.review_id == from_id))
    return identities
