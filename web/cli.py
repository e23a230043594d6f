"""The command ``throughline``: finds the sub-command, prints errors as one sentence."""

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from corpus.errors import ThroughlineError

COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("web.commands.demo", "Load the shipped catalogue, analyse it and serve the portal."),
    "ingest": (
        "web.commands.ingest",
        "Take in files and addresses: feeds, pages, PDF, Word, text, web archives.",
    ),
    "crawl": ("web.commands.crawl", "Fetch what configured publishers have put out."),
    "sources": (
        "web.commands.sources",
        "List the configured publishers, their last crawl and coverage.",
    ),
    "captures": ("web.commands.captures", "Look after the bytes that documents rest on."),
    "analyse": ("web.commands.analyse", "Tag, embed and index what is new or has changed."),
    "search": ("web.commands.search", "Find passages by words, meaning and themes."),
    "recurrence": ("web.commands.recurrence", "Follow a theme from review to review."),
    "echoes": (
        "web.commands.echoes",
        "Show the nearest earlier and later findings of other reviews, with both texts.",
    ),
    "counts": ("web.commands.counts", "Count the reviews that found each theme."),
    "compare": (
        "web.commands.compare",
        "Compare counts with published figures, each in its own unit.",
    ),
    "agreement": (
        "web.commands.agreement",
        "Show how far coders agree, theme by theme.",
    ),
    "report": (
        "web.commands.report",
        "Write the annual report of a year: page, workbook, CSV tables and Word document.",
    ),
    "export": (
        "web.commands.export",
        "Write passages, findings, reviews, counts or the codebook to a file.",
    ),
    "snapshot": (
        "web.commands.snapshot",
        "Publish what is held as a citable package; list, check and compare packages.",
    ),
    "alerts": ("web.commands.alerts", "Send, list and remove searches followed by e-mail."),
    "coder": ("web.commands.coder", "Add, list and disable accounts of the coding desk."),
    "judgements": (
        "web.commands.judgements",
        "Write judgements to a file, or take them in from one.",
    ),
    "themes": ("web.commands.themes", "Show the codebook, or one theme of it."),
    "tag": ("web.commands.tag", "Tag passages from a JSONL file, without a store."),
    "training-rows": (
        "web.commands.training_rows",
        "Write judged passages as rows for training.",
    ),
    "evaluate": (
        "web.commands.evaluate",
        "Score tagging or search on passages labelled elsewhere.",
    ),
    "serve": ("web.commands.serve", "Serve the portal and the API."),
    "quarantine": (
        "web.commands.quarantine",
        "List, show and release documents that were held back.",
    ),
    "group": ("web.commands.group", "Show, split and merge the documents of one review."),
    "withdraw": ("web.commands.withdraw", "Take documents down everywhere, for good."),
    "withdrawals": ("web.commands.withdrawals", "List what was withdrawn, when and why."),
    "doctor": ("web.commands.doctor", "Check store, index, model and codebook."),
}
"""Command → its module and its one-line help.

The help stands here so that ``throughline --help`` imports no command; a test compares
it with each command's own.
"""


class _LazyGroup(click.Group):
    """A group whose commands are imported when one of them is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = import_module(COMMANDS[cmd_name][0])
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_) for name, (_, help_) in COMMANDS.items()])


@click.group(cls=_LazyGroup)
@click.version_option(package_name="throughline", prog_name="throughline")
def cli() -> None:
    """Find what safeguarding reviews found, and follow each failing from 1973 on."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line, on the process's own arguments unless others are given.

    Exits with 0 done, 1 failed with a sentence, 2 wrong usage, 3 ran but a gate failed.
    """
    try:
        cli(arguments)
    except ThroughlineError as error:
        click.echo(f"throughline: {error}", err=True)
        sys.exit(1)
