"""When a theme was found, review by review, and what was recommended in between."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.count_table import DateAxis
from corpus.dates import PartialDate
from corpus.findings import standing_codes, standing_finding
from corpus.model import Attribution, Finding, Kind, LicenceTier, Passage, Review, Stance
from corpus.rows import passage_from_row
from corpus.store import Store

REVIEW_KINDS = (Kind.REVIEW, Kind.DIGEST)
"""Documents that speak for a review. News and the like are mentions, never recurrences."""

NO_REVIEW = "guidance"
"""The type of guidance and laws on the register: they are followed, and are in no denominator."""

VOICES = (Attribution.OWN_VOICE, Attribution.REPORTED)
"""The review speaking, or our digest reporting it; a claim is somebody else's."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One finding with the passage it stands on."""

    passage: Passage
    kind: Kind
    licence_tier: LicenceTier
    finding: Finding
    marks: tuple[str, ...] = ()
    """The document's: they can withhold its words."""


@dataclass(frozen=True, kw_only=True)
class RecurrenceEntry:
    """One review's findings on the themes asked about, in reading order."""

    review: Review
    date: PartialDate | None
    """By the clock asked for; entries stand in its order."""
    evidence: tuple[Evidence, ...]
    years_since_previous: int | None
    """Years since the review before it that found a failing; ``None`` for the first, for
    a review that found none, and where either has no date."""
    recommended_between: tuple["Recommendation", ...]
    """Changes proposed after the previous failing and before this one."""

    @property
    def found_failing(self) -> bool:
        """Whether the review found a failing in its own voice (codebook, section 8)."""
        return any(is_failing(item.finding) for item in self.evidence)

    def with_stance(self, stance: Stance) -> tuple[Evidence, ...]:
        """The evidence of one stance."""
        return tuple(item for item in self.evidence if item.finding.code.stance is stance)


@dataclass(frozen=True, kw_only=True)
class Recommendation:
    """A change that a review proposed on the themes asked about."""

    review: Review
    evidence: Evidence


@dataclass(frozen=True, kw_only=True)
class DatedReview:
    """A review with its date by one clock: published, happened or taken in."""

    review: Review
    date: PartialDate | None


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How many reviews with usable text are held for one period."""

    decade: int | None
    """The first year of the decade; ``None`` for reviews without a date."""
    reviews_held: int
    reviews_failing: int
    """Of these, how many found a failing on the themes asked about."""


@dataclass(frozen=True, kw_only=True)
class Recurrence:
    """The answer: entries by date, those without one last, and what it rests on."""

    themes: tuple[str, ...]
    """The sub-themes asked about; empty for all."""
    entries: tuple[RecurrenceEntry, ...]
    coverage: tuple[Coverage, ...]
    held: tuple[DatedReview, ...]
    """Every review with usable text, whether it found anything or not: by the clock's date,
    those without one last."""
    guidance: tuple[DatedReview, ...]
    """Guidance and laws with usable text, in the same order: no reviews."""
    without_text: tuple[DatedReview, ...]
    """What is on the register without any text, in the same order."""

    @property
    def first_held(self) -> RecurrenceEntry | None:
        """The earliest dated review held that found a failing; not the first that ever did."""
        dated = (entry for entry in self.entries if entry.date and entry.found_failing)
        return next(dated, None)


def recurrence(
    store: Store,
    *,
    themes: Collection[str] | None = None,
    clock: DateAxis = DateAxis.PUBLICATION,
) -> Recurrence:
    """Follow themes from review to review.

    Args:
        store: what is held.
        themes: sub-themes; ``None`` or none for all. Expand a top theme first.
        clock: the date that entries, gaps and decades go by.

    Returns:
        Every review with a confident standing finding on a theme, whatever its stance;
        :attr:`RecurrenceEntry.found_failing` tells which of them found a failing.
    """
    captured = _captured(store)
    dated = _in_order(store.iter_reviews(), captured, clock)
    with_text = [item for item in dated if item.review.review_id in captured]
    held = tuple(item for item in with_text if item.review.review_type != NO_REVIEW)
    by_review: dict[str, list[Evidence]] = {}
    for review_id, evidence in _iter_evidence(store, themes or ()):
        by_review.setdefault(review_id, []).append(evidence)
    found = [
        (item, tuple(by_review[item.review.review_id]))
        for item in dated
        if item.review.review_id in by_review
    ]
    entries = tuple(_link(found))
    failing = {entry.review.review_id for entry in entries if entry.found_failing}
    return Recurrence(
        themes=tuple(sorted(themes or ())),
        entries=entries,
        coverage=_coverage(held, failing),
        held=held,
        guidance=tuple(item for item in with_text if item.review.review_type == NO_REVIEW),
        without_text=tuple(item for item in dated if item.review.review_id not in captured),
    )


def is_failing(finding: Finding) -> bool:
    """Whether a finding says, in the review's voice, that the failing happened."""
    return finding.code.stance is Stance.FAILING and finding.code.attribution in VOICES


