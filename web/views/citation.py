"""How to cite a review and its page here, for people and for reference managers."""

from dataclasses import dataclass

from corpus.model import Review
from web.bibliography.apa import ApaParts, apa
from web.bibliography.metadata import MetaTag, dublin_core_tags, highwire_tags, json_ld
from web.bibliography.reference import review_reference
from web.holdings import Library
from web.shapes import Json
from web.views.downloads import FileLink, review_files


@dataclass(frozen=True, kw_only=True)
class Citation:
    """What the page's head and its "How to cite" say."""

    apa: ApaParts
    """The review itself."""
    address: str | None
    """The report's own address, which ``apa`` ends with where there is one."""
    ours: str
    """This page: what was read here, and of which state."""
    files: tuple[FileLink, ...]
    tags: tuple[MetaTag, ...]
    """Highwire and Dublin Core."""
    json_ld: Json


def cite(library: Library, review: Review, *, page_url: str) -> Citation:
    """Cite a review; ``page_url`` is its page's absolute address."""
    reference = review_reference(review)
    ours = (
        f"Throughline, record of “{review.title}”, snapshot {library.snapshot}, codebook "
        f"{library.codebook.version}. {page_url}"
    )
    return Citation(
        apa=apa(reference),
        address=reference.url,
        ours=ours,
        files=review_files(review.review_id),
        tags=highwire_tags(reference, page_url=page_url)
        + dublin_core_tags(reference, page_url=page_url),
        json_ld=json_ld(reference, page_url=page_url, about="Restated in Throughline’s words."),
    )
