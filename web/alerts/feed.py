"""A search as an Atom feed."""

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from corpus.first_matches import Matches, first_matches
from corpus.sightings import last_seen_at, observe
from web.alerts.entries import Entry, entries
from web.alerts.search import MOST_WORDS, FollowedSearch
from web.holdings import Library
from web.words import counted

MEDIA_TYPE = "application/atom+xml"
FEED_ENTRIES = 50
"""The newest matches that a feed holds."""
MOST_PASSAGES = 20_000
"""How many passages, of the newest documents, are read for a feed's words."""

URN = "urn:throughline:"
_ABOUT = (
    "Documents by when this search first found them. Words must stand in a passage, all of "
    f"them or, of many, {MOST_WORDS}: the search page also shows what is near in meaning."
)
# What XML 1.0 cannot hold.
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class FeedAddresses:
    """Where things are, absolute: feed readers keep no base."""

    site: str
    """Without a slash at the end."""

    def page(self, path: str) -> str:
        """A page's address."""
        return self.site + path

    def search(self, search: FollowedSearch, path: str = "/search") -> str:
        """The search page's, or its feed's."""
        return f"{self.site}{path}?{urlencode(search.arguments)}"

    def entry(self, entry: Entry) -> str:
        """The page that an entry leads to, at its first passage."""
        (value,) = entry.values.values()
        folder = "reviews" if "review_id" in entry.values else "documents"
        return f"{self.site}/{folder}/{value}#{entry.passage_id}"


def matches_of(library: Library, search: FollowedSearch, *, now: dt.datetime) -> Matches:
    """Find what a feed is about; records what was not seen before."""
    observe(library.store, now=now)
    return first_matches(
        library.store, search.wanted, holds=search.holds, most_passages=MOST_PASSAGES
    )


def feed_bytes(library: Library, search: FollowedSearch, matches: Matches, *, site: str) -> bytes:
    """Write the feed: the newest matches, each under an id that never changes.

    An entry's id is of the search and of the document's first version, its time that of the
    first match: tagging again, taking in again and a clock put back change neither.
    """
    # Imported here: it brings an XML library that no page needs.
    from feedgen.feed import FeedGenerator  # noqa: PLC0415

    addresses = FeedAddresses(site=site)
    feed = FeedGenerator()
    feed.id(f"{URN}search:{search.search_id}")
    feed.title(_clean(f"Throughline: {search.title}"))
    feed.subtitle(_clean(_subtitle(matches)))
    feed.author({"name": "Throughline"})
    feed.link(href=addresses.search(search), rel="alternate", type="text/html")
    feed.link(href=addresses.search(search, "/search.atom"), rel="self", type=MEDIA_TYPE)
    shown = entries(library, search, matches.found[:FEED_ENTRIES])
    newest = max((entry.seen_at for entry in shown), default=None)
    feed.updated(newest or last_seen_at(library.store))
    for entry in shown:
        _add(feed, entry, search, addresses)
    written: bytes = feed.atom_str(pretty=True)
    return written


def _add(feed: object, entry: Entry, search: FollowedSearch, addresses: FeedAddresses) -> None:
    added = feed.add_entry(order="append")  # type: ignore[attr-defined]  # feedgen is untyped
    added.id(f"{URN}search:{search.search_id}:document:{entry.first_document_id}")
    added.title(_clean(f"{entry.change_words}: {entry.title}"))
    added.updated(entry.seen_at)
    added.published(entry.seen_at)
    added.link(href=addresses.entry(entry), rel="alternate", type="text/html")
    added.category(term=entry.change, label=entry.change_words)
    summary = f"{entry.what}. {entry.why}. Followed search: {search.title}."
    added.summary(_clean(summary))


def _subtitle(matches: Matches) -> str:
    count = len(matches.found)
    sentences = [_ABOUT]
    if count > FEED_ENTRIES:
        sentences.append(
            f"This search is broad: {counted(count, 'document')} match and the newest "
            f"{FEED_ENTRIES} are here. Narrow it so that nothing is passed over."
        )
    if matches.cut:
        sentences.append(
            f"Only the newest {MOST_PASSAGES:,} passages that pass the filters were looked through."
        )
    return " ".join(sentences)


def _clean(text: str) -> str:
    return _NOT_XML.sub(" ", text)
