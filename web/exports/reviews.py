"""Reviews as an export: their records, without names that their publishers withheld."""

from collections.abc import Iterator

from pydantic import Field

from corpus.export_files import FileColumn
from corpus.known_names import shown_names
from corpus.model import Review
from web.exports.export import Export, Flat, picked
from web.exports.passages import PassagesExport, found_ids, in_batches
from web.holdings import Library
from web.shapes import Json, review_shape

REVIEW_COLUMNS = (
    FileColumn("review_id"),
    FileColumn("case_id"),
    FileColumn("title"),
    FileColumn("review_type"),
    FileColumn("nation"),
    FileColumn("place"),
    FileColumn("publisher"),
    FileColumn("author"),
    FileColumn("published"),
    FileColumn("incident"),
    FileColumn("child_age"),
    FileColumn("also_known_as"),
    FileColumn("identity_link"),
    FileColumn("reference"),
    FileColumn("report_url"),
    FileColumn("agencies"),
    FileColumn("cautions"),
)
_OF_PASSAGES = frozenset(
    {"q", "like", "theme", "stance", "level", "attribution", "kind", "grade", "possible"}
)


class ReviewsExport(PassagesExport):
    """Which reviews: by their own record, or by what was found in their passages."""

    type: str | None = Field(default=None, description="Only reviews of this type.")

    @property
    def asks_for_passages(self) -> bool:
        """Whether a review needs a passage to be found."""
        return self.is_narrowed or any(getattr(self, name) for name in _OF_PASSAGES)


def reviews_found(library: Library, question: ReviewsExport) -> list[Review]:
    """List the reviews that a question finds, by publication date, those without one last."""
    within: set[str] | None = None
    if question.asks_for_passages:
        within = set()
        for batch in in_batches(found_ids(library, question)):
            passages = library.store.get_passages(batch)
            documents = library.store.get_documents({p.document_id for p in passages})
            within |= {d.review_id for d in documents.values() if d.review_id}
    return [
        review
        for review in library.store.iter_reviews()
        if _fits(review, question) and (within is None or review.review_id in within)
    ]


def reviews_export(library: Library, question: ReviewsExport) -> Export:
    """Every review found."""
    reviews = reviews_found(library, question)

    def records() -> Iterator[Json]:
        for review in reviews:
            yield public_review_shape(review)

    return Export(
        what="reviews",
        snapshot=library.snapshot,
        codebook_version=library.codebook.version,
        count=len(reviews),
        records=records,
        columns=REVIEW_COLUMNS,
        flatten=_flat,
    )


def public_review_shape(review: Review) -> Json:
    """A review's record as its page shows it: a withheld name stays withheld."""
    shaped = review_shape(review)
    shaped.pop("case_names"), shaped.pop("aliases")
    return shaped | {"also_known_as": list(shown_names(review))}


def _fits(review: Review, question: ReviewsExport) -> bool:
    year = review.published.year if review.published else None
    return (
        question.nation in {None, review.nation}
        and question.type in {None, review.review_type}
        and question.review in {None, review.review_id}
        and (question.from_ is None or (year is not None and year >= question.from_))
        and (question.to is None or (year is not None and year <= question.to))
    )


def _flat(record: Json) -> Flat:
    several = {name: "; ".join(record[name]) for name in ("also_known_as", "agencies", "cautions")}
    dates = {
        name: record[name]["date"] for name in ("published", "incident") if record[name] is not None
    }
    return picked(record, REVIEW_COLUMNS) | several | dates
