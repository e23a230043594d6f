"""The values of counting: what is asked, the three figures, and what they rest on."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from corpus.estimate import Estimate, Refusal
from corpus.model import Level


class DateAxis(StrEnum):
    """Which of a review's dates puts it into a year."""

    PUBLICATION = "publication"
    INCIDENT = "incident"
    CAPTURE = "capture"


@dataclass(frozen=True, kw_only=True)
class ThemeGroup:
    """One row of a table: a theme, or several that are counted as one."""

    key: str
    themes: tuple[str, ...]
    """Sub-themes; a review counts once, however many of them it finds."""


@dataclass(frozen=True, kw_only=True)
class ReviewSample:
    """How reviews were drawn for checking by hand."""

    probability: Mapping[str, float]
    """Every review's chance of being drawn, by id; one that is missing is not known."""
    drawn: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class CountQuestion:
    """Which reviews are counted, and by which of their dates."""

    from_year: int | None = None
    to_year: int | None = None
    """Both included; ``None`` for the first or last year that any review held has."""
    nation: str | None = None
    review_type: str | None = None
    """``None`` for every type that is a review: guidance and laws on the register are not."""
    date_axis: DateAxis = DateAxis.PUBLICATION
    exclude_passages: frozenset[str] = frozenset()
    """Passages left out of every figure, to see what rests on them."""


@dataclass(frozen=True, kw_only=True)
class PlainFigure:
    """A count of reviews as somebody labelled them: the machine, or people."""

    n: int
    denominator: int
    """Reviews that could have been counted."""
    share: float | None
    ci_low: float | None
    ci_high: float | None
    """Wilson's 95% interval of the share; all three ``None`` where the denominator is 0."""
    n_digest_only: int
    """Of the ``n``, those known through our digest alone."""
    n_children: int
    """Children of those of the ``n`` whose record states how many they are about."""
    n_children_stated: int
    """How many of the ``n`` state it: the others may be about any number."""
    review_ids: tuple[str, ...]
    passage_ids: tuple[str, ...]
    """The passages behind the count: together they are about exactly these reviews."""


@dataclass(frozen=True, kw_only=True)
class YearCount:
    """One year: the plain figures, ``None`` where there was no review to count: a gap, not 0."""

    year: int
    reviews_held: int
    n_read: int
    """Of these, reviews that the machine read whole: what its count is out of."""
    machine: int | None
    """``None`` where no review held of the year was read by the machine."""
    human: int | None
    """``None`` where none was checked."""
    n_human_checked: int


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The three figures of one theme group at one level; never mixed."""

    machine: PlainFigure
    """From the machine's confident findings alone, judged or not."""
    human: PlainFigure
    """Of the reviews whose passages were all judged, by the newest judgements."""
    corrected: Estimate | Refusal
    years: tuple[YearCount, ...]
    """Every year of the period, those without any review too."""

    @property
    def n_human_checked(self) -> int:
        """Reviews whose passages were all judged."""
        return self.human.denominator


@dataclass(frozen=True, kw_only=True)
class GroupCount:
    """One theme group: its cells, and its mentions elsewhere."""

    group: ThemeGroup
    either: Cell
    """Found at case level, system level or both: a review counts once."""
    case: Cell
    system: Cell
    mention_ids: tuple[str, ...]
    """Other documents, such as news, with a failing on the theme; copies of a text once."""

    def cell(self, level: Level | None) -> Cell:
        """The cell of a level; ``None`` for either."""
        return self.either if level is None else self.case if level is Level.CASE else self.system


@dataclass(frozen=True, kw_only=True)
class CountCoverage:
    """What the figures rest on, and what is not in them."""

    from_year: int | None
    to_year: int | None
    """The period counted; ``None`` where no review held has a date."""
    reviews_held: int
    """The denominator: reviews held with usable text in the period."""
    cases: int
    digest_only: int
    """Of these, reviews known through our digest alone."""
    children: int
    """Children of the reviews held, where their record states how many they are about."""
    children_stated: int
    """How many of the reviews held state it."""
    guidance: int
    """Guidance and laws on the register with a date in the period: no reviews, so in no
    figure unless their type is asked for."""
    undated: int
    """Reviews with usable text but without this date: in no year, so in no figure."""
    without_text: int
    """Reviews on the register of which no usable text is held."""
    not_analysed: int
    """Reviews in the period that the machine has not read whole."""
    checked: int
    """Reviews in the period whose counted passages were all judged."""
    part_checked: int
    """Reviews of which some passages were judged: no human-checked figure uses them."""
    undecided: int
    """Reviews in the period of which two coders differ on a passage and no lead has decided:
    until then the newest judgement of that passage counts."""
    unregistered: int
    """Documents of kind review that belong to no review on the register."""
    excluded_passages: int


@dataclass(frozen=True, kw_only=True)
class CountTable:
    """The answer: a row a theme group, in the order asked for."""

    question: CountQuestion
    coverage: CountCoverage
    rows: tuple[GroupCount, ...]
