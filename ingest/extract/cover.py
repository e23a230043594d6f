"""What the first page of a report says of itself: the date that stands alone on it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.dates import PartialDate
from ingest.characters import count_words
from ingest.dates import find_dates, read_date

FIRST_PAGE = "first page"
_COVER_BLOCKS = 15
_MAX_WORDS = 8
_LABEL = re.compile(r"\b(?:publi(?:shed|cation)|date of report|report date|issued|date)\b", re.I)
# When a page was touched, or when what it tells of happened, is not when it was published.
_OTHER = re.compile(
    r"\b(?:updated|modified|reviewed|accessed|printed|born|birth|death|died|incident|meeting)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class CoverDate:
    """A publication date as a first page states it, or that it states one which is none."""

    date: PartialDate | None = None
    unreadable: bool = False


def cover_date(lines: Sequence[str]) -> CoverDate:
    """Find a date that is a line of its own among a document's first blocks.

    A date inside a sentence is when something happened; one on its own line is when the
    report appeared. Precision stays as printed: ``March 2021`` has no day, and a bare year
    needs a label, since page numbers look like years.
    """
    unreadable = False
    for line in lines[:_COVER_BLOCKS]:
        if count_words(line) > _MAX_WORDS or _OTHER.search(line):
            continue
        date = read_date(line)
        if date and (date.month or _LABEL.search(line)):
            return CoverDate(date)
        unreadable |= date is None and _is_impossible(line)
    return CoverDate(unreadable=unreadable)


def _is_impossible(line: str) -> bool:
    """Tell a date that cannot be, such as 31 February, from a range over two years."""
    found = find_dates(line)
    if len(found) != 1 or found[0].date is not None:
        return False
    around = line[: found[0].start_char] + line[found[0].end_char :]
    return not _LABEL.sub("", around).strip(" :.,onf") and "20" not in around
