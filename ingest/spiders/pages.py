"""Fetched list pages as trees, or as a sentence about what is wrong with them."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector, UnicodeDammit
from bs4.element import NavigableString, PreformattedString
from soupsieve import SelectorSyntaxError

from corpus.errors import SourceError
from ingest.characters import tidy
from ingest.extract.markup import parse_markup
from ingest.spiders.links import urljoin_safely
from ingest.spiders.listing import FetchedPage

CHANGED = "has another layout than its spider knows: look at the page and mend the spider's file"
_INLINE_NAMES = "a abbr b bdi cite code em font i mark q s small span strong sub sup u"
_INLINE = frozenset(_INLINE_NAMES.split())
_NO_WORDS = frozenset(("script", "style", "template", "noscript"))


def read_json(page: FetchedPage) -> Any:  # noqa: ANN401 - whatever the publisher sends
    """Parse JSON.

    Raises:
        SourceError: it is none, or is nested deeper than any answer of an API.
    """
    try:
        answer = json.loads(page.body)
        # Half a character, written as an escape, is JSON and is no text that can be kept.
        if b"\\ud" in page.body.lower():
            answer = json.loads(json.dumps(answer, ensure_ascii=False).encode(errors="replace"))
        return answer
    except (ValueError, RecursionError) as error:
        raise SourceError(
            "is not JSON: the publisher's API is down or has changed; try again later, "
            "then look at the address in a browser"
        ) from error


def objects(value: object) -> list[Mapping[str, Any]]:
    """Give the objects of a list; nothing where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def read_html(page: FetchedPage) -> tuple[BeautifulSoup, str]:
    """Parse HTML.

    Returns:
        The tree, and the address that its links are relative to.

    Raises:
        SourceError: it is no HTML, or is nested deeper than any real page.
    """
    charset = re.search(r"charset=[\"']?([\w-]+)", page.headers.get("content-type", ""))
    stated = charset[1] if charset else EncodingDetector.find_declared_encoding(page.body, True)
    markup = UnicodeDammit(page.body, known_definite_encodings=[stated] if stated else [])
    if not (markup.unicode_markup or "").strip():
        raise SourceError("is empty: try again later, then look at the address in a browser")
    soup = parse_markup(str(markup.unicode_markup))
    if soup.find(True) is None or soup.body is None:
        raise SourceError("is no HTML page: look at the address in a browser")
    base = attribute(soup.select_one("base[href]"), "href")
    return soup, urljoin_safely(page.address, base)


def select(tree: Tag, selector: str) -> list[Tag]:
    """Select elements.

    Raises:
        SourceError: the selector, which a source's file gives, is no CSS selector.
    """
    try:
        return list(tree.select(selector))
    except (SelectorSyntaxError, ValueError, NotImplementedError) as error:
        raise SourceError(
            f"cannot be read with {selector!r}, which is no CSS selector: mend the source's file"
        ) from error


def words(tree: Tag | None) -> str:
    """Give the words of an element as one line; empty where there is no element."""
    return tidy("".join(_strings(tree))) if tree is not None else ""


def _strings(tree: Tag) -> Iterator[str]:
    """Give the strings of an element, parted only where a browser would part them."""
    for child in tree.children:
        if isinstance(child, Tag):
            parted = child.name not in _INLINE
            yield " " if parted else ""
            yield from () if child.name in _NO_WORDS else _strings(child)
            yield " " if parted else ""
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            yield str(child)


def attribute(tag: Tag | None, name: str) -> str:
    """Give an attribute as a text; empty where there is none."""
    value = (tag.get(name) if tag is not None else None) or ""
    return value if isinstance(value, str) else " ".join(value)


def markup_words(markup: object) -> str:
    """Give the words of a piece of HTML as one line; empty for anything but a text."""
    if not isinstance(markup, str) or not markup.strip():
        return ""
    return words(parse_markup(f"<div>{markup}</div>"))


def as_page(title: str, markup: str, language: str | None = None) -> bytes:
    """Make a page of a document that was sent as a piece of HTML inside something else.

    The title stands in the head alone: titles are where text is put in from outside, and
    what cleans them does not look at a page's headings.
    """
    # In a <title> the words after a dash are taken for the site's name and cut off.
    head = BeautifulSoup("", "lxml").new_tag("meta", property="og:title", content=title)
    lang = f' lang="{language}"' if language and re.fullmatch(r"[A-Za-z-]+", language) else ""
    text = (
        f'<!DOCTYPE html><html{lang}><head><meta charset="utf-8">{head}</head>'
        f"<body><main>{markup}</main></body></html>"
    )
    return text.encode("utf-8", errors="replace")
