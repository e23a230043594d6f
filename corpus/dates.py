"""Dates that are only as precise as the fact behind them."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Self

from corpus.errors import InvalidInputError

_FORM = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@total_ordering
@dataclass(frozen=True)
class PartialDate:
    """A year, a month of a year, or a day: ``2003``, ``2003-01``, ``2003-01-28``.

    Dates order by their earliest day, the vaguer first, so 2003 precedes 2003-01.
    """

    year: int
    month: int | None = None
    day: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the ISO form; the precision is the text's.

        Raises:
            InvalidInputError: not of the form, or no such day in the calendar.
        """
        matched = _FORM.fullmatch(text)
        if not matched:
            raise InvalidInputError(f"{text!r} is not a date: write 2003, 2003-01 or 2003-01-28.")
        year, month, day = (int(part) if part else None for part in matched.groups())
        try:
            dt.date(year or 0, 1 if month is None else month, 1 if day is None else day)
        except ValueError as error:
            raise InvalidInputError(f"{text!r} is not a date in the calendar: {error}.") from error
        return cls(year or 0, month, day)

    @classmethod
    def parse_optional(cls, text: str | None) -> Self | None:
        """Read a date that may be missing; missing stays missing."""
        return None if text is None else cls.parse(text)

    @classmethod
    def from_date(cls, date: dt.date) -> Self:
        """Keep a full calendar date."""
        return cls(date.year, date.month, date.day)

    @property
    def precision(self) -> str:
        """``year``, ``month`` or ``day``."""
        return "day" if self.day else "month" if self.month else "year"

    @property
    def words(self) -> str:
        """The date as a reader expects it: ``28 January 2003``, ``January 2003``, ``2003``."""
        parts = [str(self.day)] if self.day else []
        if self.month:
            parts.append(_MONTHS[self.month - 1])
        return " ".join([*parts, str(self.year)])

    def _key(self) -> tuple[int, int, int]:
        return (self.year, self.month or 0, self.day or 0)

    def __lt__(self, other: "PartialDate") -> bool:
        """Order by earliest day, the vaguer first."""
        return self._key() < other._key()

    def __str__(self) -> str:
        """Write the ISO form back."""
        text = f"{self.year:04d}"
        if self.month:
            text += f"-{self.month:02d}"
        return text + f"-{self.day:02d}" if self.day else text
