"""Two periods, two nations or two themes side by side: what is asked, and the figures for it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from corpus.count_table import CountTable, DateAxis, PlainFigure
from corpus.estimate import wilson_interval
from corpus.model import Level
from nlp.codebook import TopTheme
from web.counting import TOTAL, CountsQuestion, counted, counted_by, row_label
from web.held import check_held
from web.holdings import Library
from web.parameters import ParameterError, problem_words
from web.questions import Year

What = Literal["periods", "nations", "themes"]


class ComparisonQuestion(BaseModel):
    """What is set side by side; a side is a period, a nation or a theme."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    what: What = Field(default="periods", description="periods, nations or themes.")
    a_from: Year | None = Field(default=None, description="First year of the one period.")
    a_to: Year | None = Field(default=None, description="Last year of the one period.")
    b_from: Year | None = Field(default=None, description="First year of the other period.")
    b_to: Year | None = Field(default=None, description="Last year of the other period.")
    a: str | None = Field(default=None, description="The one nation, or the id of the one theme.")
    b: str | None = Field(default=None, description="The other.")
    by: Literal["top-theme", "theme"] = Field(
        default="top-theme", description="Compare top themes, or each of their sub-themes."
    )
    nation: str | None = Field(default=None, description="Only reviews of this nation.")
    type: str | None = Field(default=None, description="Only reviews of this type.")
    level: Level | None = Field(default=None, description="Only findings at this level.")
    clock: DateAxis = Field(
        default=DateAxis.PUBLICATION, description="The date that puts a review into a year."
    )

    @model_validator(mode="after")
    def _years_in_order(self) -> Self:
        for side in "ab":
            first, last = getattr(self, f"{side}_from"), getattr(self, f"{side}_to")
            if first and last and first > last:
                raise ValueError(f"{side}_from ({first}) is after {side}_to ({last})")
        return self

    @property
    def is_whole(self) -> bool:
        """Whether both sides are given, so that there is something to compare."""
        if self.what == "periods":
            return bool(self.a_from and self.a_to and self.b_from and self.b_to)
        return bool(self.a and self.b)

    def arguments(self) -> dict[str, str]:
        """The question as query parameters, without defaults."""
        given = self.model_dump(mode="json", exclude_defaults=True)
        return {name: str(value) for name, value in given.items()}


@dataclass(frozen=True, kw_only=True)
class Side:
    """One side: what it is called, its counts, and the question that opens its passages."""

    label: str
    table: CountTable
    arguments: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How far two shares of different reviews lie apart, with its 95% interval."""

    points: float
    """The second share less the first, from -1 to 1."""
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves 0 out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, kw_only=True)
class ComparedRow:
    """One theme on both sides, or one decade, or all years, of two themes."""

    theme: str
    label: str
    first: PlainFigure
    second: PlainFigure
    difference: Difference | None
    """``None`` where a side has no review, or both are counted of the same reviews."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The answer: rows in codebook order, the total first."""

    question: ComparisonQuestion
    first: Side
    second: Side
    checked: bool
    """Whether the figures are the human-checked ones, because every review was; else the
    machine's."""
    overlap: str
    """Why some reviews stand on both sides, in words; empty where none does."""
    rows: tuple[ComparedRow, ...]


def read_comparison(
    library: Library, arguments: Mapping[str, str], *, only_known: bool = False
) -> ComparisonQuestion:
    """Read what is compared from query parameters; an empty field asks for nothing.

    Raises:
        ParameterError: naming each parameter that cannot be used, and why.
        ThemeNotFoundError: the codebook has no such theme.
    """
    names = ComparisonQuestion.model_fields
    given: dict[str, Any] = {
        name: value.strip()
        for name, value in arguments.items()
        if value.strip() and (name in names or not only_known)
    }
    try:
        question = ComparisonQuestion.model_validate(given)
    except ValidationError as error:
        raise ParameterError(
            [
                (str(item["loc"][0]) if item["loc"] else "years", problem_words(item))
                for item in error.errors()
            ]
        ) from error
    check_held(library, nation=question.nation, review_type=question.type)
    for side in (question.a, question.b):
        if side and question.what == "nations":
            check_held(library, nation=side)
        if side and question.what == "themes":
            library.codebook.entry(side)
    return question


def compare(library: Library, question: ComparisonQuestion) -> Comparison:
    """Count both sides; only for a question that is whole."""
    return _compare(library, library.store.revision, question)


