"""``throughline export``: passages, findings, reviews, counts and the codebook as files."""

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from pydantic import BaseModel, ValidationError

from corpus.errors import InvalidInputError
from web.commands.options import (
    data_dir_option,
    json_option,
    print_json,
    say,
    settings_for,
    snapshot_option,
)
from web.held import check_held, follow_merges
from web.holdings import Library
from web.parameters import problem_words

WHATS = ("passages", "findings", "reviews", "codebook", "counts")
FORMATS = (
    "csv",
    "jsonl",
    "parquet",
    "ris",
    "bibtex",
    "webannotation",
    "prodigy",
    "skos",
    "skos-jsonld",
    "qdc",
)
STANDARD_OUTPUT = "-"

_FILTERS = (
    ("--q", "q", "What is sought, in any words."),
    ("--theme", "theme", "Only this theme; several joined by commas."),
    ("--stance", "stance", "Only this stance, of that theme; several joined by commas."),
    ("--level", "level", "Only findings at this level: case or system."),
    ("--attribution", "attribution", "Only findings by this voice; several joined by commas."),
    ("--kind", "kind", "Only this kind of document; several joined by commas."),
    ("--grade", "grade", "Only digests restated from this kind of page."),
    ("--nation", "nation", "Only reviews of this nation."),
    ("--review", "review", "Only this review, by its id."),
    ("--from", "from", "First year of publication."),
    ("--to", "to", "Last year of publication."),
    ("--sort", "sort", "relevance, date or -date."),
    ("--type", "type", "Reviews and counts: only reviews of this type."),
    ("--by", "by", "Counts: top-theme or theme."),
    ("--date-axis", "date_axis", "Counts: the date that puts a review into a year."),
)


def _filter_options(command: Callable[..., None]) -> Callable[..., None]:
    for flag, name, help_ in reversed(_FILTERS):
        command = click.option(flag, f"filter_{name}", help=help_)(command)
    return command


@click.command("export")
@click.argument("what", type=click.Choice(WHATS))
@click.option("--format", "format_", type=click.Choice(FORMATS), required=True, help="How.")
@click.option(
    "--out", required=True, metavar="FILE", help="The file to write; - is standard output."
)
@_filter_options
@click.option("--possible", is_flag=True, help="Include findings below the confident cut.")
@snapshot_option
@data_dir_option
@json_option
def command(
    what: str,
    format_: str,
    out: str,
    *,
    possible: bool,
    snapshot: str | None,
    data_dir: Path | None,
    as_json: bool,
    **filters: str | None,
) -> None:
    """Write passages, findings, reviews, counts or the codebook to a file.

    The filters are those of search: what it counts, the file holds. A file appears under
    its name only when it is whole. --json prints what was written.
    """
    # Imported here: the formats bring libraries that --help has no use for.
    from web.exports.formats import EXPORTS, format_of  # noqa: PLC0415

    chosen = format_of(what, format_)
    given = {name.removeprefix("filter_"): value for name, value in filters.items() if value}
    question = _question(EXPORTS[what].question, given | ({"possible": "1"} if possible else {}))
    library = Library(settings_for(data_dir)).at(snapshot)
    with library.store.pinned():
        check_held(
            library,
            nation=getattr(question, "nation", None),
            review_type=getattr(question, "type", None),
        )
        written = chosen.write(library, follow_merges(library, question))
        _write(out, written.chunks())
    if as_json and out != STANDARD_OUTPUT:
        rows, snapshot = written.rows, written.snapshot
        print_json(
            {"what": what, "format": format_, "out": out, "rows": rows, "snapshot": snapshot}
        )
    else:
        say(f"{written.rows} rows of snapshot {written.snapshot} written to {out}.")


def _write(out: str, chunks: Iterable[bytes]) -> None:
    if out != STANDARD_OUTPUT:
        write_whole(Path(out), chunks)
        return
    for chunk in chunks:
        click.echo(chunk, nl=False)


def write_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file beside its place and move it there when it is whole.

    Raises:
        InvalidInputError: it cannot be written; nothing stands under its name.
    """
    try:
        handle, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(chunks)
        Path(aside).chmod(0o644)
        Path(aside).replace(path)
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        Path(aside).unlink(missing_ok=True)


def _question(model: type[BaseModel], given: dict[str, str]) -> BaseModel:
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).rstrip("_").replace("_", "-") if first["loc"] else ""
        if first["type"] == "extra_forbidden":
            raise InvalidInputError(f"--{name} does not apply to this export.") from error
        option = f"--{name}: " if name else ""
        raise InvalidInputError(f"{option}{problem_words(first)}.") from error
