"""The words of one PDF page, gathered into printed lines, with what no reader can see left out.

Runs in the child process (pdf_child.py), where alone PDFium is called.
"""

import ctypes
import re
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

import pypdfium2.raw as pdfium

from ingest.extract.pdf_paint import Box, Paint, Sight, around, read_paint
from ingest.extract.pdf_style import Style, read_style

Seen = Literal["words", "bar", "nothing"]
BAR = "█"
"""What stands in the text for words under a black bar, as on the page."""

Line = tuple[str, float, float, float, float, bool]
"""Text, left, right, baseline, size in points, whether bold; on the page as displayed."""

_BREAKS = frozenset((10, 13))
_HYPHENS = frozenset((0x02, 0xFFFE))
"""What PDFium writes for a hyphen at a line's end, after which it goes on without a break."""
_ODD = re.compile("[\x02\ufffe\ud800-\udfff]")
_WIDE_GAP = 0.9
"""In ems: a wider gap parts a line, which the reader of the layout may join again."""
_RAISED_SHARE = 0.88
_TINY_POINTS = 1.5
_SCAN_SHARE = 0.5


@dataclass
class _Word:
    text: str
    left: float
    right: float
    baseline: float
    style: Style
    ends_line: bool = False


class PageReader:
    """Reads one page; an instance is used once."""

    def __init__(self, page: Any) -> None:  # noqa: ANN401 - pypdfium2 is untyped
        """Take in the page's measures and what is painted on it."""
        self._page = page
        self._text = page.get_textpage()
        self._paint: Paint = read_paint(page)
        self._sight = Sight(page)
        self._styles: dict[int, Style] = {}
        self._turn = page.get_rotation() % 360
        self._crop: Box = page.get_cropbox()
        self._dropped: Counter[str] = Counter()
        self._recognised = False
        self._upright_rules: list[Box] = []

    def read(self) -> dict[str, Any]:
        """Give the page as plain values that can be written as JSON."""
        spans = [(start, end, self._style(start)) for start, end in self._word_spans()]
        angles: Counter[int] = Counter()
        for start, end, style in spans:
            angles[style.angle] += end - start
        upright = max((angle for angle in angles if angle >= 0), key=angles.__getitem__, default=0)
        # Sideways words on a page that is printed sideways throughout are simply its words.
        shown_turn = self._turn
        self._turn = upright
        rules = [self._box(box) for box in self._paint.rules]
        self._upright_rules = [rule for rule in rules if rule[3] - rule[1] > rule[2] - rule[0]]
        lines = self._lines(spans, upright, seen_from=shown_turn)
        width, height = self._measures()
        area = max(1.0, width * height)
        return {
            "width": width,
            "height": height,
            "lines": lines,
            "rules": rules,
            "boxes": [self._box(box) for box in self._paint.boxes],
            "objects": pdfium.FPDFPage_CountObjects(self._page.raw),
            "picture": min(1.0, self._paint.picture_area / area),
            "recognised": self._recognised,
            "dropped": dict(self._dropped),
        }

    def _word_spans(self) -> list[tuple[int, int]]:
        count = self._text.count_chars()
        read = pdfium.FPDFText_GetUnicode
        raw = self._text.raw
        codes = [read(raw, index) for index in range(count)]
        if max(codes, default=0) > sys.maxunicode:  # a file may map its letters to anything
            codes = [min(code, 0xFFFD) for code in codes]
        self._codes = codes
        spans = []
        start = None
        for index, code in enumerate(codes):
            blank = (code <= 32 and code not in _HYPHENS) or code == 0xA0
            if blank and start is not None:
                spans.append((start, index))
                start = None
            elif not blank and start is None:
                start = index
            if code in _HYPHENS and start is not None:
                spans.append((start, index + 1))
                start = None
        if start is not None:
            spans.append((start, count))
        return spans

    def _lines(
        self, spans: list[tuple[int, int, Style]], upright: int, *, seen_from: int
    ) -> list[Line]:
        lines: list[Line] = []
        line: list[_Word] = []
        for start, end, style in spans:
            if style.angle != upright:
                self._dropped["sideways-text"] += 1
                continue
            word = self._word(start, end, style)
            seen = self._look(start, end, word, seen_from)
            if seen != "words":
                self._dropped["hidden-text"] += 1
            if seen == "bar":
                word.text = BAR
            if seen == "nothing" or (seen == "bar" and line and line[-1].text == BAR):
                continue
            if line and not (_follows(line[-1], word) and not self._parted(line[-1], word)):
                lines.append(_join(line))
                line = []
            line.append(word)
        return [*lines, _join(line)] if line else lines

    def _parted(self, last: _Word, word: _Word) -> bool:
        """Say whether an upright rule stands between two words, as between two cells."""
        return any(
            last.right - 1 <= rule[0] <= word.left + 1
            and rule[1] <= word.baseline + 0.3 * word.style.size <= rule[3]
            for rule in self._upright_rules
        )

    def _word(self, start: int, end: int, style: Style) -> _Word:
        raised = self._raised_from(start, end, style)
        if raised > start:
            self._dropped["footnote-mark"] += 1
            end = raised
        left, baseline = self._origin(start)
        first = self._box(self._text.get_charbox(start)) if end - start == 1 else None
        last = first or self._box(self._text.get_charbox(end - 1))
        ends_line = self._codes[end - 1] in _HYPHENS
        text = _ODD.sub(_mend, "".join(map(chr, self._codes[start:end])))
        return _Word(
            text, min(left, last[0]), max(left, last[2]), baseline, style, ends_line=ends_line
        )

    def _raised_from(self, start: int, end: int, style: Style) -> int:
        """Find where a small raised figure, a footnote's mark, is set against a word's end."""
        cut = end
        while cut > start and chr(self._codes[cut - 1]).isdigit():
            cut -= 1
        if cut in (start, end):
            return start
        if self._style(cut).size >= _RAISED_SHARE * style.size:
            return start
        # Lowered figures are part of the word, as in a chemist's formula.
        return cut if self._origin(cut)[1] > self._origin(start)[1] + 0.1 * style.size else start

    def _origin(self, index: int) -> tuple[float, float]:
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(self._text.raw, index, x, y)
        return self._point(x.value, y.value)

    def _look(self, start: int, end: int, word: _Word, seen_from: int) -> Seen:
        width, height = self._measures()
        middle = (word.left + word.right) / 2
        style = word.style
        off_page = not (0 <= middle <= width and -2 <= word.baseline <= height)
        if off_page or style.size < _TINY_POINTS:
            return "nothing"
        if style.unseen:
            # Words laid invisibly over a picture of them: somebody's text recognition.
            self._recognised |= self._is_scan()
            return "words" if self._is_scan() else "nothing"
        if not style.white and not self._paint.covers:
            return "words"
        boxes = [self._text.get_charbox(start), self._text.get_charbox(end - 1)]
        if not style.white and not any(_inside(boxes[0], c) for c in self._paint.covers):
            return "words"
        own_turn, self._turn = self._turn, seen_from
        shown = [self._box(box) for box in boxes]
        self._turn = own_turn
        return self._sight.look(around(shown))

    def _is_scan(self) -> bool:
        left, bottom, right, top = self._crop
        return self._paint.picture_area >= _SCAN_SHARE * (right - left) * (top - bottom)

    def _style(self, index: int) -> Style:
        item = pdfium.FPDFText_GetTextObject(self._text.raw, index)
        key = ctypes.cast(item, ctypes.c_void_p).value or -index - 1
        style = self._styles.get(key)
        if style is None:
            style = self._styles[key] = read_style(self._text.raw, index, item)
        return style

    def _measures(self) -> tuple[float, float]:
        left, bottom, right, top = self._crop
        wide, high = right - left, top - bottom
        return (high, wide) if self._turn in (90, 270) else (wide, high)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        """Turn a point of the page's own space to where it stands when the text is upright."""
        left, bottom, right, top = self._crop
        if self._turn == 90:
            return y - bottom, right - x
        if self._turn == 180:
            return right - x, top - y
        if self._turn == 270:
            return top - y, x - left
        return x - left, y - bottom

    def _box(self, box: Box) -> Box:
        one, other = self._point(box[0], box[1]), self._point(box[2], box[3])
        return (
            min(one[0], other[0]),
            min(one[1], other[1]),
            max(one[0], other[0]),
            max(one[1], other[1]),
        )


def _follows(last: _Word, word: _Word) -> bool:
    """Say whether a word stands right after another on the same printed line."""
    if last.ends_line or abs(last.baseline - word.baseline) > 0.15 * word.style.size:
        return False
    if abs(last.style.size - word.style.size) > 0.2 * word.style.size:
        return False
    # Scripts that run to the left put the next word before this one.
    gap = max(word.left - last.right, last.left - word.right)
    return -0.5 * word.style.size < gap < _WIDE_GAP * word.style.size


def _join(words: list[_Word]) -> Line:
    letters = sum(len(word.text) for word in words)
    bold = sum(len(word.text) for word in words if word.style.bold)
    return (
        " ".join(word.text for word in words),
        min(word.left for word in words),
        max(word.right for word in words),
        words[0].baseline,
        words[0].style.size,
        bold > 0.9 * letters,
    )


def _mend(odd: re.Match[str]) -> str:
    return "-" if ord(odd[0]) in _HYPHENS else "\ufffd"


def _inside(inner: Box, outer: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]
