"""``throughline compare``: figures that others published beside our nearest ones."""

from pathlib import Path

import click

from corpus.count_table import PlainFigure
from corpus.estimate import Refusal
from web.commands.options import (
    data_dir_option,
    json_option,
    print_json,
    settings_for,
    snapshot_option,
)
from web.comparing import CAVEAT, Compared, Nearest, compared_figures, compared_shape
from web.holdings import Library


@click.command("compare")
@click.option(
    "--published",
    is_flag=True,
    required=True,
    help="Compare with figures that others published; there is no other comparison yet.",
)
@snapshot_option
@data_dir_option
@json_option
def command(*, published: bool, snapshot: str | None, data_dir: Path | None, as_json: bool) -> None:
    """Compare counts with published figures, each in its own unit.

    Every comparison says why the two are not alike; none is one figure against another of
    the same thing.
    """
    assert published  # noqa: S101 - click requires it
    library = Library(settings_for(data_dir)).at(snapshot)
    compared = compared_figures(library)
    if as_json:
        print_json(compared_shape(compared, library))
        return
    click.echo(f"{CAVEAT}\n")
    for each in compared:
        click.echo(_in_words(each))
    click.echo(f"Snapshot {library.snapshot}.")


def _in_words(compared: Compared) -> str:
    figure = compared.figure
    lines = [
        f"{figure.title} ({figure.published or 'no date'})",
        f"  Published: {figure.value} {figure.unit}. {figure.statement}"
        + (f", {figure.period}." if figure.period else "."),
    ]
    lines += [f"  Ours: {_ours(nearest)}" for nearest in compared.nearest]
    lines += [f"  Not alike: {reason}" for reason in compared.reasons]
    return "\n".join([*lines, ""])


def _ours(nearest: Nearest) -> str:
    corrected = nearest.cell.corrected
    estimate = (
        f"corrected estimate not given ({corrected.code})"
        if isinstance(corrected, Refusal)
        else f"corrected estimate {corrected.share:.0%} "
        f"({corrected.ci_low:.0%} to {corrected.ci_high:.0%}, {corrected.method})"
    )
    return (
        f"by {nearest.clock.value} date, of {nearest.held} reviews held: the machine "
        f"{_of(nearest.cell.machine)}, people {_of(nearest.cell.human)}, {estimate}."
    )


def _of(figure: PlainFigure) -> str:
    return f"{figure.n} of {figure.denominator}"
