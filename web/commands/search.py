"""``throughline search``: passages by words and by meaning."""

import textwrap
from pathlib import Path

import click
from pydantic import ValidationError

from corpus.errors import InvalidInputError
from nlp.index import INDEX_FOLDER
from nlp.query_states import OneQueryEncoder
from nlp.search import SearchAnswer, SearchQuery
from web.commands.options import (
    data_dir_option,
    json_option,
    print_json,
    say,
    settings_for,
    snapshot_option,
)
from web.held import check_held
from web.holdings import Library
from web.parameters import problem_words
from web.passages import readings_shape, shape_answer
from web.questions import PassageQuestion
from web.search.listing import Look, list_found
from web.search.why import why_found
from web.shapes import Json


@click.command("search")
@click.argument("query")
@click.option("--theme", help="Only this theme; several joined by commas.")
@click.option("--stance", help="Only this stance, of that theme; several joined by commas.")
@click.option("--kind", help="Only this kind of document; several joined by commas.")
@click.option("--from", "from_", help="First year of publication.")
@click.option("--to", help="Last year of publication.")
@click.option("--nation", help="Only reviews of this nation.")
@click.option("--like", is_flag=True, help="QUERY is a passage's id: find passages like it.")
@click.option("--plain", is_flag=True, help="Read nothing into the query but quoted phrases.")
@click.option("-n", "--limit", default=10, type=click.IntRange(1, 200), help="Most results shown.")
@snapshot_option
@data_dir_option
@json_option
def command(
    query: str,
    limit: int,
    *,
    like: bool,
    plain: bool,
    snapshot: str | None,
    data_dir: Path | None,
    as_json: bool,
    **filters: str | None,
) -> None:
    """Find passages by words, meaning and themes."""
    settings = settings_for(data_dir)
    index_folder = settings.data_dir / INDEX_FOLDER
    library = Library(settings, encoder=lambda: OneQueryEncoder(index_folder)).at(snapshot)
    question = _question("" if like else query, filters)
    check_held(library, nation=question.nation)
    asked = SearchQuery(
        text=library.store.get_passage(query).text if like else question.q,
        filter=question.passage_filter(library.codebook),
        limit=limit,
        plain=plain,
        paragraph=like,
    )
    found = list_found(library, asked, Look(like=query if like else "")).answer
    rows = shape_answer(library, found)
    if as_json:
        print_json(
            {
                "snapshot": library.snapshot,
                "total": found.total,
                "understood": readings_shape(found),
                "nothing_good": found.nothing_good,
                "results": rows,
            }
        )
        return
    _say_how_read(found)
    for number, (row, hit) in enumerate(zip(rows, found.hits, strict=False), start=1):
        click.echo(_as_text(number, row, why_found(hit)))
    if not rows:
        say("No passage found. Try other words, or fewer filters.")
    if found.waiting:
        say(f"{found.waiting} passages cannot be found yet. Run: throughline analyse")
    if not found.meaning:
        say("Search by meaning is off: the encoder could not be loaded. Run: throughline doctor")


_HOW = {"filter": "Only: ", "soft": "Read as: ", "note": "Note: "}


def _say_how_read(found: SearchAnswer) -> None:
    for one in found.understood.readings:
        set_aside = one.key in found.released
        how = "Set aside, since nothing fits: " if set_aside else _HOW[one.effect.value]
        say(f"{how}{one.label}")
    if found.loosened:
        say("No passage has the quoted phrase as it stands; its words were looked for one by one.")
    if found.hits and found.nothing_good:
        say("Nothing good found; the nearest misses are below.")


def _question(query: str, filters: dict[str, str | None]) -> PassageQuestion:
    given = {name: value for name, value in filters.items() if value is not None}
    try:
        return PassageQuestion.model_validate({"q": query, **given})
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).rstrip("_") if first["loc"] else "query"
        raise InvalidInputError(f"--{name}: {problem_words(first)}.") from error


def _as_text(number: int, row: Json, why: str) -> str:
    where = ", ".join(str(part) for part in (row["date"], row["publisher"]) if part)
    codes = "; ".join(f"{f['theme']} ({f['stance']}, {f['by']})" for f in row["findings"])
    label = "Throughline's summary: " if row["whose_words"] == "throughline" else ""
    body = textwrap.fill(
        label + row["text"], width=88, initial_indent="   ", subsequent_indent="   "
    )
    below = f"{codes or 'no theme'}\n   {why}" if why else codes or "no theme"
    return f"{number:2}. {row['title']} ({where})\n{body}\n   {below}\n"
