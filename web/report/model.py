"""The annual report as one frozen value; every format is written from it and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from corpus.count_table import Cell, CountCoverage, GroupCount
from corpus.model import LicenceTier
from nlp.measured import Measured
from web.comparing import Compared

LEVELS = ("either", "case", "system")
PLAIN = ("machine", "human_checked")
EARLIER_YEARS = 10
"""How many years before the report's own stand beside it."""


def reference(scope: str, key: str, level: str, figure: str) -> str:
    """Name a figure: what the workbook's sheet of passages is looked up by."""
    return f"{scope}/{key}/{level}/{figure}"


@dataclass(frozen=True, kw_only=True)
class ThemeRow:
    """One row of figures."""

    key: str
    label: str
    sort: str
    """``total``, ``top-theme``, ``theme``, ``residual`` or ``counter-theme``."""
    top_theme: str | None
    """Of a sub-theme."""
    count: GroupCount

    def cells(self) -> tuple[tuple[str, Cell], ...]:
        """The cells by name: either level, case, system."""
        return tuple(
            zip(LEVELS, (self.count.either, self.count.case, self.count.system), strict=True)
        )


@dataclass(frozen=True, kw_only=True)
class Scope:
    """One period's figures."""

    name: str
    """Such as ``2022`` or ``2012-2022``: the beginning of its figures' references."""
    coverage: CountCoverage
    rows: tuple[ThemeRow, ...]
    """The total, then each top theme with its sub-themes where these are counted."""

    def row(self, key: str) -> ThemeRow:
        """Look a row up."""
        return next(row for row in self.rows if row.key == key)


@dataclass(frozen=True, kw_only=True)
class Trace:
    """A figure's reference with the passages that re-count to it, by distinct review."""

    reference: str
    passage_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ReviewFacts:
    """A review in a line."""

    review_id: str
    title: str
    published: str
    """In words, as precise as it is known."""
    year: int
    nation: str
    review_type: str
    publisher: str | None
    held_as: str
    """``full text``, ``digest`` or ``no usable text``."""
    n_children: int | None
    machine_read: bool
    """Whether the machine read all of it: a denominator of its figures."""
    checked: bool
    """Whether people judged all of it: a denominator of theirs."""
    link: str


@dataclass(frozen=True, kw_only=True)
class PassageFacts:
    """A passage as far as its licence lets it be shown."""

    passage_id: str
    review_id: str
    paragraph: str | None
    page: int | None
    text: str
    """An exact beginning of the passage; empty where nothing may be shown."""
    cut: bool
    whose_words: str
    """``throughline`` for a restatement, else ``publisher``."""
    licence_tier: LicenceTier
    link: str


@dataclass(frozen=True, kw_only=True)
class Quote:
    """An illustrative passage: a short beginning of it, and where it stands."""

    passage: PassageFacts
    review: ReviewFacts
    text: str
    """At most so many words, never a name that a publisher withheld."""
    cut: bool
    by_people: bool
    """Whether a person coded it; else the machine."""


@dataclass(frozen=True, kw_only=True)
class ThemeQuotes:
    """A top theme's passages, or the sentence why there are none."""

    key: str
    label: str
    quotes: tuple[Quote, ...]
    why_none: str | None


@dataclass(frozen=True, kw_only=True)
class Proposals:
    """What reviews of the year recommend, and praise, on one theme; standing findings."""

    key: str
    label: str
    sort: str
    proposed: tuple[str, ...]
    """Passages in which a change is proposed."""
    n_proposed: int
    """Their reviews."""
    praised: tuple[str, ...]
    n_praised: int
    quotes: tuple[Quote, ...]
    """Top themes only."""


@dataclass(frozen=True, kw_only=True)
class CrosswalkFigures:
    """A heading that others reported by, with the nearest figures of ours."""

    key: str
    publication: str
    reported: str
    themes: tuple[str, ...]
    """Labels of the themes added up; none where there is nothing to compare."""
    note: str
    cell: Cell | None


@dataclass(frozen=True, kw_only=True)
class FigureMove:
    """One figure that differs from the snapshot before, split by cause."""

    scope: str
    key: str
    label: str
    figure: str
    before: int
    after: int
    parts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class ChangeSince:
    """What moved since the snapshot before, or the sentence why that is not said."""

    since: str | None
    published: str | None
    """When that was published, in words."""
    moves: tuple[FigureMove, ...]
    withdrawn: int
    """Documents withdrawn from the earlier snapshot since: on neither side of a year's split."""
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many of one sort are held."""

    of: str
    """``nation``, ``type``, ``publisher`` or ``kind``."""
    value: str
    reviews: int | None
    documents: int | None


@dataclass(frozen=True, kw_only=True)
class WithdrawalLine:
    """One tombstone, for readers."""

    day: str
    publishers: str
    documents: int
    reason: str


@dataclass(frozen=True, kw_only=True)
class Held:
    """What the year's figures rest on, and what is missing."""

    tallies: tuple[Tally, ...]
    mentions: int
    """Documents of the year that are no review's: news and the like."""
    missing: tuple[ReviewFacts, ...]
    """On the register for the year, without usable text."""
    held_back: int | None
    """Documents dated in the year that stand in quarantine; ``None`` where it is not known."""
    withdrawals: tuple[WithdrawalLine, ...]
    collapses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Method:
    """How the figures came about."""

    rules: tuple[str, ...]
    codebook_version: str
    taggers: tuple[str, ...]
    """Versions that read passages of the period; with several, years compare less well."""
    coding_codebooks: tuple[str, ...]
    """Codebooks by which people judged them."""
    limits: str | None
    """What the tagger's card says of its limits, where it is the tagger that ships."""
    measured: Measured | None
    """How well the tagger was measured to read, where it alone read the passages."""


@dataclass(frozen=True, kw_only=True)
class AnnualReport:
    """Everything that an annual report says."""

    year: int
    snapshot: str
    draft: bool
    """Of what is held now, unpublished: not citable."""
    published: str | None
    """The day on which the snapshot was published, in words."""
    published_at: str | None
    """The same as ISO 8601."""
    manifest_sha256: str | None
    citation: str | None
    withdrawn_since: int
    """Documents withdrawn from the snapshot since."""
    themes: Scope
    period: Scope
    years: tuple[Scope, ...]
    """The years of the period, one by one, top themes only; empty where dates collapsed."""
    time_blocked: str | None
    """Why no year stands beside another."""
    quotes: tuple[ThemeQuotes, ...]
    proposals: tuple[Proposals, ...]
    crosswalk: tuple[CrosswalkFigures, ...]
    crosswalk_caution: str
    compared: tuple[Compared, ...]
    """Figures that others published, where one of ours lies near."""
    change: ChangeSince
    held: Held
    method: Method
    notes: tuple[str, ...]
    reviews: tuple[ReviewFacts, ...]
    """Every review of the period that is counted, by date."""
    passages: Mapping[str, PassageFacts]
    traces: tuple[Trace, ...]

    def review(self, review_id: str) -> ReviewFacts:
        """Look up a review that is counted."""
        return self._by_id[review_id]

    @cached_property
    def _by_id(self) -> Mapping[str, ReviewFacts]:
        return {one.review_id: one for one in self.reviews}
