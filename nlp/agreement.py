"""Agreement of one coding with another: precision, recall, F1, kappa, and their intervals."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from corpus.model import Code, Stance

Codes = Sequence[Code]
Labels = frozenset[Hashable]


@dataclass(frozen=True, kw_only=True)
class Score:
    """How one set of labels agrees with gold."""

    precision: float
    recall: float
    f1: float
    support: int
    """How many gold labels there were."""

    def as_dict(self) -> dict[str, float]:
        """The four numbers by name."""
        return {
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "support": self.support,
        }


def score_counts(true_positive: int, false_positive: int, false_negative: int) -> Score:
    """Work out a score from counts; a ratio without a denominator is 0."""
    found, wanted = true_positive + false_positive, true_positive + false_negative
    return Score(
        precision=true_positive / found if found else 0.0,
        recall=true_positive / wanted if wanted else 0.0,
        f1=2 * true_positive / (found + wanted) if true_positive else 0.0,
        support=wanted,
    )


def score_labels(gold: Sequence[Labels], other: Sequence[Labels]) -> Score:
    """Pool all labels of all passages (micro average); both in the same order."""
    both = sum(len(a & b) for a, b in zip(gold, other, strict=True))
    return score_counts(both, sum(map(len, other)) - both, sum(map(len, gold)) - both)


def score_each(gold: Sequence[Labels], other: Sequence[Labels]) -> dict[str, Score]:
    """Score every label that either side used, sorted by name."""
    names = sorted({str(label) for labels in (*gold, *other) for label in labels})
    return {
        name: score_labels(
            [labels & {name} for labels in gold], [labels & {name} for labels in other]
        )
        for name in names
    }


def macro_f1(each: Mapping[str, Score], *, least: int = 5) -> float | None:
    """Average F1 over the labels with at least ``least`` gold passages; ``None`` if none has."""
    scores = [score.f1 for score in each.values() if score.support >= least]
    return sum(scores) / len(scores) if scores else None


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of paired values; ``None`` without pairs, 1 where chance explains all."""
    if not pairs:
        return None
    n = len(pairs)
    observed = accuracy(pairs) or 0.0
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(left[value] * right[value] for value in left) / n / n
    return (observed - expected) / (1 - expected) if expected < 1 else 1.0


def accuracy(pairs: Sequence[tuple[str, str]]) -> float | None:
    """The share of pairs that agree; ``None`` without pairs."""
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else None


def themes_of(codes: Codes) -> Labels:
    """The themes of a passage."""
    return frozenset(code.theme for code in codes)


def top_themes_of(codes: Codes, rollup: Mapping[str, str]) -> Labels:
    """The top themes that a passage's themes roll up to."""
    return frozenset(rollup[code.theme] for code in codes)


def failing_of(codes: Codes, rollup: Mapping[str, str]) -> Labels:
    """The top themes of which the passage finds a failing."""
    return frozenset(rollup[code.theme] for code in codes if code.stance is Stance.FAILING)


def any_of(codes: Codes) -> Labels:
    """One label where there is a theme at all."""
    return frozenset({"any"}) if codes else frozenset()


def facet_pairs(
    gold: Sequence[Codes], other: Sequence[Codes], facet: str, rollup: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Pair the facet's values wherever both sides have the top theme.

    Where a passage has several codes of one top theme, the last one's value stands.
    """
    pairs = []
    for mine, theirs in zip(gold, other, strict=True):
        wanted = {rollup[code.theme]: str(getattr(code, facet)) for code in mine}
        found = {rollup[code.theme]: str(getattr(code, facet)) for code in theirs}
        pairs += [(wanted[top], found[top]) for top in wanted if top in found]
    return pairs


def interval(
    size: int,
    statistic: Callable[[Sequence[int]], float | None],
    *,
    draws: int = 1000,
    seed: int = 7,
) -> tuple[float, float] | None:
    """Bootstrap a 95% interval by drawing passages with replacement; the same every time.

    Args:
        size: how many passages there are.
        statistic: works out the figure on a draw, given as places from 0; it may have
            none to give.
        draws: how many draws.
        seed: of the random numbers.

    Returns:
        The 2.5th and 97.5th percentile; ``None`` where no draw gave a figure.
    """
    generator = np.random.default_rng(seed)
    values = [statistic(generator.integers(size, size=size).tolist()) for _ in range(draws)]
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)
