"""From a capture's bytes to documents: decide what they are, extract, build. Nothing is written."""

import json
from dataclasses import replace

from corpus.errors import SourceError
from corpus.model import Capture, LicenceTier
from ingest.build import BuiltDocument, build_documents
from ingest.extract.docx import extract_docx
from ingest.extract.feed import extract_feed
from ingest.extract.html import extract_html
from ingest.extract.pdf import extract_pdf
from ingest.extract.txt import extract_txt
from ingest.extracted import Extracted
from ingest.licence import find_host
from ingest.sniff import (
    CONTENT_ITEM,
    DOCX,
    FEED,
    HTML,
    ODT,
    PDF,
    WRONG_NAME,
    Sniffed,
    decode_text,
    sniff,
)
from ingest.source import Source
from ingest.spiders import load_spider
from ingest.spiders.listing import FetchedPage, Sighting
from ingest.tampering import TWO_KINDS

_GOV_UK = Source(
    source_id="gov-uk",
    name="GOV.UK, page by page",
    publisher="GOV.UK",
    spider="gov_uk",
    start=(),
    hosts=("www.gov.uk", "assets.publishing.service.gov.uk"),
    licence_tier=LicenceTier.OPEN,
    crawl_delay_s=1.0,
    robots_note="Not crawled: for answers of its Content API that are given as files.",
)


def derive_documents(
    data: bytes,
    capture: Capture,
    *,
    name: str,
    source: Source | None = None,
    sighting: Sighting | None = None,
    marks: tuple[str, ...] = (),
) -> list[BuiltDocument]:
    """Make the documents of one capture.

    Args:
        data: the capture's bytes.
        capture: what they are a capture of.
        name: the name of the file, or the address it was fetched from.
        source: the publisher it was crawled from; its licence tier holds for what it gave.
        sighting: what the publisher's list page says of it.
        marks: what is known of it, for every document in it.

    Raises:
        SourceError: it is nothing that can be read, or must not be kept.
    """
    sniffed = sniff(data, name)
    if sniffed.wrong_name:
        marks = (*marks, WRONG_NAME)
    if sniffed.media_type == CONTENT_ITEM:
        return _of_content_item(data, capture, source, marks)
    known = _with_source(sighting, source, capture)
    if sniffed.also:
        marks = (*marks, f"{TWO_KINDS}: {sniffed.also}")
    built = build_documents(_extract_any(sniffed, data), capture, marks=marks, sighting=known)
    return [_licensed(one, source) for one in built]


def derive_inline(
    capture: Capture,
    sighting: Sighting,
    *,
    source: Source | None = None,
    marks: tuple[str, ...] = (),
) -> list[BuiltDocument]:
    """Make the document that a list page carried whole.

    Args:
        capture: the list page.
        sighting: with its text.
        source: the publisher.
        marks: what is known of it.

    Raises:
        SourceError: it holds nothing that can be read.
    """
    page = decode_text(sighting.text or b"")
    known = _with_source(sighting, source, capture)
    item = replace(extract_html(page), whole_file=False)
    if not item.raw_title:
        item = replace(item, raw_title=sighting.title or "")
    built = build_documents([item], capture, marks=marks, sighting=known)
    return [_licensed(one, source) for one in built]


def _extract_any(sniffed: Sniffed, data: bytes) -> list[Extracted]:
    """Extract; what is two kinds at once is held back, also where it can be read as neither."""
    try:
        return _extract(sniffed, data)
    except SourceError:
        if sniffed.also is None:
            raise
        return [Extracted(raw_title="", blocks=())]


def _extract(sniffed: Sniffed, data: bytes) -> list[Extracted]:
    if sniffed.media_type == FEED:
        return extract_feed(data)
    if sniffed.media_type == PDF:
        return [extract_pdf(data)]
    if sniffed.media_type == DOCX:
        return [extract_docx(data)]
    if sniffed.media_type == ODT:
        from ingest.extract.odt import extract_odt  # noqa: PLC0415 - odfpy, for these alone

        return [extract_odt(data)]
    if sniffed.media_type == HTML:
        return [extract_html(sniffed.text or "")]
    return [extract_txt(sniffed.text or "")]


def _with_source(
    sighting: Sighting | None, source: Source | None, capture: Capture
) -> Sighting | None:
    """Let the source say what its list pages need not repeat."""
    if source is None:
        return sighting
    sighting = sighting or Sighting(address=capture.address)
    return replace(
        sighting,
        kind=sighting.kind or source.kind,
        publisher=sighting.publisher or source.publisher,
    )


def _licensed(built: BuiltDocument, source: Source | None) -> BuiltDocument:
    """Give a crawled document its source's tier, unless its own host's is the stricter one."""
    if source is None:
        return built
    host = find_host(built.document.url)
    tiers = [source.licence_tier, *([host.tier] if host else [])]
    strictest: LicenceTier = max(tiers, key=lambda tier: list(LicenceTier).index(tier))
    return replace(built, document=replace(built.document, licence_tier=strictest))


def _of_content_item(
    data: bytes, capture: Capture, source: Source | None, marks: tuple[str, ...]
) -> list[BuiltDocument]:
    """Make the documents of an answer of GOV.UK's Content API."""
    publisher = source if source is not None and source.spider == "gov_uk" else _GOV_UK
    address = f"https://www.gov.uk/api/content{json.loads(data)['base_path']}"
    page = FetchedPage(address=address, headers={}, body=data)
    listing = load_spider(publisher).read(publisher, page)
    with_text = [sighting for sighting in listing.sightings if sighting.text is not None]
    if not with_text:
        raise SourceError(
            "is a page of GOV.UK whose text is in its attachments: give those, or crawl it"
        )
    return [
        one
        for sighting in with_text
        for one in derive_inline(capture, sighting, source=publisher, marks=marks)
    ]
