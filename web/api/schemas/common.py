"""Parts that several answers share."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


def _open(schema: dict[str, Any]) -> None:
    # New keys may appear within version 1; only our own tests insist that there are no others.
    schema.pop("additionalProperties", None)


class Shape(BaseModel):
    """A part of an answer; the tests refuse keys that it does not name."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_open)


class SpanShape(Shape):
    """Half-open character offsets into the passage's whole text, however it was cut."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class DateShape(Shape):
    """A date as it is known."""

    date: str = Field(description="ISO 8601: a year, a month or a day.")
    precision: str = Field(description="year, month or day.")


class FindingShape(Shape):
    """One theme in one passage, and what says so."""

    theme: str
    top_theme: str | None
    stance: str
    level: str
    attribution: str
    score: float | None = Field(description="The machine's calibrated score; null for a person's.")
    confident: bool
    evidence: list[SpanShape]
    support: list[str] = Field(description="Ids of the cues and rules it rests on.")
    by: str = Field(description="machine, or the coder's name.")
    tagger_version: str | None


class CodeShape(Shape):
    """A theme with how the passage treats it, as a coder wrote it down."""

    theme: str
    top_theme: str | None
    stance: str
    level: str
    attribution: str


class JudgementShape(Shape):
    """A person's coding of a passage; no codes means that they found no theme in it."""

    coder: str
    judged_at: str = Field(description="ISO 8601, UTC.")
    codebook_version: str
    tagger_version: str | None = Field(description="What the coder had seen of the machine's.")
    codes: list[CodeShape]
    reforms: list[str]


class PassageShape(Shape):
    """One passage with its document's record and its standing findings."""

    passage_id: str
    document_id: str
    review_id: str | None
    title: str
    kind: str
    publisher: str | None
    date: str | None
    text: str = Field(description="As much as the licence tier lets us show.")
    text_cut: bool = Field(
        description="Whether the licence tier left something out; the rest is at source_url."
    )
    whose_words: str = Field(
        description="throughline for our own restatement of a review, else publisher."
    )
    heading: str | None
    paragraph: str | None
    page: int | None
    position: int
    start_char: int = Field(description="Offset in the document's text, whose hash stands beside.")
    end_char: int
    document_text_sha256: str
    licence_tier: str
    evidence_grade: str | None
    source_url: str | None
    findings: list[FindingShape]
    text_withheld: str | None = Field(
        default=None,
        description="Why no text is shown though the licence allows some; only where it is so.",
    )
    judgements: list[JudgementShape] = Field(
        default=[], description="With include=judgements: every judgement, oldest first."
    )
    machine_findings: list[FindingShape] = Field(
        default=[],
        description="With include=machine: what the machine found, judged or not, the "
        "possible ones too.",
    )


class DocumentShape(Shape):
    """A document's record, without its text."""

    model_config = ConfigDict(extra="ignore", json_schema_extra=_open)

    document_id: str
    review_id: str | None
    kind: str
    title: str
    raw_title: str | None
    title_rule: str | None
    publisher: str | None
    author: str | None
    published: DateShape | None
    published_from: str | None
    captured_at: str
    capture_sha256: str | None
    text_sha256: str
    url: str | None
    licence_tier: str
    marks: list[str]
    skipped_blocks: dict[str, int]


class ReviewShape(Shape):
    """A review's bibliographic record."""

    review_id: str
    case_id: str
    title: str
    review_type: str
    nation: str
    place: str | None
    publisher: str | None
    author: str | None
    published: DateShape | None
    incident: DateShape | None
    child_age: str | None
    case_names: list[str]
    aliases: list[str]
    identity_link: str | None = Field(
        description="Who joined a published pseudonym to a name; null where nothing was joined."
    )
    reference: str | None
    report_url: str | None
    agencies: list[str]
    cautions: list[str]
