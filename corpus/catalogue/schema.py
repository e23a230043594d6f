"""What a catalogue file may hold, and errors that name the file and the field."""

import re
import tomllib
from typing import Annotated, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from corpus.dates import PartialDate
from corpus.errors import InvalidInputError
from corpus.ids import ReviewId
from corpus.model import EvidenceGrade, Level, Stance

Item = TypeVar("Item")

FindingKind = Literal["failing", "good practice", "recommendation"]
Nation = Literal[
    "England",
    "Scotland",
    "Wales",
    "Northern Ireland",
    "England and Wales",
    "United Kingdom",
]
ReviewType = Literal[
    "public inquiry",
    "local inquiry",
    "part 8 review",
    "serious case review",
    "significant case review",
    "child practice review",
    "local child safeguarding practice review",
    "national review",
    "thematic overview",
    "guidance",
    "other",
]


def _one_line(value: object) -> object:
    # Long texts are wrapped in the files; how they were wrapped says nothing.
    return " ".join(value.split()) if isinstance(value, str) else value


def _expected(sentence: str) -> PydanticCustomError:
    # The library fills braces in a template, and an address may well hold one.
    return PydanticCustomError("catalogue", "{sentence}", {"sentence": sentence})


def _date(value: object) -> PartialDate:
    if not isinstance(value, str):
        raise _expected('a date in quotation marks, such as "2003", "2003-01" or "2003-01-28"')
    try:
        return PartialDate.parse(value)
    except InvalidInputError as error:
        raise _expected("a date such as 2003, 2003-01 or 2003-01-28") from error


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\.[^\s/]+(/\S*)?", value):
        raise _expected("an address that begins with http:// or https://")
    return value


def _slug(value: str) -> str:
    if not ReviewId.pattern.fullmatch(value):
        raise _expected("a slug: small letters, digits and single hyphens")
    return value


def _unique(values: tuple[Item, ...]) -> tuple[Item, ...]:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise _expected(f"a list without repeats (number {place + 1} is one)")
    return values


def _some(values: tuple[Item, ...]) -> tuple[Item, ...]:
    if not values:
        raise _expected("a list of at least one")
    return values


def _filled(value: str) -> str:
    if not value:
        raise _expected("text that is not empty")
    return value


def _number(value: object) -> int | float:
    # A truth value passes for a number in Python, but not with a reader.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise _expected("a number without quotation marks")
    return value


