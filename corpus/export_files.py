"""Tables as files: CSV that no spreadsheet runs, and Parquet, a row or a group at a time."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal, Self

Sort = Literal["text", "whole", "number", "flag", "list", "object"]
"""What a column holds. A list or an object stands in its cell as JSON."""

Cell = str | int | float | bool | None

ROWS_IN_A_GROUP = 10_000

# ASVS 1.2.10; the full-width forms are read as their plain ones by some spreadsheets.
_ACTIVE = tuple("=+-@\t\r\n\0＝＋－＠")
_ARROW_TYPES = {"whole": "int64", "number": "float64", "flag": "bool_"}
_LONGEST_CELL = 2**31 - 1


@dataclass(frozen=True)
class FileColumn:
    """A column of a table, with what it is in a sentence."""

    name: str
    sort: Sort = "text"
    description: str = ""


def inert_text(text: str) -> str:
    """Write a text so that no spreadsheet takes it for a formula: an apostrophe before it.

    Spaces before a formula do not stop a spreadsheet from reading it. NUL is left out. A text
    that looks as if this had been done gets one more: so taking one away gives every text back.
    """
    text = text.replace("\0", "")
    return f"'{text}" if text.lstrip(" '").startswith(_ACTIVE) else text


def as_json(value: object) -> str:
    """A list or an object as the text of a cell: no spaces, keys in order, UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def cell_text(value: Cell) -> str:
    """Write one value as its CSV cell; nothing is an empty cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return inert_text(value) if isinstance(value, str) else repr(value)


def csv_line(cells: Iterable[str]) -> bytes:
    """One line of CSV in UTF-8, ended as RFC 4180 says."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()


def read_csv_cells(path: Path) -> Iterator[list[str]]:
    """Read a CSV file's lines as cells, its names first."""
    csv.field_size_limit(_LONGEST_CELL)
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


class ParquetFile:
    """A Parquet file that is written a group of rows at a time; never more is held.

    Equal rows give equal bytes under one version of pyarrow, whose name the file bears.
    """

    def __init__(
        self,
        sink: Path | BinaryIO,
        columns: Sequence[FileColumn],
        *,
        metadata: dict[str, str] | None = None,
    ) -> None:
        """Begin a file; ``metadata`` goes into its footer."""
        # Imported here: it takes a tenth of a second, and few commands write Parquet.
        import pyarrow as pa  # noqa: PLC0415
        import pyarrow.parquet as pq  # noqa: PLC0415

        self._arrow: Any = pa
        self._schema = pa.schema(
            [(each.name, getattr(pa, _ARROW_TYPES.get(each.sort, "string"))()) for each in columns],
            metadata=metadata,
        )
        where = str(sink) if isinstance(sink, Path) else sink
        self._writer: Any = pq.ParquetWriter(
            where, self._schema, compression="zstd", compression_level=3
        )
        self._waiting: list[Sequence[Cell]] = []

    def __enter__(self) -> Self:
        """Give the file itself."""
        return self

    def __exit__(self, *_failure: object) -> None:
        """Write what waits, and the footer."""
        self._flush()
        self._writer.close()

    def add(self, row: Sequence[Cell]) -> None:
        """Add a row, its values in the order of the columns."""
        self._waiting.append(row)
        if len(self._waiting) == ROWS_IN_A_GROUP:
            self._flush()

    def _flush(self) -> None:
        if not self._waiting:
            return
        columns = zip(*self._waiting, strict=True)
        arrays = [
            self._arrow.array(values, type=field.type)
            for values, field in zip(columns, self._schema, strict=True)
        ]
        table = self._arrow.Table.from_arrays(arrays, schema=self._schema)
        self._writer.write_table(table, row_group_size=ROWS_IN_A_GROUP)
        self._waiting = []


def read_parquet_rows(path: Path) -> Iterator[tuple[Cell, ...]]:
    """Read a Parquet file's rows, a group at a time.

    Raises:
        OSError: it cannot be read, or is not Parquet.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=ROWS_IN_A_GROUP):
                if batch.num_columns:
                    yield from zip(*(column.to_pylist() for column in batch), strict=True)
    except pa.ArrowException as error:
        raise OSError(f"{path.name} is not Parquet: {error}") from error
