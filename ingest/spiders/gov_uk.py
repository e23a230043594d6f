"""GOV.UK: pages of its Search API, then the Content API's item for each of their results."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from ingest.source import Source
from ingest.spiders.gov_uk_item import changed, item_address, read_item
from ingest.spiders.links import Links, with_parameter
from ingest.spiders.listing import FetchedPage, Listing
from ingest.spiders.pages import read_json
from ingest.spiders.patterns import UNWANTED_TITLE, has_wanted_words

OPTIONS = {
    "document_types": "the publisher's document types that are kept; without it, every one",
    "only": "a word or words, one of which a title must have; without it, every title",
}
_SEARCH = "/api/search.json"


def start(source: Source, since: dt.date | None) -> Sequence[str]:
    """Give the searches from their beginning; ``since`` is a filter that the API knows."""
    pages = [with_parameter(address, "start", "0") for address in source.start]
    if since is None:
        return pages
    filtered = f"from:{since.isoformat()}"
    return [with_parameter(page, "filter_public_timestamp", filtered) for page in pages]


def read(source: Source, page: FetchedPage) -> Listing:
    """Read a page of results, or one item of the Content API.

    Raises:
        SourceError: the answer is not in the form of either API.
    """
    answer = read_json(page)
    if not isinstance(answer, dict):
        raise changed("no object")
    links = Links(source, page.address)
    if urlsplit(page.address).path == _SEARCH:
        return _read_search(source, page, answer, links)
    return read_item(page, answer, links)


def _read_search(
    source: Source, page: FetchedPage, answer: Mapping[str, Any], links: Links
) -> Listing:
    results, total = answer.get("results"), answer.get("total")
    if not isinstance(results, list) or not isinstance(total, int):
        raise changed("no results or total")
    follow = []
    for result in results:
        if not isinstance(result, dict) or not isinstance(result.get("link"), str):
            raise changed("a result without a link")
        address = links.accept(result["link"])
        if address is None:
            continue
        reason = _unwanted(source, result)
        if reason:
            links.pass_over(address, reason)
        else:
            follow.append(item_address(address))
    begun = int(parse_qs(urlsplit(page.address).query).get("start", ["0"])[0])
    if results and begun + len(results) < total:
        follow.append(with_parameter(page.address, "start", str(begun + len(results))))
    return Listing(
        follow=tuple(follow),
        passed_over=tuple(links.passed_over),
    )


def _unwanted(source: Source, result: Mapping[str, Any]) -> str | None:
    wanted = source.options.get("document_types")
    sort = result.get("content_store_document_type")
    if wanted and sort is not None and sort not in wanted:
        return f"is a {str(sort).replace('_', ' ')}, which this source does not keep"
    if not has_wanted_words(source, str(result.get("title") or "")):
        return UNWANTED_TITLE
    return None
