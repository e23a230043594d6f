"""How numbers, shares and dates stand in a report."""

import datetime as dt

from corpus.count_table import PlainFigure
from corpus.dates import PartialDate
from corpus.estimate import Estimate, Refusal

GAP = "–"
"""Stands where nothing was held to be counted: a gap, never a nought."""


def day_words(day: dt.date) -> str:
    """Write a day as a British reader expects it."""
    return PartialDate.from_date(day).words


def moment_words(moment: str) -> str:
    """Write the day of a moment in ISO 8601."""
    return day_words(dt.datetime.fromisoformat(moment).date())


def share_words(share: float) -> str:
    """A share in per cent, whole: counts of reviews bear no more."""
    return f"{share:.0%}"


def figure_words(figure: PlainFigure) -> str:
    """A plain figure with its denominator and share: ``6 of 15 (40%)``."""
    if not figure.denominator or figure.share is None:
        return GAP
    return f"{figure.n} of {figure.denominator} ({share_words(figure.share)})"


def children_words(figure: PlainFigure) -> str:
    """Children, with how many of the reviews state how many: ``6 (in 5 of 8)``."""
    if not figure.n:
        return GAP
    return f"{figure.n_children} (in {figure.n_children_stated} of {figure.n})"


def estimate_words(estimate: Estimate | Refusal, held: int) -> str | None:
    """The corrected estimate with its interval; ``None`` where it is refused."""
    if isinstance(estimate, Refusal):
        return None
    share = share_words(estimate.share)
    if estimate.method == "census":
        return f"{share} of {held}: all were checked"
    return f"{share} of {held} ({share_words(estimate.ci_low)} to {share_words(estimate.ci_high)})"
