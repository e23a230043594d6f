"""What is drawn on a PDF page besides its words: rules, boxes, pictures; and what can be seen.

Runs in the child process (pdf_child.py), where alone PDFium is called.
"""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pypdfium2.raw as pdfium

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points, in the page's own space."""

_THIN = 3.0
_MIN_RULE = 10.0
_MIN_BOX = (60.0, 25.0)
_MAX_OBJECTS = 20_000
_MAX_SEGMENTS = 5_000
_LIGHT = 240
"""A channel from here on is taken for white."""
_SAME_SHADE = 24
_DARK = 90
_COVERING_NOTES = frozenset(
    {pdfium.FPDF_ANNOT_SQUARE, pdfium.FPDF_ANNOT_REDACT, pdfium.FPDF_ANNOT_STAMP}
)


@dataclass
class Paint:
    """What was found on one page."""

    rules: list[Box] = field(default_factory=list)
    """Thin lines, as the ruling of tables."""
    boxes: list[Box] = field(default_factory=list)
    """Rectangles that are outlined or shaded, and smaller than the page."""
    covers: list[Box] = field(default_factory=list)
    """Whatever could stand over or under words: pictures and filled shapes."""
    picture_area: float = 0.0


def read_paint(page: Any) -> Paint:  # noqa: ANN401 - pypdfium2 is untyped
    """Look at a page's top-level objects; those inside forms are left alone."""
    paint = Paint()
    segments = 0
    width, height = page.get_width(), page.get_height()
    for index in range(min(pdfium.FPDFPage_CountObjects(page), _MAX_OBJECTS)):
        item = pdfium.FPDFPage_GetObject(page, index)
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind not in (pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_IMAGE):
            continue
        box = _bounds(item)
        if box is None:
            continue
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            paint.covers.append(box)
            paint.picture_area += (box[2] - box[0]) * (box[3] - box[1])
        elif segments < _MAX_SEGMENTS:
            segments += _add_path(item, box, paint, width * height)
    _add_notes(page, paint)
    return paint


def _add_path(item: Any, box: Box, paint: Paint, page_area: float) -> int:  # noqa: ANN401
    """Sort one path into rules, boxes and covers; gives how many segments were read."""
    wide, high = box[2] - box[0], box[3] - box[1]
    if min(wide, high) <= _THIN:
        if max(wide, high) >= _MIN_RULE:
            paint.rules.append(box)
        return 1
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    shade = _shade(item) if fill.value else _LIGHT
    if fill.value:
        paint.covers.append(box)
    drawn = bool(stroke.value) or shade < _LIGHT
    if drawn and wide >= _MIN_BOX[0] and high >= _MIN_BOX[1] and wide * high < 0.7 * page_area:
        paint.boxes.append(box)
    return _add_segments(item, paint) if stroke.value else 1


def _add_segments(item: Any, paint: Paint) -> int:  # noqa: ANN401
    """Add the straight lines of an outlined path, such as a whole table's grid."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    count = min(pdfium.FPDFPath_CountSegments(item), _MAX_SEGMENTS)
    start = last = None
    for index in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        x, y = ctypes.c_float(), ctypes.c_float()
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO and last is not None:
            _add_stroke(last, point, paint)
        if start is not None and pdfium.FPDFPathSegment_GetClose(segment):
            _add_stroke(point, start, paint)
        last = point
    return int(count)


def _add_stroke(one: tuple[float, float], other: tuple[float, float], paint: Paint) -> None:
    left, right = sorted((one[0], other[0]))
    bottom, top = sorted((one[1], other[1]))
    if min(right - left, top - bottom) <= 1 and max(right - left, top - bottom) >= _MIN_RULE:
        paint.rules.append((left, bottom, right, top))


def _add_notes(page: Any, paint: Paint) -> None:  # noqa: ANN401
    """Add the notes that people lay over words to hide them."""
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MAX_OBJECTS)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if pdfium.FPDFAnnot_GetSubtype(note) in _COVERING_NOTES:
            rect = pdfium.FS_RECTF()
            if pdfium.FPDFAnnot_GetRect(note, rect):
                paint.covers.append((rect.left, rect.bottom, rect.right, rect.top))
        pdfium.FPDFPage_CloseAnnot(note)


def _bounds(item: Any) -> Box | None:  # noqa: ANN401
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return None
    return left.value, bottom.value, right.value, top.value


def around(boxes: Sequence[Box]) -> Box:
    """Give the smallest box around others."""
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _shade(item: Any) -> int:  # noqa: ANN401
    """Give the darkest channel of an object's fill, 0 to 255; what is clear counts as white."""
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(item, red, green, blue, alpha) or alpha.value < 16:
        return _LIGHT
    return min(red.value, green.value, blue.value)


class Sight:
    """Draws a page once, small and grey, to tell whether words on it can be seen."""

    def __init__(self, page: Any) -> None:  # noqa: ANN401
        """Keep the page; nothing is drawn until asked."""
        self._page = page
        self._drawn: Any = None

    def look(self, box: Box) -> Literal["words", "bar", "nothing"]:
        """Say what is to be seen in a box of the displayed page; a bar is black all over."""
        if self._drawn is None:
            self._drawn = self._page.render(scale=1, grayscale=True)
        drawn = self._drawn
        rows, columns, stride = drawn.height, drawn.width, drawn.stride
        left, right = max(0, int(box[0])), min(columns, int(box[2]) + 1)
        top, bottom = max(0, int(rows - box[3])), min(rows, int(rows - box[1]) + 1)
        if left >= right or top >= bottom:
            return "nothing"
        lightest, darkest = 0, 255
        for row in range(top, bottom):
            pixels = bytes(drawn.buffer[row * stride + left : row * stride + right])
            lightest, darkest = max(lightest, *pixels), min(darkest, *pixels)
        if lightest - darkest > _SAME_SHADE:
            return "words"
        return "bar" if lightest < _DARK else "nothing"
