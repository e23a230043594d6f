"""The ICO's guidance: pages of a guide that lead to its other pages, each a document.

A page says when it was last changed ("Latest updates") and not when it was first published,
so most have no publication date. Copies of its addresses with tracking parameters are one
page.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from corpus.dates import PartialDate
from corpus.errors import SourceError
from ingest.dates import find_dates, read_date
from ingest.extract.markup import is_furniture
from ingest.source import Source
from ingest.spiders.links import Links
from ingest.spiders.listing import FetchedPage, Listing, Sighting
from ingest.spiders.pages import CHANGED, attribute, read_html, words

OPTIONS = {
    "inside": "the beginnings of the paths that belong to the guides; others are passed over",
}

_UPDATES = re.compile(r"^(?:latest updates?|last updated)\b", re.IGNORECASE)
_PUBLISHED = 'meta[property="article:published_time"], meta[name="DC.date.issued"], time[pubdate]'


def start(source: Source, since: dt.date | None) -> Sequence[str]:  # noqa: ARG001 - it cannot
    """Give the guides' first pages; they cannot be narrowed."""
    return source.start


def read(source: Source, page: FetchedPage) -> Listing:
    """Read a page of a guide: it is a document, and leads to others.

    Raises:
        SourceError: it has no heading or no main part, as every page of a guide has.
    """
    soup, base = read_html(page)
    main = soup.select_one("main, article, #main-content")
    title = words(soup.select_one("h1"))
    if main is None or not title:
        raise SourceError(CHANGED)
    links = Links(source, base)
    own = links.accept(page.address)
    follow = []
    for anchor in _links_of(soup):
        address = links.accept(attribute(anchor, "href"))
        if address is None:
            continue
        if not _is_inside(source, address):
            links.pass_over(address, "is outside the guides that this source keeps")
        elif re.search(r"\.(?!html?$)\w{2,5}$", urlsplit(address).path):
            links.pass_over(address, "is a file, and this source keeps pages")
        else:
            follow.append(address)
    refused: list[str] = []
    stated = soup.select_one(_PUBLISHED)
    written = attribute(stated, "content") or attribute(stated, "datetime")
    published = _read(written, refused)
    document = Sighting(
        address=own or page.address,
        title=title,
        published=published,
        published_from="page metadata" if published else None,
        updated=_updated(main, refused),
        language=attribute(soup.html, "lang") or None,
        text=page.body,
    )
    return Listing(
        sightings=(document,),
        follow=tuple(follow),
        passed_over=tuple(links.passed_over),
        refused_dates=tuple(refused),
    )


def _links_of(soup: BeautifulSoup) -> Iterator[Tag]:
    """Give the links of the page's own part and of the guide's list of pages beside it."""
    for anchor in soup.select("main a[href], article a[href], nav a[href], #main-content a[href]"):
        footer = anchor.find_parent(["footer", "header"])
        if footer is None or not is_furniture(footer):
            yield anchor


def _is_inside(source: Source, address: str) -> bool:
    inside = source.options.get("inside") or [urlsplit(page).path for page in source.start]
    path = urlsplit(address).path.rstrip("/") + "/"
    return any(path.startswith(begun.rstrip("/") + "/") for begun in inside)


def _updated(main: Tag, refused: list[str]) -> PartialDate | None:
    """Read the date after "Latest updates", on its line or on the one below."""
    lines = [words(line) for line in main.select("h1, h2, h3, h4, p, li, dt, dd, summary, time")]
    for number, line in enumerate(lines):
        if _UPDATES.match(line):
            for candidate in lines[number : number + 2]:
                found = find_dates(candidate)
                if found:
                    return _read(found[0].written, refused)
    return None


def _read(written: str, refused: list[str]) -> PartialDate | None:
    date = read_date(written) if written else None
    if written and date is None:
        refused.append(written[:60])
    return date
