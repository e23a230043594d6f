"""What every export is: a known number of records from one snapshot, in one order."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from corpus.export_files import Cell, FileColumn
from web.shapes import Json

Flat = dict[str, Cell]


PLACE_COLUMNS = (
    FileColumn("codebook_version"),
    FileColumn("row", "whole"),
    FileColumn("rows", "whole"),
    FileColumn("snapshot"),
)
"""End every row: by which codebook its themes are to be read, its number, how many there
are, and what it was taken from. The last row of a whole file says ``n`` of ``n``, so a file
that was cut off shows it; so does a snapshot's name that stops short, as the last cell."""


@dataclass(frozen=True, kw_only=True)
class Export:
    """Records, counted before the first is written."""

    what: str
    snapshot: str
    codebook_version: str
    """What theme ids in it mean, whichever coder or tagger gave them."""
    count: int
    records: Callable[[], Iterator[Json]]
    """The records in order, each as the API has it. A document that is withdrawn while they
    are read leaves fewer than ``count``: then the last row does not say so many."""
    columns: tuple[FileColumn, ...]
    """Of the flat form, without :data:`PLACE_COLUMNS`."""
    flatten: Callable[[Json], Flat]
    """A record as one row."""

    def numbered(self) -> Iterator[tuple[int, Json]]:
        """Each record with its number, from 1."""
        return enumerate(self.records(), start=1)

    def place(self, number: int) -> Json:
        """Which codebook a record is read by, its number, of how many, from which snapshot."""
        return {
            "codebook_version": self.codebook_version,
            "row": number,
            "rows": self.count,
            "snapshot": self.snapshot,
        }

    def flat_rows(self) -> Iterator[Flat]:
        """Every record as a row, with its place."""
        for number, record in self.numbered():
            yield self.flatten(record) | self.place(number)


def joined(values: object) -> str:
    """Several short values in one cell, such as theme ids; empty for none."""
    return " ".join(str(value) for value in values) if isinstance(values, list | tuple) else ""


def picked(record: Mapping[str, object], columns: tuple[FileColumn, ...]) -> Flat:
    """The columns that a record has under their own names and that are single values."""
    return {
        column.name: value
        for column in columns
        if isinstance(value := record.get(column.name), str | int | float)
    }
