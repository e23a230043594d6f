"""Printed lines to headings, paragraphs and list items, across lines and pages."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.characters import count_words, tidy
from ingest.extract.markup import make_block
from ingest.extract.pdf_page import Line, Page, find_contents
from ingest.extracted import Block, BlockKind
from ingest.numbering import split_bullet, split_number

_PARAGRAPH_GAP = 1.35
_HEADING_SIZE = 1.08
_MAX_HEADING_WORDS = 20
_MAX_NUMBERED_HEADING_WORDS = 12
_FOOTNOTE_SIZE = 0.88
_SHORT_LINE_SHARE = 0.88
_TERMINAL = re.compile(r"[.?!:;][”’\"')\]]*$")
_FOOTNOTE_START = re.compile(r"\d{1,3}\s*\S")
_NUMBERED_TITLE = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,2}\.?|[A-Z]\.|(?:Appendix|Chapter|Section|Part) \w+)\s+[A-Z]"
)
# "15 th July", "3 rd March": a raised ending that extraction parts from its figure.
_ORDINAL = re.compile(r"\b(\d{0,2}(?:1\s+st|2\s+nd|3\s+rd|[04-9]\s+th|1[1-3]\s+th))\b(?!\s*[-–])")
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_SPLIT_WORD = re.compile(r"(\w+)\x02(\w+)")
_TRAILING_HYPHEN = re.compile(r"(\w)[-‐\u00ad]$")
# Prefixes that keep their hyphen when the document gives no other example of the word.
_HYPHENATED_NAMES = (
    "anti co cross half inter long mid multi non part post pre self short single sub well"
)
_HYPHENATED = frozenset(_HYPHENATED_NAMES.split())


@dataclass(frozen=True)
class _Measures:
    """What is ordinary in this document, in points."""

    body_size: float
    leading: float
    right: float
    left: float
    bold_body: bool


@dataclass
class _Open:
    """The block that lines are being added to."""

    kind: BlockKind
    page: int
    lines: list[Line] = field(default_factory=list)
    level: int = 0


def lay_out(pages: Sequence[Page]) -> list[Block]:
    """Make blocks of the pages' lines, in reading order, footnotes at the end.

    A paragraph that runs over a page's end is one block, on the page where it begins.
    Words that were hyphenated at a line's end are whole again.
    """
    measures = _measure(pages)
    levels = _heading_levels(pages, measures)
    done: list[_Open] = []
    footnotes: list[_Open] = []
    for page in pages:
        contents = find_contents(page, len(pages))
        notes = _footnote_start(page, measures)
        for index, line in enumerate(page.lines):
            kind = (
                BlockKind.FOOTNOTE
                if index >= notes
                else BlockKind.CONTENTS
                if index in contents
                else BlockKind.HEADING
                if _is_heading(line, measures)
                else BlockKind.PARAGRAPH
            )
            pile = footnotes if kind is BlockKind.FOOTNOTE else done
            if pile and _continues(pile[-1], line, kind, page, measures):
                pile[-1].lines.append(line)
            else:
                level = levels.get(round(line.size, 1), 1) if kind is BlockKind.HEADING else 0
                pile.append(_Open(kind, page.number, [line], level))
    words = _known_words(pages)
    return [block for open_block in done + footnotes if (block := _close(open_block, words))]


def _measure(pages: Sequence[Page]) -> _Measures:
    sizes: Counter[float] = Counter()
    bold = total = 0
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
            bold += len(line.text) if line.bold else 0
            total += len(line.text)
    body_size = sizes.most_common(1)[0][0] if sizes else 10.0
    body = [line for page in pages for line in page.lines if abs(line.size - body_size) < 0.6]
    gaps = sorted(
        above.last_baseline - below.first_baseline
        for page in pages
        for above, below in zip(page.lines, page.lines[1:], strict=False)
        if 0.9 * body_size < above.last_baseline - below.first_baseline < 4 * body_size
    )
    rights = sorted(line.right for line in body)
    lefts = sorted(line.left for line in body)
    return _Measures(
        body_size=body_size,
        leading=gaps[len(gaps) // 5] if gaps else 1.2 * body_size,
        right=rights[int(len(rights) * 0.95)] if rights else 0.0,
        left=lefts[len(lefts) // 20] if lefts else 0.0,
        bold_body=bold > total / 2,
    )


def _heading_levels(pages: Sequence[Page], measures: _Measures) -> dict[float, int]:
    sizes = {
        round(line.size, 1) for page in pages for line in page.lines if _is_heading(line, measures)
    }
    return {size: level for level, size in enumerate(sorted(sizes, reverse=True), start=1)}


def _is_heading(line: Line, measures: _Measures) -> bool:
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
    short = words <= _MAX_NUMBERED_HEADING_WORDS and _width_share(line, measures) < 0.75
    return short and text.isupper() and words > 1


def _width_share(line: Line, measures: _Measures) -> float:
    width = measures.right - measures.left
    return (line.right - measures.left) / width if width > 0 else 1.0


def _footnote_start(page: Page, measures: _Measures) -> int:
    """Give the position of the first footnote line; past the end where there is none."""
    start = len(page.lines)
    for index in range(len(page.lines) - 1, -1, -1):
        if page.lines[index].size > measures.body_size * _FOOTNOTE_SIZE:
            break
        if _FOOTNOTE_START.match(page.lines[index].text.strip()):
            start = index
    return start


def _continues(block: _Open, line: Line, kind: BlockKind, page: Page, measures: _Measures) -> bool:
    """Say whether a line goes on with the open block, rather than opening one."""
    if block.kind is not kind or kind is BlockKind.CONTENTS:
        return False
    previous = block.lines[-1]
    gap = previous.last_baseline - line.first_baseline
    if block.page == page.number and abs(gap) < 0.3 * line.size and line.left > previous.left:
        return True  # the same printed line, in two pieces
    text = line.text.strip()
    if kind is BlockKind.FOOTNOTE:
        return not _FOOTNOTE_START.match(text)
    if kind is BlockKind.HEADING:
        return 0 < gap < 1.6 * line.size and abs(previous.size - line.size) < 0.6
    if split_bullet(text)[0] or split_number(text)[0]:
        return False
    return _paragraph_continues(previous, text, gap, measures)


def _paragraph_continues(previous: Line, text: str, gap: float, measures: _Measures) -> bool:
    ended = bool(_TERMINAL.search(previous.text.strip()))
    if gap <= 0:  # a new page or column
        return not ended or text[:1].islower()
    if gap > _PARAGRAPH_GAP * measures.leading:
        return False
    return not (ended and _width_share(previous, measures) < _SHORT_LINE_SHARE)


def _known_words(pages: Sequence[Page]) -> frozenset[str]:
    return frozenset(
        word.strip(".,;:()“”‘’'\"").lower()
        for page in pages
        for line in page.lines
        for word in line.text.split()
        if "\x02" not in word
    )


def _close(block: _Open, words: frozenset[str]) -> Block | None:
    text = ""
    for line in block.lines:
        piece = line.text.strip()
        if _TRAILING_HYPHEN.search(text) and piece[:1].islower():
            text = text[:-1] + "\x02" + piece
        else:
            text = f"{text} {piece}"
    text = _SPLIT_WORD.sub(lambda matched: _join_word(matched[1], matched[2], words), text)
    text = tidy(text.replace("\x02", "-").translate(_LIGATURES))
    text = _ORDINAL.sub(lambda matched: re.sub(r"\s+", "", matched[1]), text)
    return make_block(text, block.kind, block.level, page=block.page) if text else None


def _join_word(start: str, end: str, words: frozenset[str]) -> str:
    """Join a word that was parted at a line's end, as the document spells it elsewhere."""
    whole, hyphenated = start + end, f"{start}-{end}"
    if whole.lower() in words:
        return whole
    if hyphenated.lower() in words or start.lower() in _HYPHENATED or end[:1].isupper():
        return hyphenated
    return whole
