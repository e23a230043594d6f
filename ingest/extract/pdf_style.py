"""How the characters of a PDF's text object are drawn: size, direction, weight, ink.

Runs in the child process (pdf_child.py), where alone PDFium is called.
"""

import ctypes
import math
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

_FORCE_BOLD = 1 << 18
_BOLD_WEIGHT = 600
_WHITE = 240
"""A channel from here on is taken for white."""
_CLEAR = 16
"""An ink that lets more through than this cannot be seen."""
_INVISIBLE_MODES = frozenset(
    {pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP}
)
_STROKED_MODES = frozenset(
    {pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE}
)


@dataclass(frozen=True)
class Style:
    """What all characters of one text object share."""

    size: float
    angle: int
    """Degrees the text is turned, to the left, in the page's own space; -1 is askew."""
    bold: bool
    unseen: bool
    """Drawn without ink: an invisible mode, or a clear colour."""
    white: bool


def read_style(textpage: Any, index: int, item: Any) -> Style:  # noqa: ANN401 - untyped
    """Read the style of one character, which all of its text object share.

    Args:
        textpage: PDFium's own handle.
        index: the character's.
        item: its text object; a null pointer for what PDFium added itself.
    """
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, index, matrix)
    # Some programs set everything in a size of 1 and let the matrix enlarge it.
    size = pdfium.FPDFText_GetFontSize(textpage, index) * math.hypot(matrix.c, matrix.d)
    degrees = round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360
    quarter = round(degrees / 90) * 90
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    coloured = bool(pdfium.FPDFText_GetFillColor(textpage, index, red, green, blue, alpha))
    mode = pdfium.FPDFTextObj_GetTextRenderMode(item) if item else 0
    light = min(red.value, green.value, blue.value) >= _WHITE
    return Style(
        size=size,
        angle=quarter % 360 if abs(degrees - quarter) <= 3 else -1,
        bold=_is_bold(textpage, index),
        unseen=mode in _INVISIBLE_MODES or (coloured and alpha.value < _CLEAR),
        white=coloured and light and mode not in _STROKED_MODES,
    )


def _is_bold(textpage: Any, index: int) -> bool:  # noqa: ANN401
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(textpage, index, name, 128, flags)
    if b"bold" in name.value.lower() or b"black" in name.value.lower():
        return True
    weight: int = pdfium.FPDFText_GetFontWeight(textpage, index)
    return bool(flags.value & _FORCE_BOLD) or weight >= _BOLD_WEIGHT
