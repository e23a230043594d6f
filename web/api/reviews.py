"""``GET /reviews`` and ``/reviews/{id}``."""

from flask import Response
from pydantic import BaseModel, ConfigDict, Field

from corpus.filters import PassageFilter, select_passage_ids
from web.api.blueprint import api
from web.api.envelope import Answer, NoQuery, answer
from web.api.paging import Page, page_of
from web.current import current_library
from web.passages import shape_passages
from web.shapes import document_shape, review_detail_shape, review_shape


class ReviewsQuery(BaseModel):
    """Which reviews to list."""

    model_config = ConfigDict(extra="forbid")

    nation: str | None = None
    review_type: str | None = None
    per_page: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, description="Opaque; from meta.next_cursor.")


@api.get("/reviews")
@api.input(ReviewsQuery, location="query")
@api.output(Answer)
def list_reviews(query_data: ReviewsQuery) -> Response:
    """List reviews by publication date, those without one last."""
    library = current_library()
    reviews = [
        review
        for review in library.store.iter_reviews()
        if query_data.nation in {None, review.nation}
        and query_data.review_type in {None, review.review_type}
    ]
    page: Page = page_of(library.snapshot, query_data)
    shown = reviews[page.offset : page.offset + page.size]
    return answer(
        library,
        [review_shape(review) for review in shown],
        total=len(reviews),
        next_cursor=page.next_cursor(len(reviews)),
    )


@api.get("/reviews/<review_id>")
@api.input(NoQuery, location="query")
@api.output(Answer)
def get_review(review_id: str, query_data: NoQuery) -> Response:  # noqa: ARG001 - refuses parameters
    """Read one review: its record, the documents held of it and its passages in order."""
    library = current_library()
    review = library.store.get_review(review_id)
    documents = list(library.store.iter_documents(review_id=review.review_id))
    ids = select_passage_ids(library.store, PassageFilter(review_id=review.review_id))
    return answer(
        library,
        review_detail_shape(review)
        | {
            "documents": [document_shape(document) for document in documents],
            "passages": shape_passages(library, ids),
        },
    )
