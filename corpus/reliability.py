"""Kappa and alpha of several coders on the same items, with intervals; "not defined" with why."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

DRAWS = 2000
MIN_CLUSTERS = 5
"""Cases below which no interval is given: drawing them again says nothing of others."""
_DEFINED_SHARE = 0.9
_SEED = 7

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that several coders gave a value each, apart from one another."""

    cluster: str
    """What it belongs to, such as a case: items of one are not independent."""
    values: Mapping[str, Hashable]
    """Coder → value."""


@dataclass(frozen=True, kw_only=True)
class Undefined:
    """Why a figure or its interval is not defined; an answer, not a failure."""

    code: str
    """Permanent: ``no-overlap``, ``one-value``, ``few-cases``, ``no-difference``, ``too-rare``."""
    reason: str


@dataclass(frozen=True, kw_only=True)
class Measure:
    """A coefficient of agreement; 1 is perfect, 0 what chance brings."""

    value: float | None
    ci_low: float | None
    ci_high: float | None
    undefined: Undefined | None
    """Why there is no value, or where there is one, no interval; ``None`` where both are."""


@dataclass(frozen=True, kw_only=True)
class Reliability:
    """How far coders agree on some items."""

    n_items: int
    """Items that two coders or more gave a value; only they tell of agreement."""
    n_clusters: int
    n_coders: int
    observed: float | None
    """The share of pairs of coders that agree; ``None`` without a pair."""
    prevalence: float | None
    """The share of values that are ``True``; ``None`` where the values are not yes and no."""
    kappa: Measure
    """Cohen's, over the pairs of coders of each item, the first by name taken as first."""
    alpha: Measure
    """Krippendorff's, for nominal values."""


def measure_reliability(items: Sequence[Item]) -> Reliability:
    """Measure agreement, with 95% intervals from drawing clusters again; the same every time.

    Where every coder gave every item the same single value, agreement cannot be told from
    chance, and neither coefficient is defined. Intervals are percentiles over draws of whole
    clusters (a cluster bootstrap), and not given where there are fewer than five clusters,
    where nobody ever differed, since every draw would give 1, or where over a tenth of the
    draws leave the coefficient undefined.

    Args:
        items: each with its values; those with fewer than two are passed over.

    Source:
        Cohen (1960); Krippendorff, Content Analysis, for nominal data with missing values.
        Both are sums over items, so that a draw of clusters is one product; tests hold the
        values against the library krippendorff and scikit-learn.
    """
    used = [item for item in items if len(item.values) > 1]
    values = sorted({value for item in used for value in item.values.values()}, key=str)
    yes = [value for item in used for value in item.values.values() if isinstance(value, bool)]
    sums = _Sums.of(used, values)
    return Reliability(
        n_items=len(used),
        n_clusters=len({item.cluster for item in used}),
        n_coders=len({coder for item in used for coder in item.values}),
        observed=sums.observed if used else None,
        prevalence=sum(yes) / len(yes) if yes else None,
        kappa=_measure(sums, sums.kappa, used, values),
        alpha=_measure(sums, sums.alpha, used, values),
    )


@dataclass(frozen=True, eq=False)
class _Sums:
    """What both coefficients are made of, added up by cluster."""

    pairs: Floats
    """Shape (clusters, values, values): pairs of coders, the first one's value first."""
    counts: Floats
    """Shape (clusters, values): values given."""
    disagreement: Floats
    """Shape (clusters,): Krippendorff's disagreement within items."""

    @classmethod
    def of(cls, items: Sequence[Item], values: Sequence[Hashable]) -> "_Sums":
        place = {value: number for number, value in enumerate(values)}
        clusters = {name: n for n, name in enumerate(sorted({item.cluster for item in items}))}
        pairs = np.zeros((len(clusters), len(values), len(values)))
        counts = np.zeros((len(clusters), len(values)))
        disagreement = np.zeros(len(clusters))
        for item in items:
            row = clusters[item.cluster]
            given = [place[item.values[coder]] for coder in sorted(item.values)]
            own = np.bincount(given, minlength=len(values)).astype(np.float64)
            counts[row] += own
            disagreement[row] += (len(given) ** 2 - (own**2).sum()) / (len(given) - 1)
            for number, first in enumerate(given):
                for second in given[number + 1 :]:
                    pairs[row, first, second] += 1
        return cls(pairs, counts, disagreement)

    @property
    def observed(self) -> float:
        """The share of pairs that agree."""
        total = self.pairs.sum(axis=0)
        return float(np.trace(total) / total.sum())

    def kappa(self, weights: Floats) -> Floats:
        """Cohen's kappa under weights of shape (draws, clusters); NaN where undefined."""
        tables = np.einsum("dc,cij->dij", weights, self.pairs)
        n = tables.sum(axis=(1, 2))
        with np.errstate(invalid="ignore", divide="ignore"):
            observed = np.trace(tables, axis1=1, axis2=2) / n
            expected = (tables.sum(axis=2) * tables.sum(axis=1)).sum(axis=1) / n**2
            kappa: Floats = (observed - expected) / (1 - expected)
        return np.where(expected < 1, kappa, np.nan)

    def alpha(self, weights: Floats) -> Floats:
        """Krippendorff's alpha under weights of shape (draws, clusters); NaN where undefined."""
        counts = weights @ self.counts
        n = counts.sum(axis=1)
        expected = n**2 - (counts**2).sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            alpha: Floats = 1 - (n - 1) * (weights @ self.disagreement) / expected
        return np.where(expected > 0, alpha, np.nan)


def _measure(
    sums: _Sums,
    statistic: Callable[[Floats], Floats],
    items: Sequence[Item],
    values: Sequence[Hashable],
) -> Measure:
    if not items:
        return _not_defined("no-overlap", "No passage was coded by two people apart.")
    if len(values) < 2:
        return _not_defined(
            "one-value",
            f"All of the {len(items)} were coded alike and nothing else was ever coded, so "
            "agreement cannot be told from chance.",
        )
    clusters = len(sums.disagreement)
    value = float(statistic(np.ones((1, clusters)))[0])
    if clusters < MIN_CLUSTERS:
        reason = f"The passages are about {clusters} cases; an interval needs {MIN_CLUSTERS}."
        return _without_interval(value, "few-cases", reason)
    weights = np.random.default_rng(_SEED).multinomial(
        clusters, [1 / clusters] * clusters, size=DRAWS
    )
    drawn = statistic(weights.astype(np.float64))
    known = drawn[~np.isnan(drawn)]
    if known.size < _DEFINED_SHARE * DRAWS:
        return _without_interval(
            value, "too-rare", "It was coded in too few cases to say how far the value may be off."
        )
    if not sums.disagreement.any():
        reason = (
            f"The coders never differed in these {len(items)}, so drawing them again cannot show "
            "how far the value may be off."
        )
        return _without_interval(value, "no-difference", reason)
    low, high = np.quantile(known, [0.025, 0.975])
    return Measure(value=value, ci_low=float(low), ci_high=float(high), undefined=None)


def _not_defined(code: str, reason: str) -> Measure:
    return Measure(
        value=None, ci_low=None, ci_high=None, undefined=Undefined(code=code, reason=reason)
    )


def _without_interval(value: float, code: str, reason: str) -> Measure:
    return Measure(
        value=value, ci_low=None, ci_high=None, undefined=Undefined(code=code, reason=reason)
    )
