"""``throughline ingest``: take in files and folders of them."""

import sys
from pathlib import Path

import click

from corpus.store import open_store
from ingest.report import IngestReport, TakenIn
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


@click.command("ingest")
@click.argument("paths", nargs=-1, required=True)
@data_dir_option
@json_option
def command(paths: tuple[str, ...], data_dir: Path | None, as_json: bool) -> None:
    """Take in files: feeds, pages, PDF, Word and plain text.

    A folder is walked. A file that cannot be taken in is named with the reason, the
    others are kept, and the exit status is 1.
    """
    settings = settings_for(data_dir)
    with progress_bar("Taking in files") as progress:
        report = ingest_paths(
            paths,
            store=open_store(settings.data_dir),
            data_dir=settings.data_dir,
            max_file_mb=settings.max_file_mb,
            progress=progress,
        )
    if as_json:
        print_json(_shape(report))
    else:
        click.echo(_as_text(report))
    for refused in report.refused:
        say(f"throughline: {refused.reason}")
    sys.exit(1 if report.refused else 0)


def _as_text(report: IngestReport) -> str:
    count = len(report.documents)
    passages = sum(document.passages for document in report.documents)
    lines = [
        f"{count} document{'' if count == 1 else 's'}, {passages} passages: {len(report.new)} new, "
        f"{len(report.new_version)} updated, {len(report.unchanged)} unchanged"
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
    return f"  {document.outcome}: {document.title} ({document.passages} passages){marks}"


def _shape(report: IngestReport) -> Json:
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
            }
            for document in report.documents
        ],
        "refused": [{"name": item.name, "reason": item.reason} for item in report.refused],
        "hidden_files": report.hidden_files,
        "dropped_dates": report.dropped_dates,
        "skipped_blocks": dict(report.skipped),
    }
