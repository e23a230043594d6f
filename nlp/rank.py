"""Ranking by words, meaning, names and themes: put forward apart, then scored together."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from corpus.model import Stance
from nlp.embed import Vectors
from nlp.index import SearchIndex
from nlp.query_themes import QueryAbout
from nlp.theme_rows import ThemeRows
from nlp.vectors import RowMask
from nlp.word_query import WordQuery

CANDIDATES = 300
"""How many each of words, meaning, names and themes puts forward."""

# Chosen on the queries of tests/evals, query by query (docs/evaluation.md).
WORDS_WEIGHT = 0.25
"""For a point of BM25 in a collection of a thousand, of a query of three words."""
THEME_WEIGHT = 0.7
"""For a standard deviation of agreement, where the query is surely about a theme; for one
that is half as sure a quarter of it, so that collections on other subjects lose nothing."""
STANCE_WEIGHT = 0.6
"""For a passage that surely takes a stance that the query asks for."""
NAME_WEIGHT = 6.0
"""For passages of a case that the query calls by its name."""
_WORDS_MIDDLE = 4.0
"""Terms of a query of the middle length: the points of a longer one count for less."""
_SAMPLED = 1024
"""Rows by which it is told what cosine or agreement is usual for a query."""
_LEAST_SPREAD = 0.05
_USUAL_COSINE = (0.2, 0.12)
"""Mean and spread in a collection too small to tell."""
_FEW_ROWS = 50

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What to rank by; what is left out takes no part."""

    words: WordQuery | None = None
    vector: Vectors | None = None
    """The query's unit vector, shape (DIMENSION,)."""
    about: QueryAbout = field(default_factory=QueryAbout)
    stances: tuple[Stance, ...] = ()
    without: WordQuery = field(default_factory=WordQuery)
    """Phrases of which a row must hold none."""
    title: WordQuery = field(default_factory=WordQuery)
    """Phrases that the title must hold."""


@dataclass(frozen=True)
class Candidate:
    """A row that at least one side put forward; ranks count from 1."""

    row: int
    score: float
    """Of all sides together: only its order means anything."""
    words_rank: int | None = None
    meaning_rank: int | None = None
    name_rank: int | None = None
    """Its place among passages of a case that the query names."""
    theme_rank: int | None = None
    """Its place among passages whose themes agree with the query's."""


@dataclass(frozen=True)
class Ranking:
    """Every candidate, best first."""

    candidates: tuple[Candidate, ...]
    loosened: bool = False
    """A quoted phrase stands nowhere, so its words were looked for one by one."""
    released: tuple[str, ...] = ()
    """``without`` or ``title``, where it would have left nothing and was set aside."""
    nearest: float = 0.0
    """The highest cosine of any candidate with the query; 0 without meaning."""
    held_phrases: bool = False
    """Quoted phrases narrowed what was ranked."""
    covered: float = 0.0
    """The highest BM25 score of any candidate, against that of a passage with every word."""


