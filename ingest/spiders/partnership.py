"""A safeguarding partnership's own site: lists of reviews as files or pages, each site its own.

Nearly every site differs, so its file says where things stand, in CSS selectors and
patterns. A list that comes as a WordPress feed or over its REST interface is read too: each
post then gives the files that it links to, or is itself the document.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from bs4 import BeautifulSoup, Tag

from corpus.errors import SourceError
from ingest.extract.markup import parse_markup
from ingest.source import Source
from ingest.spiders import wordpress
from ingest.spiders.links import Links
from ingest.spiders.listing import FetchedPage, Listing, Sighting
from ingest.spiders.pages import CHANGED, attribute, read_html, select, words
from ingest.spiders.partnership_entry import EntryReader
from ingest.spiders.patterns import search_any

OPTIONS = {
    **wordpress.OPTIONS,
    "items": "CSS selector of one review's entry in the list; without it, every link is an entry",
    "title": "CSS selector of an entry's title; without it, its heading or the words of its link",
    "date": "CSS selector of an entry's date of publication",
    "dates_in_text": "true where a date in the words of an entry is its date of publication",
    "incident": "CSS selector of an entry's date of incident",
    "documents": "patterns of the addresses of documents; without it, .pdf, .docx, .odt and .doc",
    "landing": "patterns of the addresses of pages that present one review: the files that such a "
    "page links to are taken, or the page itself where it links to none",
    "pages": "patterns of the addresses of further lists, such as one a year",
    "next": "CSS selector of the link to the list's next page",
    "never": "patterns that neither the address nor the title of a document may contain",
    "review_types": "type → pattern: the first found in an entry's words is its type",
    "only_reviews": "true to leave out what is of none of those types",
    "pseudonym": "pattern with one group that takes the review's pseudonym out of its title",
    "partnership": "the partnership's name, where that is not the publisher's",
    "nation": "the nation that its reviews belong to",
    "nothing": "the words with which the site says that it lists no review",
}

_FEED = re.compile(rb"\s*(?:\[|<(?:\?xml|rss|feed)\b)")


def start(source: Source, since: dt.date | None) -> Sequence[str]:
    """Give the lists; one over WordPress's REST interface is narrowed by ``since``.

    Raises:
        SourceError: an address is that of a feed of comments.
    """
    return wordpress.start(source, since)


def read(source: Source, page: FetchedPage) -> Listing:
    """Read a list of reviews, or the page that presents one.

    Raises:
        SourceError: it has no entry where its source says that entries are, and does not
            say that it lists none.
    """
    if _FEED.match(page.body):
        return _read_posts(source, page)
    soup, base = read_html(page)
    links = Links(source, base, short_links=bool(source.options.get("short_links")))
    own = links.accept(page.address) or page.address
    reader = EntryReader(source, links, own)
    main = soup.select_one("main, article, #main, #content, #main-content") or soup.body or soup
    if search_any(source.options.get("landing", ()), own):
        sightings = _read_landing(reader, page.body, soup, main)
    else:
        sightings = _read_list(reader, soup, main)
    further = select(soup, source.options.get("next", "a[rel~=next], link[rel~=next]"))
    onward = [reader.links.accept(attribute(link, "href")) for link in further]
    return Listing(
        sightings=tuple(sightings),
        follow=(*reader.follow, *(address for address in onward if address)),
        passed_over=tuple(reader.links.passed_over),
        refused_dates=tuple(reader.refused),
    )


def _read_list(reader: EntryReader, soup: BeautifulSoup, main: Tag) -> list[Sighting]:
    options = reader.source.options
    selector = options.get("items")
    entries = select(soup, selector) if selector else main.select("a[href]")
    if not entries and not _says(options.get("nothing"), main):
        raise SourceError(CHANGED)
    among = frozenset(map(id, entries))
    return [one for entry in entries for one in reader.read(entry, among)]


def _says(sentence: str | None, main: Tag) -> bool:
    return bool(sentence) and str(sentence).casefold() in words(main).casefold()


def _read_landing(
    reader: EntryReader, body: bytes, soup: BeautifulSoup, main: Tag
) -> list[Sighting]:
    """Give the files that a page presents, or the page itself where it links to none."""
    name = words(main.select_one("h1") or soup.select_one("h1"))
    files = reader.read(main, name=name)
    if reader.met:
        return files
    own = reader.describe(reader.landing, main, name, main)
    return reader.keep(replace(own, text=body), "")


def _read_posts(source: Source, page: FetchedPage) -> Listing:
    """Read posts: the files that a post links to, or the post itself where it links to none."""
    listing = wordpress.read(source, page)
    sightings: list[Sighting] = []
    passed_over, refused = list(listing.passed_over), list(listing.refused_dates)
    for post in listing.sightings:
        reader = EntryReader(source, Links(source, post.address), post.address)
        body = parse_markup((post.text or b"<p></p>").decode())
        found = reader.read(body, name=post.title or "") if post.text else []
        sightings += [
            replace(
                one,
                published=post.published,
                published_from=post.published_from,
                updated=post.updated,
            )
            for one in found
        ]
        sightings += [] if reader.met else reader.keep(post, "")
        passed_over += reader.links.passed_over
        refused += reader.refused
    return replace(
        listing,
        sightings=tuple(sightings),
        passed_over=tuple(passed_over),
        refused_dates=tuple(refused),
    )
