"""RSS and Atom feeds to documents, one an item."""

import calendar
import codecs
import datetime as dt
import io
import re
from typing import Any

import feedparser
from lxml import etree

from corpus.dates import PartialDate
from corpus.errors import SourceError
from corpus.ids import short_digest
from ingest.addresses import canonical_address
from ingest.characters import tidy
from ingest.extract.markup import markup_blocks, parse_markup
from ingest.extracted import UNREADABLE_DATE, Block, BlockKind, Extracted
from ingest.sniff import decode_text
from ingest.tampering import OFF_SITE_ITEM, hidden_link_marks, leads_off_site
from ingest.xml import parse_xml

_ENCODING = re.compile(rb"""\s*<\?xml[^>]*?encoding\s*=\s*["']([\w-]+)["']""")
_PROLOGUE = re.compile(r"\s*<\?xml[^>]*\?>")
_FEED_ROOTS = frozenset({"rss", "feed", "RDF"})


def extract_feed(data: bytes) -> list[Extracted]:
    """Read every item of a feed, in its order.

    Nothing outside the bytes is ever read: a feed that declares a document type or an
    entity is refused before it is parsed.

    Raises:
        SourceError: it is cut short or not well formed, declares entities, is XML of
            another kind, or holds no item. Nothing of such a feed is given.
    """
    parsed = parse_feed(data)
    if not parsed.entries:
        raise SourceError("is a feed without items: nothing to take in")
    channel = parsed.feed
    items = []
    seen: set[object] = set()
    for entry in parsed.entries:
        item = _extract_item(entry, channel)
        # Some publishers give an item a new guid whenever it is saved.
        same_page = (canonical_address(item.url), item.blocks) if item.url else item.identity
        if not seen & {item.identity, same_page}:
            items.append(item)
        seen |= {item.identity, same_page}
    return items


def parse_feed(data: bytes) -> Any:  # noqa: ANN401 - feedparser's own mapping
    """Parse a feed as feedparser does, after a parser that opens and expands nothing.

    Returns:
        feedparser's result, with ``feed`` and ``entries``, which may be empty.

    Raises:
        SourceError: as for ``extract_feed``, but that a feed may be without items.
    """
    root = parse_xml(_readable(data))
    if etree.QName(root).localname not in _FEED_ROOTS:
        raise SourceError("is XML but not an RSS or Atom feed: save the page or the feed instead")
    # feedparser cannot be given a safe parser, so it sees only what the safe one wrote.
    return feedparser.parse(io.BytesIO(etree.tostring(root, encoding="utf-8")))


def _extract_item(entry: Any, channel: Any) -> Extracted:  # noqa: ANN401 - feedparser's own mapping
    blocks = _body_blocks(entry)
    published, published_from = _item_date(entry)
    url = entry.get("link") or None
    guid = entry.get("id")
    identity = f"guid:{guid}" if guid else url
    if identity is None:
        identity = "item:" + short_digest(entry.get("title", ""), [block.text for block in blocks])
    return Extracted(
        raw_title=entry.get("title", ""),
        blocks=tuple(blocks),
        identity=identity,
        url=url if canonical_address(url) else None,
        published=published,
        published_from=published_from,
        author=tidy(entry.get("author", "")) or None,
        language=channel.get("language"),
        channel_title=channel.get("title"),
        marks=(
            *_item_marks(entry, channel),
            *([UNREADABLE_DATE] if not published and _gives_date(entry) else []),
        ),
        is_news=True,
        whole_file=False,
    )


def _gives_date(entry: Any) -> bool:  # noqa: ANN401 - as above
    return any(str(dict.get(entry, field) or "").strip() for field in ("published", "updated"))


def _readable(data: bytes) -> bytes:
    """Give a feed in UTF-8 where its bytes are not in the encoding that it declares."""
    declared = _ENCODING.match(data[:300])
    try:
        data.decode(declared[1].decode() if declared else "utf-8")
    except LookupError:
        pass
    except UnicodeDecodeError:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data
    else:
        return data
    return _PROLOGUE.sub("", decode_text(data), count=1).encode()


def _item_marks(entry: Any, channel: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    link = entry.get("link")
    marks = (OFF_SITE_ITEM,) if leads_off_site(link, channel.get("link")) else ()
    bodies = [entry.get("summary", ""), *(part.value for part in entry.get("content", []))]
    hiding = "".join(body for body in bodies if "style" in body)
    return marks + (hidden_link_marks(parse_markup(hiding), link) if hiding else ())


def _body_blocks(entry: Any) -> list[Block]:  # noqa: ANN401 - feedparser's own mapping
    """Give the description as a summary, then the blocks of the content.

    Where an item has no content element, feedparser's summary is all there is.
    """
    bodies = [part.value for part in entry.get("content", []) if part.value.strip()]
    summary = entry.get("summary", "")
    blocks = []
    if summary and summary not in bodies:
        text = tidy(parse_markup(summary).get_text(" "))
        alone = not bodies
        # A whole article in the description is the body; only a shortened one is a summary.
        if alone and not text.endswith(("…", "...", "[…]", "[...]")):
            bodies = [summary]
        elif text:
            blocks.append(Block(text=text, kind=BlockKind.SUMMARY))
    for body in bodies[:1]:
        blocks.extend(markup_blocks(parse_markup(body)))
    return blocks


def _item_date(entry: Any) -> tuple[PartialDate | None, str | None]:  # noqa: ANN401
    for field, source in (
        ("published_parsed", "feed item"),
        ("updated_parsed", "feed item, last change"),
    ):
        # Asked for what is not there, feedparser gives the other date, with a warning.
        moment = dict.get(entry, field)
        if moment:
            try:
                when = dt.datetime.fromtimestamp(calendar.timegm(moment), tz=dt.UTC)
            except (OverflowError, ValueError):
                continue  # no such moment in the calendar: the date stays missing
            return PartialDate.from_date(when.date()), source
    return None, None
