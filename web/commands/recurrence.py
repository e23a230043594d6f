"""``throughline recurrence``: a theme from review to review."""

from pathlib import Path

import click

from corpus.ledger import collapse_warnings
from corpus.recurrence import Recurrence, recurrence
from nlp.codebook import Codebook
from web.commands.options import (
    data_dir_option,
    json_option,
    print_json,
    settings_for,
    snapshot_option,
)
from web.holdings import Library
from web.shapes import recurrence_shape
from web.words import counted


@click.command("recurrence")
@click.argument("theme", required=False)
@snapshot_option
@data_dir_option
@json_option
def command(theme: str | None, snapshot: str | None, data_dir: Path | None, as_json: bool) -> None:
    """Follow a theme from review to review.

    THEME is the id of a theme; without one, every theme. Reviews stand in the order of
    their publication.
    """
    library = Library(settings_for(data_dir)).at(snapshot)
    codebook = library.codebook
    found = recurrence(library.store, themes=codebook.expand_failures(theme))
    if as_json:
        shape = recurrence_shape(found, codebook, theme=theme)
        warnings = list(collapse_warnings(library.store))
        print_json({"snapshot": library.snapshot, "warnings": warnings, **shape})
        return
    click.echo(_as_text(found, codebook, theme))
    for sentence in collapse_warnings(library.store):
        click.echo(sentence)


def _as_text(found: Recurrence, codebook: Codebook, theme: str | None) -> str:
    held = sum(period.reviews_held for period in found.coverage)
    failing = sum(entry.found_failing for entry in found.entries)
    label = codebook.entry(theme).label if theme else "All themes"
    lines = [f"{label}: found as a failing by {failing} of {held} reviews held.", ""]
    for entry in found.entries:
        if not entry.found_failing:
            continue
        date = entry.date.words if entry.date else "no date"
        gap = entry.years_since_previous
        since = f", {counted(gap, 'year')} on" if gap else ""
        proposed = len(entry.recommended_between)
        between = f" ({counted(proposed, 'change')} proposed since the last)" if proposed else ""
        lines.append(f"{date}{since}: {entry.review.title}{between}")
        themes = sorted({item.finding.code.theme for item in entry.evidence})
        lines.append(f"    {', '.join(themes)}")
    lines += [
        "",
        "Few reviews are held from before 2000: a rise in counts is not a rise in failure.",
    ]
    return "\n".join(lines)
