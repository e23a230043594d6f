"""The filters that API, portal and command line share, as one validated model."""

from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from corpus.dates import PartialDate
from corpus.errors import InvalidInputError
from corpus.filters import PassageFilter
from corpus.model import Attribution, EvidenceGrade, Kind, Level, Stance
from nlp.codebook import Codebook


def split_values(value: object) -> object:
    """Take a comma-separated list apart, as OpenAlex has them: ``theme=a,b``.

    Raises:
        ValueError: it names nothing. Taken as not given, it would let everything pass.
    """
    if not isinstance(value, str):
        return value
    parts = [part for part in value.split(",") if part]
    if not parts:
        raise ValueError("names nothing; leave it out")
    return parts


def _year(value: object) -> object:
    # A whole date is welcome where a year is meant: what counts is its year.
    if not isinstance(value, str) or value[4:5] != "-":
        return value
    try:
        return PartialDate.parse(value).year
    except InvalidInputError as error:
        raise ValueError(
            f"should be a year or a date, such as 2003 (was {value[:40]!r})"
        ) from error


Year = Annotated[int, BeforeValidator(_year), Field(ge=1900, le=2100)]


class Years(BaseModel):
    """A period of years, both included."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    from_: Year | None = Field(default=None, alias="from", description="First year published.")
    to: Year | None = Field(default=None, description="Last year published.")

    @model_validator(mode="after")
    def _years_in_order(self) -> Self:
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError(f"from ({self.from_}) is after to ({self.to})")
        return self


class PassageQuestion(Years):
    """Which passages are asked for; several values of one filter are joined by commas."""

    q: str = Field(default="", description="What is sought, in any words.")
    theme: Annotated[tuple[str, ...], BeforeValidator(split_values)] = Field(
        default=(), description="Ids of themes; a top theme stands for its sub-themes."
    )
    stance: Annotated[tuple[Stance, ...], BeforeValidator(split_values)] = Field(
        default=(), description="How the passage treats the theme."
    )
    level: Annotated[tuple[Level, ...], BeforeValidator(split_values)] = Field(
        default=(), description="One child's case, or arrangements beyond it."
    )
    attribution: Annotated[tuple[Attribution, ...], BeforeValidator(split_values)] = Field(
        default=(), description="Who says so."
    )
    kind: Annotated[tuple[Kind, ...], BeforeValidator(split_values)] = Field(
        default=(), description="What sort of document the passage stands in."
    )
    grade: Annotated[tuple[EvidenceGrade, ...], BeforeValidator(split_values)] = Field(
        default=(), description="Digests only: what kind of page a finding was restated from."
    )
    nation: str | None = Field(default=None, description="Only of reviews of this nation.")
    type: str | None = Field(default=None, description="Only of reviews of this type.")
    publisher: str | None = Field(
        default=None, description="Only of documents that this publisher put out."
    )
    review: str | None = Field(default=None, description="Id of a review.")
    possible: bool = Field(default=False, description="Include findings below the confident cut.")

    def passage_filter(self, codebook: Codebook) -> PassageFilter:
        """Turn the question's filters into one; top themes are expanded.

        Raises:
            ThemeNotFoundError: a theme is not in the codebook.
        """
        themes = [sub for theme in self.theme for sub in codebook.expand(theme)]
        return PassageFilter(
            themes=tuple(dict.fromkeys(themes)),
            stances=self.stance,
            levels=self.level,
            attributions=self.attribution,
            kinds=self.kind,
            grades=self.grade,
            nation=self.nation,
            review_type=self.type,
            publisher=self.publisher,
            review_id=self.review,
            from_year=self.from_,
            to_year=self.to,
            include_possible=self.possible,
        )
