"""Answers about passages and documents."""

from pydantic import Field

from web.api.schemas.common import DocumentShape, FindingShape, PassageShape, Shape, SpanShape


class WhyShape(Shape):
    """Why a search found a passage."""

    words: list[SpanShape] = Field(description="The query's words in the passage, in any form.")
    words_rank: int | None
    meaning_rank: int | None
    nearest_sentence: SpanShape | None


class FoundPassageShape(PassageShape):
    """A passage of a list; with q also its place in the ranking and why."""

    score: float = Field(default=0.0, description="With q only; only its order means anything.")
    why: WhyShape | None = Field(default=None, description="With q only.")


class DocumentDetailShape(DocumentShape):
    """A document's record and its passages in reading order."""

    passages: list[PassageShape]


class EchoShape(Shape):
    """The nearest earlier or later finding of the same failing, in another review."""

    theme: str
    direction: str = Field(description="earlier or later, by the reviews' dates of publication.")
    years_between: int
    similarity: float = Field(description="Cosine of the two passages' vectors.")
    finding: FindingShape
    passage: PassageShape


class EchoesShape(Shape):
    """The echoes of one passage."""

    passage_id: str
    themes: list[str] = Field(description="The failings found in the passage.")
    echoes: list[EchoShape]
    note: str
