"""``throughline judgements``: what people decided, written to a file and read from one."""

import datetime as dt
from pathlib import Path
from typing import cast

import click

from corpus.errors import InvalidInputError
from corpus.ids import PassageId, sha256_text
from corpus.judgement_records import add_records
from corpus.model import Code
from corpus.store import Store, open_store
from nlp.codebook import load_codebook
from web.commands.export import write_whole
from web.commands.options import data_dir_option, json_option, print_json, say, settings_for
from web.judgement_files import FORMATS, Format, judgement_chunks
from web.judgement_reading import ReadFile, file_lines, read_judgements_file
from web.words import counted

SHOWN = 20
"""Lines that are named one by one; --json names them all."""

_STANDARD = "-"


@click.group("judgements")
def command() -> None:
    """Write judgements to a file, or take them in from one."""


@command.command("export")
@click.option("--format", "format_", type=click.Choice(FORMATS), required=True, help="How.")
@click.option("--out", default=_STANDARD, metavar="FILE", help="Where to; - is standard output.")
@click.option("--coder", help="Only this coder's.")
@data_dir_option
def export(format_: str, out: str, coder: str | None, data_dir: Path | None) -> None:
    """Write every judgement, oldest first, with who said it and when.

    The prodigy format holds the passages' whole texts: it is for coders, not for readers.
    """
    store = open_store(settings_for(data_dir).data_dir)
    with store.pinned():
        chunks = judgement_chunks(store, cast("Format", format_), coder=coder)
        if out == _STANDARD:
            for chunk in chunks:
                click.echo(chunk, nl=False)
        else:
            write_whole(Path(out), chunks)


@command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    help="How it is written; by the file's ending where not said.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be taken in; change nothing.")
@data_dir_option
@json_option
def import_(
    file: Path, *, format_: str | None, dry_run: bool, data_dir: Path | None, as_json: bool
) -> None:
    """Take in judgements from a file; a second time it adds nothing.

    Lines that cannot be read, and judgements of passages that are not held here, are named,
    and kept in the data directory, to be mended and taken in later.
    """
    settings = settings_for(data_dir)
    store = open_store(settings.data_dir)
    text = _read(file)
    chosen = format_ or ("csv" if file.suffix == ".csv" else "jsonl")
    read = read_judgements_file(
        text,
        cast("Format", chosen),
        codebook=load_codebook(),
        machine=lambda passage_id: _confident(store, passage_id),
        now=dt.datetime.now(dt.UTC),
    )
    records = [line.record for line in read.lines]
    taken = add_records(store, records, dry_run=dry_run)
    unknown = [(read.lines[place].line, _unknown(read, place)) for place in taken.unknown]
    left_out = sorted([*read.problems, *unknown])
    kept = None
    if left_out and not dry_run:
        kept = _keep(settings.data_dir, text, chosen, [line for line, _ in left_out])
    report = {
        "added": taken.added,
        "held": taken.held,
        "unknown_passages": len(unknown),
        "bad_lines": len(read.problems),
        "left_out": [{"line": line, "reason": reason} for line, reason in left_out],
        "left_out_file": str(kept) if kept else None,
    }
    if as_json:
        print_json(report)
    else:
        _tell(report, left_out, kept, dry_run=dry_run)
    if left_out:
        raise SystemExit(1)


def _tell(
    report: dict[str, object], left_out: list[tuple[int, str]], kept: Path | None, *, dry_run: bool
) -> None:
    new = counted(cast("int", report["added"]), "judgement")
    say(f"{new} {'would be ' if dry_run else ''}added, {report['held']} held already.")
    for line, reason in left_out[:SHOWN]:
        say(f"throughline: line {line}: {reason}")
    if len(left_out) > SHOWN:
        say(f"throughline: … and {len(left_out) - SHOWN} more; --json names them all.")
    if kept:
        say(f"What was left out is kept in {kept}")


def _unknown(read: ReadFile, place: int) -> str:
    return f"The passage {read.lines[place].record.judgement.passage_id} is not held here."


def _confident(store: Store, passage_id: str) -> frozenset[Code]:
    found = store.machine_findings([passage_id]).get(PassageId(passage_id), [])
    return frozenset(finding.code for finding in found if finding.confident)


def _keep(data_dir: Path, text: str, format_: str, numbers: list[int]) -> Path:
    """Keep lines as they came; of CSV the whole file, since one judgement has several lines."""
    path = data_dir / f"judgements-left-out-{sha256_text(text)[:12]}.{format_}"
    lines = file_lines(text)
    chosen = lines if format_ == "csv" else [lines[number - 1] for number in numbers]
    write_whole(path, ["\n".join([*chosen, ""]).encode()])
    return path


def _read(file: Path) -> str:
    try:
        # Decoded here: reading as text would change the line ends within a note.
        return file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"{file} cannot be read as UTF-8 text: {error}.") from error
