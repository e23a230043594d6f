"""The list of reviews, decade by decade, and of the other documents held."""

from dataclasses import dataclass

from corpus.model import Document, Kind
from web.holdings import Library
from web.views.downloads import FileLink, review_list_files
from web.views.home import Decade, by_decade
from web.views.parts import SourceLink, date_words, review_link, source_link
from web.whole import all_reviews
from web.words import KINDS


@dataclass(frozen=True, kw_only=True)
class DocumentLink:
    """A document that belongs to no review, in a line."""

    document_id: str
    title: str
    date: str
    kind: str
    source: SourceLink | None


@dataclass(frozen=True, kw_only=True)
class ReviewsPage:
    """What ``reviews.html`` shows."""

    total: int
    decades: tuple[Decade, ...]
    documents: tuple[DocumentLink, ...]
    """News, guidance and the like, by date: never part of a count of reviews."""
    files: tuple[FileLink, ...]


def build(library: Library) -> ReviewsPage:
    """List what is held."""
    reviews = tuple(review_link(review) for review in all_reviews(library))
    return ReviewsPage(
        total=len(reviews),
        decades=by_decade(reviews),
        documents=tuple(
            document_link(document)
            for document in library.store.iter_documents()
            if document.review_id is None and document.kind is not Kind.DIGEST
        ),
        files=review_list_files(),
    )


def document_link(document: Document) -> DocumentLink:
    """Put a document in a line."""
    return DocumentLink(
        document_id=document.document_id,
        title=document.title,
        date=date_words(document.published),
        kind=KINDS[document.kind],
        source=source_link(document.url),
    )
