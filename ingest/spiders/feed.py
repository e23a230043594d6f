"""Any RSS or Atom feed: its items, and the next part of it where it names one."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urldefrag

from corpus.dates import PartialDate
from corpus.errors import SourceError
from corpus.ids import short_digest
from ingest.addresses import canonical_address
from ingest.characters import tidy
from ingest.dates import read_date
from ingest.extract.feed import parse_feed
from ingest.source import Source
from ingest.spiders.links import Links
from ingest.spiders.listing import FetchedPage, Listing, Sighting
from ingest.spiders.pages import as_page, markup_words
from ingest.spiders.patterns import UNWANTED_TITLE, has_wanted_words

OPTIONS = {
    "only": "a word or words, one of which a title must have; without it, every title",
    "fetch_items": "true where the feed's own text of an item is not to be taken for the article",
    "short_links": "true where the publisher's items have no other addresses than ?p=123",
}

_COMMENTS = re.compile(r"comments (?:on|for)\b", re.IGNORECASE)
_CUT_SHORT = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|(?:continue reading|read more)\b.{0,80})$", re.IGNORECASE
)


def start(source: Source, since: dt.date | None) -> Sequence[str]:  # noqa: ARG001 - no feed can
    """Give the feeds; a feed cannot be narrowed, but says that it stands newest first."""
    return source.start


def read(source: Source, page: FetchedPage) -> Listing:
    """Read a feed.

    Raises:
        SourceError: it is no feed, is not safe to parse, or is a feed of comments.
    """
    return read_feed_page(source, page)[0]


def read_feed_page(source: Source, page: FetchedPage) -> tuple[Listing, int]:
    """Read a feed, and count its items, those passed over included.

    Raises:
        SourceError: as for ``read``.
    """
    parsed = parse_feed(page.body)
    channel = parsed.feed
    if _COMMENTS.match(tidy(channel.get("title", ""))) or "/comments/" in page.address:
        raise SourceError(
            "is a feed of comments, which are never read: take its address out of the source's file"
        )
    reader = _Reader(
        source,
        Links(source, page.address, short_links=bool(source.options.get("short_links"))),
        language=channel.get("language"),
    )
    sightings = [reader.read_item(entry, page.address) for entry in parsed.entries]
    further = [link.get("href") for link in channel.get("links", []) if link.get("rel") == "next"]
    follow = [address for address in map(reader.links.accept, further) if address]
    listing = Listing(
        sightings=tuple(sighting for sighting in sightings if sighting),
        follow=tuple(follow),
        passed_over=tuple(reader.links.passed_over),
        refused_dates=tuple(reader.refused),
        channel_title=channel.get("title"),
        newest_first=True,
    )
    return listing, len(parsed.entries)


@dataclass
class _Reader:
    """Reads the items of one feed; ``refused`` are their dates that cannot be."""

    source: Source
    links: Links
    language: str | None
    refused: list[str] = field(default_factory=list)

    def read_item(self, entry: Any, feed_address: str) -> Sighting | None:  # noqa: ANN401
        for comments in (entry.get("comments"), entry.get("wfw_commentrss")):
            self.links.accept(comments)
        text = self._whole_text(entry)
        # Where an item has no link, feedparser gives its id, which may be no address.
        link = urldefrag(entry.get("link") or "").url
        address = self.links.accept(link) if canonical_address(link) else None
        if address is None and (canonical_address(link) or text is None):
            return None
        title = entry.get("title") or ""
        if not has_wanted_words(self.source, title):
            self.links.pass_over(address or feed_address, UNWANTED_TITLE)
            return None
        identity = f"guid:{entry['id']}" if entry.get("id") else None
        if address is None and identity is None:
            identity = "item:" + short_digest(title, [str(text)])
        published = self._date(entry.get("published"))
        return Sighting(
            address=address or feed_address,
            identity=identity,
            title=title or None,
            published=published,
            published_from="feed item" if published else None,
            # feedparser answers for a missing "updated" with the publication date
            updated=self._date(entry["updated"]) if "updated" in entry else None,
            author=tidy(entry.get("author", "")) or None,
            language=self.language,
            text=text,
        )

    def _whole_text(self, entry: Any) -> bytes | None:  # noqa: ANN401 - feedparser's own mapping
        """Give an item's article, where the feed has the whole of it."""
        bodies = [part.value for part in entry.get("content", []) if part.value.strip()]
        said = markup_words(bodies[0]) if bodies else ""
        if self.source.options.get("fetch_items") or not said or _CUT_SHORT.search(said):
            return None
        return as_page(tidy(entry.get("title", "")), bodies[0], self.language)

    def _date(self, written: str | None) -> PartialDate | None:
        if not written:
            return None
        date = read_date(written)
        if date is None:
            self.refused.append(written[:60])
        return date
