"""The invented passages that the tagger's heads are trained on."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.ids import sha256_text
from corpus.model import Code, Kind
from nlp.jsonl import codes_of, read_json_lines

FOLDER = "data/training"


@dataclass(frozen=True, kw_only=True)
class TrainingRow:
    """One invented passage with the codes it should get; no codes is a lesson too."""

    row_id: str
    """File and line, such as ``news-and-talk:12``; findings name it as their support."""
    text: str
    kind: Kind
    codes: tuple[Code, ...]


def text_key(text: str) -> str:
    """Name a text by its words: copies that differ in case or spacing share a key.

    Returns:
        24 hexadecimal digits of a SHA-256.
    """
    return sha256_text(" ".join(text.casefold().split()))[:24]


@cache
def load_training_rows() -> tuple[TrainingRow, ...]:
    """Load every training passage that ships, in the order of file name and line.

    Raises:
        InvalidInputError: a line is malformed; file and line are named.
    """
    return tuple(_read_all())


def training_row_ids() -> tuple[str, ...]:
    """List the rows' ids in the order of :func:`load_training_rows`."""
    return tuple(row.row_id for row in load_training_rows())


def read_training_text(row_id: str) -> str | None:
    """Read one row's text, from its own file alone; ``None`` where there is no such row."""
    stem, _, number = row_id.partition(":")
    folder = files("nlp").joinpath(FOLDER)
    names = {entry.name for entry in folder.iterdir()}
    if f"{stem}.jsonl" not in names or not (number.isascii() and number.isdigit()):
        return None
    lines = folder.joinpath(f"{stem}.jsonl").read_text(encoding="utf-8").split("\n")
    if not 1 <= int(number) <= len(lines):
        return None
    rows = read_json_lines([lines[int(number) - 1]], name=stem)
    return next((str(row["text"]) for _, row in rows), None)


def _read_all() -> Iterator[TrainingRow]:
    folder = files("nlp").joinpath(FOLDER)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".jsonl"))
    for name in names:
        lines = folder.joinpath(name).read_text(encoding="utf-8").split("\n")
        for number, row in read_json_lines(lines, name=name):
            yield TrainingRow(
                row_id=f"{name.removesuffix('.jsonl')}:{number}",
                text=row["text"],
                kind=Kind(row["kind"]),
                codes=codes_of(row, name=name, line=number),
            )
