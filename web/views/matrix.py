"""The recurrence page: reviews in date order against themes, shares by period, what came back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from corpus.count_table import DateAxis
from corpus.ledger import blocks_time
from corpus.licence import shown_words
from corpus.model import Kind, Stance
from corpus.recurrence import Evidence
from nlp.codebook import Codebook, TopTheme
from web.charts.figure import ChartFigure, share_words
from web.charts.gallery import is_blocked, time_figure
from web.charts.words import filter_words, label_of
from web.counting import TOTAL
from web.holdings import Library
from web.recurring import (
    FOUND_WORDS,
    Ground,
    RecurrenceQuestion,
    Row,
    ground,
    read_question,
)
from web.views.found_again import AgainView, found_again_view
from web.views.parts import ReviewLink, review_link
from web.views.recurrence_form import RecurrenceForm, offer_form
from web.views.recurrences import FirstHeld, first_held
from web.words import STANCES, StanceWords, counted

_LONGEST_TIP = 220
"""Characters of a passage over the page; the passage itself is one click away."""

_A_GAP = 3
"""Years without any review held that get a line of their own."""


@dataclass(frozen=True, kw_only=True)
class ColumnHead:
    """A theme at the head of a column."""

    theme_id: str
    label: str
    is_sub: bool
    opens: Mapping[str, str]
    """The query that opens the theme's sub-themes, or closes them again."""
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class CellMark:
    """One stance in a cell: a link to its first passage, with the words that stand there."""

    stance: StanceWords
    number: int
    words: str
    """For those who hear the table, such as ``Failing found, 2 passages``."""
    passage_id: str
    tip: str
    """The passage's beginning, within its licence."""
    is_digest: bool


@dataclass(frozen=True, kw_only=True)
class MatrixRow:
    """One review; its cells are in the columns' order, each a tuple of marks."""

    review: ReviewLink
    year: int | None
    """By the clock asked for."""
    has_text: bool
    cells: tuple[tuple[CellMark, ...], ...]
    gap: str
    """Years without any review held before this one, in words; empty where there are few."""


@dataclass(frozen=True, kw_only=True)
class MatrixTable:
    """What ``_matrix.html`` shows."""

    columns: tuple[ColumnHead, ...]
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, kw_only=True)
class Matrix:
    """Reviews against themes."""

    table: Markup
    """Rendered once for as long as nothing is written: it has thousands of cells."""
    reviews_shown: int
    reviews_with_findings: int


@dataclass(frozen=True, kw_only=True)
class Headline:
    """The answer for one theme, in sentences."""

    theme_id: str | None
    label: str
    found: str
    any: bool
    """Whether any review held did."""
    first: FirstHeld | None
    """``None`` where no dated review did."""
    others: str
    """How many more reviews speak of it with another stance; empty where none does."""


@dataclass(frozen=True, kw_only=True)
class MatrixPage:
    """What ``matrix.html`` shows."""

    question: RecurrenceQuestion
    form: RecurrenceForm
    filtered: str
    headline: Headline
    matrix: Matrix | None
    """``None`` where dates vanished from a source: then nothing over time is shown."""
    figures: Mapping[str, ChartFigure]
    """``strips``, ``share``, ``shares`` and ``again``, as far as they can be shown."""
    again: AgainView | None
    """Each recommendation on the theme asked for; ``None`` without one."""
    stances: tuple[StanceWords, ...]
    by_capture: Mapping[str, str]
    """The query for the one clock that does not rest on lost dates."""
    snapshot: str


def build(library: Library, arguments: Mapping[str, str]) -> MatrixPage:
    """Gather the page.

    Raises:
        ParameterError: a filter cannot be used.
        ThemeNotFoundError: the codebook has no such theme.
    """
    question = read_question(library, arguments, only_known=True)
    return _build(library, library.store.revision, question, blocks_time(library.store))


@lru_cache(maxsize=16)
def _build(
    library: Library, _revision: int, question: RecurrenceQuestion, _blocked: bool
) -> MatrixPage:
    """Build once for as long as nothing is written: equal revisions mean equal content."""
    blocked = is_blocked(library, question.clock)
    found = ground(library, question)
    # What was recommended goes by publication, so it is shown only where those dates are whole.
    datable = not is_blocked(library, DateAxis.PUBLICATION)
    names = ("strips", "share", "shares", *(("again",) if datable else ()))
    return MatrixPage(
        question=question,
        form=offer_form(library, question),
        filtered=filter_words(question),
        headline=_headline(found, library.codebook),
        matrix=None if blocked else _matrix(found, library.codebook),
        figures={} if blocked else {n: time_figure(library, n, question) for n in names},
        again=found_again_view(library, question) if datable and question.theme else None,
        stances=tuple(STANCES.values()),
        by_capture=question.arguments(clock=DateAxis.CAPTURE.value),
        snapshot=library.snapshot,
    )


