"""What the first page of a report says of itself: the date that stands alone on it."""

import re
from collections.abc import Sequence

from corpus.dates import PartialDate
from corpus.errors import InvalidInputError

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_LABEL = (
    r"(?:(?:date (?:of )?(?:publication|published|report)|(?:first )?published(?: on| in)?|"
    r"publication date|date|report date)\s*:?\s*)?"
)
_WORDED = re.compile(
    _LABEL + r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([A-Za-z]{3,9})\.?,?\s+(\d{4})\.?", re.IGNORECASE
)
# Day first: these are British reports.
_FIGURES = re.compile(_LABEL + r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", re.IGNORECASE)
_COVER_BLOCKS = 15


def stated_date(lines: Sequence[str]) -> PartialDate | None:
    """Find a date that is a line of its own among a document's first blocks.

    A date inside a sentence is when something happened; one on its own line is when the
    report appeared. Precision stays as printed: ``March 2021`` has no day.
    """
    for line in lines[:_COVER_BLOCKS]:
        date = read_line_date(line.strip())
        if date:
            return date
    return None


def read_line_date(line: str) -> PartialDate | None:
    """Read a line that is a date and nothing else but a label such as "Published:"."""
    worded = _WORDED.fullmatch(line)
    figures = _FIGURES.fullmatch(line)
    if worded and worded[2].lower() in _MONTHS:
        year, month = int(worded[3]), _MONTHS[worded[2].lower()]
        day = int(worded[1]) if worded[1] else None
    elif figures:
        day, month, year = (int(part) for part in figures.groups())
    else:
        return None
    text = f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day else "")
    try:
        return PartialDate.parse(text)
    except InvalidInputError:
        return None  # such as 31 February: printed wrong, so it stays missing
