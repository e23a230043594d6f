"""Tables without ruling: pieces of lines that stand under one another in three columns or more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import mean

from ingest.extract.pdf_page import Line, around, print_rows
from ingest.extract.pdf_tables import Row, Table

_MIN_COLUMNS = 3
_MIN_FULL_ROWS = 3
_RIVER_EMS = 0.8
_MAX_GAP_EMS = 4.0
_ROW_GAP_SHARE = 1.25
_MAX_WORDS_OF_A_NAME = 2.5
"""Columns of text have more words a line; some column of a table has fewer."""
_SHORT_CELL_WORDS = 3

_River = tuple[float, float]


@dataclass
class _Run:
    """Printed lines that may be a table, and the gaps that none of them crosses."""

    rivers: list[_River]
    rows: list[list[Line]] = field(default_factory=list)


def find_unruled_tables(lines: Sequence[Line]) -> list[Table]:
    """Find tables whose columns are parted by white space alone, from the top.

    Two columns are left to other readers: they are numbers or dates beside their text.
    """
    return [
        _make_table(run)
        for run in _runs(print_rows(lines))
        if sum(len(row) >= _MIN_COLUMNS for row in run.rows) >= _MIN_FULL_ROWS and _is_table(run)
    ]


def _runs(rows: Sequence[list[Line]]) -> Iterator[_Run]:
    run: _Run | None = None
    for row in rows:
        if run is not None:
            rivers = _open_rivers(run.rivers, row)
            near = run.rows[-1][0].baseline - row[0].baseline < _MAX_GAP_EMS * row[0].size
            if near and len(rivers) >= _MIN_COLUMNS - 1:
                run.rivers = rivers
                run.rows.append(row)
                continue
            yield run
            run = None
        if len(row) >= _MIN_COLUMNS:
            run = _Run(_rivers(row), [row])
    if run is not None:
        yield run


def _rivers(row: Sequence[Line]) -> list[_River]:
    return [
        (one.right, other.left)
        for one, other in pairwise(row)
        if other.left - one.right >= _RIVER_EMS * one.size
    ]


def _open_rivers(rivers: Sequence[_River], row: Sequence[Line]) -> list[_River]:
    """Narrow each gap to what a further line leaves free of it; closed ones are left out."""
    narrowed = [max(_free(river, row), key=lambda gap: gap[1] - gap[0]) for river in rivers]
    return [gap for gap in narrowed if gap[1] - gap[0] >= _RIVER_EMS * row[0].size]


def _free(river: _River, row: Sequence[Line]) -> Iterator[_River]:
    start, end = river
    for piece in row:
        if piece.right > start and piece.left < end:
            yield start, max(start, piece.left)
            start = min(end, piece.right)
    yield start, end


def _is_table(run: _Run) -> bool:
    columns = list(zip(*(row.cells for row in _make_rows(run, whole=False)), strict=True))
    words = [
        mean(len(line.text.split()) for line in pieces)
        for column in columns
        if (pieces := [line for cell in column for line in cell])
    ]
    # The first column may hold numbers beside text that is set in columns.
    return len(words) >= _MIN_COLUMNS and min(words[1:]) <= _MAX_WORDS_OF_A_NAME


def _make_table(run: _Run) -> Table:
    pieces = [line for row in run.rows for line in row]
    box = around([(p.left, p.baseline, p.right, p.baseline + p.size) for p in pieces])
    return Table(box, tuple(_make_rows(run, whole=True)))


def _make_rows(run: _Run, *, whole: bool) -> list[Row]:
    """Give the printed lines cut at the rivers; ``whole`` joins those of one table row."""
    cut = [_cut(row, run.rivers) for row in run.rows]
    if not whole:
        return [Row(cells) for cells in cut]
    gaps = [one[0].baseline - other[0].baseline for one, other in pairwise(run.rows)]
    first_cells = [cells[0] for cells in cut if cells[0]]
    short = all(len(cell[0].text.split()) <= _SHORT_CELL_WORDS for cell in first_cells)
    rows: list[list[tuple[Line, ...]]] = []
    for position, cells in enumerate(cut):
        apart = position > 0 and gaps[position - 1] > _ROW_GAP_SHARE * min(gaps)
        if not rows or (cells[0] and short) or (apart and not short):
            rows.append(list(cells))
        else:
            rows[-1] = [have + more for have, more in zip(rows[-1], cells, strict=True)]
    return [Row(tuple(cells)) for cells in rows]


def _cut(row: Sequence[Line], rivers: Sequence[_River]) -> tuple[tuple[Line, ...], ...]:
    stops = [float("-inf"), *((left + right) / 2 for left, right in rivers), float("inf")]
    return tuple(
        tuple(piece for piece in row if left <= piece.left < right)
        for left, right in pairwise(stops)
    )