@lru_cache(maxsize=32)
def _compare(library: Library, _revision: int, question: ComparisonQuestion) -> Comparison:
    """Compare once for as long as nothing is written: equal revisions mean equal content."""
    first, second = _side(library, question, "a"), _side(library, question, "b")
    checked = all(
        side.table.coverage.checked == side.table.coverage.reviews_held for side in (first, second)
    )
    rows = _of_themes if question.what == "themes" else _of_reviews
    return Comparison(
        question=question,
        first=first,
        second=second,
        checked=checked,
        overlap=_overlap(question),
        rows=rows(library, question, first, second, checked=checked),
    )


def difference(first: PlainFigure, second: PlainFigure) -> Difference | None:
    """Bound the difference of two shares of different reviews at 95%.

    Source:
        Newcombe, Statistics in Medicine 17 (1998), method 10: Wilson's limits of both.
    """
    if not first.denominator or not second.denominator:
        return None
    one, other = first.n / first.denominator, second.n / second.denominator
    low_1, high_1 = wilson_interval(first.n, first.denominator)
    low_2, high_2 = wilson_interval(second.n, second.denominator)
    points = other - one
    return Difference(
        points=points,
        low=points - math.hypot(other - low_2, high_1 - one),
        high=points + math.hypot(high_2 - other, one - low_1),
    )


def _side(library: Library, question: ComparisonQuestion, name: str) -> Side:
    own: dict[str, Any] = {"nation": question.nation}
    if question.what == "periods":
        first, last = getattr(question, f"{name}_from"), getattr(question, f"{name}_to")
        own |= {"from": first, "to": last}
        label = f"{first} to {last}" if first != last else str(first)
    elif question.what == "nations":
        own["nation"] = label = getattr(question, name)
    else:
        label = library.codebook.entry(getattr(question, name)).label
    opened = {**own, "type": question.type, "level": question.level, "clock": question.clock}
    return Side(
        label=label,
        table=counted(library, _asked(question, own, _grouping(library, question, name))),
        arguments={key: str(value) for key, value in opened.items() if value is not None},
    )


def _asked(question: ComparisonQuestion, own: Mapping[str, Any], by: str) -> CountsQuestion:
    return CountsQuestion.model_validate(
        {**own, "by": by, "type": question.type, "date_axis": question.clock}
    )


def _grouping(library: Library, question: ComparisonQuestion, name: str) -> str:
    """Whether the side's theme has its row among top themes or among sub-themes."""
    if question.what != "themes":
        return question.by
    theme = library.codebook.entry(getattr(question, name))
    return "top-theme" if isinstance(theme, TopTheme) else "theme"


def _overlap(question: ComparisonQuestion) -> str:
    if question.what == "themes":
        return (
            "Both themes are counted of the same reviews, and one review can find both: the two "
            "shares do not add up, and no difference is given."
        )
    if question.what == "nations":
        return "Both sides are one nation." if question.a == question.b else ""
    a_from, a_to = question.a_from or 0, question.a_to or 0
    b_from, b_to = question.b_from or 0, question.b_to or 0
    if a_from <= b_to and b_from <= a_to:
        return (
            "The two periods share years, so reviews of these years stand on both sides and no "
            "difference is given."
        )
    return ""


def _figure(table: CountTable, key: str, level: Level | None, *, checked: bool) -> PlainFigure:
    row = next(row for row in table.rows if row.group.key == key)
    cell = row.cell(level)
    return cell.human if checked else cell.machine


def _of_reviews(
    library: Library, question: ComparisonQuestion, one: Side, other: Side, *, checked: bool
) -> tuple[ComparedRow, ...]:
    """A row a theme: each side's reviews are different ones, so a difference can be bounded."""
    rows = []
    for row in one.table.rows:
        first, second = (
            _figure(side.table, row.group.key, question.level, checked=checked)
            for side in (one, other)
        )
        rows.append(
            ComparedRow(
                theme=row.group.key,
                label=row_label(row.group, library.codebook),
                first=first,
                second=second,
                difference=None if _overlap(question) else difference(first, second),
            )
        )
    return tuple(rows)


def _of_themes(
    library: Library, question: ComparisonQuestion, one: Side, other: Side, *, checked: bool
) -> tuple[ComparedRow, ...]:
    """A row for all years, then one a decade: both themes are counted of the same reviews."""
    sides = []
    for side, name in ((one, "a"), (other, "b")):
        asked = _asked(question, {"nation": question.nation}, _grouping(library, question, name))
        _, decades = counted_by(library, asked, by="decade")
        theme = library.codebook.entry(getattr(question, name)).theme_id
        sides.append(
            [
                (label, _figure(table, theme, question.level, checked=checked))
                for label, table in (("All years", side.table), *decades.items())
            ]
        )
    return tuple(
        ComparedRow(theme=TOTAL, label=label, first=first, second=second, difference=None)
        for (label, first), (_, second) in zip(*sides, strict=True)
    )
