"""Ranking by words, meaning, names and themes, and fusing them (reciprocal rank fusion)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlp.embed import Vectors
from nlp.index import SearchIndex
from nlp.vectors import RowMask
from nlp.word_query import WordQuery

CANDIDATES = 200
"""How many each of words, meaning, names and themes puts forward."""
FUSION_K = 60
"""Cormack, Clarke and Büttcher (2009): how little the very first ranks stand out."""
WORDS_WEIGHT = 1.0
MEANING_WEIGHT = 1.0
NAME_WEIGHT = 2.0
"""For passages of a case that the query calls by its name."""
THEME_WEIGHT = 1.5
"""For passages tagged with what the query is about, where that is sure."""
WEIGHTS = {
    "words": WORDS_WEIGHT,
    "meaning": MEANING_WEIGHT,
    "name": NAME_WEIGHT,
    "theme": THEME_WEIGHT,
}


@dataclass(frozen=True)
class Candidate:
    """A row that at least one ranking put forward; ranks count from 1."""

    row: int
    score: float
    """The fused score: only its order means anything."""
    words_rank: int | None = None
    meaning_rank: int | None = None
    name_rank: int | None = None
    """Its place among passages of a case that the query names."""
    theme_rank: int | None = None
    """Its place among passages tagged with a theme that the query is about."""


@dataclass(frozen=True)
class Agreement:
    """Rows that are about what the query is about, and how sure that is (0 to 1)."""

    rows: RowMask
    strength: float


@dataclass(frozen=True)
class Ranking:
    """Every candidate, best first."""

    candidates: tuple[Candidate, ...]
    loosened: bool
    """A quoted phrase stands nowhere, so its words were looked for one by one."""


def rank(
    index: SearchIndex,
    words: WordQuery | None,
    vector: Vectors | None,
    *,
    allowed: RowMask | None = None,
    agreement: Agreement | None = None,
) -> Ranking:
    """Rank the rows of an index for a query.

    Quoted phrases narrow every side to the rows that hold them all; where no allowed row
    does, they are read as plain words.

    Args:
        index: what to search.
        words: the query as words; ``None`` ranks by meaning alone.
        vector: the query's unit vector, shape (DIMENSION,); ``None`` ranks by words alone.
        allowed: the rows that may be found; every one where it is ``None``.
        agreement: the rows whose themes agree with the query's; needs ``vector``.
    """
    loosened = False
    if words is not None and words.phrases:
        holding = index.words.with_phrases(words)
        if allowed is not None:
            holding &= allowed
        loosened = not holding.any()
        allowed = allowed if loosened else holding
    sides: dict[str, Sequence[tuple[int, float]]] = {}
    if words is not None:
        sides["words"] = index.words.best(words, limit=CANDIDATES, allowed=allowed)
        sides["name"] = index.words.named(words, limit=CANDIDATES, allowed=allowed)
    weights = dict(WEIGHTS)
    if vector is not None:
        sides["meaning"] = index.vectors.nearest(vector, limit=CANDIDATES, allowed=allowed)
        if agreement is not None:
            agreeing = agreement.rows if allowed is None else agreement.rows & allowed
            sides["theme"] = index.vectors.nearest(vector, limit=CANDIDATES, allowed=agreeing)
            weights["theme"] *= agreement.strength
    rows = {name: [row for row, _ in side] for name, side in sides.items()}
    return Ranking(fuse(rows, weights=weights), loosened)


def fuse(
    sides: Mapping[str, Sequence[int]], *, weights: Mapping[str, float] = WEIGHTS
) -> tuple[Candidate, ...]:
    """Fuse rankings: a row scores the sum of weight / (k + rank) over those it is in.

    Args:
        sides: rows, best first, by the name of the side: words, meaning, name or theme.
        weights: what each side counts.

    Returns:
        Every row of any side, best first; equal scores by row, which is by passage id.
    """
    ranks: dict[int, dict[str, int]] = {}
    for name, rows in sides.items():
        for place, row in enumerate(rows, start=1):
            ranks.setdefault(row, {})[name] = place
    candidates = [
        Candidate(
            row=row,
            # Summed in one order, so that equal ranks give equal scores to the last bit.
            score=sum(
                weights[name] / (FUSION_K + found[name]) for name in WEIGHTS if name in found
            ),
            words_rank=found.get("words"),
            meaning_rank=found.get("meaning"),
            name_rank=found.get("name"),
            theme_rank=found.get("theme"),
        )
        for row, found in ranks.items()
    ]
    return tuple(sorted(candidates, key=lambda found: (-found.score, found.row)))
