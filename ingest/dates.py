"""Dates as British publishers write them: day first, and only as precise as what is written."""

import datetime as dt
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from corpus.dates import PartialDate
from corpus.errors import InvalidInputError
from ingest.characters import tidy
from ingest.plausible import EARLIEST_YEAR

_MONTH_NAMES = (
    ("jan", "january", "ionawr"),
    ("feb", "february", "chwefror"),
    ("mar", "march", "mawrth"),
    ("apr", "april", "ebrill"),
    ("may", "mai"),
    ("jun", "june", "mehefin"),
    ("jul", "july", "gorffennaf"),
    ("aug", "august", "awst"),
    ("sep", "sept", "september", "medi"),
    ("oct", "october", "hydref"),
    ("nov", "november", "tachwedd"),
    ("dec", "december", "rhagfyr"),
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = r"\d{1,2}(?:\s?(?:st|nd|rd|th))?"  # extraction often parts "15 th"
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_RANGE = re.compile(r"\s*[–—/&-]\s*|\s+(?:to|and|until)\s+")

_LABEL = re.compile(
    r"(?:date (?:of (?:report|publication)|published)|publication date|(?:last |first )?"
    r"(?:published|updated|modified|reviewed)(?: on)?|posted(?: on)?|date)\s*:?\s+",
    re.IGNORECASE,
)
_CLOCK = r"\d{1,2}(?::\d{2}(?::\d{2})?\s*(?:am|pm)?|[.]\d{2}\s*(?:am|pm)|\s*(?:am|pm))"
_TIME = re.compile(rf"^{_CLOCK},?\s+(?:on\s+)?|(?:,|,?\s+at|\s)\s*{_CLOCK}$", re.IGNORECASE)
_NAMED_DAY = re.compile(rf"^(?:{_WEEKDAY}),?\s+(?:the\s+)?(?=\d)", re.IGNORECASE)
_POINTS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<day>{_DAY})(?:\s+of)?[\s-]+(?P<month>{_MONTH})\b[.,]?[\s-]*(?P<year>\d{{4}})",
        rf"(?P<month>{_MONTH})\b[.]?\s+(?P<day>{_DAY}),?\s+(?P<year>\d{{4}})",
        rf"(?P<month>{_MONTH})\b[.,]?\s+(?P<year>\d{{4}})",
        r"(?P<day>\d{1,2})(?P<sign>[/.-])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2})",
        r"(?P<year>\d{4})-(?P<month>\d{2})(?:-(?P<day>\d{2}))?",
        r"(?P<year>\d{4})",
    )
)
_OPENINGS = tuple(  # what may stand before a range's sign, the rest being said after it
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<day>{_DAY})",
        rf"(?P<day>{_DAY})\s+(?P<month>{_MONTH})\b[.,]?",
        rf"(?P<month>{_MONTH})\b[.]?",
    )
)
_TWO_YEARS = re.compile(r"(\d{4})(\s*[–—/-]\s*|\s+to\s+)(\d{4}|\d{2})")
_REPORTING_YEAR = re.compile(r"reporting year (\d{4})", re.IGNORECASE)
_IN_TEXT = re.compile(
    rf"(?<![\w/.-])(?:(?:(?:{_DAY}\s*(?:[–—/&-]|to|and)\s*)?{_DAY}(?:\s+of)?[\s-]+)?"
    rf"(?:{_MONTH})\b[.,]?[\s-]*\d{{4}}"
    rf"|(?:{_MONTH})\b[.]?\s+{_DAY},?\s+\d{{4}}"
    r"|\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})"
    r"|\d{4}-\d{2}-\d{2}|\d{4}/\d{2})(?![\w/])(?![.-]\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Period:
    """From a first to a last date, both included; a single date is its own first and last."""

    first: PartialDate
    last: PartialDate

    @property
    def shared(self) -> PartialDate | None:
        """As much of the date as both ends agree on; ``None`` across a change of year.

        The sixth and seventh of January 1973 share ``1973-01``; 2022/23 shares nothing.
        """
        if self.first.year != self.last.year:
            return None
        if self.first.month != self.last.month:
            return PartialDate(self.first.year)
        same_day = self.first.day == self.last.day
        return PartialDate(self.first.year, self.first.month, self.first.day if same_day else None)


@dataclass(frozen=True)
class FoundDate:
    """A date in running text; ``text[start_char:end_char] == written``."""

    written: str
    start_char: int
    end_char: int
    date: PartialDate | None
    """``None`` where what is written cannot be, or where it spans two years."""


def read_date(text: str) -> PartialDate | None:
    """Read a text that is a date and nothing else, but for a label, a weekday or a time.

    Day first, always: ``04/13/2024`` is refused and not read as April. A range keeps what
    its ends share (``Period.shared``). A year of two digits is of 1945 to 2044, since
    nothing that is crawled is older (``EARLIEST_YEAR``). An instant with an offset is the
    day on which it fell in Britain, so that two offsets of one instant are one date.

    Returns:
        ``None`` where the text is no date, names a day that is not in the calendar, spans
        two years, or can be read in two ways. A caller that was given words and gets
        ``None`` keeps the date missing and counts the words as refused; it never puts
        another date in their place.
    """
    period = read_period(text)
    return period.shared if period else None


def read_period(text: str) -> Period | None:
    """Read a date or a range: ``2022/23``, ``6/7 January 1973``, ``Reporting year 2025``.

    Returns:
        ``None`` as for ``read_date``, except that a range across two years is given.
    """
    text = _LABEL.sub("", tidy(text), count=1).strip(" .,;:()[]")
    instant = _read_instant(text)
    if instant:
        return Period(instant, instant)
    text = _TIME.sub("", _NAMED_DAY.sub("", _TIME.sub("", text))).strip(" ,")
    years = _read_years(text)
    if years or _TWO_YEARS.fullmatch(text):
        return years or _read_iso_month(text)
    point = _read_point(text)
    if point:
        return Period(point, point)
    return _read_range(text)


def find_dates(text: str) -> tuple[FoundDate, ...]:
    """Find every date in running text, in its order; bare years are no dates there."""
    return tuple(
        FoundDate(found[0], found.start(), found.end(), read_date(found[0]))
        for found in _IN_TEXT.finditer(text)
    )


def _read_instant(text: str) -> PartialDate | None:
    """Read RFC 822 and ISO 8601 with a time of day."""
    moment: dt.datetime | None = None
    if re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:", text):
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return None
    elif re.search(r"\d:\d{2}", text) and re.search(r"(?:[+-]\d{4}|[A-Z]{1,4})$", text):
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
    if moment is None:
        return None
    try:
        local = moment.astimezone(ZoneInfo("Europe/London")) if moment.tzinfo else moment
    except OverflowError:  # the first hours of year 1
        return None
    return PartialDate.from_date(local.date())


def _read_years(text: str) -> Period | None:
    """Read ``2022/23``, ``2022–2023``, ``2023 to 2024`` and ``Reporting year 2025``."""
    reporting = _REPORTING_YEAR.fullmatch(text)
    if reporting:  # a reporting year is named after the spring in which it ends
        year = int(reporting[1])
        return Period(PartialDate(year - 1, 4), PartialDate(year, 3))
    matched = _TWO_YEARS.fullmatch(text)
    if not matched:
        return None
    first, sign, last = int(matched[1]), matched[2].strip(), matched[3]
    if len(last) == 4:
        return Period(PartialDate(first), PartialDate(int(last))) if first <= int(last) else None
    follows = int(last) == (first + 1) % 100
    # "2011-12" is December 2011 to a machine and two years to an accountant: neither is taken.
    if not follows or (sign == "-" and int(last) <= 12):
        return None
    return Period(PartialDate(first), PartialDate(first + 1))


def _read_iso_month(text: str) -> Period | None:
    """Read ``2019-03``, which has the shape of two years and is not one."""
    matched = re.fullmatch(r"(\d{4})-(\d{2})", text)
    if not matched or int(matched[2]) == (int(matched[1]) + 1) % 100:
        return None
    month = _make_date(matched[1], matched[2], None)
    return Period(month, month) if month else None


def _read_point(text: str) -> PartialDate | None:
    for form in _POINTS:
        matched = form.fullmatch(text)
        if matched:
            parts = matched.groupdict()
            return _make_date(parts["year"], parts.get("month"), parts.get("day"))
    return None


def _read_range(text: str) -> Period | None:
    """Read a range of days or months; what its opening leaves unsaid is said at its end."""
    for sign in _RANGE.finditer(text):
        last = _read_point(text[sign.end() :])
        opening = text[: sign.start()]
        first = _read_point(opening) or (last and _complete(opening, last))
        if first and last:
            return Period(first, last) if first <= last else None
    return None


def _complete(opening: str, last: PartialDate) -> PartialDate | None:
    for form in _OPENINGS:
        matched = form.fullmatch(opening)
        if matched:
            parts = matched.groupdict()
            month = parts.get("month") or (str(last.month) if last.month else None)
            return _make_date(str(last.year), month, parts.get("day")) if month else None
    return None


def _make_date(year: str, month: str | None, day: str | None) -> PartialDate | None:
    """Put the parts together; ``None`` where the calendar has no such day."""
    number = int(year) if len(year) == 4 else 1900 + int(year)
    if number < EARLIEST_YEAR and len(year) == 2:
        number += 100
    text = f"{number:04d}"
    if month:
        text += f"-{_MONTHS.get(month.lower()) or int(month):02d}"
    if day:
        text += f"-{int(re.sub(r'[^0-9]', '', day)):02d}"
    try:
        return PartialDate.parse(text)
    except InvalidInputError:
        return None
