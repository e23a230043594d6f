"""One item of GOV.UK's Content API: its own text, its attachments, its withdrawal.

``public_updated_at`` is when readers were told of a change; ``updated_at`` moves for reasons
of the machinery and is not read. A document is its content id with its locale, since its
path changes and both languages share the content id.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from bs4 import Tag

from corpus.dates import PartialDate
from corpus.errors import SourceError
from corpus.model import Kind
from ingest.characters import tidy
from ingest.dates import read_date
from ingest.extract.markup import parse_markup
from ingest.spiders.links import Links, last_part
from ingest.spiders.listing import FetchedPage, Listing, Sighting
from ingest.spiders.pages import as_page, attribute, markup_words, objects

_CONTENT = "/api/content"
_CHANGED = (
    "is not in the form of GOV.UK's API ({what}): read its documentation and mend "
    "ingest/spiders/gov_uk_item.py"
)
_KINDS = {
    "detailed_guide": Kind.GUIDANCE,
    "guidance": Kind.GUIDANCE,
    "statutory_guidance": Kind.GUIDANCE,
    "manual": Kind.GUIDANCE,
    "manual_section": Kind.GUIDANCE,
    "news_story": Kind.NEWS,
    "press_release": Kind.NEWS,
    "speech": Kind.OTHER,
    "research": Kind.ACADEMIC,
}
# A publication's own body only says what its attachments are.
_WRAPPERS = frozenset({"publication", "consultation", "document_collection", "statistics"})
_READABLE = (
    "application/pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.oasis.opendocument.text",
    "application/msword",
)
_READABLE_ENDINGS = (".pdf", ".docx", ".odt", ".doc")


def read_item(page: FetchedPage, item: Mapping[str, Any], links: Links) -> Listing:
    """Read what one item publishes.

    Raises:
        SourceError: it lacks a field that every item has.
    """
    return _Item(page, item, links).read()


def item_address(address: str) -> str:
    """Give the Content API's address of a page."""
    parts = urlsplit(address)
    return parts._replace(path=f"{_CONTENT}{parts.path}", query="", fragment="").geturl()


def changed(what: str) -> SourceError:
    """Say that an answer is in another form than the API's."""
    return SourceError(_CHANGED.format(what=what))


