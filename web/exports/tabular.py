"""Exports as CSV, JSON lines and Parquet."""

import json
import tempfile
from collections.abc import Iterator
from typing import Any

from web.exports.export import PLACE_COLUMNS, Column, Export, Flat
from web.spreadsheet import Value, csv_lines

_ROWS_IN_A_GROUP = 10_000
_CHUNK_BYTES = 1 << 16
_ARROW_TYPES = {"text": "string", "whole": "int64", "number": "float64", "flag": "bool_"}


def csv_chunks(export: Export) -> Iterator[bytes]:
    """Write the rows for looking at in a spreadsheet: no cell can act as a formula.

    JSON lines and Parquet carry the texts unchanged.
    """
    names = [column.name for column in _columns(export)]
    for line in csv_lines(names, (_worded(row) for row in export.flat_rows())):
        yield line.encode()


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
    # Imported here: it takes a tenth of a second, and few exports are Parquet.
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    columns = _columns(export)
    schema = pa.schema(
        [(column.name, getattr(pa, _ARROW_TYPES[column.sort])()) for column in columns],
        metadata={"throughline_rows": str(export.count), "throughline_snapshot": export.snapshot},
    )
    with tempfile.TemporaryFile() as aside:
        with pq.ParquetWriter(aside, schema, compression="zstd") as writer:
            for rows in _groups(export.flat_rows()):
                writer.write_table(_table(pa, rows, columns, schema))
        aside.seek(0)
        while chunk := aside.read(_CHUNK_BYTES):
            yield chunk


def _table(pa: Any, rows: list[Flat], columns: tuple[Column, ...], schema: Any) -> Any:  # noqa: ANN401 - pyarrow is untyped
    arrays = [
        pa.array([row.get(column.name) for row in rows], type=field.type)
        for column, field in zip(columns, schema, strict=True)
    ]
    return pa.Table.from_arrays(arrays, schema=schema)


def _groups(rows: Iterator[Flat]) -> Iterator[list[Flat]]:
    group: list[Flat] = []
    for row in rows:
        group.append(row)
        if len(group) == _ROWS_IN_A_GROUP:
            yield group
            group = []
    if group:
        yield group


def _columns(export: Export) -> tuple[Column, ...]:
    return (*export.columns, *PLACE_COLUMNS)


def _worded(row: Flat) -> dict[str, Value]:
    return {name: _word(value) for name, value in row.items()}


def _word(value: Value | bool) -> Value:
    return ("yes" if value else "no") if isinstance(value, bool) else value
