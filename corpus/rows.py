"""Between the store's rows and the values of the model."""

from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy.engine import RowMapping

from corpus.dates import PartialDate
from corpus.ids import CaptureId, DocumentId, PassageId, ReviewId
from corpus.known_names import shown_review
from corpus.model import (
    Attribution,
    Capture,
    Code,
    Document,
    EvidenceGrade,
    Figure,
    Finding,
    Judgement,
    Kind,
    Level,
    LicenceTier,
    Passage,
    Review,
    Span,
    Stance,
)

_OF_THE_STORE = {"superseded_by", "held_from", "held_until"}
"""Columns of ``documents`` that say how it is held, not what it is."""


def date_text(date: PartialDate | None) -> str | None:
    """Write an optional date in its ISO form."""
    return None if date is None else str(date)


def review_row(review: Review) -> dict[str, object]:
    """Turn a review into a row of ``reviews``."""
    row = asdict(review)
    row["published"] = date_text(review.published)
    row["incident"] = date_text(review.incident)
    return row


def review_from_row(row: RowMapping) -> Review:
    """Read a row of ``reviews``, with its addresses as they may be shown."""
    return shown_review(whole_review_from_row(row))


def whole_review_from_row(row: RowMapping) -> Review:
    """Read a row of ``reviews`` as it is held: for comparing, never for showing."""
    return Review(
        **{
            **row,
            "review_id": ReviewId(row["review_id"]),
            "published": PartialDate.parse_optional(row["published"]),
            "incident": PartialDate.parse_optional(row["incident"]),
            "case_names": tuple(row["case_names"]),
            "aliases": tuple(row["aliases"]),
            "agencies": tuple(row["agencies"]),
            "cautions": tuple(row["cautions"]),
            "sources": tuple(row["sources"]),
            "figures": tuple(Figure(**figure) for figure in row["figures"]),
        }
    )


def capture_from_row(row: RowMapping) -> Capture:
    """Read a row of ``captures``."""
    return Capture(
        **{
            **row,
            "capture_id": CaptureId(row["capture_id"]),
        }
    )


def document_row(document: Document) -> dict[str, object]:
    """Turn a document into a row of ``documents``, superseded by none."""
    row = asdict(document)
    row["published"] = date_text(document.published)
    row["incident"] = date_text(document.incident)
    row["superseded_by"] = None
    row["skipped"] = dict(document.skipped)
    return row


def document_from_row(row: RowMapping) -> Document:
    """Read a row of ``documents`` as it is held; the store cuts withheld names out of it."""
    values = {name: value for name, value in row.items() if name not in _OF_THE_STORE}
    return Document(
        **{
            **values,
            "document_id": DocumentId(row["document_id"]),
            "kind": Kind(row["kind"]),
            "licence_tier": LicenceTier(row["licence_tier"]),
            "published": PartialDate.parse_optional(row["published"]),
            "incident": PartialDate.parse_optional(row["incident"]),
            "review_id": ReviewId(row["review_id"]) if row["review_id"] else None,
            "capture_id": CaptureId(row["capture_id"]) if row["capture_id"] else None,
            "marks": tuple(row["marks"]),
        }
    )


def passage_row(passage: Passage) -> dict[str, object]:
    """Turn a passage into a row of ``passages``, stamped by none."""
    row = asdict(passage)
    del row["names_withheld"]  # what depends on the review is never kept with the passage
    return row


def passage_from_row(row: RowMapping) -> Passage:
    """Read a row of ``passages`` as it is held; the store says whether it names anybody."""
    grade = row["evidence_grade"]
    return Passage(
        passage_id=PassageId(row["passage_id"]),
        document_id=DocumentId(row["document_id"]),
        position=row["position"],
        start_char=row["start_char"],
        end_char=row["end_char"],
        text=row["text"],
        heading=row["heading"],
        paragraph=row["paragraph"],
        page=row["page"],
        evidence_grade=EvidenceGrade(grade) if grade else None,
        source_url=row["source_url"],
    )


def finding_row(finding: Finding) -> dict[str, object]:
    """Turn a machine's finding into a row of ``findings``."""
    return {
        "passage_id": finding.passage_id,
        **asdict(finding.code),
        "score": finding.score,
        "confident": finding.confident,
        "evidence": [[span.start, span.end] for span in finding.evidence],
        "support": list(finding.support),
        "tagger_version": finding.tagger_version,
    }


def code_from_row(row: RowMapping) -> Code:
    """Read the code in a row of ``findings`` or ``judgement_codes``."""
    return Code(
        theme=row["theme"],
        stance=Stance(row["stance"]),
        level=Level(row["level"]),
        attribution=Attribution(row["attribution"]),
    )


def finding_from_row(row: RowMapping) -> Finding:
    """Read a row of ``findings``."""
    return Finding(
        passage_id=PassageId(row["passage_id"]),
        code=code_from_row(row),
        confident=row["confident"],
        score=row["score"],
        evidence=tuple(Span(start, end) for start, end in row["evidence"]),
        support=tuple(row["support"]),
        tagger_version=row["tagger_version"],
    )


def judgement_from_row(row: RowMapping, codes: Iterable[Code]) -> Judgement:
    """Read a row of ``judgements``, whose codes stand in a table of their own."""
    return Judgement(
        passage_id=PassageId(row["passage_id"]),
        coder=row["coder"],
        judged_at=row["judged_at"],
        codebook_version=row["codebook_version"],
        codes=tuple(codes),
        reforms=tuple(row["reforms"]),
        tagger_version=row["tagger_version"],
        note=row["note"],
    )
