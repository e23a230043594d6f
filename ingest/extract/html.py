"""HTML pages to a document: trafilatura finds the main text, our own walk keeps its words."""

import datetime as dt
import re
from collections.abc import Sequence

import htmldate
import trafilatura
from bs4 import BeautifulSoup, Comment, Tag

from corpus.dates import PartialDate
from corpus.errors import SourceError
from ingest.addresses import canonical_address
from ingest.characters import tidy, valid_unicode
from ingest.extract.cover import cover_date
from ingest.extract.markup import is_furniture, markup_blocks, parse_markup
from ingest.extract.pages import publisher_main
from ingest.extracted import UNREADABLE_DATE, Block, Extracted
from ingest.tampering import hidden_link_marks, stand_in_marks

_MAIN_SHARE = 0.95
_MIN_FRAGMENT_CHARS = 30
_EARLIEST_DATE = "1945-01-01"
_SPACES = re.compile(r"\s+")
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")
# Where publishers state a date, rather than mention one.
_DATE_SELECTORS = (
    "head meta",
    'script[type="application/ld+json"]',
    "time[pubdate]",
    'time[itemprop="datePublished"]',
)
_DATE_NAMES = ("article:published_time", "datepublished", "dc.date", "dcterms.issued")
_PUBLISHED = re.compile(r"(?:first )?published|date (?:of publication|published)", re.IGNORECASE)
_HEAD_BLOCKS = 12
# "Published: 2 May 2025 | Last updated: 3 June 2025"
_APART = re.compile(r"\s*[|·•]\s*")
_NEWS_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"(?:News|Report|Opinion)\w*Article"')


def extract_html(markup: str) -> Extracted:
    """Read one page.

    trafilatura tells which part of the page is its text; the words are then taken from
    that part of the publisher's own markup, because a cleaned copy loses short paragraphs,
    the numbers of lists and paragraphs, and the order of nested lists. Publishers whose
    pages need it have a rule of their own (``ingest/data/pages.toml``).

    Raises:
        SourceError: the page is nested too deep, or has no text and no rule knows what it is.
    """
    markup = valid_unicode(markup)
    soup = parse_markup(markup)
    found = trafilatura.bare_extraction(
        markup, with_metadata=True, deduplicate=False, include_comments=False
    )
    document = None if found is None or isinstance(found, dict) else found
    body = document.body if document is not None else None
    fragments = [] if body is None else [_squeeze(text) for text in body.itertext()]
    url = _own_address(soup)
    main = publisher_main(soup, url)
    blocks = markup_blocks(main) if main else []
    blocks = blocks or markup_blocks(_main_element(soup, fragments))
    if not blocks:
        return _stand_in(soup, url)
    published, published_from, unreadable = _published(soup, blocks)
    return Extracted(
        raw_title=_title(soup, document.title if document is not None else None),
        blocks=tuple(blocks),
        identity=canonical_address(url),
        url=url,
        published=published,
        published_from=published_from,
        author=_meta(soup, "author") or _meta(soup, "dc.creator"),
        publisher=_meta(soup, "og:site_name"),
        language=_language(soup),
        is_news=bool(_NEWS_TYPE.search(markup)),
        marks=(*hidden_link_marks(soup, url), *([UNREADABLE_DATE] if unreadable else [])),
    )


def _stand_in(soup: BeautifulSoup, url: str | None) -> Extracted:
    """Give the few words of a login page, a challenge and the like, with its rule's mark.

    Raises:
        SourceError: it is a page without text that no rule knows.
    """
    title, words = _title(soup, None), tidy(soup.get_text(" "))
    marks = stand_in_marks(title, words)
    if not marks:
        raise SourceError("is a page without text: save it whole, from the site")
    return Extracted(
        raw_title=title,
        blocks=(Block(text=words),),
        identity=canonical_address(url),
        url=url,
        language=_language(soup),
        marks=(*marks, *hidden_link_marks(soup, url)),
    )


def _main_element(soup: BeautifulSoup, fragments: list[str]) -> Tag:
    """Descend to the smallest element that holds nearly all of the main text."""
    wanted = [fragment for fragment in fragments if len(fragment) >= _MIN_FRAGMENT_CHARS]
    element: Tag = soup.body or soup
    while wanted:
        inner = next(
            (
                child
                for child in element.find_all(True, recursive=False)
                if isinstance(child, Tag) and not is_furniture(child) and _holds(child, wanted)
            ),
            None,
        )
        if inner is None:
            break
        element = inner
    # A lone paragraph or cell is not a page: keep what stands around it.
    while element.name not in ("article", "main", "section", "div", "body") and element.parent:
        element = element.parent
    return element


def _holds(element: Tag, fragments: list[str]) -> bool:
    text = _squeeze(element.get_text())
    return sum(fragment in text for fragment in fragments) >= _MAIN_SHARE * len(fragments)


def _squeeze(text: object) -> str:
    return _SPACES.sub("", str(text))


def _title(soup: BeautifulSoup, found: str | None) -> str:
    if found:
        return found
    for name in ("h1", "title"):
        element = soup.find(name)
        if isinstance(element, Tag) and tidy(element.get_text()):
            return tidy(element.get_text(" "))
    return ""


def _own_address(soup: BeautifulSoup) -> str | None:
    link = soup.select_one('link[rel~="canonical"][href]')
    saved = soup.find(string=lambda text: isinstance(text, Comment) and "saved from" in text)
    matched = _SAVED_FROM.search(str(saved)) if saved else None
    for candidate in (
        str(link["href"]) if link else None,
        _meta(soup, "og:url"),
        matched[1] if matched else None,
    ):
        if canonical_address(candidate):
            return candidate
    return None


def _published(
    soup: BeautifulSoup, blocks: Sequence[Block]
) -> tuple[PartialDate | None, str | None, bool]:
    """Read the date that the page states in its markup, or else on a line that says so.

    Dates in its sentences are not asked. The last value tells of a stated date that is none.
    """
    stated = "".join(str(tag) for selector in _DATE_SELECTORS for tag in soup.select(selector))
    found = stated and htmldate.find_date(
        f"<html><head>{stated}</head><body></body></html>",
        extensive_search=False,
        original_date=True,
        min_date=_EARLIEST_DATE,
        max_date=dt.datetime.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(days=365),
    )
    if found:
        return PartialDate.parse(found), "page metadata", False
    stated_apart = [part for block in blocks[:_HEAD_BLOCKS] for part in _APART.split(block.text)]
    labelled = [part for part in stated_apart if _PUBLISHED.match(part)]
    cover = cover_date(labelled)
    claimed = any(_meta(soup, name) for name in _DATE_NAMES)
    return cover.date, "page" if cover.date else None, cover.unreadable or claimed


def _meta(soup: BeautifulSoup, name: str) -> str | None:
    for attribute in ("name", "property"):
        tag = soup.find("meta", attrs={attribute: re.compile(re.escape(name) + "$", re.IGNORECASE)})
        if isinstance(tag, Tag) and tidy(str(tag.get("content") or "")):
            return tidy(str(tag["content"]))
    return None


def _language(soup: BeautifulSoup) -> str | None:
    root = soup.find("html")
    return str(root.get("lang")) if isinstance(root, Tag) and root.get("lang") else None
