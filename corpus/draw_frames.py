"""What could be drawn for coding: passages or whole reviews, each with its stratum."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.count_rows import HeldReview, held_reviews, machine_evidence
from corpus.drawn import Frame
from corpus.licence import is_withheld
from corpus.recurrence import NO_REVIEW
from corpus.store import Store

_CUT = 0.5
"""Where a calibrated score says no more than chance."""


@dataclass(frozen=True, kw_only=True)
class Member:
    """One passage or review of a frame."""

    member_id: str
    group: str
    """A passage's review or, without one, its document; a review's own id."""
    stratum: str
    """Decade, and whether the machine finds something."""
    distance: float = 1.0
    """How far the machine's least sure score lies from its cut; 1 where it found nothing."""


def frame_passages(store: Store, frame: Frame) -> list[Member]:
    """List current passages that the machine reads and a frame asks for, by id.

    Passages that somebody judged are left out, unless the frame asks for them again; those
    of a damaged copy always, since nobody is shown their words.
    """
    found = sa.select(t.findings.c.passage_id).where(t.findings.c.confident)
    if frame.themes:
        found = found.where(t.findings.c.theme.in_(frame.themes))
    nearest = (
        sa.select(
            t.findings.c.passage_id,
            sa.func.min(sa.func.abs(t.findings.c.score - _CUT)).label("distance"),
        )
        .group_by(t.findings.c.passage_id)
        .subquery("nearest")
    )
    query = (
        sa.select(
            t.passages.c.passage_id,
            t.documents.c.document_id,
            t.documents.c.review_id,
            t.documents.c.published,
            t.documents.c.marks,
            t.passages.c.passage_id.in_(found).label("found"),
            nearest.c.distance,
        )
        .select_from(t.passages.join(t.documents).outerjoin(t.reviews))
        .outerjoin(nearest, nearest.c.passage_id == t.passages.c.passage_id)
        .where(t.documents.c.superseded_by.is_(None), t.passages.c.untagged.is_(None))
        .order_by(t.passages.c.passage_id)
    )
    if not frame.again:
        query = query.where(t.passages.c.passage_id.not_in(sa.select(t.judgements.c.passage_id)))
    if frame.nation:
        query = query.where(t.reviews.c.nation == frame.nation)
    if frame.review_type:
        query = query.where(t.reviews.c.review_type == frame.review_type)
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return [
        Member(
            member_id=row.passage_id,
            group=row.review_id or row.document_id,
            stratum=_stratum(_year(row.published), found=bool(row.found)),
            distance=1.0 if row.distance is None else row.distance,
        )
        for row in rows
        if _in_years(_year(row.published), frame) and not is_withheld(row.marks)
    ]


def frame_reviews(store: Store, frame: Frame) -> list[Member]:
    """List the reviews that counts count and a frame asks for, by id.

    Guidance and laws are no reviews, unless that type is asked for. Reviews that an earlier
    draw could have drawn are left out, unless asked for again.
    """
    held, _ = held_reviews(store, axis="publication")
    kinds = {review.review_id: review.kind for review in held}
    found = {
        evidence.review_id
        for evidence in machine_evidence(store)
        if (not frame.themes or evidence.theme in frame.themes)
        and kinds.get(evidence.review_id) is evidence.kind
    }
    with store.reading() as connection:
        before = set(connection.scalars(sa.select(t.drawn_reviews.c.review_id)))
    return sorted(
        (
            Member(
                member_id=review.review_id,
                group=review.review_id,
                stratum=_stratum(review.year, found=review.review_id in found),
            )
            for review in held
            if _asked(review, frame) and (frame.again or review.review_id not in before)
        ),
        key=lambda member: member.member_id,
    )


def passages_of_reviews(store: Store, review_ids: Sequence[str], *, again: bool) -> list[Member]:
    """List the passages of whole reviews that counts count: by review as given, in order.

    Those that somebody judged are left out, unless asked for again.
    """
    held, _ = held_reviews(store, axis="publication")
    kinds = {review.review_id: review.kind.value for review in held}
    judged = sa.select(t.judgements.c.passage_id)
    query = (
        sa.select(t.passages.c.passage_id, t.documents.c.review_id, t.documents.c.kind)
        .join_from(t.passages, t.documents)
        .where(
            t.documents.c.superseded_by.is_(None),
            t.documents.c.review_id.in_(review_ids),
            sa.or_(t.passages.c.untagged.is_(None), t.passages.c.passage_id.in_(judged)),
        )
        .order_by(t.documents.c.document_id, t.passages.c.position)
    )
    if not again:
        query = query.where(t.passages.c.passage_id.not_in(judged))
    with store.reading() as connection:
        rows = connection.execute(query).all()
    place = {review_id: number for number, review_id in enumerate(review_ids)}
    counted = [row for row in rows if kinds.get(row.review_id) == row.kind]
    counted.sort(key=lambda row: place[row.review_id])  # stable: reading order stays
    return [
        Member(member_id=row.passage_id, group=row.review_id, stratum="whole review")
        for row in counted
    ]


def _asked(review: HeldReview, frame: Frame) -> bool:
    return (
        frame.nation in {None, review.nation}
        and _is_of_type(review.review_type, frame)
        and _in_years(review.year, frame)
    )


def _is_of_type(review_type: str, frame: Frame) -> bool:
    if frame.review_type is None:
        return review_type != NO_REVIEW
    return review_type == frame.review_type


def _in_years(year: int | None, frame: Frame) -> bool:
    if year is None:
        return frame.from_year is None and frame.to_year is None
    return (frame.from_year or year) <= year <= (frame.to_year or year)


def _year(published: str | None) -> int | None:
    return int(published[:4]) if published else None


def _stratum(year: int | None, *, found: bool) -> str:
    decade = "no date" if year is None else f"{year // 10 * 10}s"
    return f"{decade}, machine finds {'something' if found else 'nothing'}"
