"""How to cite a passage: the text that it stands in, where in it, and the state it was read in."""

from dataclasses import dataclass, replace

from corpus.model import Document, Kind, Passage, Review
from web.bibliography import bibtex, ris
from web.bibliography.apa import ApaParts, apa
from web.bibliography.reference import Reference, document_reference, review_reference
from web.holdings import Library
from web.views.review_parts import place_words
from web.words import DIGEST_LABEL

MEDIA_TYPES = {"ris": ris.MEDIA_TYPE, "bib": bibtex.MEDIA_TYPE}


@dataclass(frozen=True, kw_only=True)
class QuoteCitation:
    """What the page's "How to cite it" says."""

    apa: ApaParts
    """The review or document that the passage is of."""
    place: str
    """Where in it, such as ``paragraph 4.12, page 3``; empty for a summary of ours."""
    read_here: str
    """What was read, and of which state: one sentence with the page's address."""


def cite_quote(
    library: Library, passage: Passage, document: Document, review: Review | None, *, page_url: str
) -> QuoteCitation:
    """Cite a passage; ``page_url`` is its page's absolute address."""
    digest = document.kind is Kind.DIGEST
    place = place_words(passage, digest=digest)
    what = f"{DIGEST_LABEL}, {place}" if digest else f"Passage {passage.passage_id}, {place}"
    return QuoteCitation(
        apa=apa(_reference(document, review)),
        place="" if digest else place,
        read_here=f"{what}. Throughline snapshot {library.snapshot}. {page_url}",
    )


def citation_file(library: Library, passage_id: str, form: str, *, page_url: str) -> str:
    """Write the reference as a file for a reference manager.

    Args:
        library: what is held.
        passage_id: the passage.
        form: ``ris`` or ``bib``.
        page_url: the passage's absolute address.

    Raises:
        PassageNotFoundError, WithdrawnError: the passage is not held.
    """
    store = library.store
    passage = store.get_passage(passage_id)
    document = store.get_document(passage.document_id)
    review = store.get_review(document.review_id) if document.review_id else None
    note = cite_quote(library, passage, document, review, page_url=page_url).read_here
    # Two passages of one review are two entries of a reader's list.
    reference = replace(_reference(document, review), key=passage.passage_id)
    if form == "ris":
        return ris.ris_entry(reference, note=note)
    return bibtex.bibtex_entry(reference, note=note)


def _reference(document: Document, review: Review | None) -> Reference:
    """A review's own text is cited as the review; what others wrote about it, as theirs."""
    if review and document.kind in (Kind.REVIEW, Kind.DIGEST):
        return review_reference(review)
    return document_reference(document)
