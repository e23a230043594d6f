"""How much further down a corrected share may lie, since refusals chose which ones are shown.

An estimate is given only where enough positives and errors were seen. Of samples from a theme
that seldom passes, those pass that by chance found many: their estimates lean upwards. The
lower limit is therefore the one that holds *given that the sample passed*.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SURE = 0.9995
"""At this chance of passing, even where the plain lower limit is true, nothing was chosen."""

FURTHEST = 16.0
"""The arm is not stretched beyond this; by then every limit lies at no positives at all."""

_HALVINGS = 12

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Bars:
    """The least that must be seen among the checked, in cases where some share one."""

    positives: float
    negatives: float
    disagreements: float


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A checked sample: arrays of shape (2,), what the machine does not find, then what it does."""

    size: Ints
    """Checked, at least 1; in cases where some share one."""
    weight: Floats
    """The part's share of all reviews."""
    share: Floats
    """The share that the coder finds."""
    low: Floats
    """Its plain lower limit, at most ``share``."""


def lower_stretch(seen: Seen, bars: Bars) -> float:
    """Say how many times as long the estimate's lower arm must be; at least 1.

    The plain limit is the share at which a result as high as ours has some small chance, near
    2.5%. This finds the share at which it has that chance among the samples that pass the
    bars, along the line from the parts' shares through their plain limits.

    Args:
        seen: the sample, which passes the bars.
        bars: below which it would have been refused.

    Source:
        Inference conditional on selection, after Fithian, Sun and Taylor (arXiv:1410.2597),
        with binomial parts; that only the lower arm moves: ours (``docs/decisions/0007``).
    """
    reach = seen.share - seen.low
    arm = float(((seen.weight * reach) ** 2).sum() ** 0.5)
    if arm == 0:
        return 1.0
    direction = seen.weight * reach**2 / arm

    def shares_at(stretch: float) -> Floats:
        shares: Floats = np.clip(seen.share - stretch * direction, 0.0, 1.0)
        return shares

    passing, _, plain = _chances(seen, bars, shares_at(1.0))
    if passing > SURE:
        return 1.0
    near, far = 1.0, FURTHEST
    for _ in range(_HALVINGS):
        middle = (near * far) ** 0.5
        passing, both, _ = _chances(seen, bars, shares_at(middle))
        near, far = (middle, far) if both > plain * passing else (near, middle)
    reached = float((seen.weight * (seen.share - shares_at(near))).sum())
    return max(1.0, reached / arm)


def _chances(seen: Seen, bars: Bars, shares: Floats) -> tuple[float, float, float]:
    """Chances under ``shares`` of passing, of passing with as high a result, and of the latter.

    A result equal to ours counts half.
    """
    rest, found = (int(n) for n in seen.size)
    i = np.arange(rest + 1)
    chance = _binomial(rest, float(shares[0]))
    below = np.concatenate([[0.0], np.cumsum(_binomial(found, float(shares[1])))])
    end = np.full(rest + 1, found + 1)
    # For each number of finds in the rest: from which to which number, of those found, it passes.
    first = _bounded(np.ceil(bars.positives - i), found)
    most = np.minimum(i + found - bars.disagreements, rest + found - i - bars.negatives)
    last = np.maximum(first, _bounded(np.floor(most) + 1, found))
    equal = (float((seen.weight * seen.share).sum()) - seen.weight[0] * i / rest) * (
        found / seen.weight[1]
    )
    starts = (_bounded(np.ceil(equal - 1e-9), found), _bounded(np.floor(equal + 1e-9) + 1, found))

    def between(start: Ints, stop: Ints) -> float:
        return float((chance * (below[np.maximum(start, stop)] - below[start])).sum())

    both = sum(between(np.clip(start, first, last), last) for start in starts) / 2
    return between(first, last), both, sum(between(start, end) for start in starts) / 2


def _bounded(number: Floats, found: int) -> Ints:
    return np.clip(number, 0, found + 1).astype(np.int64)


def _binomial(n: int, share: float) -> Floats:
    """The chance of each number from 0 to ``n``; shape (n + 1,)."""
    share = min(max(share, 1e-12), 1 - 1e-12)
    i = np.arange(n + 1)
    factorials = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    ways = factorials[n] - factorials - factorials[::-1]
    chances: Floats = np.exp(ways + i * np.log(share) + (n - i) * np.log1p(-share))
    return chances
