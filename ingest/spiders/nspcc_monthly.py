"""NSPCC Learning's monthly list of published reviews: each item is a short text of its own.

The page is written over every month, so an item is known by its label
(``YEAR – Partnership – Pseudonym``) and not by the page's address; that an item is missing
a month later says nothing. The year is when the review was published, and is all the date
that the list gives.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from corpus.dates import PartialDate
from corpus.errors import SourceError
from corpus.model import Kind
from ingest.characters import tidy
from ingest.dates import find_dates, read_date
from ingest.extract.markup import is_furniture
from ingest.source import Source
from ingest.spiders.links import Links
from ingest.spiders.listing import FetchedPage, Listing, Sighting
from ingest.spiders.pages import CHANGED, as_page, attribute, read_html, words

OPTIONS: dict[str, str] = {}

_DASH = r"\s+[–—-]\s+"
_LABEL = re.compile(rf"((?:19|20)\d{{2}}){_DASH}(.{{2,150}})")
_LEAVES = "h1, h2, h3, h4, h5, h6, p, li, dt, dd, summary, button, td"
_THEMES = re.compile(r"(?:key )?learning(?: themes?)?(?: includes?)?\s*:", re.IGNORECASE)
_ADVICE = re.compile(r"recommendations?(?: includes?)?\s*:", re.IGNORECASE)
_NOTHING = re.compile(r"\bno (?:new )?(?:case )?reviews\b", re.IGNORECASE)
_UPDATED = re.compile(r"^last updated\b", re.IGNORECASE)


@dataclass
class _Item:
    """One review as listed: its label, and the elements up to the next label."""

    label: str
    parts: list[Tag] = field(default_factory=list)


def start(source: Source, since: dt.date | None) -> Sequence[str]:  # noqa: ARG001 - it cannot
    """Give the list, which is one page."""
    return source.start


def read(source: Source, page: FetchedPage) -> Listing:
    """Read the list of a month.

    Raises:
        SourceError: there is no item in the form that items have, and the page does not
            say that there were none.
    """
    soup, base = read_html(page)
    main = soup.select_one("main, article, #main-content") or soup.body or soup
    items = list(_items(main))
    if not items and not _NOTHING.search(words(main)):
        raise SourceError(CHANGED)
    links = Links(source, base)
    own = links.accept(page.address) or page.address
    refused: list[str] = []
    updated = _updated(soup, refused)
    seen: Counter[str] = Counter()
    sightings = [_sighting(item, own, updated, seen) for item in items]
    for item in items:
        for anchor in (anchor for part in item.parts for anchor in part.select("a[href]")):
            address = links.accept(attribute(anchor, "href"))
            if address:
                links.pass_over(address, "is named by an item, whose text is in the list itself")
    return Listing(
        sightings=tuple(sightings),
        passed_over=tuple(links.passed_over),
        refused_dates=tuple(refused),
    )


def _items(main: Tag) -> Iterator[_Item]:
    item: _Item | None = None
    for element in main.select(_LEAVES):
        if any(map(is_furniture, (element, *element.parents))) and element.name != "button":
            continue
        said = words(element)
        if _LABEL.fullmatch(said):
            if item:
                yield item
            item = _Item(said)
        elif element.name in ("h1", "h2") and item:
            yield item  # a heading of the page ends its last item
            item = None
        elif item:
            item.parts += _own_part(element)
    if item:
        yield item


def _own_part(element: Tag) -> list[Tag]:
    """Give an element without the elements in it that are given by themselves."""
    if not element.select(_LEAVES):
        return [element] if words(element) else []
    alone = copy(element)
    for inner in alone.select("ul, ol, dl, table"):
        inner.decompose()
    return [alone] if words(alone) and not alone.select(_LEAVES) else []


def _sighting(
    item: _Item, address: str, updated: PartialDate | None, seen: Counter[str]
) -> Sighting:
    matched = _LABEL.fullmatch(item.label)
    year, rest = (matched[1], matched[2]) if matched else ("", item.label)
    names = re.split(_DASH, rest)
    # With one name after the year nothing says whose it is.
    partnership, pseudonym = (" – ".join(names[:-1]), names[-1]) if len(names) > 1 else (None, None)
    if partnership and partnership.casefold() == "anonymous":
        partnership = None
    key = re.sub(r"\W+", "-", item.label.casefold()).strip("-")
    seen[key] += 1
    identity = f"nspcc-learning:{key}" + (f":{seen[key]}" if seen[key] > 1 else "")
    body = "\n".join(_markup(part) for part in item.parts)
    return Sighting(
        address=address,
        identity=identity,
        title=item.label,
        kind=Kind.BRIEFING,
        published=PartialDate(int(year)) if year else None,
        published_from="item label" if year else None,
        updated=updated,
        partnership=partnership,
        pseudonym=pseudonym,
        stated=_stated(item.parts),
        text=as_page(item.label, body, "en-GB"),
    )


def _markup(part: Tag) -> str:
    return f"<ul>{part}</ul>" if part.name == "li" else str(part)


def _stated(parts: Sequence[Tag]) -> dict[str, tuple[str, ...]]:
    """Part an item into the event, the themes and the recommendations, as it labels them."""
    said: dict[str, list[str]] = {"event": [], "themes": [], "recommendations": []}
    section = "event"
    for part in parts:
        rest = text = words(part)
        if text == tidy(" ".join(map(words, part.select("a[href]")))):
            continue  # where to read the review, which is no finding of it
        for name, label in (("themes", _THEMES), ("recommendations", _ADVICE)):
            matched = label.match(text)
            if matched:
                section, rest = name, text[matched.end() :].strip()
        if rest:
            said[section].append(rest)
    return {name: tuple(texts) for name, texts in said.items() if texts}


def _updated(soup: BeautifulSoup, refused: list[str]) -> PartialDate | None:
    for element in soup.select("p, div, span, time, li"):
        said = words(element)
        if _UPDATED.match(said) and len(said) < 60:
            date = read_date(said)
            if date is None:
                refused += [found.written for found in find_dates(said)] or [said]
            return date
    return None
