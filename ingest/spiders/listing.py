"""What a spider makes of a fetched page: the documents seen on it and the pages to go on to."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from corpus.dates import PartialDate
from corpus.model import Kind
from ingest.source import Source


@dataclass(frozen=True, kw_only=True)
class FetchedPage:
    """A list page as it came back, after redirects; only pages with status 200 are read."""

    address: str
    """The address that answered, which relative links are relative to."""
    headers: Mapping[str, str]
    """Lower-case names."""
    body: bytes


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """A document as its publisher lists it, before it is fetched.

    What a list page says of a document goes before what the document says of itself only
    where the spider's file says why. Every field but ``address`` is ``None`` where the
    page is silent; nothing is guessed.
    """

    address: str
    """Where the document is fetched from; absolute."""
    identity: str | None = None
    """What stays the same when the address changes, such as a content id with its locale."""
    landing: str | None = None
    """The page that presents the document, where that is another one."""
    title: str | None = None
    kind: Kind | None = None
    published: PartialDate | None = None
    published_from: str | None = None
    """Where on the page the date stood, such as ``search result`` or ``list item``."""
    updated: PartialDate | None = None
    """When the publisher says it last changed the document; never its publication date."""
    incident: PartialDate | None = None
    publisher: str | None = None
    partnership: str | None = None
    nation: str | None = None
    review_type: str | None = None
    pseudonym: str | None = None
    """The name the publisher gives the review; never a name joined to it by us."""
    author: str | None = None
    page_count: int | None = None
    language: str | None = None
    """As the page or channel states it, such as ``en-GB`` or ``cy``."""
    stated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What else the page says under a label of its own: reference, recipients, themes."""
    gone: str | None = None
    """The publisher's own words, where the page says that this document was withdrawn."""
    text: bytes | None = None
    """The document's HTML, where the list page carries it whole and nothing is to be fetched."""


@dataclass(frozen=True, kw_only=True)
class PassedOver:
    """A link on a list page that was left alone, with the reason; counted in the report."""

    address: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Listing:
    """All that one list page yields, in the page's order."""

    sightings: tuple[Sighting, ...] = ()
    follow: tuple[str, ...] = ()
    """Further list pages; absolute. The crawler fetches each address once."""
    passed_over: tuple[PassedOver, ...] = field(default=())
    refused_dates: tuple[str, ...] = ()
    """Dates as written on the page that cannot be, such as ``31 February 2024``; never guessed."""
    channel_title: str | None = None
    """A feed's own title as served: where text was put into it, its items are suspect too."""
    newest_first: bool = False
    """Whether what follows is older than what stands here: a crawl with ``since`` may stop."""
    may_end: bool = False
    """Whether a page of ``follow`` may not exist: pages numbered without a last number end
    in a 404, which then is the end of the list and no failure."""


class Spider(Protocol):
    """One way of listing. Implementations keep no state and fetch nothing themselves."""

    def start(self, source: Source, since: dt.date | None) -> Sequence[str]:
        """Give the first list pages; ``since`` may narrow them where the publisher can."""

    def read(self, source: Source, page: FetchedPage) -> Listing:
        """Read one list page.

        Raises:
            SourceError: the page is not in the form that this spider knows; the crawl
                counts it as failed and names it.
        """
