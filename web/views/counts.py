"""The counts page: three figures a theme, side by side, each opening its passages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from pydantic import ValidationError

from corpus.catalogue.schema import ReviewType
from corpus.count_table import DateAxis, GroupCount
from corpus.filters import register_values
from corpus.model import Level
from nlp.codebook import Codebook
from web.api.exports import export_endpoint
from web.counting import TOTAL, CountsQuestion, cells_asked, counted, notes_of, row_label
from web.held import check_held
from web.holdings import Library
from web.parameters import ParameterError, problem_words
from web.search_form import Option
from web.views.count_figures import LEVEL_WORDS, LevelView, YearRow, level_view, years_of
from web.views.downloads import FileLink
from web.words import review_type_words

FIELDS = ("by", "from", "to", "nation", "type", "level", "date_axis")
CLOCKS = {
    DateAxis.PUBLICATION: "When the review was published",
    DateAxis.INCIDENT: "When the events happened",
    DateAxis.CAPTURE: "When we took it in",
}


@dataclass(frozen=True, kw_only=True)
class ThemeRow:
    """One theme with its figures."""

    key: str
    label: str
    has_page: bool
    levels: tuple[LevelView, ...]
    mentions: int


@dataclass(frozen=True, kw_only=True)
class CountsPage:
    """What ``counts.html`` shows."""

    asked: Mapping[str, str]
    """The form as query parameters, without empty ones."""
    problems: tuple[str, ...]
    by: tuple[Option, ...]
    nations: tuple[Option, ...]
    types: tuple[Option, ...]
    levels: tuple[Option, ...]
    clocks: tuple[Option, ...]
    themes: tuple[Option, ...]
    """Which row the years are shown of."""
    period: str
    held: int
    clock: str
    rows: tuple[ThemeRow, ...]
    counter: ThemeRow | None
    of_years: str
    """The label of the row whose years are shown."""
    years: tuple[YearRow, ...]
    notes: tuple[str, ...]
    files: tuple[FileLink, ...]
    snapshot: str
    codebook_version: str


def build(library: Library, arguments: Mapping[str, str]) -> CountsPage:
    """Count, or say what in the form cannot be used; then everything is counted."""
    problems: list[str] = []
    question = read_question(library, arguments, problems)
    asked = question_arguments(question)
    table = counted(library, question)
    rows = tuple(_row(row, question, library.codebook, asked) for row in table.rows)
    chosen = arguments.get("theme", "").strip() or TOTAL
    of_years = next((row for row in table.rows if row.group.key == chosen), table.rows[0])
    # A theme of the other table may stay in the form from before its rows were changed.
    if chosen not in {of_years.group.key, *library.rollup, *library.rollup.values()}:
        problems.append("theme: it is no row of counts; years are shown of every theme.")
    level, cell = cells_asked(of_years, question.level)[0]
    nations, types = register_values(library.store)
    coverage = table.coverage
    return CountsPage(
        asked=asked,
        problems=tuple(problems),
        by=_options(
            {"top-theme": "Twelve themes", "theme": "Every sub-theme"}, question.by, required=True
        ),
        nations=_options({nation: nation for nation in nations}, question.nation),
        types=_options(_types(types), question.type),
        levels=_options(
            {level.value: LEVEL_WORDS[level.value] for level in Level},
            question.level.value if question.level else None,
        ),
        clocks=_options(
            {axis.value: words for axis, words in CLOCKS.items()},
            question.date_axis.value,
            required=True,
        ),
        themes=_options({row.key: row.label for row in rows}, of_years.group.key, required=True),
        period=f"{coverage.from_year} to {coverage.to_year}" if coverage.to_year else "no year",
        held=coverage.reviews_held,
        clock=CLOCKS[question.date_axis],
        rows=tuple(row for row in rows if not _is_counter(row.key, library.codebook)),
        counter=next((row for row in rows if _is_counter(row.key, library.codebook)), None),
        of_years=row_label(of_years.group, library.codebook),
        years=years_of(cell, {**asked, "theme": of_years.group.key, "level": level}),
        notes=tuple(notes_of(table, library)),
        files=_files(asked),
        snapshot=library.snapshot,
        codebook_version=library.codebook.version,
    )


def read_question(
    library: Library, arguments: Mapping[str, str], problems: list[str]
) -> CountsQuestion:
    """Read the form; what cannot be used is added to ``problems`` and everything is asked."""
    given = {name: arguments[name].strip() for name in FIELDS if arguments.get(name, "").strip()}
    try:
        question = CountsQuestion.model_validate(given)
        check_held(library, nation=question.nation, review_type=question.type)
    except ValidationError as error:
        for each in error.errors():
            name = str(each["loc"][0]).rstrip("_") if each["loc"] else "years"
            problems.append(f"{name}: {problem_words(each)}.")
        return CountsQuestion()
    except ParameterError as error:
        problems += [f"{name}: {sentence}." for name, sentence in error.problems]
        return CountsQuestion()
    return question


def question_arguments(question: CountsQuestion) -> dict[str, str]:
    """Write a question as the page's query parameters, without defaults."""
    values = question.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return {name: str(values[name]) for name in FIELDS if values.get(name)}


def _types(held: Sequence[str]) -> dict[str, str]:
    known = [*get_args(ReviewType), *held]
    return {each: review_type_words(each) for each in dict.fromkeys(known) if each in held}


def _options(
    values: Mapping[str, str], chosen: str | None, *, required: bool = False
) -> tuple[Option, ...]:
    # A list without an empty choice always has one chosen.
    return tuple(
        Option(value=value, label=label, chosen=value == chosen or (required and chosen is None))
        for value, label in values.items()
    )


def _row(
    row: GroupCount, question: CountsQuestion, codebook: Codebook, asked: Mapping[str, str]
) -> ThemeRow:
    return ThemeRow(
        key=row.group.key,
        label=row_label(row.group, codebook),
        has_page=row.group.key != TOTAL,
        levels=tuple(
            level_view(name, cell, {**asked, "theme": row.group.key, "level": name})
            for name, cell in cells_asked(row, question.level)
        ),
        mentions=len(row.mention_ids),
    )


def _is_counter(key: str, codebook: Codebook) -> bool:
    return any(theme.theme_id == key and theme.sort == "counter" for theme in codebook.themes)


def _files(asked: Mapping[str, str]) -> tuple[FileLink, ...]:
    return (
        FileLink(label="Excel workbook", endpoint="figures.counts_workbook", arguments=asked),
        FileLink(label="CSV", endpoint=export_endpoint("counts", "csv"), arguments=asked),
        FileLink(label="JSON", endpoint="api.get_counts", arguments=asked),
    )
