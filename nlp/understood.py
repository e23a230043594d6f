"""What a query was taken to ask for, in the form that pages show and readers take back."""

from collections.abc import Collection
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.filters import PassageFilter
from corpus.model import Span, Stance
from nlp.word_query import WordQuery


class ReadingKind(StrEnum):
    """What sort of thing a part of a query was read as."""

    THEME = "theme"
    REFORM = "reform"
    STANCE = "stance"
    LEVEL = "level"
    ATTRIBUTION = "attribution"
    DOCUMENT_KIND = "kind"
    YEARS = "years"
    NATION = "nation"
    AGENCY = "agency"
    REVIEW = "review"
    TITLE = "title"
    PHRASE = "phrase"
    WITHOUT = "without"
    ABBREVIATION = "abbreviation"
    FIELD = "field"


class Effect(StrEnum):
    """What a reading does to the answer."""

    FILTER = "filter"
    """Passages that do not fit are left out."""
    SOFT = "soft"
    """Passages that fit come earlier; none is left out."""
    NOTE = "note"
    """Nothing: it is said because the reader may have meant something else."""


@dataclass(frozen=True, kw_only=True)
class QueryReading:
    """One part of a query, and what it was taken to mean."""

    kind: ReadingKind
    value: str
    """A theme's, reform's or review's id, a stance, ``2016-`` for years, a nation, or words."""
    label: str
    """For a reader: ``published after 2015``; no full stop."""
    effect: Effect
    span: Span | None = None
    """The part of the text as typed; ``None`` where the whole of it was read."""

    @property
    def key(self) -> str:
        """Names the reading in ``SearchQuery.ignore``: ``nation:Wales``."""
        return f"{self.kind}:{self.value}"


@dataclass(frozen=True, kw_only=True)
class Understood:
    """A query as it is searched for."""

    text: str = ""
    """As typed, without blanks at its ends."""
    asked: str = ""
    """What words and meaning look for: the text without operators and without what became
    a filter; blank where nothing else was asked."""
    readings: tuple[QueryReading, ...] = ()
    """In the order of the text, those of the whole text last; the themes are not among
    them until the query was encoded."""
    filter: PassageFilter = field(default_factory=PassageFilter)
    """The readings that are filters, as one."""
    stances: tuple[Stance, ...] = ()
    """Stances that passages should take; soft."""
    words: WordQuery = field(default_factory=WordQuery)
    """``asked`` as words."""
    without: WordQuery = field(default_factory=WordQuery)
    """Terms and phrases of which a passage must hold none."""
    title: WordQuery = field(default_factory=WordQuery)
    """Phrases that the document's title must hold, every one."""

    def filter_keys(self) -> tuple[str, ...]:
        """The keys of the readings that are in ``filter``."""
        apart = (ReadingKind.PHRASE, ReadingKind.WITHOUT, ReadingKind.TITLE)
        return tuple(
            one.key
            for one in self.readings
            if one.effect is Effect.FILTER and one.kind not in apart
        )

    @property
    def names_nobody_held(self) -> bool:
        """Whether a child's pseudonym is asked for under which no review is held."""
        return any(
            one.kind is ReadingKind.REVIEW and one.effect is Effect.NOTE for one in self.readings
        )

    def keys_of(self, kinds: Collection[str]) -> tuple[str, ...]:
        """The keys of the readings of these kinds."""
        return tuple(one.key for one in self.readings if one.kind in kinds)
