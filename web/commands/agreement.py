"""``throughline agreement``: how far coders agree where they coded apart."""

from itertools import groupby
from pathlib import Path

import click

from web.agreeing import (
    NOTES,
    AgreementLine,
    agreement_lines,
    agreement_shape,
    measured_agreement,
)
from web.commands.options import data_dir_option, json_option, print_json, say, settings_for
from web.holdings import Library


@click.command("agreement")
@data_dir_option
@json_option
def command(*, data_dir: Path | None, as_json: bool) -> None:
    """Show how far coders agree, theme by theme.

    Cohen's kappa and Krippendorff's alpha with 95% intervals, of passages that two people
    coded without seeing other codes. Where a figure is not defined, --json says why.
    """
    library = Library(settings_for(data_dir))
    table = measured_agreement(library)
    if as_json:
        print_json(agreement_shape(table, library))
        return
    say(
        f"{table.n_passages} passages were coded apart by two people or more "
        f"({table.n_coders} people in all); {table.n_single} by one alone."
    )
    known = [line for line in agreement_lines(table, library) if line.n_passages]
    for about, lines in groupby(known, key=lambda line: line.about):
        click.echo(_block(about, list(lines)))
    for note in NOTES:
        say(note)


def _block(about: str, lines: list[AgreementLine]) -> str:
    width = max(len(line.label) for line in lines)
    head = f"{about:{width}}  {'n':>4}  {'prevalence':>10}  {'kappa (95%)':<22}  alpha (95%)"
    rows = [
        f"{line.label:{width}}  {line.n_passages:>4}  {line.prevalence:>10}  "
        f"{line.kappa:<22}  {line.alpha}"
        for line in lines
    ]
    return "\n".join([head, *rows, ""])
