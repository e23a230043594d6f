"""The share of reviews that find a theme, corrected for the machine's errors by hand checks."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.estimate_selection import Bars, Seen, lower_stretch

MIN_CHECKED = 30
"""Checked reviews, and in a sample checked cases: reviews of one case are not independent."""

MIN_POSITIVES = 10
"""Checked reviews that find the theme. In a sample also the cases that these are about, and
the checked reviews that do not find it."""

MIN_DISAGREEMENTS = 8
"""Checked reviews on which machine and coder differ. Fewer are too few to measure how often
the machine errs: the interval then covers far more or less than it says."""

MAX_LEVERAGE = 0.5
"""How much of the machine's share one sampled review may stand for."""

POOLED_BELOW = 5
"""Neighbouring periods are one stratum until it holds this many checked reviews."""

_Z = NormalDist().inv_cdf(0.975)

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Labels:
    """One theme over every review held: arrays of shape (reviews,), in one order.

    The order does not matter.
    """

    machine: Bools
    """Whether the machine finds the theme in the review."""
    human: Bools
    """Whether the coder does; read only where ``checked``."""
    checked: Bools
    """Drawn for checking and read whole by a coder."""
    probability: Floats
    """The chance that the review had of being drawn; NaN where it is not known."""
    period: Ints
    """A number that grows with time, such as the decade."""
    case: Ints
    """Equal for reviews of the same events."""

    @property
    def is_census(self) -> bool:
        """Whether every review was checked: then nothing is left to chance."""
        return bool(self.checked.all())


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """Why there is no corrected estimate; an answer, not a failure."""

    code: str
    """Permanent, such as ``too-few-checked``."""
    reason: str
    """A sentence for the reader, with the figures behind it."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """The corrected share of the reviews held, with its 95% interval."""

    share: float
    ci_low: float
    ci_high: float
    method: str
    """``census``, or ``prediction-powered`` for a sample."""
    n_reviews: int
    n_checked: int
    n_positive: int
    """Checked reviews in which the coder finds the theme."""
    n_disagreements: int
    """Checked reviews on which machine and coder differ."""
    n_strata: int
    design_effect: float
    """How much reviews of the same case widen the variance; 1 where none share one."""
    stretch: float
    """How many times as long the lower arm is for what the refusals choose; 1 where they
    hardly could have struck."""

    @property
    def count(self) -> float:
        """The estimate in reviews."""
        return self.share * self.n_reviews


def estimate_share(labels: Labels) -> Estimate | Refusal:
    """Estimate the share of the reviews held in which a coder would find the theme.

    Prediction-powered, untuned: the machine's share of all reviews, plus the mean
    correction that the checked reviews call for, each weighted by the inverse of its
    chance of being drawn (Horvitz and Thompson), within strata of period and machine
    label. The target is the share of *these* reviews, so a census has no sampling error.
    The interval joins Wilson's limits of the strata; where the sample might well have been
    refused, its lower arm is stretched to hold given that it was not (``docs/decisions/0007``).

    Args:
        labels: every review held in the period; at least one.

    Returns:
        The estimate, or why there is none.

    Source:
        Angelopoulos et al., Prediction-powered inference, Science 382 (2023); joining of
        limits after Zou, Huang and Zhang, Computational Statistics and Data Analysis 53
        (2009). Refusal rules: ours, from tests/evals/estimate_coverage.py.
    """
    n_checked = int(labels.checked.sum())
    positive = int(labels.human[labels.checked].sum())
    if labels.is_census:
        return _refuse_few(n_checked, positive) or _census(labels, positive)
    refusal = _refuse_biased(labels) or _refuse_few(n_checked, positive)
    if refusal:
        return refusal
    parts = _Parts.of(labels)
    return _refuse_thin(labels, parts) or _estimate(labels, parts)


def wilson_interval(positive: int, n: int) -> tuple[float, float]:
    """Bound a plain share at 95% (Wilson's score interval); ``n`` at least 1."""
    low, high = _wilson(np.array([positive / n]), np.array([float(n)]))
    return max(0.0, float(low[0])), min(1.0, float(high[0]))


# -- refusals --------------------------------------------------------------------


def _refuse_few(n_checked: int, positive: int) -> Refusal | None:
    if n_checked < MIN_CHECKED:
        return Refusal(
            code="too-few-checked",
            reason=f"{n_checked} reviews were checked by hand; an estimate needs {MIN_CHECKED}.",
        )
    if positive < MIN_POSITIVES:
        return Refusal(
            code="too-few-positives",
            reason=f"The theme was found in {positive} of {n_checked} checked reviews; an "
            f"estimate needs {MIN_POSITIVES}. The human-checked count stands for itself.",
        )
    return None


def _refuse_biased(labels: Labels) -> Refusal | None:
    """Refuse a sample that is not one: its members had no known, positive chance."""
    unknown = int((~((labels.probability > 0) & (labels.probability <= 1))).sum())
    if unknown:
        return Refusal(
            code="unknown-chances",
            reason=f"{unknown} of {labels.machine.size} reviews had no known chance of being "
            "drawn for checking, so the checked ones cannot speak for them. Draw a random sample.",
        )
    for label, words in ((False, "does not find"), (True, "finds")):
        of_label = labels.machine == label
        drawn = labels.checked[of_label]
        if drawn.size and not drawn.any():
            return Refusal(
                code="unsampled-stratum",
                reason=f"None of the {drawn.size} reviews in which the machine {words} the theme "
                "was checked, so its errors there are not known.",
            )
        if not _fits_chances(labels, of_label):
            return Refusal(
                code="biased-sample",
                reason=f"{int(drawn.sum())} reviews in which the machine {words} the theme were "
                f"checked, where the stated chances give {labels.probability[of_label].sum():.0f}: "
                "the sample was not drawn as stated.",
            )
    return None


def _fits_chances(labels: Labels, part: Bools) -> bool:
    """Whether about as many were checked as the chances give: within four deviations."""
    chances = labels.probability[part]
    _, case, sizes = np.unique(labels.case[part], return_inverse=True, return_counts=True)
    # Whole cases may have been drawn: then the number varies with their size.
    variance = float((chances * (1 - chances) * sizes[case]).sum())
    surprise = abs(float(labels.checked[part].sum()) - float(chances.sum()))
    return bool(surprise <= 1 + 4 * variance**0.5)


def _refuse_thin(labels: Labels, parts: "_Parts") -> Refusal | None:
    """Refuse where too little was seen for the interval to cover what it says."""
    checked = labels.checked
    n_cases = np.unique(labels.case[checked]).size
    if n_cases < MIN_CHECKED:
        return Refusal(
            code="too-few-checked",
            reason=f"The checked reviews are about {n_cases} cases; an estimate needs "
            f"{MIN_CHECKED}, since reviews of one case are not independent.",
        )
    positive_cases = np.unique(labels.case[checked & labels.human]).size
    if positive_cases < MIN_POSITIVES:
        return Refusal(
            code="too-few-positives",
            reason=f"The checked reviews that find the theme are about {positive_cases} cases; an "
            f"estimate needs {MIN_POSITIVES}. The human-checked count stands for itself.",
        )
    negative = int((~labels.human[checked]).sum())
    if negative < MIN_POSITIVES:
        return Refusal(
            code="too-few-negatives",
            reason=f"The theme is absent from {negative} of {int(checked.sum())} checked reviews; "
            f"an estimate needs {MIN_POSITIVES}. The human-checked count stands for itself.",
        )
    disagreements = _disagreements(labels)
    if disagreements < MIN_DISAGREEMENTS:
        return Refusal(
            code="too-few-disagreements",
            reason=f"Machine and coder differ on {disagreements} of {int(checked.sum())} checked "
            f"reviews; {MIN_DISAGREEMENTS} are needed to measure how often the machine errs. "
            "Check more reviews.",
        )
    if float(parts.moved_by_one.max()) > MAX_LEVERAGE * float(labels.machine.mean()):
        return Refusal(
            code="too-few-for-rare-theme",
            reason="One more find among the reviews in which the machine does not find the theme "
            "would move the estimate by more than half of the machine's share. Check more "
            "of them.",
        )
    return None


def _disagreements(labels: Labels) -> int:
    return int((labels.human != labels.machine)[labels.checked].sum())


# -- the estimate ----------------------------------------------------------------


def _census(labels: Labels, positive: int) -> Estimate:
    share = positive / labels.human.size
    return Estimate(
        share=share,
        ci_low=share,
        ci_high=share,
        method="census",
        n_reviews=labels.human.size,
        n_checked=labels.human.size,
        n_positive=positive,
        n_disagreements=_disagreements(labels),
        n_strata=1,
        design_effect=1.0,
        stretch=1.0,
    )


def _estimate(labels: Labels, parts: "_Parts") -> Estimate:
    share = float(labels.machine.mean() + (parts.weight * (parts.share - parts.machine)).sum())
    low, high = _wilson(parts.share, parts.effective_size)
    # Each limit lies as far from the share as the parts' limits do, taken as independent.
    below = float(((parts.weight * (parts.share - low)) ** 2).sum()) ** 0.5
    above = float(((parts.weight * (high - parts.share)) ** 2).sum()) ** 0.5
    stretch = _stretch(labels, parts, low)
    return Estimate(
        share=min(1.0, max(0.0, share)),
        ci_low=max(0.0, share - below * stretch),
        ci_high=min(1.0, share + above),
        method="prediction-powered",
        n_reviews=labels.machine.size,
        n_checked=int(labels.checked.sum()),
        n_positive=int(labels.human[labels.checked].sum()),
        n_disagreements=_disagreements(labels),
        n_strata=parts.n_strata,
        design_effect=parts.design_effect,
        stretch=stretch,
    )


def _stretch(labels: Labels, parts: "_Parts", low: Floats) -> float:
    """Stretch the lower arm for what the refusals choose; see :func:`lower_stretch`."""
    if parts.machine.size < 2:
        return 1.0
    checked = labels.checked
    positive = checked & labels.human
    # The bar on positives is one of cases: reviews that share one are scaled down to it.
    per_case = float(positive.sum()) / np.unique(labels.case[positive]).size
    size = np.bincount(labels.machine[checked]) / per_case
    return lower_stretch(
        Seen(
            size=np.maximum(1, np.rint(size)).astype(np.int64),
            weight=parts.weight,
            share=parts.share,
            low=low,
        ),
        Bars(
            positives=MIN_POSITIVES,
            negatives=MIN_POSITIVES / per_case,
            disagreements=MIN_DISAGREEMENTS / per_case,
        ),
    )


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """The reviews in which the machine does not find the theme, and those in which it does.

    Arrays of shape (parts,): one part where the machine says the same of every review.
    The periods of a part are joined for the interval: few finds, spread over several
    strata, would each be bounded too tightly.
    """

    machine: Floats
    """The machine's label, 0 or 1."""
    weight: Floats
    """The part's share of all reviews."""
    share: Floats
    """The share that the coder finds, each checked review by its weight."""
    size: Floats
    """Checked reviews, fewer where their weights differ (Kish)."""
    unchecked: Floats
    """The share of the part that was not checked."""
    design_effect: float
    n_strata: int

    @classmethod
    def of(cls, labels: Labels) -> "_Parts":
        strata = _stratify(labels)
        weights = _weights(labels, strata)
        checked = labels.checked
        machine, part = np.unique(labels.machine, return_inverse=True)
        held = np.bincount(part)
        part = part[checked]
        weight = np.bincount(part, weights)
        share = np.bincount(part, weights * labels.human[checked]) / weight
        unchecked = 1 - np.bincount(part) / held
        moves = weights * (labels.human[checked] - share[part]) * unchecked[part] ** 0.5
        return cls(
            machine=machine.astype(np.float64),
            weight=weight.astype(np.float64),
            share=share,
            size=weight**2 / np.bincount(part, weights**2),
            unchecked=unchecked,
            design_effect=_design_effect(labels, moves),
            n_strata=int(strata.max()) + 1,
        )

    @property
    def effective_size(self) -> Floats:
        """How large a sample of unlimited reviews would say as much; infinite for a census."""
        with np.errstate(divide="ignore"):
            return self.size / (self.unchecked * self.design_effect)

    @property
    def moved_by_one(self) -> Floats:
        """How far one more positive moves the estimate."""
        return np.where(self.unchecked > 0, self.weight / self.size, 0.0)


def _weights(labels: Labels, strata: Ints) -> Floats:
    """Give each checked review the share of all reviews that it stands for; they sum to 1."""
    held = np.bincount(strata)
    index = strata[labels.checked]
    inverse = 1 / labels.probability[labels.checked]
    total = np.bincount(index, inverse, held.size)
    weights: Floats = held[index] / held.sum() * inverse / total[index]
    return weights


def _design_effect(labels: Labels, moves: Floats) -> float:
    """Say how much reviews drawn by whole cases widen the variance; at least 1.

    Args:
        labels: every review held.
        moves: what each checked review adds to the estimate beyond its part's share.
    """
    _, case = np.unique(labels.case, return_inverse=True)
    among_checked = case[labels.checked]
    alone = float((moves**2).sum())
    pairs = _pairs(np.bincount(among_checked), np.bincount(among_checked))
    if alone == 0 or pairs == 0:
        return 1.0
    # Reviews drawn one by one from a case say as much of these reviews as any others do;
    # only as far as more of them came together than chance brings are they one observation.
    chances = labels.probability
    expected = _pairs(np.bincount(case, chances), np.bincount(case, chances**2))
    together = (1 - expected / pairs) / float((~labels.checked).mean())
    between = float((np.bincount(among_checked, moves) ** 2).sum())
    return 1 + min(1.0, max(0.0, together)) * max(0.0, between / alone - 1)


def _pairs(totals: npt.NDArray[Any], squares: npt.NDArray[Any]) -> float:
    """Count ordered pairs within cases, from each case's total and sum of squares."""
    return float((totals.astype(np.float64) ** 2 - squares).sum())


def _stratify(labels: Labels) -> Ints:
    """Number each review's stratum: machine label and period, thin periods pooled."""
    strata = np.zeros(labels.machine.size, dtype=np.int64)
    first = 0
    for label in (False, True):
        of_label = labels.machine == label
        _, period = np.unique(labels.period[of_label], return_inverse=True)
        if period.size:
            pooled = _pool(np.bincount(period, labels.checked[of_label]))
            strata[of_label] = first + pooled[period]
            first += int(pooled[-1]) + 1
    return strata


def _pool(checked: Iterable[float]) -> Ints:
    """Number neighbouring periods together until each number holds enough checked reviews."""
    numbers: list[int] = []
    number, held = 0, 0.0
    for in_period in checked:
        numbers.append(number)
        held += in_period
        if held >= POOLED_BELOW:
            number, held = number + 1, 0.0
    if held < POOLED_BELOW:
        # What is left over at the end joins the last whole stratum.
        numbers = [min(each, max(0, number - 1)) for each in numbers]
    return np.array(numbers, dtype=np.int64)


def _wilson(share: Floats, n: Floats) -> tuple[Floats, Floats]:
    """Wilson's limits of shares seen in ``n``; the shares themselves where ``n`` is endless."""
    shrink = 1 / (1 + _Z**2 / n)
    middle = (share + _Z**2 / (2 * n)) * shrink
    half = _Z * shrink * np.sqrt(share * (1 - share) / n + (_Z / (2 * n)) ** 2)
    return middle - half, middle + half
