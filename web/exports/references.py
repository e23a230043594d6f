"""The bibliography of an export: a review or document an entry, each once."""

from collections.abc import Sequence

from web.bibliography.reference import Reference, document_reference, review_reference
from web.exports.passages import PassagesExport, found_ids, in_batches
from web.exports.reviews import ReviewsExport, reviews_found
from web.holdings import Library


def passage_references(library: Library, question: PassagesExport) -> list[Reference]:
    """Cite what the passages found are from, in the order in which they are found.

    A passage of a review cites the review, whatever document about it is held: our digests
    are no source.
    """
    return references_of(library, found_ids(library, question))


def review_references(library: Library, question: ReviewsExport) -> list[Reference]:
    """Cite the reviews found, by publication date."""
    return [review_reference(review) for review in reviews_found(library, question)]


def references_of(library: Library, passage_ids: Sequence[str]) -> list[Reference]:
    """Cite what passages are from, each review or document once, in order."""
    reviews = {str(review.review_id): review for review in library.store.iter_reviews()}
    found: dict[str, Reference] = {}
    for batch in in_batches(passage_ids):
        passages = library.store.get_passages(batch)
        documents = library.store.get_documents({p.document_id for p in passages})
        for passage in passages:
            document = documents[passage.document_id]
            review = reviews.get(document.review_id or "")
            key = review.review_id if review else document.document_id
            if key not in found:
                found[key] = review_reference(review) if review else document_reference(document)
    return list(found.values())
