"""A theme's recurrence as pages show it: entries with passages, gaps and proposals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Document, Finding
from corpus.recurrence import Coverage, Evidence, Recurrence, RecurrenceEntry
from nlp.codebook import Codebook
from web.holdings import Library
from web.views.parts import PassageView, ReviewLink, decade_words, passage_view, review_link
from web.words import counted


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A change that a review proposed, between two reviews that found the failing."""

    review: ReviewLink
    passage: PassageView


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """One review in a theme's recurrence."""

    review: ReviewLink
    found_failing: bool
    gap: str
    """Years since the failing was found before; empty for the first and for other stances."""
    passages: tuple[PassageView, ...]
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    """What is held for one decade, and in how many of these reviews the failing was found."""

    decade: str
    held: int
    failing: int

    @property
    def words(self) -> str:
        """Number and denominator, or the gap in words."""
        return f"{self.failing} of {counted(self.held, 'review')}" if self.held else "none held"


@dataclass(frozen=True, kw_only=True)
class RecurrenceView:
    """A whole recurrence, ready to show."""

    entries: tuple[EntryView, ...]
    first: ReviewLink | None
    """The earliest dated review held that found the failing."""
    failing: int
    held: int
    coverage: tuple[CoverageRow, ...]


def view(found: Recurrence, library: Library) -> RecurrenceView:
    """Prepare a recurrence for a page, with two queries however long it is."""
    documents = library.store.get_documents(
        {item.passage.document_id for item in _all_evidence(found)}
    )
    return RecurrenceView(
        entries=tuple(_entry(entry, documents, library.codebook) for entry in found.entries),
        first=review_link(found.first_held.review) if found.first_held else None,
        failing=sum(period.reviews_failing for period in found.coverage),
        held=sum(period.reviews_held for period in found.coverage),
        coverage=_coverage(found.coverage),
    )


def _all_evidence(found: Recurrence) -> Iterable[Evidence]:
    for entry in found.entries:
        yield from entry.evidence


def _entry(
    entry: RecurrenceEntry, documents: Mapping[str, Document], codebook: Codebook
) -> EntryView:
    return EntryView(
        review=review_link(entry.review),
        found_failing=entry.found_failing,
        gap=_gap(entry.years_since_previous),
        passages=_passages(entry.evidence, documents, codebook),
        proposals=tuple(
            Proposal(review=review_link(item.review), passage=shown)
            for item in entry.recommended_between
            for shown in _passages([item.evidence], documents, codebook)
        ),
    )


def _passages(
    evidence: Sequence[Evidence], documents: Mapping[str, Document], codebook: Codebook
) -> tuple[PassageView, ...]:
    findings: dict[str, list[Finding]] = {}
    passages = {item.passage.passage_id: item.passage for item in evidence}
    for item in evidence:
        findings.setdefault(item.passage.passage_id, []).append(item.finding)
    return tuple(
        passage_view(passage, documents[passage.document_id], findings[passage_id], codebook)
        for passage_id, passage in passages.items()
    )


def _gap(years: int | None) -> str:
    if years is None:
        return ""
    if years == 0:
        return "in the same year as the one before"
    return f"{counted(years, 'year')} after the one before"


def _coverage(periods: Sequence[Coverage]) -> tuple[CoverageRow, ...]:
    by_decade = {period.decade: period for period in periods}
    dated = [decade for decade in by_decade if decade is not None]
    wanted: list[int | None] = list(range(min(dated), max(dated) + 10, 10)) if dated else []
    if None in by_decade:
        wanted.append(None)
    return tuple(
        CoverageRow(
            decade=decade_words(decade),
            held=by_decade[decade].reviews_held if decade in by_decade else 0,
            failing=by_decade[decade].reviews_failing if decade in by_decade else 0,
        )
        for decade in wanted
    )
