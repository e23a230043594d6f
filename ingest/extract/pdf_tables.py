"""Ruled tables on a PDF page: which lines stand in which cell."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from ingest.extract.pdf_page import Box, Line, around

_NEAR = 3.0
"""Points by which rules that are meant to meet may miss each other."""
_ROW_RULE_SHARE = 0.5
_MIN_COLUMN_GAP = 8.0
_MAX_RULES = 1200


@dataclass(frozen=True)
class Row:
    """One row: the lines of each cell, in reading order."""

    cells: tuple[tuple[Line, ...], ...]

    @property
    def is_empty(self) -> bool:
        """Whether no cell holds a word."""
        return not any(self.cells)


@dataclass(frozen=True)
class Table:
    """A table's place on its page and its rows, from the top."""

    box: Box
    rows: tuple[Row, ...]


def find_tables(rules: Sequence[Box], lines: Sequence[Line]) -> list[Table]:
    """Find tables by their ruling, with the lines that stand in their cells.

    A grid needs two columns at least. A table ruled between its rows alone counts where
    white space parts its columns from top to bottom. Where tables lie over each other, a
    line is in the first.
    """
    tables = []
    taken: set[int] = set()
    for group in _touching(list(dict.fromkeys(map(_rounded, rules)))):
        box = around(group)
        inside = [line for line in lines if id(line) not in taken and _holds(box, line)]
        across = [rule for rule in group if rule[2] - rule[0] > rule[3] - rule[1]]
        upright = [rule for rule in group if rule[2] - rule[0] <= rule[3] - rule[1]]
        wide = [r for r in across if r[2] - r[0] >= _ROW_RULE_SHARE * (box[2] - box[0])]
        heights = _cluster([rule[1] for rule in wide] + [box[1], box[3]])
        columns = _cluster([rule[0] for rule in upright] + [box[0], box[2]])
        if len(heights) < 2 or not inside:
            continue
        if len(columns) < 3:
            columns = _gaps(inside, box) if len(heights) >= 4 and not upright else []
        if len(columns) >= 3:
            rows = _fill(inside, heights, columns)
            if rows:
                tables.append(Table(box, rows))
                taken |= {id(line) for row in rows for cell in row.cells for line in cell}
    return tables


def _fill(
    lines: Sequence[Line], heights: Sequence[float], columns: Sequence[float]
) -> tuple[Row, ...]:
    rows = []
    for bottom, top in reversed(list(pairwise(heights))):
        in_row = [line for line in lines if bottom <= line.middle < top]
        cells = []
        for position, (left, right) in enumerate(pairwise(columns)):
            first = position == 0
            cell = [
                line
                for line in in_row
                if (left - _NEAR <= line.left or first) and line.left < right - _NEAR
            ]
            cells.append(tuple(sorted(cell, key=lambda line: (-line.baseline, line.left))))
        # A line may begin on a rule; it is in the last cell that would have it.
        rows.append(Row(_once(cells)))
    return tuple(row for row in rows if not row.is_empty)


def _once(cells: Sequence[tuple[Line, ...]]) -> tuple[tuple[Line, ...], ...]:
    seen: set[Line] = set()
    kept = []
    for cell in reversed(cells):
        kept.append(tuple(line for line in cell if line not in seen))
        seen.update(cell)
    return tuple(reversed(kept))


def _gaps(lines: Sequence[Line], box: Box) -> list[float]:
    """Give the columns' edges where no line crosses a gap that runs from top to bottom."""
    edges = [box[0]]
    reach = None
    for line in sorted(lines, key=lambda line: line.left):
        if reach is not None and line.left - reach >= _MIN_COLUMN_GAP:
            edges.append(line.left - _MIN_COLUMN_GAP / 2)
        reach = line.right if reach is None else max(reach, line.right)
    return [*edges, box[2]]


def _touching(rules: Sequence[Box]) -> list[list[Box]]:
    """Part rules into groups that meet; rules of one width that stack up meet as well."""
    if len(rules) > _MAX_RULES:
        return []  # a drawing
    leader = list(range(len(rules)))

    def lead(index: int) -> int:
        while leader[index] != index:
            leader[index] = leader[leader[index]]
            index = leader[index]
        return index

    for one, other in combinations(range(len(rules)), 2):
        if lead(one) != lead(other) and _meet(rules[one], rules[other]):
            leader[lead(one)] = lead(other)
    groups: defaultdict[int, list[Box]] = defaultdict(list)
    for index, rule in enumerate(rules):
        groups[lead(index)].append(rule)
    return [group for group in groups.values() if len(group) >= 3]


def _rounded(rule: Box) -> Box:
    """Bring near-equal rules together: each cell of a table may draw all its sides."""
    left, bottom, right, top = (round(2 * side) / 2 for side in rule)
    return left, bottom, right, top


def _meet(one: Box, other: Box) -> bool:
    crossing = (
        one[0] - _NEAR <= other[2]
        and other[0] - _NEAR <= one[2]
        and one[1] - _NEAR <= other[3]
        and other[1] - _NEAR <= one[3]
    )
    flat = one[3] - one[1] < _NEAR > other[3] - other[1]
    same_ends = abs(one[0] - other[0]) <= _NEAR and abs(one[2] - other[2]) <= _NEAR
    return crossing or (flat and same_ends and one[2] - one[0] > 100)


def _holds(box: Box, line: Line) -> bool:
    middle = (line.left + line.right) / 2
    return box[0] - _NEAR <= middle <= box[2] + _NEAR and box[1] <= line.middle <= box[3]


def _cluster(places: Sequence[float]) -> list[float]:
    """Give each place once, ascending, taking near ones for the same."""
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > 2 * _NEAR:
            kept.append(place)
    return kept
