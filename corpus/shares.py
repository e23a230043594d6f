"""Shares of the reviews held that found something, period by period, with gaps kept as gaps."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.estimate import wilson_interval
from corpus.recurrence import DatedReview

Span = Literal[1, 5, 10]
"""Years in a period: one, half a decade or a decade."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many reviews, with Wilson's 95% interval of the share."""

    n: int
    denominator: int
    review_ids: tuple[str, ...]
    """The ``n`` reviews, in the clock's order."""

    @property
    def share(self) -> float | None:
        """From 0 to 1; ``None`` where no review is held: a gap, not 0."""
        return self.n / self.denominator if self.denominator else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper end; ``None`` where no review is held."""
        return wilson_interval(self.n, self.denominator) if self.denominator else None


@dataclass(frozen=True, kw_only=True)
class PeriodShare:
    """The share of one period; both years are in it."""

    first: int
    last: int
    share: Share

    @property
    def words(self) -> str:
        """The period as a reader expects it: ``1990s``, ``1995 to 1999`` or ``1995``."""
        if self.last == self.first:
            return str(self.first)
        whole = self.last - self.first == 9
        return f"{self.first}s" if whole else f"{self.first} to {self.last}"


def share_of(held: Iterable[DatedReview], found: Collection[str]) -> Share:
    """Count the reviews held that are among those found, by review id."""
    ids = [str(item.review.review_id) for item in held]
    hits = tuple(review_id for review_id in ids if review_id in found)
    return Share(n=len(hits), denominator=len(ids), review_ids=hits)


def shares_by_period(
    held: Sequence[DatedReview], found: Collection[str], *, span: Span
) -> tuple[PeriodShare, ...]:
    """Count period by period, from the first that holds a review to the last.

    Periods in between without any review are there, with a denominator of 0. Reviews
    without a date are in none.
    """
    by_period: dict[int, list[DatedReview]] = {}
    for item in held:
        if item.date:
            by_period.setdefault(item.date.year // span * span, []).append(item)
    if not by_period:
        return ()
    return tuple(
        PeriodShare(
            first=first, last=first + span - 1, share=share_of(by_period.get(first, ()), found)
        )
        for first in range(min(by_period), max(by_period) + 1, span)
    )
