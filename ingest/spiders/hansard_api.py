"""Hansard's API: searches for debates or spoken words, then each debate they name, once.

A debate is one document. The general search (``/search.json``) gives a few rows of each sort
and no more, so the searches by sort are asked.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from corpus.errors import SourceError
from corpus.model import Kind
from ingest.characters import tidy
from ingest.dates import read_date
from ingest.source import Source
from ingest.spiders.links import Links, with_parameter
from ingest.spiders.listing import FetchedPage, Listing, Sighting
from ingest.spiders.pages import as_page, markup_words, objects, read_json

OPTIONS: dict[str, str] = {
    "site": "the host where people read debates, for the link to each",
}

_TAKE = 100
_DEBATE = "/debates/debate/"
_EXTERNAL_ID = re.compile(r"[0-9A-Fa-f-]{8,40}")
_HAS_BLOCKS = re.compile(r"\s*<(?:p|ol|ul|div|blockquote)\b")
_CHANGED = (
    "is not in the form of Hansard's API ({what}): read its documentation and mend "
    "ingest/spiders/hansard_api.py"
)


def start(source: Source, since: dt.date | None) -> Sequence[str]:
    """Give the searches from their beginning; ``since`` is a filter that the API knows.

    Raises:
        SourceError: an address is that of the general search.
    """
    pages = []
    for address in source.start:
        if urlsplit(address).path == "/search.json":
            raise SourceError(
                f"{address} gives a few rows of each sort and no more: write "
                "/search/debates.json or /search/contributions/Spoken.json in the source's file"
            )
        page = with_parameter(address, "queryParameters.take", str(_TAKE))
        if since:
            page = with_parameter(page, "queryParameters.startDate", since.isoformat())
        pages.append(with_parameter(page, "queryParameters.skip", "0"))
    return pages


def read(source: Source, page: FetchedPage) -> Listing:
    """Read a page of results, or one debate.

    Raises:
        SourceError: the answer is not in the form of the API.
    """
    answer = read_json(page)
    if not isinstance(answer, dict):
        raise SourceError(_CHANGED.format(what="no object"))
    if urlsplit(page.address).path.startswith(_DEBATE):
        return _read_debate(source, page, answer)
    return _read_results(source, page, answer)


def _read_results(source: Source, page: FetchedPage, answer: Mapping[str, Any]) -> Listing:
    results = answer.get("Results")
    total = answer.get("TotalResultCount", answer.get("SpokenResultCount"))
    if not isinstance(results, list) or not isinstance(total, int):
        raise SourceError(_CHANGED.format(what="no Results or their number"))
    links = Links(source, page.address)
    follow = []
    for result in results:
        found = result.get("DebateSectionExtId") if isinstance(result, dict) else None
        if not isinstance(found, str) or not _EXTERNAL_ID.fullmatch(found):
            raise SourceError(_CHANGED.format(what="a result without its debate's id"))
        address = links.accept(f"{_DEBATE}{found}.json")  # many a result is of one debate
        follow += [address] if address else []
    skipped = int(parse_qs(urlsplit(page.address).query).get("queryParameters.skip", ["0"])[0])
    done = skipped + len(results)
    if results and done < total:
        follow.append(with_parameter(page.address, "queryParameters.skip", str(done)))
    return Listing(follow=tuple(follow), passed_over=tuple(links.passed_over))


def _read_debate(source: Source, page: FetchedPage, answer: Mapping[str, Any]) -> Listing:
    overview = answer.get("Overview")
    if not isinstance(overview, dict) or not isinstance(answer.get("Items"), list):
        raise SourceError(_CHANGED.format(what="no Overview or Items"))
    found, title = overview.get("ExtId"), tidy(str(overview.get("Title") or ""))
    if not isinstance(found, str) or not title:
        raise SourceError(_CHANGED.format(what="a debate without id or title"))
    links = Links(source, page.address)
    below = tuple(filter(None, (links.accept(address) for address in _debates_below(answer))))
    text = "\n".join(_speeches(answer["Items"]))
    if not text:
        links.pass_over(page.address, "is a heading without words: its debates stand by themselves")
        return Listing(follow=below, passed_over=tuple(links.passed_over))
    written = str(overview.get("Date") or "")
    date = read_date(written)
    sighting = Sighting(
        address=page.address,
        identity=f"hansard:{found}",
        landing=_landing(source, overview, title, date),
        title=title,
        kind=Kind.OTHER,
        published=date,
        published_from="sitting" if date else None,
        stated=_stated(overview),
        text=as_page(title, text, "en-GB"),
    )
    refused = (written[:60],) if written and date is None else ()
    return Listing(sightings=(sighting,), follow=below, refused_dates=refused)


def _debates_below(answer: Mapping[str, Any]) -> Iterator[str]:
    """Give the debates under a heading: each is a document of its own."""
    for child in objects(answer.get("ChildDebates")):
        overview = child.get("Overview")
        found = overview.get("ExtId") if isinstance(overview, dict) else None
        if not isinstance(found, str) or not _EXTERNAL_ID.fullmatch(found):
            raise SourceError(_CHANGED.format(what="a debate below it without an id"))
        yield f"{_DEBATE}{found}.json"


def _speeches(items: object) -> Iterator[str]:
    """Give who spoke and what they said, in the order of the sitting."""
    for item in objects(items):
        value = item.get("Value")
        if not isinstance(value, str) or item.get("ItemType", "Contribution") != "Contribution":
            continue
        if markup_words(value):
            speaker = tidy(str(item.get("AttributedTo") or ""))
            yield f"<h3>{escape(speaker)}</h3>" if speaker else ""
            # what was said comes without paragraphs, or in its own
            yield value if _HAS_BLOCKS.match(value) else f"<p>{value}</p>"


def _landing(
    source: Source, overview: Mapping[str, Any], title: str, date: object | None
) -> str | None:
    site, house = source.options.get("site"), overview.get("House")
    if not site or date is None or not isinstance(house, str):
        return None
    slug = "".join(word[:1].upper() + word[1:] for word in re.findall(r"\w+", title))
    return f"https://{site}/{quote(house)}/{date}/debates/{overview['ExtId']}/{quote(slug)}"


def _stated(overview: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    said = {"house": overview.get("House"), "place": overview.get("Location")}
    return {label: (tidy(str(value)),) for label, value in said.items() if value}
