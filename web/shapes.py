"""How reviews, passages and findings look in JSON: the same for API and command line."""

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.dates import PartialDate
from corpus.known_names import is_anonymous
from corpus.licence import shown_words, why_withheld
from corpus.model import Document, Finding, Kind, Passage, Review, Span
from corpus.recurrence import Evidence, Recommendation, Recurrence, RecurrenceEntry, is_failing
from nlp.codebook import Codebook, Theme, TopTheme

Json = dict[str, Any]


def spans_shape(spans: Sequence[Span]) -> list[dict[str, int]]:
    """Half-open character offsets into the passage's whole text."""
    return [{"start": span.start, "end": span.end} for span in spans]


def date_shape(date: PartialDate | None) -> Json | None:
    """An ISO date with its precision; ``None`` where the date is not known."""
    return None if date is None else {"date": str(date), "precision": date.precision}


def finding_shape(finding: Finding, rollup: Mapping[str, str]) -> Json:
    """One finding, with who made it: ``machine`` or the coder's name."""
    return {
        "theme": finding.code.theme,
        "top_theme": rollup.get(finding.code.theme),
        "stance": finding.code.stance.value,
        "level": finding.code.level.value,
        "attribution": finding.code.attribution.value,
        "score": None if finding.score is None else round(finding.score, 4),
        "confident": finding.confident,
        "evidence": spans_shape(finding.evidence),
        "support": list(finding.support),
        "by": finding.coder or "machine",
        "tagger_version": finding.tagger_version,
    }


def passage_shape(
    passage: Passage,
    document: Document,
    findings: Sequence[Finding],
    rollup: Mapping[str, str],
) -> Json:
    """One passage with its document's record and its findings.

    ``text`` is cut to what the document's licence tier lets us show, and ``text_cut``
    says so; offsets always index the whole text.
    """
    text, cut = shown_words(passage, document.licence_tier, document.marks)
    return {
        "passage_id": passage.passage_id,
        "document_id": document.document_id,
        "review_id": document.review_id,
        "title": document.title,
        "kind": document.kind.value,
        "publisher": document.publisher,
        "date": str(document.published) if document.published else None,
        "text": text,
        "text_cut": cut,
        "whose_words": whose_words(document),
        "heading": passage.heading,
        "paragraph": passage.paragraph,
        "page": passage.page,
        "position": passage.position,
        "start_char": passage.start_char,
        "end_char": passage.end_char,
        "document_text_sha256": document.text_sha256,
        "licence_tier": document.licence_tier.value,
        "evidence_grade": passage.evidence_grade.value if passage.evidence_grade else None,
        "source_url": passage.source_url or document.url,
        "findings": [finding_shape(finding, rollup) for finding in findings],
        **withheld_shape(passage, document.marks),
    }


def withheld_shape(passage: Passage, marks: Sequence[str]) -> Json:
    """Why nothing of a passage is shown though its licence allows it; a key only then."""
    why = why_withheld(passage, marks)
    return {"text_withheld": why} if why else {}


def whose_words(document: Document) -> str:
    """``throughline`` for our own restatements, else ``publisher``."""
    return "throughline" if document.kind is Kind.DIGEST else "publisher"


def document_shape(document: Document) -> Json:
    """A document's record, without its text."""
    return {
        "document_id": document.document_id,
        "review_id": document.review_id,
        "kind": document.kind.value,
        "title": document.title,
        "raw_title": document.raw_title,
        "title_rule": document.title_rule,
        "publisher": document.publisher,
        "author": document.author,
        "published": date_shape(document.published),
        "published_from": document.published_from,
        "captured_at": document.captured_at.isoformat(),
        "capture_sha256": document.capture_id,
        "text_sha256": document.text_sha256,
        "url": document.url,
        "licence_tier": document.licence_tier.value,
        "marks": list(document.marks),
        "skipped_blocks": dict(document.skipped),
    }


