"""Options that several commands share, and how they print."""

import getpass
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from corpus.settings import Settings, load_settings

data_dir_option = click.option(
    "--data-dir",
    type=click.Path(path_type=Path),
    help="Where the store, captures and indexes are kept (default: var).",
)

by_option = click.option(
    "--by", default=getpass.getuser, show_default="your login name", help="Who decides this."
)

snapshot_option = click.option(
    "--snapshot",
    metavar="ID",
    help="Answer from this published snapshot; see `throughline snapshot list`.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


def settings_for(data_dir: Path | None, **overrides: object) -> Settings:
    """Read the settings, with what the command line gives on top."""
    return load_settings(overrides={"data_dir": data_dir, **overrides})


def print_json(document: object) -> None:
    """Print one JSON document to standard output, in UTF-8, indented."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def print_json_line(row: dict[str, Any]) -> None:
    """Print one JSON object on one line."""
    click.echo(json.dumps(row, ensure_ascii=False))


def say(sentence: str) -> None:
    """Talk to the person: standard error, so that output stays clean."""
    click.echo(sentence, err=True)


@contextmanager
def progress_bar(description: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on standard error where it is a terminal, else nothing.

    Yields:
        A function of (done, total), or ``None`` where nobody watches.
    """
    console = Console(stderr=True)
    if not console.is_terminal:
        yield None
        return
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task(description)
        yield lambda done, total: progress.update(task, completed=done, total=total)
