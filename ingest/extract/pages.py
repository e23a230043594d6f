"""Publishers' own page layouts, for those whose text the general rules would miss."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag


@dataclass(frozen=True)
class _Page:
    hosts: tuple[str, ...]
    main: tuple[str, ...]
    drop: tuple[str, ...]


def publisher_main(soup: BeautifulSoup, url: str | None) -> Tag | None:
    """Find the element that holds a page's text by its publisher's rule.

    What the rule drops is taken out of the page.

    Args:
        soup: the page; changed.
        url: the address that the page gives as its own.

    Returns:
        ``None`` where the publisher has no rule, or the page is not laid out by it.
    """
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url else ""
    for page in _pages():
        if any(host == known or host.endswith("." + known) for known in page.hosts):
            for unwanted in soup.select(", ".join(page.drop)):
                unwanted.decompose()
            for selector in page.main:
                found = soup.select(selector)
                if found:
                    return max(found, key=lambda element: len(element.get_text()))
    return None


@cache
def _pages() -> tuple[_Page, ...]:
    text = resources.files("ingest").joinpath("data/pages.toml").read_text(encoding="utf-8")
    return tuple(
        _Page(tuple(entry["hosts"]), tuple(entry["main"]), tuple(entry["drop"]))
        for entry in tomllib.loads(text)["page"]
    )
