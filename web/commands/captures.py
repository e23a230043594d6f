"""``throughline captures``: look after the bytes that documents rest on."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from corpus.store import open_store
from ingest.verify import CaptureCheck, verify_captures
from web.commands.options import (
    data_dir_option,
    json_option,
    print_json,
    progress_bar,
    settings_for,
)


@click.group("captures")
def command() -> None:
    """Look after the bytes that documents rest on."""


@command.command("verify")
@data_dir_option
@json_option
def verify(data_dir: Path | None, as_json: bool) -> None:
    """Compare every capture with its hash; exit 3 where one does not match.

    No word of a document is shown while the capture that it rests on is damaged.
    """
    settings = settings_for(data_dir)
    with progress_bar("Reading captures") as progress:
        check = verify_captures(open_store(settings.data_dir), settings.data_dir, progress=progress)
    if as_json:
        print_json(asdict(check) | {"passed": not check.damaged})
    else:
        click.echo(_text(check))
    sys.exit(3 if check.damaged else 0)


def _text(check: CaptureCheck) -> str:
    lines = [f"{check.files} files read, {len(check.damaged)} damaged"]
    for one in check.damaged:
        lines.append(f"  {one.warc_path} {one.reason}")
        lines += [f"    document {one_id} rests on it: withheld" for one_id in one.document_ids]
    if check.damaged:
        lines.append(
            "Restore them from a backup and run this again, or take the files in or crawl their "
            "publishers anew."
        )
    if check.strays:
        lines.append(f"Files that nothing points to, left by a crash: {len(check.strays)}")
    return "\n".join(lines)