@dataclass(frozen=True, eq=False)
class Usual:
    """Some rows of an index, by which to tell what is usual for a query."""

    vectors: Vectors
    """float32, shape (n, DIMENSION)."""

    @classmethod
    def of(cls, index: SearchIndex) -> "Usual":
        """Take rows evenly from an index; read once, not for each query."""
        step = max(1, len(index) // _SAMPLED)
        rows = np.arange(0, len(index), step, dtype=np.int64)[:_SAMPLED]
        return cls(index.vectors.rows(rows))

    def cosines(self, vector: Vectors) -> tuple[float, float]:
        """Mean and spread of a query's cosine with any passage."""
        if len(self.vectors) < _FEW_ROWS:
            return _USUAL_COSINE
        cosines = self.vectors @ vector
        return float(cosines.mean()), max(_LEAST_SPREAD, float(cosines.std()))


def rank(
    index: SearchIndex,
    wanted: Wanted,
    *,
    allowed: RowMask | None = None,
    themes: ThemeRows | None = None,
    usual: Usual | None = None,
) -> Ranking:
    """Rank the rows of an index for a query.

    Quoted phrases narrow every side to the rows that hold them all; where no allowed row
    does, they are read as plain words.

    Each side puts forward its best rows. All of them are then scored by the sum of what
    every side says of them: BM25 points, standard deviations of cosine and of theme
    agreement above what is usual for this query, a name, a stance.

    Args:
        index: what to search.
        wanted: the query.
        allowed: the rows that may be found; every one where it is ``None``.
        themes: the index's marks; themes and stances take no part without them.
        usual: as made by :meth:`Usual.of`; made anew where it is ``None``.

    Returns:
        Best first; equal scores by row, which is by passage id.
    """
    allowed, loosened, released = narrow_rows(index, wanted, allowed)
    agreement = themes.agreement(wanted.about.weights) if themes and wanted.about.weights else None
    sides = _put_forward(index, wanted, allowed, agreement)
    rows = _all_rows(sides)
    if not len(rows):
        return Ranking((), loosened=loosened, released=released)
    scores = np.zeros(len(rows))
    nearest = covered = 0.0
    if wanted.words is not None:
        scores += _words_score(index, wanted.words, sides, rows)
        covered = _coverage(index, wanted.words, sides)
    if wanted.vector is not None:
        cosines = index.vectors.rows(rows) @ wanted.vector
        mean, spread = (usual or Usual.of(index)).cosines(wanted.vector)
        scores += (cosines - mean) / spread
        nearest = float(cosines.max())
    if agreement is not None:
        scores += _theme_score(agreement, wanted.about.strength, rows)
    if themes is not None and wanted.stances:
        scores += _stance_score(themes, wanted.stances, rows)
    ranks = {name: {row: at for at, (row, _) in enumerate(side, 1)} for name, side in sides.items()}
    return Ranking(
        _ordered(rows, scores, ranks),
        loosened=loosened,
        released=released,
        nearest=nearest,
        held_phrases=bool(wanted.words and wanted.words.phrases) and not loosened,
        covered=covered,
    )


def narrow_rows(
    index: SearchIndex, wanted: Wanted, allowed: RowMask | None
) -> tuple[RowMask | None, bool, tuple[str, ...]]:
    """Keep the rows that hold the quoted phrases and the title, and nothing ruled out.

    Returns:
        The rows, ``None`` for every one; whether phrases stand nowhere; and of ``title``
        and ``without`` what would have left nothing.
    """
    loosened = False
    released: list[str] = []
    if wanted.words is not None and wanted.words.phrases:
        allowed, kept = _and(allowed, index.words.with_phrases(wanted.words))
        loosened = not kept
    if wanted.title.phrases:
        held = index.words.with_phrases(wanted.title, fields=("title",))
        allowed, kept = _and(allowed, held)
        released += [] if kept else ["title"]
    if wanted.without.phrases:
        none = np.ones(len(index), dtype=bool)
        for phrase in wanted.without.phrases:
            none &= ~index.words.with_phrases(WordQuery(phrases=(phrase,)))
        allowed, kept = _and(allowed, none)
        released += [] if kept else ["without"]
    return allowed, loosened, tuple(released)


def _and(allowed: RowMask | None, also: RowMask) -> tuple[RowMask | None, bool]:
    """Narrow a mask, unless nothing would be left; says whether it did."""
    both = also if allowed is None else allowed & also
    return (both, True) if both.any() else (allowed, False)


_Side = Sequence[tuple[int, float]]


def _put_forward(
    index: SearchIndex, wanted: Wanted, allowed: RowMask | None, agreement: Vectors | None
) -> dict[str, _Side]:
    sides: dict[str, _Side] = {}
    if wanted.words is not None:
        sides["words"] = index.words.best(wanted.words, limit=CANDIDATES, allowed=allowed)
        sides["name"] = index.words.named(wanted.words, limit=CANDIDATES, allowed=allowed)
    if wanted.vector is not None:
        sides["meaning"] = index.vectors.nearest(wanted.vector, limit=CANDIDATES, allowed=allowed)
    if agreement is not None and wanted.about.themes:
        sides["theme"] = _agreeing(agreement, allowed)
    return sides


def _agreeing(agreement: Vectors, allowed: RowMask | None) -> _Side:
    if allowed is not None:
        agreement = np.where(allowed, agreement, -1.0)
    count = min(CANDIDATES, len(agreement))
    best = np.argpartition(-agreement, count - 1)[:count] if count else np.empty(0, dtype=np.int64)
    # Rows that every theme is foreign to agree with nothing.
    found = [(int(row), float(agreement[row])) for row in best if agreement[row] > 0]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _all_rows(sides: Mapping[str, _Side]) -> Rows:
    return np.array(sorted({row for side in sides.values() for row, _ in side}), dtype=np.int64)


def _words_score(
    index: SearchIndex, words: WordQuery, sides: Mapping[str, _Side], rows: Rows
) -> npt.NDArray[np.float64]:
    # A rare word is worth the logarithm of the collection's size, whatever else it holds.
    size = math.log(1000) / math.log(1000 + max(0, len(index) - 1000))
    length = 1.5 / (0.5 + len(words.terms) / _WORDS_MIDDLE)
    # The other sides' rows hold words of the query too.
    among = np.zeros(len(index), dtype=bool)
    among[rows] = True
    points = dict(index.words.best(words, limit=len(rows), allowed=among))
    named = {row for row, _ in sides["name"]}
    weight = WORDS_WEIGHT * size * length
    return np.array(
        [weight * points.get(r, 0.0) + NAME_WEIGHT * (r in named) for r in rows.tolist()]
    )


def _coverage(index: SearchIndex, words: WordQuery, sides: Mapping[str, _Side]) -> float:
    """How much of the query's weight in words the best passage holds; 0 to about 1."""
    best = max((score for _, score in sides["words"]), default=0.0)
    whole = index.words.weight_of(words)
    return min(1.0, best / whole) if whole else 0.0


def _theme_score(agreement: Vectors, strength: float, rows: Rows) -> npt.NDArray[np.float64]:
    sample = agreement[:: max(1, len(agreement) // (16 * _SAMPLED))]
    spread = max(_LEAST_SPREAD, float(sample.std()))
    above = (agreement[rows].astype(np.float64) - float(sample.mean())) / spread
    # Squared: half sure is what queries look like that are about something else altogether.
    scores: npt.NDArray[np.float64] = THEME_WEIGHT * strength**2 * above
    return scores


def _stance_score(
    themes: ThemeRows, stances: Sequence[Stance], rows: Rows
) -> npt.NDArray[np.float64]:
    names = [f"stance:{stance.value}" for stance in stances]
    held = [themes.names.index(name) for name in names if name in themes.names]
    if not held:
        return np.zeros(len(rows))
    marks: npt.NDArray[np.float64] = themes.of(rows)[:, held].max(axis=1) / 255
    return STANCE_WEIGHT * marks


def _ordered(
    rows: Rows, scores: npt.NDArray[np.float64], ranks: Mapping[str, Mapping[int, int]]
) -> tuple[Candidate, ...]:
    # Rounded: the same sum in another order differs in the last bits.
    rounded = np.round(scores, 6)
    words, meaning, name, theme = (
        ranks.get(side, {}) for side in ("words", "meaning", "name", "theme")
    )
    return tuple(
        Candidate(
            row=row,
            score=score,
            words_rank=words.get(row),
            meaning_rank=meaning.get(row),
            name_rank=name.get(row),
            theme_rank=theme.get(row),
        )
        for row, score in (
            (int(rows[at]), float(rounded[at])) for at in np.lexsort((rows, -rounded)).tolist()
        )
    )
