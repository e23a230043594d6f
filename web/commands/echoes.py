"""``throughline echoes``: where earlier and later reviews found the same failing."""

import datetime as dt
import textwrap
from pathlib import Path

import click

from corpus.echo_answers import SameFailing
from nlp.echoes import DEFAULT_LIMIT, LARGEST_LIMIT
from web.commands.options import (
    by_option,
    data_dir_option,
    json_option,
    print_json,
    say,
    settings_for,
    snapshot_option,
)
from web.echoes import NOTE, answer_echo, echoes_of, echoes_shape
from web.holdings import Library
from web.shapes import Json
from web.words import counted


@click.command("echoes")
@click.argument("passage_id")
@click.option("--theme", help="Only echoes of the passage's finding on this theme.")
@click.option(
    "-n",
    "--limit",
    default=DEFAULT_LIMIT,
    show_default=True,
    type=click.IntRange(1, LARGEST_LIMIT),
    help="Most in each direction.",
)
@click.option(
    "--answer",
    type=click.Choice([each.value for each in SameFailing]),
    help="Keep that this passage and the one of --of are the same failing, or not.",
)
@click.option("--of", "of_", metavar="PASSAGE_ID", help="With --answer: the other passage.")
@by_option
@snapshot_option
@data_dir_option
@json_option
def command(
    passage_id: str,
    *,
    theme: str | None,
    limit: int,
    answer: str | None,
    of_: str | None,
    by: str,
    snapshot: str | None,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Show the nearest earlier and later findings of other reviews, with both texts.

    With --answer and --of, keep what you make of one of them.
    """
    if (answer is None) != (of_ is None):
        raise click.UsageError("--answer and --of go together.")
    if answer and snapshot:
        raise click.UsageError("A published snapshot takes no answers: leave out --snapshot.")
    library = Library(settings_for(data_dir)).at(snapshot)
    if answer and of_:
        now = dt.datetime.now(dt.UTC)
        answer_echo(library, passage_id, of_, SameFailing(answer), person=by, at=now)
        say(f"Kept: {passage_id} and {of_} are {answer}, says {by}.")
        return
    found = echoes_of(library, passage_id, theme=theme, limit=limit)
    shape = echoes_shape(library, passage_id, found)
    if as_json:
        print_json({"snapshot": library.snapshot, **shape})
        return
    click.echo(_as_text(shape))


def _as_text(shape: Json) -> str:
    if shape["why_none"]:
        return str(shape["why_none"]["sentence"])
    lines = ["This finding:", _quote(shape["passage"])]
    for echo in shape["echoes"]:
        published = echo["review"]["published"]["date"]
        years = counted(echo["years_between"], "year")
        lines += [
            "",
            f"{years} {echo['direction']}, {published}: {echo['review']['title']}",
            _quote(echo["passage"]),
            f"   Agrees in: {'; '.join(_agreements(echo))}",
        ]
    return "\n".join([*lines, "", NOTE])


def _agreements(echo: Json) -> list[str]:
    kind = {
        "same-theme": f"theme {echo['theme']}",
        "sibling-theme": f"top theme {echo['finding']['top_theme']}",
        "other-theme": "meaning",
    }[echo["basis"]]
    shared = (each["label"] for part in echo["agrees"].values() for each in part)
    return [kind, *shared]


def _quote(passage: Json) -> str:
    label = "Throughline's summary: " if passage["whose_words"] == "throughline" else ""
    text = passage["text"] + ("…" if passage["text_cut"] else "")
    return textwrap.fill(label + text, width=88, initial_indent="   ", subsequent_indent="   ")
