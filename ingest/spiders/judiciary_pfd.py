"""The judiciary's reports to prevent future deaths: paged lists, a page a report, its files.

The page names who died. Its own heading is the only title that is taken: no name is read
from a field, a link or a file's name, so nothing here can name somebody whom the heading
does not. The publisher's categories are unreliable; they are kept as stated and can narrow
a list, and no figure rests on them.
"""

import datetime as dt
import re
from collections.abc import Sequence
from itertools import zip_longest
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from corpus.dates import PartialDate
from corpus.errors import SourceError
from corpus.model import Kind
from ingest.dates import read_date
from ingest.extract.markup import markup_blocks
from ingest.source import Source
from ingest.spiders.links import Links, last_part
from ingest.spiders.listing import FetchedPage, Listing, Sighting
from ingest.spiders.pages import CHANGED, attribute, read_html, words
from ingest.spiders.patterns import search_any

OPTIONS = {
    "categories": "patterns, one of which a report's category must contain where the list has one",
}

_REPORTS = re.compile(r"^/prevention-of-future-death-reports/(?!page/|$)[^/]+/?$")
_REFERENCE = re.compile(r"\b(\d{4}-\d{4})\b")
_LABELS = {
    "date": r"Date of report",
    "reference": r"Ref",
    "deceased": r"Deceased name",
    "coroner": r"Coroner(?:[’']?s)? name",
    "area": r"Coroner(?:[’']?s)? area",
    "category": r"Category",
    "recipients": r"This report is being sent to|Sent to",
}
_FIELD = re.compile(
    "|".join(rf"\b(?P<{name}>{label})\s*:" for name, label in _LABELS.items()), re.IGNORECASE
)
_NOTHING_FOUND = re.compile(r"no (?:results|reports) (?:were )?found|nothing found", re.IGNORECASE)


def start(source: Source, since: dt.date | None) -> Sequence[str]:  # noqa: ARG001 - it cannot
    """Give the lists; they stand newest first and cannot be narrowed by date."""
    return source.start


def read(source: Source, page: FetchedPage) -> Listing:
    """Read a page of the list, or the page of one report.

    Raises:
        SourceError: it is neither, or no longer has the fields that reports have.
    """
    soup, base = read_html(page)
    links = Links(source, base)
    if _REPORTS.match(urlsplit(page.address).path):
        return _read_report(page, soup, links)
    return _read_list(source, soup, links)


def _read_list(source: Source, soup: BeautifulSoup, links: Links) -> Listing:
    anchors = [a for a in soup.select("a[href]") if _leads_to_report(links, a)]
    if not anchors and not _NOTHING_FOUND.search(words(soup.body)):
        raise SourceError(CHANGED)
    wanted = source.options.get("categories")
    follow = []
    for anchor in anchors:
        address = links.accept(attribute(anchor, "href"))
        if address is None:
            continue
        category = _fields(_card(anchor)).get("category")
        if wanted and category and not search_any(wanted, category):
            links.pass_over(address, "is of a category that this source does not keep")
        else:
            follow.append(address)
    further = soup.select_one("a.next[href], a[rel~=next][href], link[rel~=next][href]")
    onward = links.accept(attribute(further, "href"))
    return Listing(
        follow=(*follow, onward) if onward else tuple(follow),
        passed_over=tuple(links.passed_over),
    )


def _leads_to_report(links: Links, anchor: Tag) -> bool:
    href = attribute(anchor, "href").strip()
    return bool(_REPORTS.match(urlsplit(Links(links.source, links.base).accept(href) or "").path))


def _card(anchor: Tag) -> Tag:
    """Give what the list says of one report: the widest element that holds no other link."""
    card: Tag = anchor
    while card.parent is not None and len(card.parent.select("a[href]", limit=2)) == 1:
        card = card.parent
    return card


def _fields(part: Tag) -> dict[str, str]:
    """Read labels and their values; a value ends where its paragraph or the next label does."""
    found: dict[str, str] = {}
    for block in markup_blocks(part):
        labels = list(_FIELD.finditer(block.text))
        for label, following in zip_longest(labels, labels[1:]):
            end = following.start() if following else len(block.text)
            value = block.text[label.end() : end].strip(" |;,")
            if value and label.lastgroup:
                found.setdefault(label.lastgroup, value)
    return found


def _read_report(page: FetchedPage, soup: BeautifulSoup, links: Links) -> Listing:
    main = soup.select_one("main, article") or soup.body or soup
    fields = _fields(main)
    if "date" not in fields and "reference" not in fields:
        raise SourceError(CHANGED)
    written = fields.get("date", "")
    date = read_date(written) if written else None
    reference = _REFERENCE.search(fields.get("reference", ""))
    title = words(soup.select_one("h1")) or None
    own = _Report(page.address, title, reference[1] if reference else None, date, fields)
    sightings = []
    for anchor in main.select("a[href]"):
        if urlsplit(attribute(anchor, "href")).path.lower().endswith(".pdf"):
            address = links.accept(attribute(anchor, "href"))
            if address:
                is_response = bool(re.search(r"\brespon[sd]", words(anchor), re.IGNORECASE))
                sightings.append(own.sighting(address, is_response))
    if not sightings:
        links.pass_over(page.address, "has no file: the report is not published here yet, or gone")
    return Listing(
        sightings=tuple(sightings),
        passed_over=tuple(links.passed_over),
        refused_dates=(written[:60],) if written and date is None else (),
    )


class _Report:
    """What the page of one report says, for each of its files."""

    def __init__(
        self,
        landing: str,
        title: str | None,
        reference: str | None,
        date: PartialDate | None,
        fields: dict[str, str],
    ) -> None:
        self.landing, self.title, self.reference = landing, title, reference
        self.date, self.fields = date, fields
        self.reports = 0

    def sighting(self, address: str, is_response: bool) -> Sighting:
        role = "response" if is_response else "report"
        self.reports += not is_response
        # One report is the reference's own; whatever else there is goes by its file.
        sole = not is_response and self.reports == 1
        identity = f"pfd:{self.reference}:{role if sole else last_part(address)}"
        return Sighting(
            address=address,
            identity=identity if self.reference else None,
            landing=self.landing,
            title=f"{self.title} – response" if is_response and self.title else self.title,
            kind=Kind.OTHER,
            # the page dates the report and not what was answered to it
            published=None if is_response else self.date,
            published_from="report page" if self.date and not is_response else None,
            review_type=None if is_response else "prevention of future deaths report",
            author=None if is_response else self.fields.get("coroner"),
            stated=self._stated(role),
        )

    def _stated(self, role: str) -> dict[str, tuple[str, ...]]:
        said: dict[str, tuple[str, ...]] = {"role": (role,)}
        said["reference"] = (self.reference,) if self.reference else ()
        for name in ("area", "category", "recipients"):
            values = (value.strip() for value in self.fields.get(name, "").split("|"))
            said[name] = tuple(value for value in values if value)
        return {label: values for label, values in said.items() if values}
