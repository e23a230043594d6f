"""What recurrence is asked of: filters and clock as one question, and the reviews that fit it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from corpus.count_table import DateAxis
from corpus.dates import PartialDate
from corpus.model import Level, Stance
from corpus.recurrence import NO_REVIEW, VOICES, DatedReview, Evidence, RecurrenceEntry
from corpus.shares import Share, share_of
from corpus.store import Store
from nlp.codebook import Codebook
from web.counting import TOTAL
from web.held import check_held
from web.holdings import Library
from web.parameters import ParameterError, problem_words
from web.questions import Year
from web.whole import whole_recurrence

CLOCKS: Mapping[DateAxis, str] = {
    DateAxis.PUBLICATION: "when the review was published",
    DateAxis.INCIDENT: "when it happened",
    DateAxis.CAPTURE: "when the text was taken in here",
}
"""In the order in which the form lists them."""

CLOCK_VERBS: Mapping[DateAxis, str] = {
    DateAxis.PUBLICATION: "published",
    DateAxis.INCIDENT: "about what happened",
    DateAxis.CAPTURE: "taken in",
}

FOUND_WORDS: Mapping[Stance, str] = {
    Stance.FAILING: "found a failing",
    Stance.GOOD_PRACTICE: "found good practice",
    Stance.CHANGE_PROPOSED: "proposed a change",
    Stance.BACKGROUND: "gave background",
    Stance.NEGATED: "denied it or only supposed it",
}
"""What a review did, by stance: “12 of 96 reviews found a failing”."""


def _number(value: object) -> object:
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() else value


class RecurrenceQuestion(BaseModel):
    """Which reviews, on what, by which of their dates."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    theme: str | None = Field(default=None, description="Id of a theme or top theme to follow.")
    nation: str | None = Field(default=None, description="Only reviews of this nation.")
    type: str | None = Field(default=None, description="Only reviews of this type.")
    stance: Stance | None = Field(default=None, description="Only findings of this stance.")
    level: Level | None = Field(default=None, description="Only findings at this level.")
    clock: DateAxis = Field(
        default=DateAxis.PUBLICATION, description="The date that puts a review in its place."
    )
    span: Annotated[Literal[1, 5, 10], BeforeValidator(_number)] = Field(
        default=10, description="Years in a period."
    )
    from_: Year | None = Field(default=None, alias="from", description="First year shown.")
    to: Year | None = Field(default=None, description="Last year shown.")

    @model_validator(mode="after")
    def _years_in_order(self) -> Self:
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError(f"from ({self.from_}) is after to ({self.to})")
        return self

    @property
    def counted(self) -> Stance:
        """The stance that shares count: a failing, unless another is asked for."""
        return self.stance or Stance.FAILING

    def arguments(self, **changes: str | None) -> dict[str, str]:
        """The question as query parameters, without defaults; ``changes`` replace or remove."""
        given = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return {name: str(value) for name, value in (given | changes).items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Row:
    """A review in its place by the clock."""

    dated: DatedReview
    has_text: bool
    """Without text it counts in no figure: whatever it found is not known here."""


@dataclass(frozen=True, kw_only=True)
class Ground:
    """The reviews and findings that fit a question: what matrix, charts and tables rest on."""

    question: RecurrenceQuestion
    rows: tuple[Row, ...]
    """By the clock's date, those without one last."""
    held: tuple[DatedReview, ...]
    """Of these, the reviews with usable text: the denominator."""
    entries: tuple[RecurrenceEntry, ...]
    """Of these, those with a finding; gaps between entries are not of this question alone."""
    evidence: Mapping[str, tuple[Evidence, ...]]
    """Review → what it said in its own voice, or our digest reported of it, in reading order."""
    found: Mapping[str, frozenset[str]]
    """Theme, top theme or ``any-theme`` → the reviews with a finding of the stance counted."""

    def share(self, theme: str) -> Share:
        """So many of the reviews held."""
        return share_of(self.held, self.found.get(theme, frozenset()))


def read_question(
    library: Library, arguments: Mapping[str, str], *, only_known: bool = False
) -> RecurrenceQuestion:
    """Read a question from query parameters; an empty field of a form asks for nothing.

    Args:
        library: for the themes, nations and types there are.
        arguments: the query parameters.
        only_known: whether to pass over parameters that mean nothing here, as a page does; a
            file whose filter was misspelt would hold more than was asked for.

    Raises:
        ParameterError: naming each parameter that cannot be used, and why.
        ThemeNotFoundError: the codebook has no such theme.
    """
    names = {field.alias or name for name, field in RecurrenceQuestion.model_fields.items()}
    given: dict[str, Any] = {
        name: value.strip()
        for name, value in arguments.items()
        if value.strip() and (name in names or not only_known)
    }
    try:
        question = RecurrenceQuestion.model_validate(given)
    except ValidationError as error:
        raise ParameterError(
            [
                (str(item["loc"][0]) if item["loc"] else "from", problem_words(item))
                for item in error.errors()
            ]
        ) from error
    check_held(library, nation=question.nation, review_type=question.type)
    if question.theme:
        # The id that stands: a retired one leads to its successor.
        entry = library.codebook.entry(question.theme)
        question = question.model_copy(update={"theme": entry.theme_id})
    return question


def ground(library: Library, question: RecurrenceQuestion) -> Ground:
    """Gather what a question rests on; worked out again only after a write."""
    return _ground(library, library.store, library.store.revision, question)


@lru_cache(maxsize=32)
def _ground(
    library: Library, _store: Store, _revision: int, question: RecurrenceQuestion
) -> Ground:
    whole = whole_recurrence(library, question.clock, _apart(library.codebook, question.theme))
    rows = [
        Row(dated=item, has_text=has_text)
        for has_text, group in (
            (True, (*whole.held, *whole.guidance)),
            (False, whole.without_text),
        )
        for item in group
        if _fits(item, question)
    ]
    rows.sort(key=lambda row: (row.dated.date is None, row.dated.date or PartialDate(1)))
    asked = {row.dated.review.review_id for row in rows}
    entries = tuple(entry for entry in whole.entries if entry.review.review_id in asked)
    evidence = {
        str(entry.review.review_id): kept
        for entry in entries
        if (kept := tuple(item for item in entry.evidence if _is_asked(item, question)))
    }
    return Ground(
        question=question,
        rows=tuple(rows),
        held=tuple(row.dated for row in rows if row.has_text),
        entries=entries,
        evidence=evidence,
        found=_found(evidence, question.counted, library.codebook),
    )


def _apart(codebook: Codebook, theme: str | None) -> str | None:
    """The counter-theme where it is asked for: it is part of no whole."""
    return theme if theme and theme not in _failures(codebook) else None


def _failures(codebook: Codebook) -> frozenset[str]:
    themes = codebook.expand_failures()
    return frozenset(themes) | {codebook.rollup[t] for t in themes if t in codebook.rollup}


def _fits(item: DatedReview, question: RecurrenceQuestion) -> bool:
    review, year = item.review, item.date.year if item.date else None
    if question.nation not in {None, review.nation}:
        return False
    if (question.from_ or question.to) and year is None:
        return False
    if year is not None and not (question.from_ or 0) <= year <= (question.to or 9999):
        return False
    if question.type is None:
        return review.review_type != NO_REVIEW
    return review.review_type == question.type


def _is_asked(item: Evidence, question: RecurrenceQuestion) -> bool:
    code = item.finding.code
    return (
        code.attribution in VOICES
        and question.level in {None, code.level}
        and question.stance in {None, code.stance}
    )


def _found(
    evidence: Mapping[str, tuple[Evidence, ...]], stance: Stance, codebook: Codebook
) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for review_id, items in evidence.items():
        for item in items:
            code = item.finding.code
            if code.stance is stance:
                tops = {codebook.rollup[code.theme]} if code.theme in codebook.rollup else set()
                for key in {TOTAL, code.theme, *tops}:
                    found.setdefault(key, set()).add(review_id)
    return {key: frozenset(review_ids) for key, review_ids in found.items()}
