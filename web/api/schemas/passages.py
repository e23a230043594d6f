"""Answers about passages and documents."""

from pydantic import Field

from web.api.schemas.common import (
    DateShape,
    DocumentShape,
    FindingShape,
    PassageShape,
    Shape,
    SpanShape,
)


class WhyShape(Shape):
    """Why a search found a passage."""

    words: list[SpanShape] = Field(description="The query's words in the passage, in any form.")
    words_rank: int | None
    meaning_rank: int | None
    name_rank: int | None = Field(
        default=None, description="Its place among passages of a case that q calls by name."
    )
    theme_rank: int | None = Field(
        default=None, description="Its place among passages on the themes that q is about."
    )
    nearest_sentence: SpanShape | None
    copies: list[str] = Field(
        default=[], description="Passages that differ from it in a word or two, not listed."
    )


class FoundPassageShape(PassageShape):
    """A passage of a list; with q also its place in the ranking and why."""

    score: float = Field(default=0.0, description="With q only; only its order means anything.")
    why: WhyShape | None = Field(default=None, description="With q only.")


class ReadingShape(Shape):
    """A part of q, and what it was taken to mean."""

    key: str = Field(description="Send it in ignore to take the reading back.")
    kind: str
    value: str
    label: str
    effect: str = Field(
        description="filter: only what fits is listed; soft: what fits comes first; note: "
        "nothing was done."
    )
    set_aside: bool = Field(description="A filter that would have left nothing.")


class CountedShape(Shape):
    """A value of a facet, with how many passages narrowing by it leaves."""

    value: str
    count: int


class DocumentDetailShape(DocumentShape):
    """A document's record and its passages in reading order."""

    passages: list[PassageShape]


class SharedShape(Shape):
    """Something that both passages name."""

    id: str = Field(description="Permanent, of nlp/data/actors.toml, objects or mechanisms.")
    label: str
    role: str = Field(
        description="Actors: held or lacked the information, where it is the same in both; "
        "else named."
    )
    here: list[SpanShape] = Field(description="Where, in the passage asked about.")
    there: list[SpanShape] = Field(description="Where, in the one that echoes.")


class AgreesShape(Shape):
    """In what two findings agree, beside theme and meaning."""

    actors: list[SharedShape]
    objects: list[SharedShape] = Field(description="What the information was about.")
    mechanisms: list[SharedShape] = Field(description="How it went wrong.")


class OpinionShape(Shape):
    """How many people call the two the same failing, each person's latest answer counted."""

    same: int
    related: int
    different: int


class EchoReviewShape(Shape):
    """The review that an echo is of."""

    review_id: str
    title: str
    published: DateShape | None


class EchoShape(Shape):
    """An earlier or later finding of the same failing, in a review of another case."""

    theme: str = Field(description="The failing asked about that it echoes.")
    basis: str = Field(description="same-theme, sibling-theme (same top theme) or other-theme.")
    direction: str = Field(description="earlier or later, by the reviews' dates of publication.")
    years_between: int
    similarity: float = Field(description="Cosine of the two passages' vectors.")
    score: float = Field(description="Only its order means anything.")
    agrees: AgreesShape
    opinion: OpinionShape
    finding: FindingShape
    review: EchoReviewShape
    passage: PassageShape


class WhyNoneShape(Shape):
    """Why a passage has no echo."""

    code: str = Field(
        description="not-of-a-review, undated, no-failing, restated, not-indexed or nothing-near."
    )
    sentence: str


class EchoesShape(Shape):
    """The echoes of one passage."""

    passage_id: str
    themes: list[str] = Field(description="The failings found in the passage.")
    passage: PassageShape
    echoes: list[EchoShape] = Field(description="The earlier before the later, best first.")
    why_none: WhyNoneShape | None
    echo_version: str = Field(description="Names the rules, lexicons and weights.")
    note: str
