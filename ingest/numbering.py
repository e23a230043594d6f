"""Printed paragraph numbers and bullets at the start of a block."""

import re

# The number must be followed by a capital, a quotation mark or a bracket: "2.5 million
# children" and "3.6 per cent" open with figures, not with a paragraph's number.
_AHEAD = r"\s+(?=[A-Z“‘\"'(\[£])"
_DASH = r"\s?[–—-]\s?"
_NUMBERS = tuple(
    re.compile(form + _AHEAD)
    for form in (
        rf"(\d{{1,2}}-\d{{1,3}}{_DASH}\d{{1,2}}-\d{{1,3}})",  # 6-10 – 6-26
        rf"(\d{{1,2}}\.\d{{1,3}}{_DASH}\d{{1,2}}\.\d{{1,3}})",  # 4.1 – 4.9
        r"(\d{1,2}(?:\.\d{1,3}){1,3})[.)]?",  # 1.1, 4.72, 3.2.1
        r"(\d{1,2}-\d{1,3})[.)]?",  # 6-10
        r"\(?(\d{1,3})[.)]",  # 12. or (12)
    )
)
# "(a) nobody rang": a letter or small roman figure needs its bracket.
_LETTER = re.compile(r"\(?([a-z]|[ivx]{2,4})\)\s+(?=\S)")
_ROW_NUMBER = re.compile(
    r"(?:(?:recommendation|rec|action|learning point|finding|no|r|lp|f)\.?\s*)?"
    r"(\d{1,3}(?:[.-]\d{1,3}){0,2}[a-z]?)[.):]?",
    re.IGNORECASE,
)
# "Paragraph 2.5 FTE" is no paragraph: units and figures that follow a decimal number.
_UNITS = re.compile(r"(?:FTE|WTE|GB|MB|KM|KG|M|K|AM|PM)\b")
_BULLET = re.compile(r"[•◦▪▫‣⁃·●○■□➢➤✓\uf0b7\uf0a7\uf0d8]\s*|[-–—*]\s+(?=\S)|o\s+(?=[A-Z])")


def split_number(text: str) -> tuple[str | None, str]:
    """Part a block from the number printed before it.

    Returns:
        The number without its stop or bracket, and the rest; ``None`` and the whole text
        where there is no number.
    """
    for form in _NUMBERS:
        matched = form.match(text)
        if matched and not _UNITS.match(text, matched.end()):
            return matched[1], text[matched.end() :]
    lettered = _LETTER.match(text)
    return (lettered[1], text[lettered.end() :]) if lettered else (None, text)


def row_number(text: str) -> str | None:
    """Read the number that fills a cell, as in a table of recommendations: ``3``, ``R3``, ``2.1``.

    Returns:
        The figures alone; ``None`` where the cell holds anything else.
    """
    matched = _ROW_NUMBER.fullmatch(text)
    return matched[1] if matched else None


def split_bullet(text: str) -> tuple[bool, str]:
    """Part a list item from its bullet; ``False`` and the whole text where there is none."""
    matched = _BULLET.match(text)
    return (True, text[matched.end() :]) if matched else (False, text)
