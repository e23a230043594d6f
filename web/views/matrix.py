"""The recurrence matrix: reviews in date order down, top themes across."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Review, Stance
from corpus.recurrence import Evidence
from nlp.codebook import Codebook, TopTheme
from web.holdings import Library
from web.views.parts import ReviewLink, review_link
from web.views.theme import ThemeLink
from web.whole import all_reviews, whole_recurrence
from web.words import STANCES, StanceWords, counted


@dataclass(frozen=True, kw_only=True)
class CellMark:
    """One stance in a cell."""

    stance: StanceWords
    number: int
    words: str
    """For those who hear the table, such as ``Failing found, 2 passages``."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What one review found on one top theme; no marks means that nothing is held."""

    marks: tuple[CellMark, ...]
    passage_id: str | None
    """The first passage, in reading order: the cell links to it."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One review; its cells are in the columns' order."""

    review: ReviewLink
    cells: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True)
class MatrixPage:
    """What ``matrix.html`` shows."""

    columns: tuple[ThemeLink, ...]
    rows: tuple[Row, ...]
    stances: tuple[StanceWords, ...]
    reviews_with_findings: int
    snapshot: str


def build(library: Library) -> MatrixPage:
    """Lay out every review held against the top themes.

    Rows follow publication date, those without one last; a review without a coded
    finding keeps its row.
    """
    codebook = library.codebook
    evidence = {
        entry.review.review_id: entry.evidence for entry in whole_recurrence(library).entries
    }
    rows = tuple(
        _row(review, evidence.get(review.review_id, ()), codebook)
        for review in all_reviews(library)
    )
    return MatrixPage(
        columns=tuple(
            ThemeLink(theme_id=top.theme_id, label=top.label) for top in codebook.top_themes
        ),
        rows=rows,
        stances=tuple(STANCES.values()),
        reviews_with_findings=len(evidence),
        snapshot=library.snapshot,
    )


def _row(review: Review, evidence: Sequence[Evidence], codebook: Codebook) -> Row:
    by_top: dict[str, list[Evidence]] = {}
    for item in evidence:
        top = codebook.rollup.get(item.finding.code.theme)
        if top is not None:
            by_top.setdefault(top, []).append(item)
    return Row(review=review_link(review), cells=_cells(by_top, codebook.top_themes))


def _cells(by_top: Mapping[str, list[Evidence]], tops: Sequence[TopTheme]) -> tuple[Cell, ...]:
    return tuple(_cell(by_top.get(top.theme_id, [])) for top in tops)


def _cell(evidence: Sequence[Evidence]) -> Cell:
    passages = {(item.finding.code.stance, item.passage.passage_id) for item in evidence}
    numbers = Counter(stance for stance, _ in passages)
    return Cell(
        marks=tuple(_mark(stance, numbers[stance]) for stance in STANCES if numbers[stance]),
        passage_id=evidence[0].passage.passage_id if evidence else None,
    )


def _mark(stance: Stance, number: int) -> CellMark:
    words = STANCES[stance]
    return CellMark(
        stance=words, number=number, words=f"{words.label}, {counted(number, 'passage')}"
    )
