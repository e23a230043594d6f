"""A reference: what a bibliography needs to know of a review or a document."""

from dataclasses import dataclass
from typing import Literal

from corpus.dates import PartialDate
from corpus.known_names import is_anonymous
from corpus.model import Document, Kind, Review
from corpus.sites import site_name
from web.words import review_type_words

Sort = Literal["report", "news", "other"]

_SORTS: dict[Kind, Sort] = {
    Kind.REVIEW: "report",
    Kind.DIGEST: "report",
    Kind.BRIEFING: "report",
    Kind.GUIDANCE: "report",
    Kind.NEWS: "news",
}


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One entry of a bibliography; what is not known is ``None`` and never made up."""

    key: str
    """The review's or document's id: the same in every export."""
    sort: Sort
    title: str
    type_words: str
    """What it is, in words, such as ``Serious case review``."""
    author: str | None
    """As published, never taken apart: many are offices, bodies or several people at once."""
    publisher: str | None
    place: str | None
    published: PartialDate | None
    url: str | None
    number: str | None
    """The publisher's own reference, where it gave one."""

    @property
    def by(self) -> str | None:
        """Who answers for it: the author, else the publisher."""
        return self.author or self.publisher


def review_reference(review: Review) -> Reference:
    """Cite a review itself, not our restatement of it.

    The report's address is left out where the publisher kept the child anonymous and others
    did not: an address could carry the name.
    """
    withheld = is_anonymous(review)
    return Reference(
        key=review.review_id,
        sort="report",
        title=review.title,
        type_words=review_type_words(review.review_type),
        author=review.author,
        publisher=review.publisher,
        place=review.place,
        published=review.published,
        url=None if withheld else _web_address(review.report_url),
        number=review.reference,
    )


def document_reference(document: Document) -> Reference:
    """Cite a document that belongs to no review on the register."""
    return Reference(
        key=document.document_id,
        sort=_SORTS.get(document.kind, "other"),
        title=document.title,
        type_words=document.kind.value.capitalize(),
        author=document.author,
        publisher=document.publisher or (site_name(document.url) if document.url else None),
        place=None,
        published=document.published,
        url=_web_address(document.url),
        number=None,
    )


def one_line(text: str) -> str:
    """A text without line breaks or control characters: what one field of a record holds."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _web_address(address: str | None) -> str | None:
    return address if address and address.startswith(("https://", "http://")) else None
