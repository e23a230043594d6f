"""The order in which a ranking is shown: near copies as one, several reviews heard early."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.embed import Vectors
from nlp.rank import Candidate

ARRANGED = 200
"""How many of the best candidates are looked at; what lies behind keeps its order."""
FIRST = 10
"""The hits among which no review may take more than its share."""
COPY_COSINE = 0.97
"""Within one review, texts this near differ in a word or two: a summary's and its report's."""
SAME_COSINE = 0.999
"""Between reviews only the same text is a copy; stock sentences alone come so near."""


@dataclass(frozen=True)
class Arranged:
    """A candidate where it is shown."""

    candidate: Candidate
    copies: tuple[int, ...] = ()
    """Rows that are near copies of it, best first; they stand for no hit of their own."""


def fold_copies(
    ranked: Sequence[Arranged], groups: Sequence[str], vectors: Vectors
) -> tuple[list[Arranged], list[str]]:
    """Put near copies behind the best of them.

    Args:
        ranked: best first.
        groups: the review of each of the first ones, or what stands for it.
        vectors: of the same ones: float32, shape (n, DIMENSION).

    Returns:
        What is left, in the same order, and the groups of the first of these.
    """
    cosines = vectors @ vectors.T
    kept: list[int] = []
    copies: dict[int, list[int]] = {}
    for place, group in enumerate(groups):
        original = next(
            (
                one
                for one in kept
                if cosines[one, place] >= (COPY_COSINE if groups[one] == group else SAME_COSINE)
            ),
            None,
        )
        if original is None:
            kept.append(place)
        else:
            copies.setdefault(original, []).append(ranked[place].candidate.row)
    folded = [replace(ranked[place], copies=tuple(copies.get(place, ()))) for place in kept]
    return [*folded, *ranked[len(groups) :]], [groups[place] for place in kept]


def spread_reviews(
    ranked: Sequence[Arranged], groups: Sequence[str], *, most: int
) -> list[Arranged]:
    """Let each review take at most so many of the first ten places.

    What is moved follows straight after the tenth, in its own order; where too few other
    reviews are there to fill ten places, nothing is moved for nothing.

    Args:
        ranked: best first.
        groups: the review of each of the first ones, or what stands for it.
        most: how many of one review.
    """
    taken = Counter[str]()
    first: list[int] = []
    moved: list[int] = []
    for place, group in enumerate(groups):
        if len(first) == FIRST:
            break
        if taken[group] < most:
            taken[group] += 1
            first.append(place)
        else:
            moved.append(place)
    short = FIRST - len(first)
    first, moved = [*first, *moved[:short]], moved[short:]
    if not moved:
        return list(ranked)
    rest = sorted(set(range(len(ranked))) - set(first))
    # What was moved lies before everything else that is left.
    return [ranked[place] for place in (*first, *rest)]
