"""Which documents are of one review: shown with the reasons, split and merged by hand."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.errors import InvalidInputError
from corpus.group_rows import (
    Decision,
    absorb,
    add_decision,
    describe_found,
    found_ids,
    move,
    start_review,
)
from corpus.ids import ReviewId
from corpus.model import Document, Kind, Review
from corpus.store import Store


@dataclass(frozen=True, kw_only=True)
class Member:
    """A current document of a review, with every decision about it, oldest first."""

    document: Document
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    """A review with its documents, by publication date, then id."""

    review: Review
    found: bool
    """Whether the review's record was made from its documents."""
    members: tuple[Member, ...]


def split(
    store: Store, document_id: str, *, reason: str, by: str, at: dt.datetime
) -> ReviewId | None:
    """Take a document out of its review, by hand and for good.

    A review's own text begins a review of its own; news, briefings and the like belong
    to none then. No rule ever joins it to anything again.

    Returns:
        The review it began; ``None`` where it belongs to none.

    Raises:
        DocumentNotFoundError: nothing has this id.
        InvalidInputError: there is no reason, it belongs to no review, is a digest of the
            catalogue, or is all that its review is made of.
    """
    _need(reason)
    document = store.get_document(document_id, whole=True)
    if document.review_id is None:
        raise InvalidInputError(f"The document {document_id} belongs to no review.")
    if document.kind is Kind.DIGEST:
        raise InvalidInputError(
            "A digest is the catalogue's own account of its review: it cannot be split from it."
        )
    with store.writing() as connection:
        began = None
        if document.kind is Kind.REVIEW:
            began = describe_found(document, None).review_id
            if began == document.review_id:
                raise InvalidInputError(
                    f"The review {began} was begun by this document: split the others from it."
                )
            start_review(connection, document, None, at)
        move(connection, document.identity, began)
        add_decision(
            connection,
            Decision(
                identity=document.identity,
                review_id=began or document.review_id,
                action="split",
                reason=reason.strip(),
                decided_at=at,
                decided_by=by,
                from_review_id=document.review_id,
            ),
        )
    return began


def merge(
    store: Store, from_id: str, into_id: str, *, reason: str, by: str, at: dt.datetime
) -> int:
    """Put all documents of one review under another, by hand; returns how many documents.

    Raises:
        ReviewNotFoundError: one of them is not held.
        InvalidInputError: there is no reason, they are one, or the first is of the catalogue.
    """
    _need(reason)
    if from_id == into_id:
        raise InvalidInputError("A review cannot be merged into itself.")
    store.get_review(from_id)
    store.get_review(into_id)
    decision = Decision(
        identity="",
        review_id=into_id,
        action="merged",
        reason=reason.strip(),
        decided_at=at,
        decided_by=by,
        from_review_id=from_id,
    )
    with store.writing() as connection:
        if from_id not in found_ids(connection):
            raise InvalidInputError(
                f"The review {from_id} is of the catalogue, which keeps its own records: merge "
                f"the other way round, or change the catalogue's file."
            )
        return len(absorb(connection, from_id, into_id, decision))


def show(store: Store, review_id: str, *, whole: bool = False) -> Group:
    """Read a review's documents with the reasons for each.

    What ``whole`` means is told by :meth:`corpus.store.Store.get_document`.

    Raises:
        ReviewNotFoundError: it is not held.
        InvalidInputError: it was merged into another, which the sentence names.
    """
    _say_where_it_went(store, review_id)
    review = store.get_review(review_id)
    documents = list(store.iter_documents(review_id=review_id, whole=whole))
    query = (
        sa.select(t.group_decisions)
        .where(t.group_decisions.c.identity.in_([one.identity for one in documents]))
        .order_by(t.group_decisions.c.decision_id)
    )
    decisions: dict[str, list[Decision]] = {}
    with store.reading() as connection:
        found = review_id in found_ids(connection)
        for row in connection.execute(query).mappings():
            values = {name: value for name, value in row.items() if name != "decision_id"}
            decisions.setdefault(row["identity"], []).append(Decision(**values))
    return Group(
        review=review,
        found=found,
        members=tuple(
            Member(document=one, decisions=tuple(decisions.get(one.identity, ())))
            for one in documents
        ),
    )


def merged_into(store: Store, review_id: str) -> str | None:
    """Find the review that another went into; ``None`` where it did not."""
    query = (
        sa.select(t.group_decisions.c.review_id)
        .where(
            t.group_decisions.c.from_review_id == review_id,
            t.group_decisions.c.action == "merged",
            ~sa.exists().where(t.reviews.c.review_id == review_id),
        )
        .order_by(t.group_decisions.c.decision_id.desc())
        .limit(1)
    )
    with store.reading() as connection:
        return connection.scalar(query)


def _say_where_it_went(store: Store, review_id: str) -> None:
    into = merged_into(store, review_id)
    if into is not None:
        raise InvalidInputError(f"The review {review_id} was merged into {into}.")


def _need(reason: str) -> None:
    if not reason.strip():
        raise InvalidInputError("A decision by hand needs a reason: say what shows it.")


def found_reviews(store: Store) -> frozenset[str]:
    """The reviews whose records were made from documents."""
    with store.reading() as connection:
        return found_ids(connection)


def was_decided_by_hand(store: Store, review_ids: Collection[str]) -> bool:
    """Whether a person ever split from, or merged into, one of these reviews."""
    decisions = t.group_decisions.c
    query = sa.select(decisions.decision_id).where(
        decisions.decided_by.is_not(None),
        sa.or_(decisions.review_id.in_(review_ids), decisions.from_review_id.in_(review_ids)),
    )
    with store.reading() as connection:
        return connection.scalar(query.limit(1)) is not None
