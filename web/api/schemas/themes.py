"""Answers about themes and their recurrence."""

from pydantic import Field

from web.api.schemas.common import FindingShape, ReviewShape, Shape


class ExclusionShape(Shape):
    """What is not this theme, and which it is instead."""

    when: str
    then: str


class CueShape(Shape):
    """A phrase that speaks for the theme."""

    id: str
    phrase: str


class ThemeShape(Shape):
    """One theme of the codebook."""

    theme: str
    top_theme: str
    label: str
    sort: str = Field(description="failing, residual or counter.")
    definition: str
    include: list[str]
    exclude: list[ExclusionShape]
    also_called: list[str]
    cues: list[CueShape]
    examples: list[str] = Field(description="Invented.")


class TopThemeShape(Shape):
    """A top theme with its themes."""

    theme: str
    label: str
    themes: list[ThemeShape]


class ThemeEntryShape(Shape):
    """A theme, or a top theme with its themes."""

    theme: str
    label: str
    top_theme: str = ""
    sort: str = ""
    definition: str = ""
    include: list[str] = Field(default=[])
    exclude: list[ExclusionShape] = Field(default=[])
    also_called: list[str] = Field(default=[])
    cues: list[CueShape] = Field(default=[])
    examples: list[str] = Field(default=[])
    themes: list[ThemeShape] = Field(default=[], description="Of a top theme only.")


class FirstHeldShape(Shape):
    """The earliest review held that found it."""

    review_id: str
    date: str
    note: str


class PeriodShape(Shape):
    """How many reviews are held of one decade."""

    decade: int | None
    reviews_held: int
    reviews_failing: int


class EvidenceShape(Shape):
    """A finding with the passage it stands on."""

    passage_id: str
    document_id: str
    kind: str
    text: str
    text_cut: bool
    evidence_grade: str | None
    source_url: str | None
    counts_as_failing: bool
    finding: FindingShape
    text_withheld: str | None = Field(
        default=None,
        description="Why no text is shown though the licence allows some; only where it is so.",
    )


class RecommendationShape(EvidenceShape):
    """A change that an earlier review proposed."""

    review_id: str
    date: str | None


class EntryShape(ReviewShape):
    """One review of a recurrence."""

    found_failing: bool
    years_since_previous: int | None
    recommended_between: list[RecommendationShape]
    passages: list[EvidenceShape]


class RecurrenceShape(Shape):
    """A theme from review to review, in the order of publication."""

    theme: str | None
    label: str
    themes: list[str]
    first_held: FirstHeldShape | None
    coverage: list[PeriodShape]
    coverage_note: str
    entries: list[EntryShape]