Line = Annotated[str, BeforeValidator(_one_line), AfterValidator(_filled)]
"""Text of any length; line breaks and runs of spaces in the file become one space."""
Address = Annotated[str, AfterValidator(_address)]
Slug = Annotated[str, AfterValidator(_slug)]
Date = Annotated[PartialDate, BeforeValidator(_date)]
Lines = Annotated[tuple[Line, ...], AfterValidator(_unique)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class CodeEntry(_Table):
    """One hand code: a theme with its stance and level."""

    theme: Slug
    """Only its form is checked here; a test checks it against the codebook."""
    stance: Stance
    level: Level


class FindingEntry(_Table):
    """One finding, in our own words, with the page it was restated from."""

    id: Annotated[int, Field(strict=True, ge=1)]
    """Permanent within the review; gaps are allowed, numbers are never used again."""
    text: Line
    kind: FindingKind
    evidence: EvidenceGrade
    source_url: Address | None = None
    theme_hint: Line | None = None
    """The coder's few words on what the finding is about."""
    codes: Annotated[tuple[CodeEntry, ...], AfterValidator(_unique)]
    """Empty where the coder found no theme; it must still be written."""
    reform: Annotated[tuple[Slug, ...], AfterValidator(_unique)] = ()

    @model_validator(mode="after")
    def _names_its_page(self) -> Self:
        # A secondary finding rests on several pages that agree, none of which stands for it.
        if self.source_url is None and self.evidence is not EvidenceGrade.SECONDARY:
            raise _expected('source_url, which only evidence = "secondary" may lack')
        return self


class FigureEntry(_Table):
    """A number that the review published, in its own unit."""

    statement: Line
    value: Annotated[int | float, BeforeValidator(_number)]
    unit: Line
    period: Line | None = None
    source_url: Address


class ReviewEntry(_Table):
    """One catalogue file; the fields are those of :class:`corpus.model.Review`."""

    title: Line
    review_type: ReviewType
    nation: Nation
    place: Line | None = None
    publisher: Line | None = None
    author: Line | None = None
    published: Date | None = None
    incident: Date | None = None
    child_age: Line | None = None
    case: Slug | None = None
    case_names: Lines = ()
    aliases: Lines = ()
    identity_link: Line | None = None
    reference: Line | None = None
    report_url: Address | None = None
    agencies: Lines = ()
    sources: Annotated[tuple[Address, ...], AfterValidator(_some), AfterValidator(_unique)]
    cautions: Lines = ()
    summary: Line
    finding: tuple[FindingEntry, ...] = ()
    figure: tuple[FigureEntry, ...] = ()

    @model_validator(mode="after")
    def _numbers_each_finding_once(self) -> Self:
        numbers = [finding.id for finding in self.finding]
        repeated = sorted({number for number in numbers if numbers.count(number) > 1})
        if repeated:
            raise _expected(f"a number of its own for each finding; {repeated[0]} is used twice")
        return self

    @model_validator(mode="after")
    def _explains_missing_pages(self) -> Self:
        if not self.cautions and any(finding.source_url is None for finding in self.finding):
            raise _expected("a caution that says why a finding names no page (source_url)")
        return self

    @model_validator(mode="after")
    def _keeps_pseudonyms(self) -> Self:
        if not self.is_pseudonymous:
            return self
        for name in self.case_names:
            for field, text in self._shown_texts():
                if name.casefold() in text.casefold():
                    raise _expected(
                        f"no case name in {field}: the publisher did not join it to the pseudonym"
                    )
        return self

    @property
    def is_pseudonymous(self) -> bool:
        """Whether somebody other than an official body joined the pseudonym to a name.

        The name then helps searching only, and is never part of what is shown as text.
        """
        return self.identity_link is not None and not self.identity_link.startswith("official")

    def _shown_texts(self) -> list[tuple[str, str]]:
        shown = [("title", self.title), ("summary", self.summary)]
        shown += [("cautions", caution) for caution in self.cautions]
        for finding in self.finding:
            where = f"finding {finding.id}"
            shown += [(where, finding.text), (where, finding.theme_hint or "")]
        return shown + [("figure", figure.statement) for figure in self.figure]


def parse_review(name: str, text: str) -> ReviewEntry:
    """Read one catalogue file.

    Args:
        name: the file's name, for errors: ``maria-colwell-1974.toml``.
        text: what the file holds.

    Raises:
        InvalidInputError: not TOML, or not as this module says: the sentence names the
            file, each wrong field, and what was expected there.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError(f"{name} is not TOML: {error}.") from error
    try:
        return ReviewEntry.model_validate(values)
    except ValidationError as error:
        faults = "; ".join(_fault(detail) for detail in error.errors())
        raise InvalidInputError(f"{name}: {faults}.") from error


# The library's words for these are a programmer's.
_PLAIN = {
    "string_type": "text in quotation marks",
    "int_type": "a whole number",
    "greater_than_equal": "1 or more",
    "tuple_type": "a list in square brackets",
    "model_type": "a table",
}


def _fault(detail: ErrorDetails) -> str:
    field = _field(detail["loc"])
    match detail["type"]:
        case "missing":
            return f"{field} is missing"
        case "extra_forbidden":
            return f"{field} is not a field known here (a misspelling?)"
        case "catalogue" if isinstance(detail["input"], dict):
            return f"{field or 'the file'} should have {detail['msg']}"
        case "catalogue":
            return f"{field} should be {detail['msg']}, not {_given(detail)}"
        case _:
            wanted = _PLAIN.get(detail["type"], detail["msg"].removeprefix("Input should be "))
            return f"{field} should be {wanted}, not {_given(detail)}"


def _field(location: tuple[int | str, ...]) -> str:
    """Name a field as a reader of the file counts: ``finding 2, codes 1, stance``."""
    words: list[str] = []
    for step in location:
        if isinstance(step, int):
            words[-1] += f" {step + 1}"
        else:
            words.append(step)
    return ", ".join(words)


def _given(detail: ErrorDetails) -> str:
    given = repr(detail["input"])
    return given if len(given) <= 60 else f"{given[:57]}..."
