"""What the report on tagging counts, beyond the figures of ``nlp.evaluate_tags``."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from corpus.model import Code, Stance
from nlp.agreement import (
    Labels,
    failing_of,
    interval,
    score_labels,
    themes_of,
    top_themes_of,
)
from nlp.tagger import TaggedCode

Gold = Sequence[Sequence[Code]]
Found = Sequence[Sequence[TaggedCode]]
Interval = tuple[float, float]

NOTHING = "nothing"
ABSTAINED = "abstained"


@dataclass(frozen=True, kw_only=True)
class Instead:
    """What was found in place of a theme that was there, and how often."""

    wanted: str
    found: str
    count: int
    siblings: bool
    """Both are under one top theme."""


@dataclass(frozen=True, kw_only=True)
class Missed:
    """Where the sub-themes went that were there and not found."""

    sibling: int
    """Another sub-theme of the same top theme was found in the passage."""
    other: int
    """Only sub-themes of other top themes were wrongly found."""
    nothing: int
    """Nothing was found that should not have been."""


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Findings whose scores lie in one stretch, and how many of them are right."""

    low: float
    high: float
    count: int
    right: int
    mean_score: float


@dataclass(frozen=True, kw_only=True)
class PairOutcomes:
    """How the minimal pairs came out; shares of passages or of pairs, 0 to 1."""

    pairs: int
    accuracy: float
    """Of passages: the right stance."""
    both_right: float
    same: float
    """Of pairs: one stance given to both, abstentions apart."""
    abstained: float
    """Of passages: no stance given."""


def codes_of(found: Found) -> list[list[Code]]:
    """The codes alone; confident or possible."""
    return [[one.code for one in codes] for codes in found]


