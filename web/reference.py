"""Reference pages written from the code itself: commands, settings, errors and publishers."""

from collections.abc import Iterator
from dataclasses import fields
from importlib import import_module
from inspect import getdoc
from types import ModuleType

import click

from corpus.errors import ThroughlineError
from corpus.settings import PREFIX, Settings
from ingest.source import load_sources
from ingest.spiders import spider_names, spider_options
from web.cli import COMMANDS
from web.errors import status_of

# Every module that defines an error of its own, so that all of them are known here.
_ERROR_MODULES = (
    "corpus.alerts",
    "corpus.errors",
    "nlp.jsonl",
    "web.alerts.mail",
    "web.alerts.post",
    "web.alerts.signup",
    "web.api.paging",
    "web.api.query",
    "web.report.errors",
)


def command_reference() -> str:
    """The help of every command, as ``throughline COMMAND --help`` prints it."""
    return "\n".join(_command_sections())


def _command_sections() -> Iterator[str]:
    for name in COMMANDS:
        module = import_module(COMMANDS[name][0])
        yield from _sections(module.command, f"throughline {name}")


def _sections(command: click.Command, path: str) -> Iterator[str]:
    context = click.Context(command, info_name=path, max_content_width=100, terminal_width=100)
    yield f"## {path}\n\n```text\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for name, sub in sorted(command.commands.items()):
            yield from _sections(sub, f"{path} {name}")


def settings_reference() -> str:
    """One row a setting: name, environment variable, default and help."""
    rows = [
        f"| `{f.name}` | `{PREFIX}{f.name.upper()}` | `{f.default}` | {f.metadata['help']} |"
        for f in fields(Settings)
    ]
    return "\n".join(["| setting | environment | default | |", "|---|---|---|---|", *rows, ""])


def sources_reference() -> str:
    """One row a configured publisher, then what is known of each one's robots and terms."""
    rows = []
    notes = []
    for source in load_sources().values():
        kind = source.kind.value if source.kind else "as each document says"
        hosts = ", ".join(f"`{host}`" for host in source.hosts) or "none"
        rows.append(
            f"| `{source.source_id}` | {source.name} | `{source.spider}` | {source.licence_tier}"
            f" | {kind} | {source.crawl_delay_s:g} s | {hosts} |"
        )
        notes.append(f"- **`{source.source_id}`**: {' '.join(source.robots_note.split())}")
    head = ["| id | publisher | spider | tier | kind | delay | hosts asked |", "|---" * 7 + "|"]
    return "\n".join([*head, *rows, "", "## Robots and terms", "", *notes, ""])


def spiders_reference() -> str:
    """Each way of listing: what it reads, and the options that a source's file may set."""
    parts = []
    for name in spider_names():
        spider = import_module(f"ingest.spiders.{name}")
        options = [f"- `{option}`: {said}" for option, said in spider_options(name).items()]
        listed = "\n".join(options) or "It has no options."
        parts.append(f"### `{name}`\n\n{_first_sentence(spider)}\n\n{listed}\n")
    return "\n".join(parts)


def _first_sentence(module: ModuleType) -> str:
    return " ".join((getdoc(module) or "").split("\n\n")[0].split())


def errors_reference() -> str:
    """One row an error: code, HTTP status, and what it means and what to do."""
    rows = [
        f"| `{error.code}` | {status_of(error).value} | {_first_paragraph(error)} |"
        for error in sorted(all_errors(), key=lambda error: error.code)
    ]
    return "\n".join(["| code | HTTP status | |", "|---|---|---|", *rows, ""])


def all_errors() -> list[type[ThroughlineError]]:
    """Every class of the family, each once."""
    for module in _ERROR_MODULES:
        import_module(module)
    found: dict[type[ThroughlineError], None] = {}
    waiting: list[type[ThroughlineError]] = [ThroughlineError]
    while waiting:
        error = waiting.pop()
        found[error] = None
        waiting += error.__subclasses__()
    return list(found)


def _first_paragraph(error: type[ThroughlineError]) -> str:
    return " ".join((getdoc(error) or "").split("\n\n")[0].split())


def command_help() -> dict[str, str]:
    """Each command's own one-line help, for comparing with the table of ``web.cli``."""
    return {
        name: import_module(module).command.get_short_help_str(limit=200)
        for name, (module, _) in COMMANDS.items()
    }
