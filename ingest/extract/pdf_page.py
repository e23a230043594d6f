"""A PDF's pages as printed lines, and which of them are running heads, feet or contents."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

_MARGIN_SHARE = 0.12
_SAME_PLACE_POINTS = 8.0
_MIN_REPEATS = 3
_MAX_ENTRY_CHARS = 400
_SENTENCE_WORDS = 6
_SAME_LINE = 0.45
"""In ems: baselines nearer than this are one line, such as that of a raised ending."""
_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[-–|]?\s*(\d{1,4})\s*[-–|]?(?:\s*(?:of|/)\s*\d+)?", re.IGNORECASE
)
_ROMAN = re.compile(r"[ivxl]{1,7}", re.IGNORECASE)
_LEADERS = re.compile(r".*\S\s*(?:(?:[.·]\s?){4,}|…{2,}|_{4,})\s*(?:\d{1,4}|[ivxl]{1,6})")
_ENDS_IN_PAGE = re.compile(r".*\S\s+(\d{1,4})")
_CONTENTS = re.compile(r"(?:table of )?contents(?: page)?:?", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


_Places = defaultdict[tuple[str, int], set[int]]
"""A margin line's words but for figures, and its height in steps → the pages that have it."""

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points, from the page's lower left corner."""


@dataclass(frozen=True)
class Line:
    """One printed line, or a piece of one; measures in points, from the lower left corner."""

    text: str
    left: float
    right: float
    baseline: float
    size: float
    bold: bool
    column: tuple[float, float] | None = None
    """The edges of the column it stands in, where the page is divided there."""
    flow: int = 0
    """Which run of text it belongs to: 0 the page's own, else one box of it."""

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.baseline + 0.3 * self.size


@dataclass(frozen=True)
class Page:
    """One page: its number from 1, and its lines in the order the file gives them."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    rules: tuple[Box, ...] = ()
    """Thin lines drawn on it, as the ruling of tables."""
    boxes: tuple[Box, ...] = ()
    """Rectangles drawn on it that are smaller than the page."""
    recognised: bool = False
    """Whether its words were read from a picture."""


def around(boxes: Sequence[Box]) -> Box:
    """Give the smallest box around others."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def print_rows(lines: Sequence[Line]) -> list[list[Line]]:
    """Gather the pieces of each printed line, from the left; lines from the top."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (-line.baseline, line.left)):
        tolerance = _SAME_LINE * max(line.size, rows[-1][0].size if rows else 0)
        if rows and abs(rows[-1][0].baseline - line.baseline) < tolerance:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def strip_running_lines(pages: Sequence[Page]) -> tuple[list[Page], int]:
    """Take off running heads, running feet and page numbers.

    A line in the top or bottom margin is one when it stands at the same height, with the
    same words but for figures, on three pages or more (on both pages of two), or when it
    is a number that grows with the pages and stands beyond the page's sentences: the rows of
    a table may be numbered as the pages are.

    Returns:
        The pages without those lines, and how many lines were taken off.
    """
    places: _Places = defaultdict(set)
    offsets: Counter[int] = Counter()
    for page in pages:
        for line in page.lines:
            if _in_margin(line, page):
                places[_shape(line.text), _height(line)].add(page.number)
                number = _PAGE_NUMBER.fullmatch(line.text.strip())
                if number:
                    offsets[int(number[1]) - page.number] += 1
    needed = min(_MIN_REPEATS, max(2, len(pages)))
    steady = {offset for offset, times in offsets.items() if times >= min(2, len(pages))}
    stripped = 0
    kept_pages = []
    for page in pages:
        repeated = {
            line for line in page.lines if _in_margin(line, page) and _repeats(line, places, needed)
        }
        top, bottom = _body(page, repeated)
        kept = tuple(
            line
            for line in page.lines
            if not (
                line in repeated
                or (
                    _in_margin(line, page)
                    and not bottom <= line.baseline <= top
                    and _is_page_number(line, page, steady)
                )
            )
        )
        stripped += len(page.lines) - len(kept)
        kept_pages.append(replace(page, lines=kept))
    return kept_pages, stripped


def find_contents(lines: Sequence[Line], page_count: int) -> set[int]:
    """Find the positions of lines that belong to a contents list, in one page's lines.

    Dots leading to a page number give a line away anywhere; under a heading "Contents",
    so does a page number at its end, and so do the lines between two such lines.
    """
    texts = [line.text.strip()[:_MAX_ENTRY_CHARS] for line in lines]
    entries = {index for index, text in enumerate(texts) if _LEADERS.fullmatch(text)}
    heading = next((i for i, text in enumerate(texts) if _CONTENTS.fullmatch(text)), None)
    if heading is not None:
        last = 0
        for index in range(heading + 1, len(texts)):
            number = _ENDS_IN_PAGE.fullmatch(texts[index])
            if number and last <= int(number[1]) <= page_count + 50:
                entries.add(index)
                last = int(number[1])
    if len(entries) > 1 or heading is not None:
        first = min(entries, default=0) if heading is None else heading
        entries |= set(range(first + (heading is not None), max(entries, default=-1) + 1))
    return entries


def _in_margin(line: Line, page: Page) -> bool:
    share = line.baseline / page.height if page.height else 0.5
    return share < _MARGIN_SHARE or share > 1 - _MARGIN_SHARE


def _body(page: Page, repeated: set[Line]) -> tuple[float, float]:
    """Give the heights of a page's uppermost and lowest sentence."""
    heights = [
        line.baseline
        for line in page.lines
        if len(line.text.split()) >= _SENTENCE_WORDS and line not in repeated
    ]
    return max(heights, default=float("-inf")) + 2, min(heights, default=float("inf")) - 2


def _is_page_number(line: Line, page: Page, steady: set[int]) -> bool:
    text = line.text.strip()
    number = _PAGE_NUMBER.fullmatch(text)
    if number:
        return int(number[1]) - page.number in steady
    return bool(_ROMAN.fullmatch(text))


def _repeats(line: Line, places: _Places, needed: int) -> bool:
    shape = _shape(line.text)
    # A paragraph's number alone in the margin repeats too: only words make a running head.
    if _PAGE_NUMBER.fullmatch(line.text.strip()) or not any(map(str.isalpha, shape)):
        return False
    height = _height(line)
    same_place = set().union(*(places.get((shape, height + step), ()) for step in (-1, 0, 1)))
    return len(same_place) >= needed


def _height(line: Line) -> int:
    return round(line.baseline / _SAME_PLACE_POINTS)


def _shape(text: str) -> str:
    return _DIGITS.sub("#", " ".join(text.split()).lower())
