"""Simulated corpora of reviews whose truth is known, to test what an estimate covers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from corpus.estimate import Bools, Estimate, Labels, estimate_share

PERIOD_TILT = (0.6, 1.0, 1.4)
"""How common the theme is in the three periods, relative to its overall share."""

LIKENESS = 0.5
"""How often a review of a shared case is, and is misread, as its case is."""

Draw = Literal["simple", "by label", "whole cases"]


@dataclass(frozen=True, kw_only=True)
class World:
    """What the corpora of one cell are like."""

    share: float
    sensitivity: float
    specificity: float
    reviews: int = 1200
    per_case: int = 1
    """Reviews about the same events; their truths and their errors resemble each other."""


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How the estimate did over many corpora."""

    corpora: int
    offered: int
    covered: int
    """Offered intervals that hold the truth."""
    covered_plain: int
    """Those that would hold it without the stretch of their lower arm."""
    width: float
    """Mean width of the offered intervals."""
    naive: int
    """Corpora whose machine count's plain interval holds the truth."""

    @property
    def offered_share(self) -> float:
        return self.offered / self.corpora

    @property
    def share(self) -> float:
        """Of the offered intervals, how many hold the truth."""
        return self.covered / self.offered if self.offered else float("nan")


def simulate(world: World, *, n: int, draw: Draw, corpora: int, seed: int) -> Coverage:
    """Estimate every simulated corpus from ``n`` checked reviews, drawn with known chances."""
    rng = np.random.default_rng(seed)
    covered, covered_plain, widths, naive = 0, 0, [], 0
    for truth, machine in _corpora(world, corpora, rng):
        target = truth.mean()
        p = machine.mean()
        naive += abs(p - target) <= 1.96 * (p * (1 - p) / machine.size) ** 0.5
        found = estimate_share(draw_sample(world, truth, machine, n=n, draw=draw, rng=rng))
        if isinstance(found, Estimate):
            # A hair's breadth for rounding: a limit that is the truth covers it.
            covered += bool(found.ci_low - 1e-9 <= target <= found.ci_high + 1e-9)
            plain_low = found.share - (found.share - found.ci_low) / found.stretch
            covered_plain += bool(plain_low - 1e-9 <= target <= found.ci_high + 1e-9)
            widths.append(found.ci_high - found.ci_low)
    return Coverage(
        corpora=corpora,
        offered=len(widths),
        covered=covered,
        covered_plain=covered_plain,
        width=float(np.mean(widths)) if widths else float("nan"),
        naive=int(naive),
    )


def draw_sample(
    world: World,
    truth: Bools,
    machine: Bools,
    *,
    n: int,
    draw: Draw,
    rng: np.random.Generator,
) -> Labels:
    """Check ``n`` reviews at random: of all, half from each machine label, or by whole cases."""
    size = truth.size
    case = np.arange(size) // world.per_case
    checked = np.zeros(size, dtype=np.bool_)
    probability = np.full(size, n / size)
    if draw == "simple":
        checked[rng.choice(size, n, replace=False)] = True
    elif draw == "whole cases":
        cases = rng.choice(size // world.per_case, n // world.per_case, replace=False)
        checked = np.isin(case, cases)
    else:
        found, rest = np.flatnonzero(machine), np.flatnonzero(~machine)
        wanted = min(n // 2, found.size)
        for part, drawn in ((found, wanted), (rest, n - wanted)):
            if part.size:
                checked[rng.choice(part, drawn, replace=False)] = True
                probability[part] = drawn / part.size
    return Labels(
        machine=machine,
        human=truth,
        checked=checked,
        probability=probability,
        period=_periods(world),
        case=case,
    )


def _periods(world: World) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    case = np.arange(world.reviews) // world.per_case
    return case % len(PERIOD_TILT)


def _corpora(world: World, corpora: int, rng: np.random.Generator) -> Iterator[tuple[Bools, Bools]]:
    shares = world.share * np.array(PERIOD_TILT)[_periods(world)]
    for _ in range(corpora):
        truth = _alike(world, rng) < shares
        right = np.where(truth, world.sensitivity, world.specificity)
        yield truth, (_alike(world, rng) < right) == truth


def _alike(world: World, rng: np.random.Generator) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Uniform numbers, of which those of one case are often the same."""
    own = rng.random(world.reviews)
    if world.per_case == 1:
        return own
    shared = np.repeat(rng.random(world.reviews // world.per_case), world.per_case)
    return np.where(rng.random(world.reviews) < LIKENESS, shared, own)
