"""Printed lines to headings, paragraphs, list items and table rows, across lines and pages."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from ingest.characters import count_words
from ingest.extract.markup import make_block, make_row
from ingest.extract.pdf_measures import Measures, measure
from ingest.extract.pdf_order import order_page
from ingest.extract.pdf_page import Line, Page, find_contents
from ingest.extract.pdf_tables import Row
from ingest.extract.pdf_words import join_lines, known_words
from ingest.extracted import Block, BlockKind, ExtractFailedError
from ingest.numbering import split_bullet, split_number

_PARAGRAPH_GAP = 1.35
_HEADING_SIZE = 1.08
_MAX_HEADING_WORDS = 20
_MAX_NUMBERED_HEADING_WORDS = 12
_FOOTNOTE_SIZE = 0.88
_SHORT_LINE_SHARE = 0.88
_ROOM_EMS = 2.0
_LINES_SEEN = 30
_MAX_HEAD_CELL_WORDS = 4
_TERMINAL = re.compile(r"(?:[.?!:;][”’\"')\]]*|[;,] (?:and|or))$")
_FOOTNOTE_START = re.compile(r"\d{1,3}\s*\S")


@dataclass
class _Open:
    """The block that lines are being added to; ``cells`` are those of one table row."""

    kind: BlockKind
    page: int
    last_page: int
    lines: list[Line] = field(default_factory=list)
    level: int = 0
    cells: list[list[Line]] = field(default_factory=list)


def lay_out(pages: Sequence[Page], *, seconds: float = 60.0) -> list[Block]:
    """Make blocks of the pages' lines, in reading order, footnotes at the end.

    A paragraph that runs over a page's or column's end is one block, on the page where it
    begins; so is a table row whose second half has no number of its own. Words that were
    hyphenated at a line's end are whole again.

    Raises:
        ExtractFailedError: it took longer than ``seconds``; only made-up pages do.
    """
    end = time.monotonic() + seconds
    ordered = []
    for page in pages:
        ordered.append((page, order_page(page)))
        if time.monotonic() > end:
            raise ExtractFailedError(
                "limit", "has pages of more pieces than can be put in order: print it to a new PDF"
            )
    measures = measure(ordered)
    levels = _heading_levels(ordered, measures)
    done: list[_Open] = []
    footnotes: list[_Open] = []
    flows: dict[tuple[int, int], _Open] = {}
    for page, things in ordered:
        for kind, thing in _kinds(page, things, len(pages), measures):
            if isinstance(thing, Row):
                _add_row(thing, kind, page, done)
                continue
            pile = footnotes if kind is BlockKind.FOOTNOTE else done
            # A box in the middle of a page does not end the paragraph that runs round it.
            place = (thing.flow and page.number, thing.flow)
            if kind is BlockKind.FOOTNOTE:
                place = (-1, 0)
            current = flows.get(place)
            if current and _continues(current, thing, kind, page, measures):
                current.lines.append(thing)
                current.last_page = page.number
            else:
                level = levels.get(round(thing.size, 1), 1) if kind is BlockKind.HEADING else 0
                flows[place] = _Open(kind, page.number, page.number, [thing], level)
                pile.append(flows[place])
    words = known_words(line.text for page in pages for line in page.lines)
    return [block for one in done + footnotes if (block := _close(one, words))]


def _kinds(
    page: Page, things: Sequence[Line | Row], page_count: int, measures: Measures
) -> Iterator[tuple[BlockKind, Line | Row]]:
    lines = [thing for thing in things if isinstance(thing, Line)]
    contents = {id(lines[index]) for index in find_contents(lines, page_count)}
    notes = _footnote_lines(lines, measures)
    headings = {id(line) for line in lines if _is_heading(line, page, measures)}
    # A heading within a box names the box's words and not what follows it on the page.
    mixed = {line.flow for line in lines if line.flow and id(line) not in headings}
    before: Line | Row | None = None
    for thing, following in pairwise([*things, None]):
        if isinstance(thing, Row):
            next_row = following if isinstance(following, Row) else None
            head = not isinstance(before, Row) and _is_head(thing, next_row)
            yield (BlockKind.TABLE_HEAD if head else BlockKind.ROW), thing
        elif thing is None:
            return
        elif id(thing) in notes:
            yield BlockKind.FOOTNOTE, thing
        elif id(thing) in contents:
            yield BlockKind.CONTENTS, thing
        else:
            heading = id(thing) in headings and thing.flow not in mixed
            yield BlockKind.HEADING if heading else BlockKind.PARAGRAPH, thing
        before = thing


def _is_head(row: Row, following: Row | None) -> bool:
    """Tell a table's column names from its first row: bold, or shorter than what follows."""
    lines = [line for cell in row.cells for line in cell]
    texts = [" ".join(line.text for line in cell).strip() for cell in row.cells if cell]
    sentences = any(count_words(text) > 2 and _TERMINAL.search(text) for text in texts)
    if len(texts) < 2 or sentences or any(text[:1].isdigit() for text in texts):
        return False
    words = max(map(count_words, texts))
    if all(line.bold for line in lines):
        return words <= 2 * _MAX_HEAD_CELL_WORDS
    below = [line for cell in following.cells for line in cell] if following else []
    longer = sum(len(line.text) for line in below) > 2 * sum(map(len, texts))
    return words <= _MAX_HEAD_CELL_WORDS and longer


