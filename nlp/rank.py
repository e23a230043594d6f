"""Ranking by words and by meaning, and fusing the two (reciprocal rank fusion)."""

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.embed import Vectors
from nlp.index import SearchIndex
from nlp.vectors import RowMask
from nlp.word_query import WordQuery

CANDIDATES = 200
"""How many each side puts forward; a search finds at most twice as many."""
FUSION_K = 60
"""Cormack, Clarke and Büttcher (2009): how little the very first ranks stand out."""
WORDS_WEIGHT = 1.0
MEANING_WEIGHT = 1.0


@dataclass(frozen=True)
class Candidate:
    """A row put forward by words, meaning or both; ranks count from 1."""

    row: int
    score: float
    """The fused score: only its order means anything."""
    words_rank: int | None
    meaning_rank: int | None


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
) -> Ranking:
    """Rank the rows of an index for a query.

    Quoted phrases narrow both sides to the rows that hold them all; where no allowed row
    does, they are read as plain words.

    Args:
        index: what to search.
        words: the query as words; ``None`` ranks by meaning alone.
        vector: the query's unit vector, shape (DIMENSION,); ``None`` ranks by words alone.
        allowed: the rows that may be found; every one where it is ``None``.
    """
    loosened = False
    if words is not None and words.phrases:
        holding = index.words.with_phrases(words)
        if allowed is not None:
            holding &= allowed
        loosened = not holding.any()
        allowed = allowed if loosened else holding
    by_words = index.words.best(words, limit=CANDIDATES, allowed=allowed) if words else []
    by_meaning = (
        index.vectors.nearest(vector, limit=CANDIDATES, allowed=allowed)
        if vector is not None
        else []
    )
    fused = fuse([row for row, _ in by_words], [row for row, _ in by_meaning])
    return Ranking(fused, loosened)


def fuse(by_words: Sequence[int], by_meaning: Sequence[int]) -> tuple[Candidate, ...]:
    """Fuse two rankings: a row scores the sum of weight / (k + rank) over those it is in.

    Returns:
        Every row of either, best first; equal scores by row, which is by passage id.
    """
    words_ranks = {row: rank for rank, row in enumerate(by_words, start=1)}
    meaning_ranks = {row: rank for rank, row in enumerate(by_meaning, start=1)}
    candidates = []
    for row in words_ranks.keys() | meaning_ranks.keys():
        in_words, in_meaning = words_ranks.get(row), meaning_ranks.get(row)
        score = _share(WORDS_WEIGHT, in_words) + _share(MEANING_WEIGHT, in_meaning)
        candidates.append(Candidate(row, score, in_words, in_meaning))
    return tuple(sorted(candidates, key=lambda found: (-found.score, found.row)))


def _share(weight: float, rank: int | None) -> float:
    return 0.0 if rank is None else weight / (FUSION_K + rank)
