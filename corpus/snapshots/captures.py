"""When and from which bytes each document was captured: beside a package's seal, not under it.

Two machines that hold the same texts captured them at different times, and publish the
same snapshot all the same.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from corpus.export_files import Cell, FileColumn, csv_line
from corpus.snapshots.manifest import row_cells
from corpus.snapshots.table_files import csv_name
from corpus.snapshots.tables import Table

CAPTURES = Table(
    name="captures",
    title="What each document was taken from, and when: not under the seal.",
    columns=(
        FileColumn("document_id"),
        FileColumn("capture_sha256", description="Of the bytes; empty for our own digests."),
        FileColumn("captured_at", description="ISO 8601, UTC."),
    ),
    key=("document_id",),
    refers=(("document_id", "documents"),),
)


def write_captures(folder: Path, rows: Iterable[Sequence[Cell]]) -> None:
    """Write ``captures.csv``."""
    with (folder / csv_name(CAPTURES)).open("wb") as file:
        file.write(csv_line(column.name for column in CAPTURES.columns))
        for row in rows:
            file.write(csv_line(row_cells(row)))
