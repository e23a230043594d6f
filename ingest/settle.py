"""Where a document and the page that lists it both speak: which word holds, and what is marked."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from corpus.dates import PartialDate
from corpus.model import Capture
from ingest.addresses import canonical_address
from ingest.extracted import FILE_METADATA, UNREADABLE_DATE, Extracted
from ingest.plausible import is_plausible
from ingest.spiders.listing import Sighting

IMPLAUSIBLE_DATE = "implausible-date"
"""A date that cannot be true was given, and was left out."""
DROPPED_DATES = frozenset({IMPLAUSIBLE_DATE, UNREADABLE_DATE})
"""The marks of documents that gave a date which was not taken over."""
DATE_DISAGREES = "date-disagrees"
"""The document and the page that lists it give different dates; the document's own is kept."""
ADDRESS_DISAGREES = "address-disagrees"
"""The page says that it belongs on another site than the one that served it."""


@dataclass(frozen=True)
class SettledDate:
    """A date with where it came from, and the marks of what was passed over."""

    date: PartialDate | None
    stated_in: str | None
    marks: tuple[str, ...] = ()


def settle_published(item: Extracted, sighting: Sighting | None, now: dt.datetime) -> SettledDate:
    """Choose the publication date: the document's own, else the list page's, else the file's.

    A file's metadata tell when a file was made, which is not what a document says to its
    readers: they are asked last, and they disagree with nobody.
    """
    own = (item.published, item.published_from)
    listed = (sighting.published, sighting.published_from or "list page") if sighting else _NONE
    ranked = [listed, own] if item.published_from == FILE_METADATA else [own, listed]
    marks = []
    if item.published_from != FILE_METADATA and _differ(own[0], listed[0]):
        marks.append(DATE_DISAGREES)
    return _first_plausible(ranked, now, marks)


def settle_incident(
    stated: PartialDate | None, sighting: Sighting | None, now: dt.datetime
) -> SettledDate:
    """Choose the incident's date, in the same way."""
    listed = (sighting.incident, "list page") if sighting else _NONE
    marks = [DATE_DISAGREES] if _differ(stated, listed[0]) else []
    return _first_plausible([(stated, "first page"), listed], now, marks)


def settle_address(
    item: Extracted, capture: Capture, sighting: Sighting | None
) -> tuple[str | None, tuple[str, ...]]:
    """Give the document's address, with the mark of a page that names another site as its own.

    A crawled page is believed on its address only within the site that served it: a copy
    that claims the publisher's address would else be shown under the publisher's name.
    """
    served = capture.address if canonical_address(capture.address) and item.whole_file else None
    fetched = sighting.address if sighting else served
    if item.url is None or sighting is None or _host(item.url) == _host(sighting.address):
        return item.url or fetched, ()
    return fetched, (ADDRESS_DISAGREES,)


_NONE: tuple[None, None] = (None, None)


def _first_plausible(
    ranked: Iterable[tuple[PartialDate | None, str | None]], now: dt.datetime, marks: list[str]
) -> SettledDate:
    for date, stated_in in ranked:
        if date is None:
            continue
        if is_plausible(date, now=now):
            return SettledDate(date, stated_in, tuple(marks))
        if IMPLAUSIBLE_DATE not in marks:
            marks.append(IMPLAUSIBLE_DATE)
    return SettledDate(None, None, tuple(marks))


def _differ(one: PartialDate | None, other: PartialDate | None) -> bool:
    """Say whether two dates exclude each other; March 2021 and 5 March 2021 do not."""
    if one is None or other is None:
        return False
    pairs = ((one.year, other.year), (one.month, other.month), (one.day, other.day))
    return any(a is not None and b is not None and a != b for a, b in pairs)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.")
