"""What was proposed of one reform, document by document: an answer, never a failing."""

from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.dates import PartialDate
from corpus.findings import standing_judgements
from corpus.ids import ReviewId
from corpus.model import Kind, LicenceTier, Passage, Stance
from corpus.rows import passage_from_row
from corpus.store import Store


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A passage that proposes a reform, as people coded it."""

    passage: Passage
    review_id: ReviewId | None
    """``None`` for a document about no review."""
    title: str
    """The document's."""
    kind: Kind
    date: PartialDate | None
    """When the document was published; of a digest, when the review was."""
    licence_tier: LicenceTier
    marks: tuple[str, ...]
    """The document's: they can withhold its words."""


def proposals_of(store: Store, reform_id: str) -> list[Proposal]:
    """List the passages that propose a reform: by date, those without one last.

    Only judgements name reforms, so that the machine's findings have no part in it, and only
    those that stand. A passage whose judgement codes no proposed change is left out: that a
    reform failed, or is only spoken of, proposes nothing.
    """
    standing = standing_judgements()
    proposed = sa.exists().where(
        t.judgement_codes.c.judgement_id == t.judgements.c.judgement_id,
        t.judgement_codes.c.stance == Stance.CHANGE_PROPOSED.value,
    )
    query = (
        sa.select(
            t.passages,
            t.judgements.c.reforms,
            t.documents.c.review_id.label("for_review"),
            t.documents.c.title.label("document_title"),
            t.documents.c.kind.label("document_kind"),
            t.documents.c.published.label("document_published"),
            t.documents.c.licence_tier,
            t.documents.c.marks,
        )
        .select_from(t.judgements.join(t.passages).join(t.documents))
        .join(standing, standing.c.judgement_id == t.judgements.c.judgement_id)
        .where(t.documents.c.superseded_by.is_(None), proposed)
        .order_by(
            t.documents.c.published.is_(None),
            t.documents.c.published,
            t.documents.c.document_id,
            t.passages.c.position,
        )
    )
    withheld = store.withheld_names()
    with store.reading() as connection:
        return [
            Proposal(
                passage=withheld.passage(passage_from_row(row)),
                review_id=ReviewId(row["for_review"]) if row["for_review"] else None,
                title=row["document_title"],
                kind=Kind(row["document_kind"]),
                date=PartialDate.parse_optional(row["document_published"]),
                licence_tier=LicenceTier(row["licence_tier"]),
                marks=tuple(row["marks"]),
            )
            for row in connection.execute(query).mappings()
            if reform_id in row["reforms"]
        ]