def _headline(found: Ground, codebook: Codebook) -> Headline:
    question = found.question
    theme = question.theme or TOTAL
    ids = found.found.get(theme, frozenset())
    did = FOUND_WORDS[question.counted]
    return Headline(
        theme_id=question.theme,
        label=label_of(codebook, theme),
        found=f"{share_words(found.share(theme))} held {did}",
        any=bool(ids),
        first=first_held(found, theme),
        others=_others(found, codebook, theme),
    )


def _others(found: Ground, codebook: Codebook, theme: str) -> str:
    """Say which reviews speak of a theme otherwise: a denial is no failing, nor is a proposal."""
    if found.question.stance is not None:
        return ""
    wanted = codebook.expand_failures(None if theme == TOTAL else theme)
    numbers = {
        stance: sum(
            any(i.finding.code.stance is stance and i.finding.code.theme in wanted for i in items)
            for items in found.evidence.values()
        )
        for stance in STANCES
        if stance is not Stance.FAILING
    }
    parts = [f"{counted(n, 'review')} {FOUND_WORDS[s]}" for s, n in numbers.items() if n]
    return f"Apart from failings, {', '.join(parts)}." if parts else ""


def _matrix(found: Ground, codebook: Codebook) -> Matrix:
    columns = _columns(found.question, codebook)
    rows = []
    before: int | None = None
    for row in found.rows:
        year = row.dated.date.year if row.dated.date else None
        rows.append(_row(row, found, columns, codebook, gap=_gap(before, year)))
        before = year
    table = MatrixTable(columns=columns, rows=tuple(rows))
    return Matrix(
        table=Markup(render_template("_matrix.html", page=table)),  # noqa: S704 - escaped there
        reviews_shown=len(rows),
        reviews_with_findings=len(found.evidence),
    )


def _columns(question: RecurrenceQuestion, codebook: Codebook) -> tuple[ColumnHead, ...]:
    asked = codebook.entry(question.theme) if question.theme else None
    opened = asked.theme_id if isinstance(asked, TopTheme) else asked.top_theme if asked else None
    heads = []
    for top in codebook.top_themes:
        is_open = top.theme_id == opened
        opens = question.arguments(theme=None if is_open else top.theme_id)
        heads.append(
            ColumnHead(
                theme_id=top.theme_id, label=top.label, is_sub=False, opens=opens, is_open=is_open
            )
        )
        if is_open:
            heads += [
                ColumnHead(
                    theme_id=theme_id,
                    label=codebook.theme(theme_id).label,
                    is_sub=True,
                    opens={},
                    is_open=False,
                )
                for theme_id in top.theme_ids
            ]
    return tuple(heads)


def _gap(before: int | None, year: int | None) -> str:
    if before is None or year is None or year - before <= _A_GAP:
        return ""
    return f"{before + 1} to {year - 1}: no review held"


def _row(
    row: Row, found: Ground, columns: Sequence[ColumnHead], codebook: Codebook, *, gap: str
) -> MatrixRow:
    review = row.dated.review
    by_theme: dict[str, list[Evidence]] = {}
    for item in found.evidence.get(str(review.review_id), ()):
        theme = item.finding.code.theme
        by_theme.setdefault(theme, []).append(item)
        if theme in codebook.rollup:
            by_theme.setdefault(codebook.rollup[theme], []).append(item)
    return MatrixRow(
        review=review_link(review),
        year=row.dated.date.year if row.dated.date else None,
        has_text=row.has_text,
        cells=tuple(_cell(by_theme.get(column.theme_id, ())) for column in columns),
        gap=gap,
    )


def _cell(evidence: Sequence[Evidence]) -> tuple[CellMark, ...]:
    by_stance: dict[Stance, dict[str, Evidence]] = {}
    for item in evidence:
        of_stance = by_stance.setdefault(item.finding.code.stance, {})
        of_stance.setdefault(item.passage.passage_id, item)
    return tuple(
        _mark(stance, tuple(by_stance[stance].values()))
        for stance in STANCES
        if stance in by_stance
    )


def _mark(stance: Stance, items: Sequence[Evidence]) -> CellMark:
    first = items[0]
    words = STANCES[stance]
    text, cut = shown_words(first.passage, first.licence_tier, first.marks)
    return CellMark(
        stance=words,
        number=len(items),
        words=f"{words.label}, {counted(len(items), 'passage')}",
        passage_id=first.passage.passage_id,
        tip=_clipped(text, cut=cut),
        is_digest=first.kind is Kind.DIGEST,
    )


def _clipped(text: str, *, cut: bool) -> str:
    """A text's beginning, whole words only: always a slice of it, with a mark where it was cut."""
    if len(text) > _LONGEST_TIP:
        text, cut = text[:_LONGEST_TIP].rsplit(maxsplit=1)[0], True
    return f"{text}…" if cut and text else text
