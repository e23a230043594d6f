"""Answers about reviews and what is held."""

from web.api.schemas.common import DocumentShape, PassageShape, ReviewShape, Shape


class FigureShape(Shape):
    """A number that a review published, in its own unit."""

    statement: str
    value: str
    unit: str
    period: str | None
    source_url: str


class ReviewDetailShape(ReviewShape):
    """A review's record with our summary, its figures, documents and passages."""

    summary: str
    summary_by: str
    figures: list[FigureShape]
    sources: list[str]
    documents: list[DocumentShape]
    passages: list[PassageShape]


class HeldShape(Shape):
    """How many of each are held."""

    reviews: int
    captures: int
    documents: int
    passages: int
    analysed: int
    findings: int
    judgements: int


class StatusShape(Shape):
    """What is held, and of which state this Throughline answers."""

    held: HeldShape
