"""Invented reviews, documents and passages, small enough to read."""

import datetime as dt
from collections.abc import Sequence

from corpus.dates import PartialDate
from corpus.ids import DocumentId, PassageId, ReviewId, sha256_text
from corpus.model import (
    Attribution,
    Code,
    Document,
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

CAPTURED_AT = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def make_review(review_id: str, published: str | None = "2010", **changes: object) -> Review:
    """An invented review; ``published`` is an ISO date of any precision."""
    values: dict[str, object] = {
        "review_id": ReviewId(review_id),
        "case_id": review_id,
        "title": f"Serious case review: {review_id}",
        "review_type": "serious case review",
        "nation": "England",
        "published": PartialDate.parse_optional(published),
        "summary": "An invented review.",
    }
    return Review(**(values | changes))  # type: ignore[arg-type]  # the caller names real fields


def make_document(
    texts: Sequence[str], *, identity: str = "file:sample", **changes: object
) -> tuple[Document, list[Passage]]:
    """A document whose passages are ``texts``, one blank line apart."""
    text = "\n\n".join(texts)
    document_id = DocumentId.of(identity, sha256_text(text))
    values: dict[str, object] = {
        "document_id": document_id,
        "identity": identity,
        "kind": Kind.REVIEW,
        "title": "An invented report",
        "text": text,
        "text_sha256": sha256_text(text),
        "licence_tier": LicenceTier.OPEN,
        "captured_at": CAPTURED_AT,
        "published": PartialDate.parse("2010"),
    }
    document = Document(**(values | changes))  # type: ignore[arg-type]  # as above
    passages, start = [], 0
    for position, passage in enumerate(texts):
        end = start + len(passage)
        passages.append(
            Passage(
                passage_id=PassageId.of(document_id, start, end),
                document_id=document_id,
                position=position,
                start_char=start,
                end_char=end,
                text=passage,
            )
        )
        start = end + 2
    return document, passages


def make_code(
    theme: str = "not-shared-between-agencies",
    stance: Stance = Stance.FAILING,
    *,
    level: Level = Level.CASE,
    attribution: Attribution = Attribution.OWN_VOICE,
) -> Code:
    """A code, failing in the review's own voice unless said otherwise."""
    return Code(theme=theme, stance=stance, level=level, attribution=attribution)


def make_finding(passage: Passage, code: Code | None = None, **changes: object) -> Finding:
    """A machine's confident finding whose evidence is the passage's first word."""
    values: dict[str, object] = {
        "passage_id": passage.passage_id,
        "code": code or make_code(),
        "confident": True,
        "score": 0.9,
        "evidence": (Span(0, len(passage.text.split()[0])),),
        "support": ("NSB-001",),
        "tagger_version": "t1",
    }
    return Finding(**(values | changes))  # type: ignore[arg-type]  # as above


def make_judgement(passage: Passage, *codes: Code, coder: str = "coder-a") -> Judgement:
    """A person's coding of a passage; without codes, that there is no theme in it."""
    return Judgement(
        passage_id=passage.passage_id,
        coder=coder,
        judged_at=CAPTURED_AT,
        codebook_version="0.1.0+test",
        codes=codes,
    )
