"""What was recommended, and in which later reviews the same failing was found again."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.dates import PartialDate
from corpus.model import Review, Stance
from corpus.recurrence import (
    VOICES,
    DatedReview,
    Evidence,
    RecurrenceEntry,
    is_failing,
)


@dataclass(frozen=True, kw_only=True)
class Later:
    """A later review that found the failing."""

    review: Review
    date: PartialDate
    years: int
    """Between the years of the recommendation and of this review; 0 within one year."""
    evidence: Evidence
    """The first passage that says so, in reading order."""


@dataclass(frozen=True, kw_only=True)
class FoundAgain:
    """One review's recommendation on a theme, with what later reviews found. Never a cause."""

    review: Review
    date: PartialDate
    evidence: Evidence
    """The first passage that proposes the change."""
    later: tuple[Later, ...]
    """Oldest first; none is an answer too."""
    held_after: int
    """Reviews held with a later date, whatever they found: the denominator."""


def found_again(
    entries: Sequence[RecurrenceEntry], held: Sequence[DatedReview]
) -> tuple[FoundAgain, ...]:
    """Set each recommendation beside the failings that later reviews found.

    Later is a later date by the clock of the entries: of two dates of which one is only a
    year, the other must be of a later year or follow it within that year. Reviews without
    a date take no part.

    Args:
        entries: a recurrence on the themes asked about, in order.
        held: every review held, of the same clock.
    """
    dates = [item.date for item in held if item.date]
    failing = [
        (entry, entry.date, first)
        for entry in entries
        if entry.date and (first := _first_failing(entry)) is not None
    ]
    return tuple(
        FoundAgain(
            review=entry.review,
            date=entry.date,
            evidence=proposed,
            later=tuple(
                Later(
                    review=other.review,
                    date=date,
                    years=date.year - entry.date.year,
                    evidence=evidence,
                )
                for other, date, evidence in failing
                if date > entry.date and other.review.review_id != entry.review.review_id
            ),
            held_after=sum(date > entry.date for date in dates),
        )
        for entry in entries
        if entry.date and (proposed := _first_proposed(entry)) is not None
    )


def _first_failing(entry: RecurrenceEntry) -> Evidence | None:
    return next((item for item in entry.evidence if is_failing(item.finding)), None)


def _first_proposed(entry: RecurrenceEntry) -> Evidence | None:
    return next(
        (
            item
            for item in entry.evidence
            if item.finding.code.stance is Stance.CHANGE_PROPOSED
            and item.finding.code.attribution in VOICES
        ),
        None,
    )
