"""``GET /reviews`` and ``/reviews/{id}``."""

from typing import NoReturn

from flask import abort, redirect, request, url_for
from pydantic import Field

from corpus.filters import PassageFilter, select_passage_ids
from corpus.groups import merged_into
from corpus.model import Review
from web.api.envelope import ListMeta, Result
from web.api.operations import endpoint
from web.api.paging import next_offset, offset_of
from web.api.query import ApiQuery, Paged
from web.api.schemas.common import ReviewShape
from web.api.schemas.reviews import ReviewDetailShape
from web.held import check_held
from web.holdings import Library
from web.passages import shape_passages
from web.questions import Years
from web.shapes import document_shape, review_detail_shape, review_shape


class ReviewsQuery(Paged, Years):
    """Which reviews to list."""

    nation: str | None = Field(default=None, description="Reviews of this nation.")
    type: str | None = Field(
        default=None, description="Reviews of this type, such as serious case review."
    )

    def passes(self, review: Review) -> bool:
        """Whether a review is asked for; one without a date is in no year."""
        year = review.published.year if review.published else None
        first, last = self.from_ or 0, self.to or 9999
        dated = self.from_ is not None or self.to is not None
        return (
            self.nation in {None, review.nation}
            and self.type in {None, review.review_type}
            and (not dated or (year is not None and first <= year <= last))
        )


@endpoint("/reviews", query=ReviewsQuery, data=list[ReviewShape], meta=ListMeta)
def list_reviews(library: Library, query: ReviewsQuery) -> Result:
    """List reviews.

    By date of publication, those without one last. The register is small and its pages
    belong to one snapshot: when anything changes meanwhile, the next page is refused with
    a 410 that says so.
    """
    check_held(library, nation=query.nation, review_type=query.type)
    reviews = [review for review in library.store.iter_reviews() if query.passes(review)]
    offset = offset_of(query, snapshot=library.snapshot)
    shown = reviews[offset : offset + query.per_page]
    following = next_offset(query, snapshot=library.snapshot, offset=offset, total=len(reviews))
    return Result(
        data=[review_shape(review) for review in shown],
        meta={"total": len(reviews), "count_truncated": False, "next_cursor": following},
    )


@endpoint(
    "/reviews/{review_id}",
    query=ApiQuery,
    data=ReviewDetailShape,
    variables={"review_id": "Permanent id of a review, such as maria-colwell-1974."},
    moves="The review was merged into another, which is at the address in Location.",
)
def get_review(library: Library, query: ApiQuery, *, review_id: str) -> Result:  # noqa: ARG001 - takes nothing
    """Read one review.

    Its record, our summary of it, the figures it published, the documents held of it and
    their passages in reading order. The id of a review that was merged into another answers
    with a redirect to that one.
    """
    into = merged_into(library.store, review_id)
    if into is not None:
        _lead_on(into)
    review = library.store.get_review(review_id)
    documents = library.store.iter_documents(review_id=review.review_id)
    ids = select_passage_ids(library.store, PassageFilter(review_id=review.review_id))
    return Result(
        data=review_detail_shape(review)
        | {
            "documents": [document_shape(document) for document in documents],
            "passages": shape_passages(library, ids),
        }
    )


def _lead_on(review_id: str) -> NoReturn:
    """Answer with the address of another review, asked the same way; as its page does."""
    address = url_for("api.get_review", review_id=review_id)
    asked = request.query_string.decode("ascii", "replace")
    abort(redirect(address + (f"?{asked}" if asked else ""), 301))