def _add_row(row: Row, kind: BlockKind, page: Page, done: list[_Open]) -> None:
    last = done[-1] if done else None
    runs_on = (
        last is not None
        and last.kind is BlockKind.ROW
        and last.last_page < page.number
        and len(last.cells) == len(row.cells)
        and not row.cells[0]
    )
    if last is not None and runs_on:
        for cell, more in zip(last.cells, row.cells, strict=True):
            cell.extend(more)
        last.last_page = page.number
    else:
        done.append(_Open(kind, page.number, page.number, cells=[list(c) for c in row.cells]))


def _heading_levels(
    ordered: Sequence[tuple[Page, list[Line | Row]]], measures: Measures
) -> dict[float, int]:
    sizes = {
        round(line.size, 1)
        for page, things in ordered
        for line in things
        if isinstance(line, Line) and _is_heading(line, page, measures)
    }
    return {size: level for level, size in enumerate(sorted(sizes, reverse=True), start=1)}


def _is_heading(line: Line, page: Page, measures: Measures) -> bool:
    text = line.text.strip()
    words = count_words(text)
    if words > _MAX_HEADING_WORDS or split_bullet(text)[0] or not any(map(str.isalpha, text)):
        return False
    if line.size >= measures.body_size * _HEADING_SIZE and words > 0:
        return not text.endswith(".") or split_number(text)[0] is None
    if text.endswith((".", ";", ",", "?")):
        return False
    if line.bold and not measures.bold_body:
        return True
    short = words <= _MAX_NUMBERED_HEADING_WORDS and _width_share(line, page, measures) < 0.75
    return short and text.isupper() and words > 1


def _width_share(line: Line, page: Page, measures: Measures) -> float:
    left, right = measures.column(line, page)
    return (line.right - left) / (right - left) if right > left else 1.0


def _footnote_lines(lines: Sequence[Line], measures: Measures) -> set[int]:
    """Find the small lines at the foot of each column, from the first that has a mark."""
    found: set[int] = set()
    for _, group in groupby(lines, key=lambda line: (line.column, line.flow)):
        column = list(group)
        start = len(column)
        for index in range(len(column) - 1, -1, -1):
            if column[index].size > measures.body_size * _FOOTNOTE_SIZE:
                break
            if _FOOTNOTE_START.match(column[index].text.strip()):
                start = index
        found |= {id(line) for line in column[start:]}
    return found


def _continues(block: _Open, line: Line, kind: BlockKind, page: Page, measures: Measures) -> bool:
    """Say whether a line goes on with the open block, rather than opening one."""
    if block.kind is not kind or kind is BlockKind.CONTENTS:
        return False
    previous = block.lines[-1]
    gap = previous.baseline - line.baseline
    moved = block.last_page != page.number or gap <= 0 or previous.column != line.column
    text = line.text.strip()
    if kind is BlockKind.FOOTNOTE:
        return not _FOOTNOTE_START.match(text)
    if kind is BlockKind.HEADING:
        return not moved and gap < 1.6 * line.size and abs(previous.size - line.size) < 0.6
    if split_bullet(text)[0] or split_number(text)[0]:
        return False
    if not moved and _was_broken_early(block.lines, line):
        return False
    return _goes_on(previous, line, moved=moved, page=page, measures=measures)


def _was_broken_early(lines: Sequence[Line], line: Line) -> bool:
    """Say whether a line's first word would have fitted on the line before it.

    Then somebody ended that line: it is an item of a list whose bullets are drawn, or an
    address. How far lines reach is seen on the block itself, which may be indented.
    """
    if lines[-1].text.rstrip().endswith("-"):
        return False
    # A wider line after several may be the end of a picture that they ran beside.
    here = _in_one_column(lines[-_LINES_SEEN:])
    reach = max(one.right for one in (here if len(here) > 1 else [*here, line]))
    first = line.text.split(maxsplit=1)[0]
    width = (line.right - line.left) * len(first) / len(line.text)
    return reach - lines[-1].right > width + _ROOM_EMS * line.size


def _in_one_column(lines: Sequence[Line]) -> Sequence[Line]:
    """Give the last of a block's lines that stand under each other, on one page."""
    start = len(lines) - 1
    while start and lines[start - 1].baseline > lines[start].baseline:
        if lines[start - 1].column != lines[start].column:
            break
        start -= 1
    return lines[start:]


def _goes_on(previous: Line, line: Line, *, moved: bool, page: Page, measures: Measures) -> bool:
    ended = bool(_TERMINAL.search(previous.text.strip()))
    if moved:
        return not ended or line.text.strip()[:1].islower()
    gap = previous.baseline - line.baseline
    if gap > _PARAGRAPH_GAP * max(measures.leading, 1.05 * line.size):
        return False
    return not (ended and _width_share(previous, page, measures) < _SHORT_LINE_SHARE)


def _close(block: _Open, words: frozenset[str]) -> Block | None:
    if block.cells:
        cells = [join_lines([line.text for line in cell], words) for cell in block.cells]
        return make_row(cells, block.kind, page=block.page)
    text = join_lines([line.text for line in block.lines], words)
    return make_block(text, block.kind, block.level, page=block.page) if text else None
