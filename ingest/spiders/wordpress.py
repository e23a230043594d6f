"""WordPress: its feeds, paged by ``?paged=N``, and its REST interface where that is open."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

from corpus.errors import SourceError
from ingest.dates import read_date
from ingest.source import Source
from ingest.spiders import feed
from ingest.spiders.links import Links, with_parameter
from ingest.spiders.listing import FetchedPage, Listing, Sighting
from ingest.spiders.pages import as_page, markup_words, read_json
from ingest.spiders.patterns import UNWANTED_TITLE, has_wanted_words

OPTIONS = {
    **feed.OPTIONS,
    "page_size": "how many items a full page of its feed has; 10 unless said",
}

_PER_PAGE = 100
"""The most posts that WordPress gives at once."""


def start(source: Source, since: dt.date | None) -> Sequence[str]:
    """Give the feeds and REST lists from their first pages; only REST can be narrowed.

    Raises:
        SourceError: an address is that of a feed of comments.
    """
    pages = []
    for address in source.start:
        path = urlsplit(address).path
        if "/comments/" in path or path.endswith("/wp/v2/comments"):
            raise SourceError(
                f"{address} lists comments, which are never read: take it out of the source's file"
            )
        pages.append(_first_page(address, since) if _is_rest(address) else address)
    return pages


def read(source: Source, page: FetchedPage) -> Listing:
    """Read a page of a feed or of REST.

    Raises:
        SourceError: it is neither, it lists comments, or REST is closed.
    """
    if _is_rest(page.address):
        return _read_posts(source, page)
    listing, count = feed.read_feed_page(source, page)
    if count < source.options.get("page_size", 10):
        return listing
    number = int(parse_qs(urlsplit(page.address).query).get("paged", ["1"])[0])
    further = with_parameter(page.address, "paged", str(number + 1))
    # WordPress does not say how many pages there are; the one past the last is a 404.
    return replace(listing, follow=(*listing.follow, further), may_end=True)


def _is_rest(address: str) -> bool:
    return "/wp-json/" in urlsplit(address).path or "rest_route=" in address


def _first_page(address: str, since: dt.date | None) -> str:
    address = with_parameter(address, "per_page", str(_PER_PAGE))
    if since:
        address = with_parameter(address, "modified_after", f"{since.isoformat()}T00:00:00")
    return with_parameter(address, "page", "1")


def _read_posts(source: Source, page: FetchedPage) -> Listing:
    posts = read_json(page)
    if not isinstance(posts, list):
        code = posts.get("code") if isinstance(posts, dict) else None
        raise SourceError(
            f"is no list of posts ({code or 'another form'}): the site has closed its REST "
            "interface; use its feed instead"
        )
    links = Links(source, page.address, short_links=bool(source.options.get("short_links")))
    refused: list[str] = []
    sightings = [_read_post(source, post, links, refused) for post in posts]
    number = int(parse_qs(urlsplit(page.address).query).get("page", ["1"])[0])
    stated = page.headers.get("x-wp-totalpages", "")
    more = number < int(stated) if stated.isdigit() else len(posts) == _PER_PAGE
    return Listing(
        sightings=tuple(sighting for sighting in sightings if sighting),
        follow=(with_parameter(page.address, "page", str(number + 1)),) if more else (),
        passed_over=tuple(links.passed_over),
        refused_dates=tuple(refused),
        newest_first=True,
        may_end=more,
    )


def _read_post(
    source: Source,
    post: Any,  # noqa: ANN401 - whatever the publisher sends
    links: Links,
    refused: list[str],
) -> Sighting | None:
    if not isinstance(post, dict) or not isinstance(post.get("link"), str):
        raise SourceError("holds a post without an address: WordPress's REST interface has changed")
    address = links.accept(post["link"])
    if address is None:
        return None
    content = post.get("content")
    is_locked = isinstance(content, dict) and content.get("protected")
    if is_locked or post.get("status", "publish") != "publish":
        links.pass_over(address, "is not public: it is a draft or behind a password")
        return None
    title = markup_words(_rendered(post, "title"))
    if not has_wanted_words(source, title):
        links.pass_over(address, UNWANTED_TITLE)
        return None
    body = _rendered(post, "content")
    whole = bool(markup_words(body)) and not source.options.get("fetch_items")
    guid = _rendered(post, "guid")
    dates = {}
    for name in ("date", "modified"):
        dates[name] = read_date(str(post.get(name) or ""))
        if post.get(name) and dates[name] is None:
            refused.append(str(post[name])[:60])
    return Sighting(
        address=address,
        identity=f"guid:{guid}" if guid else None,
        title=title or None,
        published=dates["date"],
        published_from="post" if dates["date"] else None,
        updated=dates["modified"],
        text=as_page(title, body) if whole else None,
    )


def _rendered(post: Mapping[str, Any], name: str) -> str:
    held = post.get(name)
    value = held.get("rendered") if isinstance(held, dict) else held
    return value if isinstance(value, str) else ""
