"""The order in which a page is read: columns, full-width headings, boxes and tables.

Files give their lines in any order at all. Here a page is cut by what can be seen on it: a
gutter that runs down between two blocks of lines makes columns, and only as far as no line
crosses it, so that a page may change from one column to two and back.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.extract.pdf_page import Box, Line, Page, around, print_rows
from ingest.extract.pdf_tables import Row, Table, find_tables
from ingest.extract.pdf_unruled import find_unruled_tables

_GUTTER_EMS = 0.9
_MIN_LINES = 2
_LONG_SIDE_LINES = 4
_MIN_WORDS_A_LINE = 2.5
_MIN_SIDE_SHARE = 0.2
_MIN_SIDE_RATIO = 0.4
_MIN_FILL = 0.5
_LARGER = 1.08
_SET_OFF = 1.7
_RAISED_SHARE = 0.88
_GLUED = 0.12
_MAX_CANDIDATES = 60
_MAX_LINES = 2000
"""A page of more pieces is a drawing or an attack; it is read down as it stands."""
_MAX_BOXES = 200


@dataclass(frozen=True)
class _Item:
    """A line, a box of lines or a table, as one thing to be placed."""

    box: Box
    what: Line | Table | tuple[Line, ...]


def order_page(page: Page) -> list[Line | Row]:
    """Give a page's lines and table rows in the order in which they are read.

    Pieces of one printed line are one line. Lines of a column have its edges as
    ``column``; those of the undivided page have none.
    """
    tables = find_tables(page.rules, page.lines)
    rest = _outside(page.lines, tables)
    boxed: list[_Item] = []
    for number, box in enumerate(_text_boxes(page, rest, tables), start=1):
        inside = tuple(replace(line, flow=number) for line in rest if _holds(box, line))
        if inside:
            boxed.append(_Item(around([_line_box(line) for line in inside]), inside))
            rest = [line for line in rest if not _holds(box, line)]
    unruled = find_unruled_tables(rest)
    rest, tables = _outside(rest, unruled), [*tables, *unruled]
    items = [_Item(_line_box(line), line) for line in rest]
    items += [_Item(table.box, table) for table in tables]
    return _order([*items, *boxed], column=None)


def _order(items: Sequence[_Item], *, column: tuple[float, float] | None) -> list[Line | Row]:
    if not items:
        return []
    cut = _find_columns(items)
    if cut is None:
        return _read_down(items, column)
    above, left, right, below = cut
    return [
        *_order(above, column=column),
        *_order(left, column=_edges(left)),
        *_order(right, column=_edges(right)),
        *_order(below, column=column),
    ]


_Cut = tuple[list[_Item], list[_Item], list[_Item], list[_Item]]


def _find_columns(items: Sequence[_Item]) -> _Cut | None:
    """Find the gutter that the most lines stand beside, and part the items by it."""
    lines = [item for item in items if isinstance(item.what, Line)]
    if not _MIN_LINES + _LONG_SIDE_LINES <= len(lines) <= _MAX_LINES:
        return None
    size = median(item.what.size for item in lines if isinstance(item.what, Line))
    total = _edges(lines)
    downwards = sorted(items, key=_middle, reverse=True)
    best: _Cut | None = None
    best_score = 0
    lefts = sorted({round(item.box[0]) for item in lines})
    for place in [left for left in lefts if left > total[0] + 3 * size][:_MAX_CANDIDATES]:
        for cut in _bands(downwards, place, _GUTTER_EMS * size):
            score = min(len(cut[1]), len(cut[2])) * 1000 + len(cut[1]) + len(cut[2])
            if score > best_score and _are_columns(cut[1], cut[2], total[1] - total[0]):
                best, best_score = cut, score
    return best


def _bands(downwards: Sequence[_Item], place: float, gap: float) -> Iterator[_Cut]:
    """Part the page at each run of items that leaves a gutter left of ``place`` free."""
    start = 0
    for index in range(len(downwards) + 1):
        if index < len(downwards):
            box = downwards[index].box
            if box[0] >= place - 1 or box[2] <= place - gap:
                continue  # it stands beside the gutter
        band = downwards[start:index]
        left = [item for item in band if item.box[2] <= place - gap]
        right = [item for item in band if item.box[2] > place - gap]
        if len(left) >= _MIN_LINES and len(right) >= _MIN_LINES:
            left, after = _part_after_columns(left, right)
            yield list(downwards[:start]), left, right, [*after, *downwards[index:]]
        start = index + 1


def _part_after_columns(
    left: Sequence[_Item], right: Sequence[_Item]
) -> tuple[list[_Item], list[_Item]]:
    """Part off what stands under both columns without crossing the gutter: a short heading.

    It is set off from the left column by a space or by its size, and nothing of the right
    column stands beside it.
    """
    foot = min(item.box[1] for item in right)
    downwards = sorted(left, key=lambda item: -item.box[3])
    gaps = [one.box[1] - other.box[1] for one, other in pairwise(downwards)]
    usual = max(median(gaps), 1.0)
    high = median(item.box[3] - item.box[1] for item in left)
    for position, item in enumerate(downwards[1:], start=1):
        larger = item.box[3] - item.box[1] > _LARGER * high
        if item.box[3] <= foot and (larger or gaps[position - 1] > _SET_OFF * usual):
            return downwards[:position], downwards[position:]
    return downwards, []


def _are_columns(left: Sequence[_Item], right: Sequence[_Item], width: float) -> bool:
    """Tell columns of text from paragraph numbers, dates or table cells beside text."""
    sides = [[i for i in side if isinstance(i.what, Line)] for side in (left, right)]
    if min(map(len, sides)) < _MIN_LINES or max(map(len, sides)) < _LONG_SIDE_LINES:
        return False
    widths = [edge[1] - edge[0] for edge in map(_edges, sides)]
    if min(widths) < _MIN_SIDE_SHARE * width or min(widths) < _MIN_SIDE_RATIO * max(widths):
        return False
    for side, side_width in zip(sides, widths, strict=True):
        rows = _print_lines([item.what for item in side if isinstance(item.what, Line)])
        words = sum(len(line.text.split()) for line in rows) / len(side)
        filled = median(line.right - line.left for line in rows)
        if words < _MIN_WORDS_A_LINE or filled < _MIN_FILL * side_width:
            return False
    return True


def _read_down(items: Sequence[_Item], column: tuple[float, float] | None) -> list[Line | Row]:
    """Read items from the top, pieces of one printed line joined from the left."""
    read: list[Line | Row] = []
    loose = [item.what for item in items if isinstance(item.what, Line)]
    placed: list[tuple[float, Line | _Item]] = [
        (line.baseline, line) for line in _print_lines(loose)
    ]
    placed += [(item.box[3], item) for item in items if not isinstance(item.what, Line)]
    for _, thing in sorted(placed, key=lambda pair: -pair[0]):
        if isinstance(thing, Line):
            read.append(replace(thing, column=column))
        elif isinstance(thing.what, Table):
            read.extend(thing.what.rows)
        elif isinstance(thing.what, tuple):
            inner = [_Item(_line_box(line), line) for line in thing.what]
            read.extend(_order(inner, column=_edges(inner)))
    return read


def _print_lines(lines: Sequence[Line]) -> list[Line]:
    return [_join_pieces(row) for row in print_rows(lines)]


def _join_pieces(pieces: Sequence[Line]) -> Line:
    if len(pieces) == 1:
        return pieces[0]
    # Scripts that run to the left are read from the right.
    longest = max(pieces, key=_length)
    if unicodedata.bidirectional(longest.text.lstrip()[:1]) in ("R", "AL"):
        pieces = pieces[::-1]
    pieces = [piece for piece in pieces if not _is_footnote_mark(piece, longest)]
    text = pieces[0].text
    for before, piece in pairwise(pieces):
        gap = max(piece.left - before.right, before.left - piece.right)
        glued = gap < _GLUED * piece.size
        text += ("" if glued else " ") + piece.text
    return replace(
        longest,
        text=text,
        left=min(piece.left for piece in pieces),
        right=max(piece.right for piece in pieces),
        bold=all(piece.bold for piece in pieces),
    )


def _is_footnote_mark(piece: Line, line: Line) -> bool:
    raised = piece.baseline > line.baseline + 0.1 * line.size
    return raised and piece.text.strip().isdigit() and piece.size < _RAISED_SHARE * line.size


def _length(line: Line) -> int:
    return len(line.text)


def _text_boxes(page: Page, lines: Sequence[Line], tables: Sequence[Table]) -> list[Box]:
    """Give the boxes that hold some of a page's lines, the largest first."""
    kept: list[Box] = []
    for box in sorted(page.boxes[:_MAX_BOXES], key=lambda b: -(b[2] - b[0]) * (b[3] - b[1])):
        inside = sum(_holds(box, line) for line in lines)
        apart = not any(_overlap(box, other) for other in [*kept, *(t.box for t in tables)])
        if apart and 0 < inside < 0.8 * len(lines):
            kept.append(box)
    return kept


def _outside(lines: Sequence[Line], tables: Sequence[Table]) -> list[Line]:
    inside = {line for t in tables for row in t.rows for cell in row.cells for line in cell}
    return [line for line in lines if line not in inside]


def _holds(box: Box, line: Line) -> bool:
    return box[0] - 2 <= line.left and line.right <= box[2] + 2 and box[1] <= line.middle <= box[3]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _line_box(line: Line) -> Box:
    return (
        line.left,
        line.baseline - 0.2 * line.size,
        line.right,
        line.baseline + 0.8 * line.size,
    )


def _edges(items: Sequence[_Item]) -> tuple[float, float]:
    return min(item.box[0] for item in items), max(item.box[2] for item in items)


def _middle(item: _Item) -> float:
    return (item.box[1] + item.box[3]) / 2
