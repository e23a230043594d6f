"""The compare page: two periods, two nations or two themes side by side."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.count_table import PlainFigure
from web.charts.compared import difference_words, figure_words
from web.charts.figure import ChartFigure
from web.charts.gallery import comparison_figure, is_blocked
from web.counting import TOTAL, notes_of
from web.holdings import Library
from web.recurring import CLOCKS
from web.search_form import Option, OptionGroup
from web.side_by_side import (
    ComparedRow,
    Comparison,
    ComparisonQuestion,
    Side,
    compare,
    read_comparison,
)
from web.views.recurrence_form import theme_groups
from web.whole import all_reviews
from web.words import LEVELS, review_type_words

_WAYS = (
    ("periods", "Two periods"),
    ("nations", "Two nations"),
    ("themes", "Two themes"),
)
_TURN = 2010
"""Where the periods of a form that is opened for the first time meet."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """One way of comparing, as a tab."""

    label: str
    arguments: Mapping[str, str]
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class CompareForm:
    """The form's lists, with what was chosen."""

    what: str
    values: Mapping[str, str]
    """The years as given."""
    themes_a: tuple[OptionGroup, ...]
    themes_b: tuple[OptionGroup, ...]
    nations_a: tuple[Option, ...]
    nations_b: tuple[Option, ...]
    nations: tuple[Option, ...]
    types: tuple[Option, ...]
    levels: tuple[Option, ...]
    clocks: tuple[Option, ...]
    by: tuple[Option, ...]
    is_narrowed: bool


@dataclass(frozen=True, kw_only=True)
class SideFigure:
    """One figure in words, with the query of the recurrence page that opens its quotes."""

    words: str
    opens: Mapping[str, str] | None
    """``None`` where there is nothing to open."""


@dataclass(frozen=True, kw_only=True)
class CompareRow:
    """One row of the table, in words."""

    label: str
    theme_id: str | None
    first: SideFigure
    second: SideFigure
    difference: str


@dataclass(frozen=True, kw_only=True)
class ComparePage:
    """What ``compare.html`` shows."""

    ways: tuple[Way, ...]
    form: CompareForm
    first: str
    second: str
    """What the sides are called; empty while a side is missing."""
    rows: tuple[CompareRow, ...]
    figure: ChartFigure | None
    """``None`` while a side is missing, or where dates vanished from a source."""
    blocked: bool
    basis: str
    notes: tuple[str, ...]
    snapshot: str


def build(library: Library, arguments: Mapping[str, str]) -> ComparePage:
    """Gather the page.

    Raises:
        ParameterError: what was given cannot be used.
        ThemeNotFoundError: the codebook has no such theme.
    """
    question = read_comparison(library, _with_guess(library, arguments), only_known=True)
    blocked = question.what != "nations" and is_blocked(library, question.clock)
    shown = question.is_whole and not blocked
    comparison = compare(library, question) if shown else None
    return ComparePage(
        ways=tuple(
            Way(
                label=label,
                arguments=_other_way(question, what),
                chosen=what == question.what,
            )
            for what, label in _WAYS
        ),
        form=_form(library, question),
        first=comparison.first.label if comparison else "",
        second=comparison.second.label if comparison else "",
        rows=tuple(_row(row, comparison) for row in comparison.rows) if comparison else (),
        figure=comparison_figure(library, question) if comparison else None,
        blocked=blocked,
        basis=_basis(comparison) if comparison else "",
        notes=tuple(notes_of(comparison.first.table, library)) if comparison else (),
        snapshot=library.snapshot,
    )


def _with_guess(library: Library, arguments: Mapping[str, str]) -> dict[str, str]:
    """Fill in the sides where none is given, so that the page is never empty."""
    given = {name: value for name, value in arguments.items() if value.strip()}
    guess = _guess(library, given.get("what", "periods"))
    return given if set(given) & set(guess) else guess | given


def _guess(library: Library, what: str) -> dict[str, str]:
    reviews = all_reviews(library)
    if what == "themes":
        first, second = (top.theme_id for top in library.codebook.top_themes[2:4])
        return {"a": first, "b": second}
    if what == "nations":
        common = Counter(review.nation for review in reviews).most_common(2)
        return dict(zip("ab", (nation for nation, _ in common), strict=False))
    years = [review.published.year for review in reviews if review.published]
    if not years or not min(years) < _TURN <= max(years):
        return {}
    return {
        "a_from": str(min(years)),
        "a_to": str(_TURN - 1),
        "b_from": str(_TURN),
        "b_to": str(max(years)),
    }


def _other_way(question: ComparisonQuestion, what: str) -> dict[str, str]:
    kept = {n: v for n, v in question.arguments().items() if n in {"type", "level", "clock"}}
    return {"what": what} | kept


def _form(library: Library, question: ComparisonQuestion) -> CompareForm:
    reviews = all_reviews(library)
    nations = sorted({review.nation for review in reviews})
    types = sorted({review.review_type for review in reviews})
    given = question.arguments()

    def pick(values: list[str], chosen: str | None) -> tuple[Option, ...]:
        return tuple(Option(value=v, label=v, chosen=v == chosen) for v in values)

    return CompareForm(
        what=question.what,
        values={name: given.get(name, "") for name in ("a_from", "a_to", "b_from", "b_to")},
        themes_a=theme_groups(library, question.a),
        themes_b=theme_groups(library, question.b),
        nations_a=pick(nations, question.a),
        nations_b=pick(nations, question.b),
        nations=pick(nations, question.nation),
        types=tuple(
            Option(value=t, label=review_type_words(t), chosen=t == question.type) for t in types
        ),
        levels=tuple(
            Option(value=level.value, label=label.capitalize(), chosen=level is question.level)
            for level, label in LEVELS.items()
        ),
        clocks=tuple(
            Option(value=c.value, label=label.capitalize(), chosen=c is question.clock)
            for c, label in CLOCKS.items()
        ),
        by=(
            Option(value="top-theme", label="Twelve themes", chosen=question.by == "top-theme"),
            Option(value="theme", label="Every sub-theme", chosen=question.by == "theme"),
        ),
        is_narrowed=bool(set(given) & {"nation", "type", "level", "by"}),
    )


def _row(row: ComparedRow, comparison: Comparison) -> CompareRow:
    themes = comparison.question.what == "themes"
    first_theme = comparison.question.a if themes else row.theme
    second_theme = comparison.question.b if themes else row.theme
    decade = row.label if themes else ""
    return CompareRow(
        label=row.label,
        theme_id=None if themes or row.theme == TOTAL else row.theme,
        first=_side_figure(row.first, comparison.first, first_theme, decade),
        second=_side_figure(row.second, comparison.second, second_theme, decade),
        difference=difference_words(row.difference) if row.difference else "not given",
    )


def _side_figure(figure: PlainFigure, side: Side, theme: str | None, decade: str) -> SideFigure:
    opens = dict(side.arguments) | {"stance": "failing-found"}
    if theme and theme != TOTAL:
        opens["theme"] = theme
    if decade.endswith("s") and decade[:4].isdigit():
        opens |= {"from": decade[:4], "to": str(int(decade[:4]) + 9)}
    return SideFigure(words=figure_words(figure), opens=opens if figure.n else None)


def _basis(comparison: Comparison) -> str:
    if comparison.checked:
        return (
            "Every review on both sides was read whole by a person, so the figures are the "
            "human-checked ones."
        )
    return (
        "Not every review on both sides was read whole by a person, so the figures are the "
        "machine’s: its errors are in them, and the intervals say nothing of these."
    )
