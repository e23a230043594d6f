"""Years in a question: "after 2015", "before GDPR", "since Climbié", "in the 1990s"."""

import re
from dataclasses import dataclass
from functools import cache

from corpus.model import Span
from nlp.understand_data import query_patterns

_YEAR = r"(?:19|20)\d\d"
_AFTER = {"after": 1, "post": 1, "later than": 1, "since": 0, "from": 0, "as of": 0}
"""The word, and by how many years the first one lies behind the year named."""
_BEFORE = {
    "before": -1,
    "pre": -1,
    "prior to": -1,
    "earlier than": -1,
    "until": 0,
    "till": 0,
    "up to": 0,
    "by": 0,
}
_BETWEEN = re.compile(
    rf"(?<!\w)(?:(?:between|from) )?({_YEAR})(?: ?[-–] ?| and | to )({_YEAR})(?!\w)",
    re.IGNORECASE,
)
_DECADE = re.compile(r"(?<!\w)(?:in|from|during) the (?:(?:19|20)\d0)['’]?s(?!\w)", re.IGNORECASE)
_IN = re.compile(rf"(?<!\w)(?:in|during|published in|dated) ({_YEAR})(?!\w|[-–]\d)", re.IGNORECASE)


@dataclass(frozen=True)
class Years:
    """A period that a part of a query names; both ends are included."""

    span: Span
    first: int | None
    last: int | None

    @property
    def value(self) -> str:
        """``2016-``, ``-2017`` or ``1990-1999``."""
        return f"{self.first or ''}-{self.last or ''}"

    @property
    def label(self) -> str:
        """The period in words."""
        if self.first and self.last:
            if self.first == self.last:
                return f"published in {self.first}"
            return f"published {self.first} to {self.last}"
        if self.first:
            return f"published in {self.first} or later"
        return f"published in {self.last} or earlier"


def find_years(text: str) -> Years | None:
    """Find the first period that a text names; ``None`` where it names none."""
    found = _BETWEEN.search(text)
    if found:
        first, last = sorted((int(found[1]), int(found[2])))
        return Years(Span(*found.span()), first, last)
    found = _DECADE.search(text)
    if found:
        decade = int(re.sub(r"\D", "", found[0]))
        return Years(Span(*found.span()), decade, decade + 9)
    return _from(text) or _to(text) or _within(text)


def _within(text: str) -> Years | None:
    found = _IN.search(text)
    return Years(Span(*found.span()), int(found[1]), int(found[1])) if found else None


def _from(text: str) -> Years | None:
    found = _bound(tuple(_AFTER)).search(text)
    if found is None:
        return None
    year = _year_of(found["when"])
    return Years(Span(*found.span()), year + _AFTER[found["word"].lower()], None)


def _to(text: str) -> Years | None:
    found = _bound(tuple(_BEFORE)).search(text)
    if found is None:
        return None
    year = _year_of(found["when"])
    return Years(Span(*found.span()), None, year + _BEFORE[found["word"].lower()])


@cache
def _bound(words: tuple[str, ...]) -> re.Pattern[str]:
    events = "|".join(event for event, _ in query_patterns().events)
    return re.compile(
        rf"(?<!\w)(?P<word>{'|'.join(words)})[ -](?:the )?(?P<when>{_YEAR}|{events})(?![\w])",
        re.IGNORECASE,
    )


def _year_of(when: str) -> int:
    if when.isdigit():
        return int(when)
    return next(
        year for event, year in query_patterns().events if re.fullmatch(event, when, re.IGNORECASE)
    )