def _in_order(
    reviews: Iterable[Review], captured: Mapping[str, dt.datetime], clock: DateAxis
) -> list[DatedReview]:
    """Put reviews into a clock's order; of equal dates, the order they came in stays."""

    def date_of(review: Review) -> PartialDate | None:
        if clock is DateAxis.INCIDENT:
            return review.incident
        if clock is DateAxis.CAPTURE:
            moment = captured.get(review.review_id)
            return PartialDate.from_date(moment.date()) if moment else None
        return review.published

    dated = [DatedReview(review=review, date=date_of(review)) for review in reviews]
    return sorted(dated, key=lambda item: (item.date is None, item.date or PartialDate(1)))


def _link(found: Iterable[tuple[DatedReview, tuple[Evidence, ...]]]) -> Iterator[RecurrenceEntry]:
    previous: PartialDate | None = None
    recommended: list[Recommendation] = []
    for item, evidence in found:
        failing = any(is_failing(each.finding) for each in evidence)
        review, date = item.review, item.date
        years = date.year - previous.year if failing and date and previous else None
        yield RecurrenceEntry(
            review=review,
            date=date,
            evidence=evidence,
            years_since_previous=years,
            recommended_between=tuple(recommended) if failing and date else (),
        )
        if failing and date:
            previous = date
            recommended = []
        if date:
            recommended += [
                Recommendation(review=review, evidence=each)
                for each in evidence
                if each.finding.code.stance is Stance.CHANGE_PROPOSED
            ]


def _iter_evidence(store: Store, themes: Collection[str]) -> Iterator[tuple[str, Evidence]]:
    codes = standing_codes()
    query = (
        sa.select(
            t.passages,
            t.documents.c.review_id.label("for_review"),
            t.documents.c.kind.label("document_kind"),
            t.documents.c.licence_tier,
            t.documents.c.marks,
            *(codes.c[name].label(f"code_{name}") for name in codes.c.keys()),  # noqa: SIM118
        )
        .join_from(t.passages, t.documents)
        .join(codes, codes.c.passage_id == t.passages.c.passage_id)
        .where(
            t.documents.c.superseded_by.is_(None),
            t.documents.c.review_id.is_not(None),
            t.documents.c.kind.in_([kind.value for kind in REVIEW_KINDS]),
            codes.c.confident,
        )
        .order_by(
            t.documents.c.review_id,
            t.documents.c.document_id,
            t.passages.c.position,
            codes.c.theme,
            codes.c.stance,
        )
    )
    if themes:
        query = query.where(codes.c.theme.in_(sorted(themes)))
    withheld = store.withheld_names()
    with store.reading() as connection:
        for row in connection.execute(query).mappings():
            code = {
                name.removeprefix("code_"): value
                for name, value in row.items()
                if name.startswith("code_")
            }
            yield (
                row["for_review"],
                Evidence(
                    passage=withheld.passage(passage_from_row(row)),
                    kind=Kind(row["document_kind"]),
                    licence_tier=LicenceTier(row["licence_tier"]),
                    finding=standing_finding(code),
                    marks=tuple(row["marks"]),
                ),
            )


def _captured(store: Store) -> dict[str, dt.datetime]:
    """Reviews of which text is held → when the first of it was taken in."""
    query = (
        sa.select(t.documents.c.review_id, sa.func.min(t.documents.c.captured_at).label("first"))
        .where(
            t.documents.c.superseded_by.is_(None),
            t.documents.c.review_id.is_not(None),
            t.documents.c.kind.in_([kind.value for kind in REVIEW_KINDS]),
            sa.exists().where(t.passages.c.document_id == t.documents.c.document_id),
        )
        .group_by(t.documents.c.review_id)
    )
    with store.reading() as connection:
        return {row.review_id: row.first for row in connection.execute(query)}


def _coverage(held: Iterable[DatedReview], failing: Collection[str]) -> tuple[Coverage, ...]:
    by_decade: dict[int | None, list[str]] = {}
    for item in held:
        decade = item.date.year // 10 * 10 if item.date else None
        by_decade.setdefault(decade, []).append(item.review.review_id)
    return tuple(
        Coverage(
            decade=decade,
            reviews_held=len(reviews),
            reviews_failing=sum(review_id in failing for review_id in reviews),
        )
        for decade, reviews in sorted(
            by_decade.items(), key=lambda item: (item[0] is None, item[0] or 0)
        )
    )