def instead_of(gold: Gold, found: Found, rollup: Mapping[str, str]) -> list[Instead]:
    """Count what was wrongly found where a sub-theme was missed, most often first."""
    counts = Counter[tuple[str, str]]()
    for wanted, got in _apart(gold, found):
        counts.update(product(wanted, got))
    return [
        Instead(wanted=a, found=b, count=count, siblings=rollup[a] == rollup[b])
        for (a, b), count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def where_missed(gold: Gold, found: Found, rollup: Mapping[str, str]) -> Missed:
    """Sort the missed sub-themes by what stood in their place."""
    counts = Counter[str]()
    for wanted, got in _apart(gold, found):
        tops = {rollup[theme] for theme in got}
        for theme in wanted:
            counts["sibling" if rollup[theme] in tops else "other" if got else NOTHING] += 1
    return Missed(sibling=counts["sibling"], other=counts["other"], nothing=counts[NOTHING])


def _apart(gold: Gold, found: Found) -> list[tuple[list[str], list[str]]]:
    """Each passage's missed themes and its wrong ones, sorted."""
    apart = []
    for mine, theirs in zip(gold, found, strict=True):
        wanted, got = {code.theme for code in mine}, {one.code.theme for one in theirs}
        apart.append((sorted(wanted - got), sorted(got - wanted)))
    return apart


def calibration(gold: Gold, found: Found, edges: Sequence[float]) -> list[Bin]:
    """Sort sub-theme findings by score and count the right ones; empty stretches are left out.

    Args:
        gold: what coders gave.
        found: what the tagger found, with scores.
        edges: ascending; a stretch reaches from one up to, not including, the next.
    """
    scored = [
        (one.score, one.code.theme in {code.theme for code in mine})
        for mine, theirs in zip(gold, found, strict=True)
        for one in theirs
    ]
    bins = []
    for low, high in pairwise(edges):
        inside = [(score, right) for score, right in scored if low <= score < high]
        if inside:
            bins.append(
                Bin(
                    low=low,
                    high=high,
                    count=len(inside),
                    right=sum(right for _, right in inside),
                    mean_score=sum(score for score, _ in inside) / len(inside),
                )
            )
    return bins


def wilson(right: int, count: int) -> Interval:
    """Wilson's 95% interval of a share; (0, 1) of nothing."""
    if not count:
        return 0.0, 1.0
    z = 1.959964
    share, spread = right / count, z * z / count
    middle = (share + spread / 2) / (1 + spread)
    half = z * (share * (1 - share) / count + spread / count / 4) ** 0.5 / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def pair_outcomes(
    stances: Sequence[tuple[Stance, Stance]],
    given: Sequence[tuple[Stance | None, Stance | None]],
) -> PairOutcomes:
    """Compare the stances given to pairs with theirs; ``None`` is an abstention."""
    both = list(zip(stances, given, strict=True))
    flat = [pair for one, two in both for pair in zip(one, two, strict=True)]
    pairs, passages = max(1, len(stances)), max(1, len(flat))
    return PairOutcomes(
        pairs=len(stances),
        accuracy=sum(a is b for a, b in flat) / passages,
        both_right=sum(one == two for one, two in both) / pairs,
        same=sum(a is b and a is not None for a, b in given) / pairs,
        abstained=sum(b is None for _, b in flat) / passages,
    )


def given_stance(
    codes: Sequence[TaggedCode], theme: str, rollup: Mapping[str, str], *, confident: bool
) -> Stance | None:
    """The stance that a passage got on a theme, or else on its best finding of the top theme.

    ``None`` where nothing under the top theme was found, or nothing confident if asked.
    """
    kept = [one for one in codes if one.confident or not confident]
    own = [one for one in kept if one.code.theme == theme]
    near = [one for one in kept if rollup[one.code.theme] == rollup[theme]]
    best = max(own or near, key=lambda one: one.score, default=None)
    return best.code.stance if best else None


def above(
    found: Found, possible: float, further: float | None = None
) -> list[tuple[TaggedCode, ...]]:
    """Keep the findings whose score reaches the cut of a passage's best or of a further theme.

    The same as tagging with these cuts, as long as ``found`` was made with lower ones: the
    best four and the rule on the residual look at the order of scores alone.

    Args:
        found: what was found with low cuts.
        possible: the cut of a passage's best theme.
        further: of the others; the same by default.
    """
    kept = []
    for codes in found:
        best = max((one.score for one in codes), default=0.0)
        other = possible if further is None else further
        kept.append(
            tuple(one for one in codes if one.score >= (possible if one.score == best else other))
        )
    return kept


def failing_interval(
    gold: Gold, found: Found, rollup: Mapping[str, str]
) -> tuple[Interval | None, Interval | None]:
    """95% intervals of precision and recall of confident failings."""
    wanted = [failing_of(codes, rollup) for codes in gold]
    sure = [[one.code for one in codes if one.confident] for codes in found]
    got = [failing_of(codes, rollup) for codes in sure]

    def part(name: str) -> Interval | None:
        return interval(
            len(wanted),
            lambda draw: score_labels([wanted[i] for i in draw], [got[i] for i in draw]).as_dict()[
                name
            ],
        )

    return part("precision"), part("recall")


def macro_interval(
    gold: Gold, found: Found, rollup: Mapping[str, str] | None = None, *, least: int = 5
) -> Interval | None:
    """95% interval of macro F1 over the labels that have ``least`` gold passages in all.

    Args:
        gold: what coders gave.
        found: what the tagger found.
        rollup: sub-theme → top theme where top themes are meant.
        least: gold passages that a label needs.
    """
    codes = codes_of(found)
    sides: list[tuple[Labels, Labels]] = [
        (themes_of(a), themes_of(b))
        if rollup is None
        else (top_themes_of(a, rollup), top_themes_of(b, rollup))
        for a, b in zip(gold, codes, strict=True)
    ]
    support = Counter(str(label) for wanted, _ in sides for label in wanted)
    names = [name for name in sorted(support) if support[name] >= least]
    if not names:
        return None
    wanted = np.array([[name in a for name in names] for a, _ in sides], dtype=np.int64)
    got = np.array([[name in b for name in names] for _, b in sides], dtype=np.int64)

    def macro(draw: Sequence[int]) -> float:
        a, b = wanted[list(draw)], got[list(draw)]
        both, size = (a * b).sum(axis=0), a.sum(axis=0) + b.sum(axis=0)
        return float(np.mean(2 * both / np.maximum(size, 1)))

    return interval(len(sides), macro)
