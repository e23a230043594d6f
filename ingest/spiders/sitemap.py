"""Any sitemap, and any index of sitemaps, packed or not."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from lxml import etree

from corpus.errors import SourceError
from ingest.characters import tidy
from ingest.dates import read_date
from ingest.decode import decode_body
from ingest.source import Source
from ingest.spiders.links import Links
from ingest.spiders.listing import FetchedPage, Listing, Sighting
from ingest.spiders.patterns import search_any
from ingest.xml import parse_xml

OPTIONS = {
    "documents": "patterns, one of which an address must contain; without it, every address",
    "never": "patterns that no address may contain",
    "sitemaps": "patterns, one of which a sitemap's address in an index must contain",
    "short_links": "true where the publisher's pages have no other addresses than ?p=123",
}

_MAX_BYTES = 50 * 1024 * 1024
"""The largest sitemap that the protocol allows, unpacked."""
_GZIP = b"\x1f\x8b"


def start(source: Source, since: dt.date | None) -> Sequence[str]:  # noqa: ARG001 - it cannot
    """Give the sitemaps; a sitemap cannot be narrowed."""
    return source.start


def read(source: Source, page: FetchedPage) -> Listing:
    """Read a sitemap or an index of sitemaps.

    ``lastmod`` is when a page was last changed, and never its publication date.

    Raises:
        SourceError: it is no sitemap, is not safe to parse or is larger than one may be.
    """
    body = page.body
    if body.startswith(_GZIP):
        body = decode_body(body, "gzip", max_bytes=_MAX_BYTES)
    root = parse_xml(body)
    links = Links(source, page.address, short_links=bool(source.options.get("short_links")))
    name = etree.QName(root).localname
    if name == "sitemapindex":
        return _read_index(source, root, links)
    if name != "urlset":
        raise SourceError("is XML but no sitemap: look for its address in the site's robots.txt")
    return _read_pages(source, root, links)


def _read_index(source: Source, root: etree._Element, links: Links) -> Listing:
    wanted = source.options.get("sitemaps")
    follow = []
    for location, _ in _rows(root, "sitemap"):
        address = links.accept(location)
        if address and wanted and not search_any(wanted, address):
            links.pass_over(address, "is a sitemap that this source does not keep")
        elif address:
            follow.append(address)
    return Listing(follow=tuple(follow), passed_over=tuple(links.passed_over))


def _read_pages(source: Source, root: etree._Element, links: Links) -> Listing:
    sightings = []
    refused = []
    for location, changed in _rows(root, "url"):
        address = links.accept(location)
        if address is None:
            continue
        if not _is_wanted(source, address):
            links.pass_over(address, "is no address of a document of this source")
            continue
        updated = read_date(changed) if changed else None
        if changed and updated is None:
            refused.append(changed[:60])
        sightings.append(Sighting(address=address, updated=updated))
    return Listing(
        sightings=tuple(sightings),
        passed_over=tuple(links.passed_over),
        refused_dates=tuple(refused),
    )


def _is_wanted(source: Source, address: str) -> bool:
    if search_any(source.options.get("never", ()), address):
        return False
    documents = source.options.get("documents")
    return not documents or search_any(documents, address)


def _rows(root: etree._Element, name: str) -> Iterator[tuple[str, str]]:
    """Give each row's address and the date of its last change; empty where it is silent."""
    for row in root:
        if not isinstance(row.tag, str) or etree.QName(row).localname != name:
            continue  # comments and processing instructions have no name
        said = {
            etree.QName(part).localname: tidy(part.text or "")
            for part in reversed(row)  # the first counts where a name stands twice
            if isinstance(part.tag, str)
        }
        yield re.sub(r"\s", "", said.get("loc", "")), said.get("lastmod", "")
