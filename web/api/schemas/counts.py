"""Answers of ``/counts``."""

from pydantic import Field

from web.api.schemas.common import Shape


class PlainFigureShape(Shape):
    """A count of reviews as somebody labelled them."""

    n: int
    denominator: int
    estimate: float | None = Field(description="The share: n of denominator.")
    ci_low: float | None
    ci_high: float | None
    method: str
    n_digest_only: int
    n_children: int = Field(
        description="Children of those of the n reviews that state how many they are about."
    )
    n_children_stated: int = Field(description="How many of the n reviews state it.")
    review_ids: list[str]
    passage_ids: list[str]
    n_human_checked: int
    snapshot: str


class RefusalShape(Shape):
    """Why no corrected estimate is given."""

    code: str
    reason: str


class CorrectedFigureShape(Shape):
    """The machine's count corrected by what people checked; refused where that would mislead."""

    denominator: int
    n: float | None
    estimate: float | None
    ci_low: float | None
    ci_high: float | None
    method: str
    refused: RefusalShape | None
    n_human_checked: int
    snapshot: str


class CellShape(Shape):
    """The three figures at one level."""

    level: str
    machine: PlainFigureShape
    human_checked: PlainFigureShape
    corrected: CorrectedFigureShape


class YearShape(Shape):
    """One year; null where there was no review to count: a gap, not a nought."""

    year: int
    reviews_held: int
    n_read: int = Field(description="Reviews of the year that the machine read whole.")
    machine: int | None
    human: int | None
    n_human_checked: int


class MentionsShape(Shape):
    """Documents that speak for no review; never part of a count."""

    n: int
    document_ids: list[str]


class RowShape(Shape):
    """One theme."""

    theme: str
    label: str
    themes: list[str]
    counter_theme: bool
    cells: list[CellShape]
    years: list[YearShape]
    mentions: MentionsShape


class CoverageShape(Shape):
    """What the figures rest on."""

    denominator: int
    from_year: int | None
    to_year: int | None
    reviews_held: int
    cases: int
    digest_only: int
    children: int
    children_stated: int
    guidance: int
    undated: int
    without_text: int
    not_analysed: int
    checked: int
    part_checked: int
    undecided: int
    unregistered: int
    excluded_passages: int


class GroupShape(Shape):
    """The same table for some of the reviews alone."""

    key: str
    coverage: CoverageShape
    total: RowShape
    rows: list[RowShape]
    counter_theme: RowShape | None
    notes: list[str]


class CountsShape(Shape):
    """A table of counts."""

    by: str
    from_: int | None = Field(alias="from")
    to: int | None
    nation: str | None
    type: str | None
    level: str | None
    date_axis: str
    group_by: str | None = Field(default=None, description="Where it was asked for.")
    excluded_passages: list[str]
    snapshot: str
    codebook_version: str
    coverage: CoverageShape
    total: RowShape
    rows: list[RowShape]
    counter_theme: RowShape | None
    groups: list[GroupShape] = Field(default=[], description="With group_by only.")
    notes: list[str]
