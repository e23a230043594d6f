"""A page a review: its record, its findings in reading order, and where they come from."""

from dataclasses import dataclass

from corpus.filters import PassageFilter, select_passage_ids
from corpus.findings import findings_of
from corpus.groups import show
from corpus.known_names import ANONYMOUS, shown_names
from corpus.model import Document, Figure, Kind, Passage, Review
from web.custody_shapes import decision_words
from web.holdings import Library
from web.views.citation import Citation, cite
from web.views.parts import (
    PassageView,
    SourceLink,
    date_words,
    day_words,
    passage_view,
    source_link,
    source_links,
)
from web.views.reviews import DocumentLink, document_link
from web.words import review_type_words


@dataclass(frozen=True, kw_only=True)
class FigureView:
    """A number that the review published, in its own unit."""

    statement: str
    value: str
    unit: str
    period: str | None
    source: SourceLink | None


@dataclass(frozen=True, kw_only=True)
class DocumentPart:
    """One document about the review, with its passages in reading order."""

    link: DocumentLink
    is_digest: bool
    why: str
    """Why it is under this review; empty for what belongs to it from the start."""
    passages: tuple[PassageView, ...]


@dataclass(frozen=True, kw_only=True)
class ReviewPage:
    """What ``review.html`` shows."""

    review: Review
    review_type: str
    also_known_as: tuple[str, ...]
    """Names that the review is known by; none where its publisher kept the child anonymous."""
    identity: str | None
    """Who joined the pseudonym to a name, in a sentence."""
    incident: str
    published: str
    held_since: str
    report: SourceLink | None
    sources: tuple[SourceLink, ...]
    figures: tuple[FigureView, ...]
    parts: tuple[DocumentPart, ...]
    citation: Citation
    snapshot: str


def build(library: Library, review_id: str, *, page_url: str) -> ReviewPage:
    """Gather one review's page; ``page_url`` is its absolute address.

    Raises:
        ReviewNotFoundError: no review has this id.
    """
    review = library.store.get_review(review_id)
    documents = list(library.store.iter_documents(review_id=review_id))
    captured = min((document.captured_at for document in documents), default=None)
    return ReviewPage(
        review=review,
        review_type=review_type_words(review.review_type),
        also_known_as=shown_names(review),
        identity=_identity(review.identity_link),
        incident=date_words(review.incident),
        published=date_words(review.published),
        held_since=day_words(captured) if captured else "no text held",
        report=source_link(review.report_url),
        sources=source_links(dict.fromkeys(review.sources)),
        figures=tuple(_figure(figure) for figure in review.figures),
        parts=_parts(library, review_id, documents),
        citation=cite(library, review, page_url=page_url),
        snapshot=library.snapshot,
    )


def _parts(library: Library, review_id: str, documents: list[Document]) -> tuple[DocumentPart, ...]:
    store = library.store
    ids = select_passage_ids(store, PassageFilter(review_id=review_id))
    findings = findings_of(store, ids)
    why = _reasons(library, review_id)
    passages: dict[str, list[Passage]] = {}
    for passage in store.get_passages(ids):
        passages.setdefault(passage.document_id, []).append(passage)
    return tuple(
        DocumentPart(
            link=document_link(document),
            is_digest=document.kind is Kind.DIGEST,
            why=why.get(document.document_id, ""),
            passages=tuple(
                passage_view(
                    passage, document, findings.get(passage.passage_id, ()), library.codebook
                )
                for passage in passages.get(document.document_id, ())
            ),
        )
        for document in documents
    )


def _reasons(library: Library, review_id: str) -> dict[str, str]:
    """Say of each document that was put under the review why it is there."""
    return {
        member.document.document_id: decision_words(member.decisions[-1])
        for member in show(library.store, review_id).members
        if member.decisions
    }


def _identity(link: str | None) -> str | None:
    if link is None:
        return None
    if ANONYMOUS in link:
        return (
            "The publisher kept the child anonymous, and so does this page. Others have "
            f"joined a name to this review (by: {link.split(';')[0]}); here that name only "
            "helps search."
        )
    return f"The published pseudonym was joined to the child’s name by: {link}. Not by us."


def _figure(figure: Figure) -> FigureView:
    return FigureView(
        statement=figure.statement,
        value=figure.value,
        unit=figure.unit,
        period=figure.period,
        source=source_link(figure.source_url),
    )