def review_shape(review: Review) -> Json:
    """A review's bibliographic record."""
    return {
        "review_id": review.review_id,
        "case_id": review.case_id,
        "title": review.title,
        "review_type": review.review_type,
        "nation": review.nation,
        "place": review.place,
        "publisher": review.publisher,
        "author": review.author,
        "published": date_shape(review.published),
        "incident": date_shape(review.incident),
        "child_age": review.child_age,
        "case_names": [] if is_anonymous(review) else list(review.case_names),
        "aliases": [] if is_anonymous(review) else list(review.aliases),
        "identity_link": review.identity_link,
        "reference": review.reference,
        "report_url": review.report_url,
        "agencies": list(review.agencies),
        "cautions": list(review.cautions),
    }


def review_detail_shape(review: Review) -> Json:
    """A review's record with our summary, the figures it published and the sources."""
    return review_shape(review) | {
        "summary": review.summary,
        "summary_by": "throughline",
        "figures": [
            {
                "statement": figure.statement,
                "value": figure.value,
                "unit": figure.unit,
                "period": figure.period,
                "source_url": figure.source_url,
            }
            for figure in review.figures
        ],
        "sources": list(review.sources),
    }


def theme_shape(theme: Theme) -> Json:
    """One sub-theme's codebook entry."""
    return {
        "theme": theme.theme_id,
        "top_theme": theme.top_theme,
        "label": theme.label,
        "sort": theme.sort,
        "definition": theme.definition,
        "include": list(theme.include),
        "exclude": [
            {"when": exclusion.when, "then": exclusion.then} for exclusion in theme.exclude
        ],
        "also_called": list(theme.also_called),
        "cues": [{"id": cue.cue_id, "phrase": cue.phrase} for cue in theme.cues],
        "examples": [example.text for example in theme.examples],
    }


def top_theme_shape(top: TopTheme, codebook: Codebook) -> Json:
    """One top theme with its sub-themes."""
    return {
        "theme": top.theme_id,
        "label": top.label,
        "themes": [theme_shape(codebook.theme(theme_id)) for theme_id in top.theme_ids],
    }


def recurrence_shape(found: Recurrence, codebook: Codebook, *, theme: str | None) -> Json:
    """A recurrence, review by review in date order, and what it rests on."""
    return {
        "theme": theme,
        "label": codebook.entry(theme).label if theme else "All themes",
        "themes": list(found.themes),
        "first_held": _first_held_shape(found.first_held),
        "coverage": [
            {
                "decade": period.decade,
                "reviews_held": period.reviews_held,
                "reviews_failing": period.reviews_failing,
            }
            for period in found.coverage
        ],
        "coverage_note": (
            "Shares of reviews held here, not of all reviews: few are held from before 2000, "
            "so a rise in counts is not a rise in failure."
        ),
        "entries": [_entry_shape(entry, codebook.rollup) for entry in found.entries],
    }


def _first_held_shape(entry: RecurrenceEntry | None) -> Json | None:
    if entry is None:
        return None
    return {
        "review_id": entry.review.review_id,
        "date": str(entry.date),
        "note": "The earliest held here; no earlier text is held, which is not to say "
        "that it did not occur.",
    }


def _entry_shape(entry: RecurrenceEntry, rollup: Mapping[str, str]) -> Json:
    return review_shape(entry.review) | {
        "found_failing": entry.found_failing,
        "years_since_previous": entry.years_since_previous,
        "recommended_between": [
            _recommendation_shape(item, rollup) for item in entry.recommended_between
        ],
        "passages": [_evidence_shape(item, rollup) for item in entry.evidence],
    }


def _recommendation_shape(item: Recommendation, rollup: Mapping[str, str]) -> Json:
    return {
        "review_id": item.review.review_id,
        "date": str(item.review.published) if item.review.published else None,
        **_evidence_shape(item.evidence, rollup),
    }


def _evidence_shape(item: Evidence, rollup: Mapping[str, str]) -> Json:
    passage = item.passage
    text, cut = shown_words(passage, item.licence_tier, item.marks)
    return {
        "passage_id": passage.passage_id,
        "document_id": passage.document_id,
        "kind": item.kind.value,
        "text": text,
        "text_cut": cut,
        "evidence_grade": passage.evidence_grade.value if passage.evidence_grade else None,
        "source_url": passage.source_url,
        "counts_as_failing": is_failing(item.finding),
        "finding": finding_shape(item.finding, rollup),
        **withheld_shape(passage, item.marks),
    }
