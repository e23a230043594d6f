"""``throughline withdrawals``: list tombstones."""

from pathlib import Path

import click

from corpus.store import open_store
from corpus.withdrawals import Withdrawal, list_withdrawals
from web.commands.options import data_dir_option, json_option, print_json, settings_for
from web.custody_shapes import withdrawal_shape
from web.words import counted


@click.command("withdrawals")
@data_dir_option
@json_option
def command(data_dir: Path | None, as_json: bool) -> None:
    """List what was withdrawn, when and why."""
    stones = list_withdrawals(open_store(settings_for(data_dir).data_dir))
    if as_json:
        print_json([withdrawal_shape(stone) for stone in stones])
        return
    for stone in stones:
        click.echo(_line(stone))
    if not stones:
        click.echo("Nothing was withdrawn.")


def _line(stone: Withdrawal) -> str:
    state = "" if stone.finished_at else "  NOT FINISHED: run throughline withdraw"
    return (
        f"{stone.withdrawn_at:%Y-%m-%d}  {stone.asked}  {counted(stone.n_documents, 'document')}, "
        f"{counted(stone.n_passages, 'passage')}  by {stone.withdrawn_by}: {stone.reason}{state}"
    )
