"""Failings that reviews found in their own voice: what echoes and their like choose from."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.dates import PartialDate
from corpus.findings import standing_codes
from corpus.ids import PassageId, ReviewId
from corpus.model import Attribution, Finding, Kind, Passage, Review, Stance
from corpus.recurrence import REVIEW_KINDS
from corpus.rows import review_from_row
from corpus.store import Store


@dataclass(frozen=True, kw_only=True)
class Failing:
    """A failing that a dated review found, without its text: cheap to read by the thousand."""

    passage_id: PassageId
    theme: str
    review_id: ReviewId
    case_id: str
    published: PartialDate


def speaks_for_itself(finding: Finding, kind: Kind) -> bool:
    """Whether a finding of a document of this kind is a failing that its review found.

    A review speaks in its own voice, and our digest reports its review; what a review
    itself reports is another's finding, restated.
    """
    if finding.code.stance is not Stance.FAILING or kind not in REVIEW_KINDS:
        return False
    own = finding.code.attribution is Attribution.OWN_VOICE
    return own or (kind is Kind.DIGEST and finding.code.attribution is Attribution.REPORTED)


def failings_of_reviews(store: Store, themes: Collection[str]) -> list[Failing]:
    """Read the confident standing failings on these themes, in one query.

    Only of dated reviews, in their own voice (see :func:`speaks_for_itself`), and of
    documents in their newest version: by passage, then theme.
    """
    codes = standing_codes()
    own = codes.c.attribution == Attribution.OWN_VOICE.value
    of_digest = sa.and_(
        codes.c.attribution == Attribution.REPORTED.value,
        t.documents.c.kind == Kind.DIGEST.value,
    )
    query = (
        sa.select(
            codes.c.passage_id,
            codes.c.theme,
            t.reviews.c.review_id,
            t.reviews.c.case_id,
            t.reviews.c.published,
        )
        .join(t.passages, t.passages.c.passage_id == codes.c.passage_id)
        .join(t.documents, t.documents.c.document_id == t.passages.c.document_id)
        .join(t.reviews, t.reviews.c.review_id == t.documents.c.review_id)
        .where(
            codes.c.theme.in_(sorted(themes)),
            codes.c.stance == Stance.FAILING.value,
            codes.c.confident,
            sa.or_(own, of_digest),
            t.documents.c.superseded_by.is_(None),
            t.documents.c.kind.in_([kind.value for kind in REVIEW_KINDS]),
            t.reviews.c.published.is_not(None),
        )
        .order_by(codes.c.passage_id, codes.c.theme)
        .distinct()
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
    dates = {text: PartialDate.parse(text) for text in {row.published for row in rows}}
    return [
        Failing(
            passage_id=PassageId(row.passage_id),
            theme=row.theme,
            review_id=ReviewId(row.review_id),
            case_id=row.case_id,
            published=dates[row.published],
        )
        for row in rows
    ]


def get_reviews(store: Store, review_ids: Collection[str]) -> dict[str, Review]:
    """Read several reviews at once, by id; ids that are not held are left out."""
    query = sa.select(t.reviews).where(t.reviews.c.review_id.in_(sorted(review_ids)))
    with store.reading() as connection:
        rows = connection.execute(query).mappings().all()
    return {row["review_id"]: review_from_row(row) for row in rows}


def lead_ins(store: Store, passages: Sequence[Passage]) -> dict[PassageId, str]:
    """Read what leads to passages: the heading, and the passage before where it ends in a colon.

    One query, however many there are; a passage with neither is left out.
    """
    places = {
        (passage.document_id, passage.position - 1): passage
        for passage in passages
        if passage.position
    }
    query = sa.select(t.passages.c.document_id, t.passages.c.position, t.passages.c.text).where(
        sa.tuple_(t.passages.c.document_id, t.passages.c.position).in_(list(places))
    )
    found = {passage.passage_id: passage.heading or "" for passage in passages}
    with store.reading() as connection:
        for document_id, position, text in connection.execute(query):
            if text.rstrip().endswith(":"):
                found[places[document_id, position].passage_id] += f" {text}"
    return {passage_id: text.strip() for passage_id, text in found.items() if text.strip()}