class _Item:
    """One item of the Content API."""

    def __init__(self, page: FetchedPage, item: Mapping[str, Any], links: Links) -> None:
        self.item, self.links = item, links
        for name in ("content_id", "locale", "base_path", "title", "document_type"):
            if not isinstance(item.get(name), str):
                raise changed(f"no {name}")
        if not isinstance(item.get("details"), dict):
            raise changed("no details")
        self.details: Mapping[str, Any] = item["details"]
        root = urlsplit(page.address)
        self.landing = root._replace(path=item["base_path"], query="", fragment="").geturl()
        self.identity = f"gov.uk:{item['content_id']}:{item['locale']}"
        self.refused: list[str] = []
        self.published = self._date("first_published_at")
        self.updated = self._date("public_updated_at")

    def read(self) -> Listing:
        attached, follow = self._attachments()
        sightings = [*self._own_text(attached or follow), *attached]
        return Listing(
            sightings=tuple(sightings),
            follow=tuple(follow),
            passed_over=tuple(self.links.passed_over),
            refused_dates=tuple(self.refused),
        )

    def _own_text(self, has_attachments: object) -> list[Sighting]:
        body = _body(self.details)
        wrapper = str(self.item.get("schema_name")) in _WRAPPERS
        if wrapper and has_attachments:
            return []
        if not markup_words(body) and not self._gone():
            self.links.pass_over(self.landing, "has neither text nor attachments that are read")
            return []
        page = as_page(self.item["title"], body, self.item["locale"])
        return [self._sighting(self.landing, self.identity, self.item["title"], text=page)]

    def _attachments(self) -> tuple[list[Sighting], list[str]]:
        sightings: list[Sighting] = []
        follow: list[str] = []
        for attachment in self._attachment_rows():
            address = self.links.accept(attachment.get("url"))
            if address is None:
                continue
            if attachment.get("attachment_type") == "html":
                follow.append(item_address(address))
            elif not _is_readable(attachment, address):
                what = attachment.get("content_type") or "a file of another kind"
                self.links.pass_over(address, f"is {what}, which is not read")
            else:
                sightings.append(self._attached_file(attachment, address))
        return sightings, follow

    def _attachment_rows(self) -> list[Mapping[str, Any]]:
        rows = self.details.get("attachments")
        if isinstance(rows, list):
            return objects(rows)
        # Items that were not republished since 2020 carry their attachments as HTML only.
        documents = self.details.get("documents")
        parts = documents if isinstance(documents, list) else []
        markup = "".join(part for part in parts if isinstance(part, str))
        anchors = parse_markup(f"<div>{markup}</div>").select("a[href]")
        return [_legacy_row(anchor) for anchor in anchors]

    def _attached_file(self, attachment: Mapping[str, Any], address: str) -> Sighting:
        pages = attachment.get("number_of_pages")
        name = attachment.get("id") or attachment.get("filename") or last_part(address)
        title = attachment.get("title") or self.item["title"]
        return self._sighting(
            address,
            f"{self.identity}:{name}",
            str(title),
            page_count=pages if isinstance(pages, int) and pages > 0 else None,
            landing=self.landing,
        )

    def _sighting(
        self,
        address: str,
        identity: str,
        title: str,
        *,
        text: bytes | None = None,
        page_count: int | None = None,
        landing: str | None = None,
    ) -> Sighting:
        return Sighting(
            address=address,
            identity=identity,
            landing=landing or self._parent(),
            title=tidy(title),
            kind=_KINDS.get(self.item["document_type"]),
            published=self.published,
            published_from="first publication on GOV.UK" if self.published else None,
            updated=self.updated,
            publisher=self._publisher(),
            page_count=page_count,
            language=self.item["locale"],
            stated=self._stated(),
            gone=self._gone(),
            text=text,
        )

    def _date(self, name: str) -> PartialDate | None:
        written = self.item.get(name)
        if written is None:
            return None
        date = read_date(str(written))
        if date is None:
            self.refused.append(str(written)[:60])
        return date

    def _gone(self) -> str | None:
        # An empty object says that the item was *not* withdrawn.
        notice = self.item.get("withdrawn_notice")
        if not notice:
            return None
        said = markup_words(notice.get("explanation")) if isinstance(notice, dict) else ""
        return said or "withdrawn by its publisher"

    def _publisher(self) -> str | None:
        for name in ("primary_publishing_organisation", "organisations"):
            for organisation in self._linked(name):
                if isinstance(organisation.get("title"), str):
                    return str(organisation["title"])
        return None

    def _parent(self) -> str | None:
        for parent in self._linked("parent"):
            if isinstance(parent.get("base_path"), str):
                return self.links.accept(parent["base_path"])
        return None

    def _linked(self, name: str) -> list[Mapping[str, Any]]:
        links = self.item.get("links")
        return objects(links.get(name)) if isinstance(links, dict) else []

    def _stated(self) -> dict[str, tuple[str, ...]]:
        notes = objects(self.details.get("change_history"))
        said = {
            "document type": (self.item["document_type"],),
            "change notes": tuple(
                tidy(str(change.get("note") or "")) for change in notes if change.get("note")
            ),
            "other languages": tuple(
                str(item["locale"])
                for item in self._linked("available_translations")
                if item.get("locale") not in (None, self.item["locale"])
            ),
        }
        return {label: values for label, values in said.items() if values}


def _body(details: Mapping[str, Any]) -> str:
    """Give the HTML of an item: its body, or the bodies of its parts one after the other."""
    if isinstance(details.get("parts"), list):
        named = objects(details["parts"])
        return "\n".join(f"<h2>{part.get('title', '')}</h2>{_html(part)}" for part in named)
    return _html(details)


def _html(holder: Mapping[str, Any]) -> str:
    body = holder.get("body")
    if isinstance(body, list):  # the same text in several formats
        forms = (form for form in objects(body) if form.get("content_type") == "text/html")
        body = next(forms, {}).get("content")
    return body if isinstance(body, str) else ""


def _legacy_row(anchor: Tag) -> dict[str, Any]:
    url = attribute(anchor, "href")
    is_file = urlsplit(url).path.lower().endswith(_READABLE_ENDINGS)
    held = "html" if url.startswith("/government/") and not is_file else "file"
    return {"url": url, "title": tidy(anchor.get_text(" ")), "attachment_type": held}


def _is_readable(attachment: Mapping[str, Any], address: str) -> bool:
    stated = attachment.get("content_type")
    if stated:
        return stated in _READABLE
    return urlsplit(address).path.lower().endswith(_READABLE_ENDINGS)
