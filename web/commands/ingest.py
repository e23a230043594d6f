"""``throughline ingest``: take in files, folders of them, and single addresses."""

import re
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import click

from corpus.errors import SourceNotFoundError
from corpus.settings import Settings
from corpus.store import open_store
from ingest.crawl.fetch_one import FetchOptions, ingest_addresses
from ingest.crawl.run import user_agent
from ingest.from_captures import ingest_captures
from ingest.report import IngestReport, TakenIn, join_reports
from ingest.source import load_sources
from ingest.take_in import ingest_paths
from web.commands.options import (
    data_dir_option,
    json_option,
    print_json,
    progress_bar,
    say,
    settings_for,
)
from web.shapes import Json
from web.withdrawing import finish
from web.words import counted

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


@click.command("ingest")
@click.argument("paths", nargs=-1, metavar="[PATH_OR_ADDRESS]...")
@click.option("--source", "source_id", help="The publisher whose addresses these are.")
@click.option("--from-captures", is_flag=True, help="Extract again from what is captured.")
@data_dir_option
@json_option
def command(
    paths: tuple[str, ...],
    source_id: str | None,
    from_captures: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Take in files and addresses: feeds, pages, PDF, Word, text, web archives.

    A folder is walked; an address is fetched if a configured publisher has its host. What
    cannot be taken in is named with the reason, the rest is kept, and the exit status is 1.
    """
    if from_captures == bool(paths):
        raise click.UsageError("Give files or addresses, or --from-captures alone.")
    settings = settings_for(data_dir)
    if from_captures:
        report = _from_captures(settings)
    else:
        report = _from_files_and_addresses(paths, source_id, settings)
    # Bytes that brought what was withdrawn once more go as the first did.
    finish(open_store(settings.data_dir), settings.data_dir)
    if as_json:
        print_json(ingest_shape(report))
    else:
        click.echo(as_text(report))
    for refused in report.refused:
        say(f"throughline: {refused.reason}")
    sys.exit(1 if report.refused else 0)


def _from_captures(settings: Settings) -> IngestReport:
    with progress_bar("Extracting again") as progress:
        return ingest_captures(
            store=open_store(settings.data_dir),
            data_dir=settings.data_dir,
            sources=load_sources(settings.data_dir),
            progress=progress,
        )


def _from_files_and_addresses(
    paths: Sequence[str], source_id: str | None, settings: Settings
) -> IngestReport:
    addresses = [path for path in paths if _ADDRESS.match(path)]
    files = [path for path in paths if path not in addresses]
    store = open_store(settings.data_dir)
    reports = []
    if addresses:
        sources = load_sources(settings.data_dir)
        if source_id is not None and source_id not in sources:
            raise SourceNotFoundError(source_id)
        options = FetchOptions(
            agent=user_agent(settings.contact, version("throughline")),
            max_bytes=settings.max_file_mb * 1_000_000,
        )
        reports.append(
            ingest_addresses(
                addresses,
                store=store,
                data_dir=settings.data_dir,
                sources=sources,
                options=options,
                source_id=source_id,
            )
        )
    if files:
        with progress_bar("Taking in files") as progress:
            reports.append(
                ingest_paths(
                    files,
                    store=store,
                    data_dir=settings.data_dir,
                    max_file_mb=settings.max_file_mb,
                    progress=progress,
                )
            )
    return join_reports(reports)


def as_text(report: IngestReport) -> str:
    """Say what became of what was given, a line each."""
    count = len(report.documents)
    passages = sum(document.passages for document in report.documents)
    lines = [
        f"{counted(count, 'document')}, {counted(passages, 'passage')}: {len(report.new)} new, "
        f"{len(report.new_version)} updated, {len(report.unchanged)} unchanged"
        + (f", {len(report.held_back)} held back" if report.held_back else "")
        + (f"; {len(report.refused)} refused" if report.refused else "")
    ]
    lines += [_line(document) for document in report.documents]
    if report.skipped:
        kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(report.skipped.items()))
        lines.append(f"Not passages: {kinds}")
    if report.hidden_files:
        lines.append(f"Hidden files passed over: {report.hidden_files}")
    if report.dropped_dates:
        lines.append(f"Dates that cannot be true, left out: {report.dropped_dates}")
    if report.new or report.new_version:
        lines.append("Tag and index them with: throughline analyse")
    return "\n".join(lines)


def _line(document: TakenIn) -> str:
    marks = f" [{', '.join(document.marks)}]" if document.marks else ""
    return (
        f"  {document.outcome}: {document.title} ({counted(document.passages, 'passage')}){marks}"
    )


def ingest_shape(report: IngestReport) -> Json:
    """The same as JSON."""
    return {
        "documents": [
            {
                "document_id": document.document_id,
                "file": document.file,
                "title": document.title,
                "outcome": document.outcome,
                "passages": document.passages,
                "skipped_blocks": dict(document.skipped),
                "marks": list(document.marks),
                "rules": list(document.rules),
            }
            for document in report.documents
        ],
        "refused": [{"name": item.name, "reason": item.reason} for item in report.refused],
        "hidden_files": report.hidden_files,
        "dropped_dates": report.dropped_dates,
        "skipped_blocks": dict(report.skipped),
    }
