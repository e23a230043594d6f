"""``throughline counts``: how many reviews found each theme."""

import json
from pathlib import Path
from typing import get_args

import click
from pydantic import ValidationError

from corpus.count_table import CountTable, DateAxis, GroupCount, PlainFigure
from corpus.counts import Grouping
from corpus.errors import InvalidInputError
from corpus.estimate import Estimate, Refusal
from corpus.model import Level
from web.commands.options import data_dir_option, json_option, say, settings_for, snapshot_option
from web.count_sheets import FIGURE_COLUMNS, count_sheets, figure_rows
from web.counting import (
    CountsQuestion,
    counted,
    counted_by,
    counts_shape,
    notes_of,
    row_label,
)
from web.grouped_counts import grouped_shape
from web.held import check_held
from web.holdings import Library
from web.parameters import problem_words
from web.shapes import Json
from web.spreadsheet import csv_text, workbook_bytes


@click.command("counts")
@click.option("--from", "from_", required=True, metavar="YEAR", help="First year counted.")
@click.option("--to", required=True, metavar="YEAR", help="Last year counted.")
@click.option(
    "--by",
    type=click.Choice(["top-theme", "theme"]),
    default="top-theme",
    help="Count top themes, or each of their sub-themes.",
)
@click.option("--nation", help="Only reviews of this nation.")
@click.option("--type", "type_", help="Only reviews of this type.")
@click.option(
    "--level", type=click.Choice([level.value for level in Level]), help="Only findings at it."
)
@click.option(
    "--clock",
    "--date-axis",
    "date_axis",
    type=click.Choice([axis.value for axis in DateAxis]),
    default=DateAxis.PUBLICATION.value,
    help="The date that puts a review into a year.",
)
@click.option(
    "--group-by",
    type=click.Choice(get_args(Grouping)),
    help="Add the same table for each nation, type or decade alone; JSON and table only.",
)
@click.option(
    "--exclude",
    multiple=True,
    metavar="PASSAGE_ID",
    help="Leave a passage out of every figure; may be given several times.",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "csv", "xlsx"]),
    default="table",
    help="How to write the figures; xlsx needs --out.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")
@snapshot_option
@data_dir_option
@json_option
def command(
    *,
    type_: str | None,
    exclude: tuple[str, ...],
    format_: str,
    group_by: Grouping | None,
    out: Path | None,
    snapshot: str | None,
    data_dir: Path | None,
    as_json: bool,
    **asked: str | None,
) -> None:
    """Count the reviews that found each theme.

    Three figures stand side by side and are never mixed: what the machine found, what
    people found in the reviews they checked, and an estimate that corrects the first by
    the second. --json is short for --format json.
    """
    if format_ == "xlsx" and out is None and not as_json:
        raise click.UsageError("A workbook cannot be printed: name a file with --out.")
    format_ = "json" if as_json else format_
    if group_by and format_ in {"csv", "xlsx"}:
        raise click.UsageError("Parts are written as JSON or as a table: choose --format json.")
    question = _question({**asked, "type": type_, "exclude": ",".join(exclude)})
    library = Library(settings_for(data_dir)).at(snapshot)
    check_held(library, nation=question.nation, review_type=question.type)
    if group_by is None:
        written = _written(format_, counted(library, question), library, question)
    else:
        written = _written_parts(format_, library, question, by=group_by)
    if out is None:
        click.echo(written, nl=False)
        return
    try:
        out.write_bytes(written)
    except OSError as error:
        raise InvalidInputError(f"{out} cannot be written: {error.strerror}.") from error
    say(f"Written to {out}.")


def _question(asked: dict[str, str | None]) -> CountsQuestion:
    given = {name: value for name, value in asked.items() if value}
    try:
        return CountsQuestion.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = f"--{str(first['loc'][0]).rstrip('_').replace('_', '-')}: " if first["loc"] else ""
        raise InvalidInputError(f"{name}{problem_words(first)}.") from error


def _written(format_: str, table: CountTable, library: Library, question: CountsQuestion) -> bytes:
    if format_ == "xlsx":
        return workbook_bytes(count_sheets(table, library, question))
    if format_ == "json":
        return _as_json(counts_shape(table, library, question))
    if format_ == "csv":
        return csv_text(FIGURE_COLUMNS, figure_rows(table, library, question)).encode()
    return _as_text(table, library, question).encode()


def _written_parts(
    format_: str, library: Library, question: CountsQuestion, *, by: Grouping
) -> bytes:
    whole, parts = counted_by(library, question, by=by)
    if format_ == "json":
        return _as_json(grouped_shape(whole, parts, library, question, by=by))
    texts = {"All": whole, **parts}
    return "\n".join(
        f"{key}\n\n{_as_text(part, library, question)}" for key, part in texts.items()
    ).encode()


def _as_json(shape: Json) -> bytes:
    return (json.dumps(shape, ensure_ascii=False, indent=2) + "\n").encode()


_LEVELS_NOTE = (
    "Case/system: reviews among the human-checked that found it in one case, and beyond one; "
    "a review can be among both."
)


def _as_text(table: CountTable, library: Library, question: CountsQuestion) -> str:
    rows = [
        (
            row_label(row.group, library.codebook),
            *_in_words(row, question.level),
            row.cell(question.level).corrected,
        )
        for row in table.rows
    ]
    width = max(len(label) for label, *_ in rows)
    lines = [f"{'':{width}}  {'machine':>10}  {'human-checked':>13}  case/system  corrected (95%)"]
    lines += [
        f"{label:{width}}  {machine:>10}  {human:>13}  {levels:>11}  {_corrected(corrected)}"
        for label, machine, human, levels, corrected in rows
    ]
    notes = [_LEVELS_NOTE, *notes_of(table, library), f"Snapshot {library.snapshot}."]
    if any(isinstance(corrected, Refusal) for *_, corrected in rows):
        notes.insert(0, "Not given: too little was checked, or found; --json says what.")
    return "\n".join([*lines, "", *notes, ""])


def _in_words(row: GroupCount, level: Level | None) -> tuple[str, str, str]:
    cell = row.cell(level)
    levels = f"{row.case.human.n}/{row.system.human.n}"
    return _share(cell.machine), _share(cell.human), levels


def _share(figure: PlainFigure) -> str:
    return f"{figure.n} of {figure.denominator}" if figure.denominator else "–"


def _corrected(figure: Estimate | Refusal) -> str:
    if isinstance(figure, Refusal):
        return "not given"
    share = f"{figure.share:.1%}"
    if figure.method == "census":
        return f"{share} (census)"
    return f"{share} ({figure.ci_low:.1%} to {figure.ci_high:.1%})"
