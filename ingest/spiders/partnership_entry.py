"""One entry of a partnership's list: its documents, and what the list says of them."""

import re
from collections.abc import Container, Iterator
from dataclasses import replace

from bs4 import Tag

from corpus.dates import PartialDate
from corpus.model import Kind
from ingest.dates import find_dates, read_date
from ingest.extract.markup import is_furniture
from ingest.source import Source
from ingest.spiders.links import Links, last_part
from ingest.spiders.listing import Sighting
from ingest.spiders.pages import attribute, select, words
from ingest.spiders.patterns import search, search_any

_FILES = (r"\.(?:pdf|docx|odt|doc)(?:$|\?)",)
_HEADINGS = "h1, h2, h3, h4, h5, h6"
_PAGE_COUNT = re.compile(r"\b(\d{1,4})\s*(?:pages|pp)\b", re.IGNORECASE)
# What sites add to the words of a link: its kind, its size, that it opens elsewhere.
_ABOUT_FILE = re.compile(
    r"\s*[(\[](?=[^)\]]*(?:pdf|docx?|odt|word|\d\s*[km]b|opens|new (?:window|tab)|pages))"
    r"[^)\]]*[)\]]"
    r"|^download(?: the)?\s*[:–-]?\s+|^(?:read|view|open)\s*[:–-]\s+"
    r"|\s*[–-]?\s*opens in (?:a )?new (?:window|tab)\s*$",
    re.IGNORECASE,
)
_MEANINGLESS = re.compile(
    r"(?:click )?here|download|read(?: more| the (?:full )?report)?|view|open|pdf|(?:full )?report",
    re.IGNORECASE,
)


class EntryReader:
    """Reads the entries of one list; ``follow`` gathers the pages that they lead on to."""

    def __init__(self, source: Source, links: Links, landing: str) -> None:
        """Begin a list, or a page that presents one review, at the address ``landing``."""
        self.source, self.links, self.landing = source, links, landing
        self.options = source.options
        self.follow: list[str] = []
        self.refused: list[str] = []
        self._above: dict[int, Tag | None] = {}
        self.met = 0
        """How many links to documents there were, those left out included."""
        self._documents = self.options.get("documents", _FILES)
        self._onward = [*self.options.get("pages", ()), *self.options.get("landing", ())]

    def read(
        self, entry: Tag, among: Container[int] = frozenset(), name: str = ""
    ) -> list[Sighting]:
        """Give the documents of one entry.

        Args:
            entry: a link, or an element with links in it.
            among: the ``id`` of every entry: where they are nested, a link belongs to the
                innermost.
            name: what the page as a whole is called, where it presents one review.
        """
        found: list[tuple[str, Tag]] = []
        for anchor in [entry] if entry.name == "a" else entry.select("a[href]"):
            around = [anchor, *anchor.parents]
            holder = next((part for part in around if id(part) in among), entry)
            if holder is entry and not any(map(is_furniture, around)):
                found += [(address, anchor) for address in self._document_address(anchor)]
        self.met += len(found)
        sightings = []
        for address, anchor in found:
            title = self._title(anchor, entry, name, alone=len(found) == 1)
            said = f"{words(anchor)} {name} {words(entry)}"
            # of several documents nothing says whose pages an entry counts
            counted = entry if len(found) == 1 else anchor
            sightings += self.keep(self.describe(address, entry, title, counted), said)
        return sightings

    def _document_address(self, anchor: Tag) -> Iterator[str]:
        address = self.links.accept(attribute(anchor, "href"))
        if address is None:
            return
        if search_any(self._documents, address):
            yield address
        elif search_any(self._onward, address):
            self.follow.append(address)
        else:
            self.links.pass_over(address, "is no address of a document of this source")

    def describe(self, address: str, entry: Tag, title: str | None, counted: Tag) -> Sighting:
        """Put together what an entry says of a document; ``counted`` may say how long it is."""
        published, where = self._published(entry)
        pages = _PAGE_COUNT.search(words(counted))
        return Sighting(
            address=address,
            landing=None if address == self.landing else self.landing,
            title=title or last_part(address) or None,
            published=published,
            published_from=where if published else None,
            incident=self._date(_first(entry, self.options.get("incident"))),
            page_count=int(pages[1]) if pages else None,
        )

    def keep(self, document: Sighting, said: str) -> list[Sighting]:
        """Give a document with its type, or nothing where this source leaves it out.

        Args:
            document: as described.
            said: what stands around it, where its type may be named if its title is silent.
        """
        title = document.title or ""
        never = self.options.get("never", ())
        sort = self._review_type(title) or self._review_type(said)
        if search_any(never, document.address) or search_any(never, title):
            self.links.pass_over(document.address, "is left out by name or address")
            return []
        if self.options.get("only_reviews") and sort is None:
            self.links.pass_over(document.address, "is of no type of review that this source keeps")
            return []
        return [
            replace(
                document,
                kind=_kind(title, sort),
                review_type=sort,
                partnership=self.options.get("partnership", self.source.publisher),
                nation=self.options.get("nation"),
                pseudonym=self._pseudonym(title),
            )
        ]

    def _title(self, anchor: Tag, entry: Tag, name: str, *, alone: bool) -> str:
        """Give the entry's title to its only document, and its own words to each of several."""
        own = _ABOUT_FILE.sub("", words(anchor)).strip()
        stated = name or words(_first(entry, self.options.get("title")))
        if own and not _MEANINGLESS.fullmatch(own) and not (alone and stated):
            return own
        return stated or words(entry.select_one(_HEADINGS)) or self._heading_before(anchor)

    def _heading_before(self, anchor: Tag) -> str:
        """Give the words of the last heading before a link.

        One walk finds it for every link of a page; to look back from each would take the
        square of a long list's length.
        """
        if id(anchor) not in self._above:
            heading: Tag | None = None
            for element in [*anchor.parents][-1].select(f"{_HEADINGS}, a[href]"):
                heading = element if element.name != "a" else heading
                self._above[id(element)] = heading
        return words(self._above.get(id(anchor)))

    def _published(self, entry: Tag) -> tuple[PartialDate | None, str]:
        selector = self.options.get("date")
        stated = _first(entry, selector) if selector else entry.select_one("time[datetime]")
        if stated is not None:
            return self._date(stated), "list item"
        if self.options.get("dates_in_text"):
            for found in find_dates(words(entry))[:1]:
                if found.date is None:
                    self.refused.append(found.written)
                return found.date, "words of the list item"
        return None, ""

    def _date(self, stated: Tag | None) -> PartialDate | None:
        if stated is None:
            return None
        written = attribute(stated, "datetime") or words(stated)
        date = read_date(written)
        if written and date is None:
            self.refused.append(written[:60])
        return date

    def _review_type(self, said: str) -> str | None:
        types = self.options.get("review_types", {})
        return next((name for name, pattern in types.items() if search(pattern, said)), None)

    def _pseudonym(self, title: str) -> str | None:
        pattern = self.options.get("pseudonym")
        found = search(pattern, title) if pattern else None
        return found[1].strip() if found and found.re.groups else None


def _kind(title: str, review_type: str | None) -> Kind | None:
    if re.search(r"\bbrief(?:s|ings?)?\b", title, re.IGNORECASE):
        return Kind.BRIEFING
    return Kind.REVIEW if review_type else None


def _first(entry: Tag, selector: str | None) -> Tag | None:
    found = select(entry, selector) if selector else []
    return found[0] if found else None
