"""``throughline snapshot``: publish, list, check and compare citable packages."""

import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from corpus.snapshots.changes import CAUSES, FigureChange
from corpus.snapshots.create import copy_package
from corpus.snapshots.shelf import find_held, list_held
from corpus.snapshots.verify import Verdict, verify_package
from web.api.snapshots import FILES
from web.commands.options import data_dir_option, json_option, print_json, say, settings_for
from web.holdings import Library
from web.publishing import compare, publish
from web.shapes import Json
from web.snapshot_shapes import changes_shape, snapshot_detail_shape, snapshots_shape

_CAUSE_HEADS = ("removed", "new", "codebook", "model", "people")
_FIGURES = {"machine": "machine", "human_checked": "human-checked", "standing": "standing"}


@click.group("snapshot")
def command() -> None:
    """Publish what is held as a citable package; list, check and compare packages."""


@command.command("create")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Copy the package's files to a folder in DIR too.",
)
@data_dir_option
@json_option
def create(out: Path | None, data_dir: Path | None, as_json: bool) -> None:
    """Publish what is held now as a package that never changes.

    It is kept under the data directory with a copy to answer from, so that any command or
    question can name it from now on. What is published already is not published twice.
    """
    library = Library(settings_for(data_dir))
    held, new = publish(library, created_at=dt.datetime.now(dt.UTC))
    folder = held.package if out is None else copy_package(held, out)
    manifest = held.manifest
    if as_json:
        print_json(
            {
                "snapshot": held.name,
                "manifest_sha256": manifest.sha256,
                "new": new,
                "folder": str(folder),
                "rows": {name: table.rows for name, table in manifest.tables.items()},
            }
        )
        return
    say("Published." if new else "Published already; nothing was changed.")
    click.echo(f"{held.name}  sha256:{manifest.sha256}\n{folder}")


@command.command("list")
@data_dir_option
@json_option
def list_(data_dir: Path | None, as_json: bool) -> None:
    """List what can be named: what is held now, and what was published."""
    shaped = snapshots_shape(Library(settings_for(data_dir)))
    if as_json:
        print_json(shaped)
        return
    for each in shaped:
        day = each["published_at"][:10] if each["published_at"] else "not published"
        now = ", held now" if each["current"] else ""
        lost = f", {len(each['withdrawn'])} documents withdrawn since" if each["withdrawn"] else ""
        click.echo(f"{each['snapshot']}  {day}{now}{lost}")


@command.command("show")
@click.argument("snapshot")
@data_dir_option
@json_option
def show(snapshot: str, data_dir: Path | None, as_json: bool) -> None:
    """Show one snapshot: rows, versions, files, and what was withdrawn since."""
    library = Library(settings_for(data_dir))
    shaped = snapshot_detail_shape(library, snapshot, files_at=FILES)
    if as_json:
        print_json(shaped)
    else:
        click.echo(_as_text(shaped))


@command.command("verify")
@click.argument("snapshots", nargs=-1, metavar="[SNAPSHOT_OR_FOLDER]...")
@data_dir_option
@json_option
def verify(snapshots: tuple[str, ...], data_dir: Path | None, as_json: bool) -> None:
    """Work every hash of packages out again; without names, of all that are held.

    Exits with 3 where anything differs, and names it.
    """
    settings = settings_for(data_dir)
    names = snapshots or tuple(held.name for held in list_held(settings.data_dir))
    verdicts = [_verdict(name, settings.data_dir) for name in names]
    if as_json:
        print_json([{"ok": verdict.ok, **asdict(verdict)} for verdict in verdicts])
    for verdict in () if as_json else verdicts:
        click.echo(f"{'ok ' if verdict.ok else 'OFF'}  {_verdict_text(verdict)}")
        for fault in verdict.faults:
            click.echo(f"     {fault}")
    if not verdicts:
        say("No snapshot is published yet. Publish one with: throughline snapshot create")
    sys.exit(0 if all(verdict.ok for verdict in verdicts) else 3)


@command.command("diff")
@click.argument("before")
@click.argument("after", default="current")
@data_dir_option
@json_option
def diff(before: str, after: str, data_dir: Path | None, as_json: bool) -> None:
    """Split every figure that differs between two snapshots by what moved it.

    AFTER is what is held now unless it is named. The parts add up to the change: documents
    removed, documents new, the codebook, the model, and what people corrected.
    """
    library = Library(settings_for(data_dir))
    changes = compare(library, before, after)
    first, last = (library.snapshot if one == "current" else one for one in (before, after))
    if as_json:
        print_json(changes_shape(first, last, changes))
    else:
        click.echo(_changes_text(changes, first, last))


def _verdict(name: str, data_dir: Path) -> Verdict:
    folder = Path(name)
    if folder.is_dir():
        return verify_package(folder)
    return verify_package(find_held(data_dir, name).package, expected=name.removeprefix("sha256:"))


def _verdict_text(verdict: Verdict) -> str:
    lost = (
        f"; {verdict.redacted_documents} documents ({verdict.redacted_rows} rows) were withdrawn"
        if verdict.redacted_documents
        else ""
    )
    return f"{verdict.snapshot}  sha256:{verdict.manifest_sha256}  {verdict.rows} rows{lost}"


def _as_text(shaped: Json) -> str:
    lines = [
        f"Snapshot    {shaped['snapshot']}{' (held now)' if shaped['current'] else ''}",
        f"Published   {shaped['published_at'] or 'not published'}",
        f"Manifest    sha256:{shaped['manifest_sha256'] or '-'}",
        f"Codebook    {shaped['codebook_version']}",
        f"Tagger      {shaped['tagger_version']}",
        f"Cite as     {shaped['how_to_cite']}",
    ]
    lines += [f"{rows:>11,} {name}" for name, rows in shaped["rows"].items()]
    lines += [f"{each['size_bytes']:>11,} bytes  {each['name']}" for each in shaped["files"]]
    lines += [
        f"Withdrawn   {each['document_id']}, {each['withdrawn_at'][:10]}: {each['reason']}"
        for each in shaped["withdrawn"]
    ]
    return "\n".join(lines)


def _changes_text(changes: Sequence[FigureChange], before: str, after: str) -> str:
    if not changes:
        return f"No figure differs between {before} and {after}."
    width = max(len(change.key) for change in changes)
    head = "  ".join(f"{name:>8}" for name in _CAUSE_HEADS)
    lines = [f"{'':{width}}  {'figure':13}  before  after  change  {head}"]
    for change in changes:
        parts = "  ".join(f"{change.parts[cause]:>+8}" for cause in CAUSES)
        lines.append(
            f"{change.key:{width}}  {_FIGURES[change.figure]:13}  {change.before:>6}  "
            f"{change.after:>5}  {change.after - change.before:>+6}  {parts}"
        )
    return "\n".join(lines)
