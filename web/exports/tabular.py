"""Exports as CSV, JSON lines and Parquet."""

import json
import tempfile
from collections.abc import Iterator

from corpus.export_files import FileColumn, ParquetFile, cell_text, csv_line
from web.exports.export import PLACE_COLUMNS, Export

_CHUNK_BYTES = 1 << 16


def csv_chunks(export: Export) -> Iterator[bytes]:
    """Write the rows for looking at in a spreadsheet: no cell can act as a formula.

    JSON lines and Parquet carry the texts unchanged.
    """
    names = [column.name for column in _columns(export)]
    yield csv_line(names)
    for row in export.flat_rows():
        yield csv_line(cell_text(row.get(name)) for name in names)


def jsonl_chunks(export: Export) -> Iterator[bytes]:
    """Write one object a line, as the API has it, its place under ``export``."""
    for number, record in export.numbered():
        yield json_line(record | {"export": export.place(number)})


def json_line(record: object) -> bytes:
    """One JSON value on a line of its own, in UTF-8."""
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def parquet_chunks(export: Export) -> Iterator[bytes]:
    """Write the rows as Parquet, texts unchanged.

    Parquet ends with an index of the whole file, so it is written aside and then read out:
    a file that was cut off does not open.
    """
    columns = _columns(export)
    metadata = {
        "throughline_rows": str(export.count),
        "throughline_snapshot": export.snapshot,
        "throughline_codebook_version": export.codebook_version,
    }
    with tempfile.TemporaryFile() as aside:
        with ParquetFile(aside, columns, metadata=metadata) as written:
            for row in export.flat_rows():
                written.add([row.get(column.name) for column in columns])
        aside.seek(0)
        while chunk := aside.read(_CHUNK_BYTES):
            yield chunk


def _columns(export: Export) -> tuple[FileColumn, ...]:
    return (*export.columns, *PLACE_COLUMNS)
