"""A table's two files, written in one pass and read back for checking."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Self

from corpus.export_files import (
    Cell,
    ParquetFile,
    csv_line,
    read_csv_cells,
    read_parquet_rows,
)
from corpus.snapshots.manifest import RowsHash, SealedTable, row_cells, row_sha256
from corpus.snapshots.tables import Table


def csv_name(table: Table) -> str:
    """The name of a table's CSV file."""
    return f"{table.name}.csv"


def parquet_name(table: Table) -> str:
    """The name of a table's Parquet file."""
    return f"{table.name}.parquet"


class TableFiles:
    """Writes a table's CSV and Parquet twins, a row at a time."""

    def __init__(self, folder: Path, table: Table) -> None:
        """Name the files; they are opened on entering."""
        self._folder = folder
        self._table = table
        self._open = ExitStack()
        self._hash = RowsHash()

    def __enter__(self) -> Self:
        """Begin both files."""
        columns = self._table.columns
        self._csv = self._open.enter_context((self._folder / csv_name(self._table)).open("wb"))
        self._csv.write(csv_line(column.name for column in columns))
        path = self._folder / parquet_name(self._table)
        self._parquet = self._open.enter_context(ParquetFile(path, columns))
        return self

    def __exit__(self, *_failure: object) -> None:
        """Finish both files."""
        self._open.close()

    def add(self, row: Sequence[Cell]) -> None:
        """Write a row to both."""
        cells = row_cells(row)
        self._csv.write(csv_line(cells))
        self._parquet.add(row)
        self._hash.add(row_sha256(cells))

    def sealed(self) -> SealedTable:
        """What the manifest says of the rows written so far."""
        names = tuple(column.name for column in self._table.columns)
        return SealedTable(rows=self._hash.rows, rows_sha256=self._hash.hexdigest(), columns=names)


def write_table(folder: Path, table: Table, rows: Iterable[Sequence[Cell]]) -> SealedTable:
    """Write a whole table."""
    with TableFiles(folder, table) as files:
        for row in rows:
            files.add(row)
    return files.sealed()


def csv_rows(folder: Path, table: Table) -> Iterator[list[str]]:
    """Read a table's rows from its CSV file, as cells; the names are left out."""
    lines = read_csv_cells(folder / csv_name(table))
    next(lines, None)
    yield from lines


def parquet_rows(folder: Path, table: Table) -> Iterator[tuple[Cell, ...]]:
    """Read a table's rows from its Parquet file."""
    return read_parquet_rows(folder / parquet_name(table))
