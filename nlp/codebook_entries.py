"""The nouns of the codebook, as frozen values: themes, cues, reforms, definitions and rules."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from corpus.model import Attribution, Code, Level, Stance

Sort = Literal["mechanism", "reason", "counter"]
"""What went wrong with the information, why it did, or the counter-theme (never a failing)."""

Confidence = Literal["seen", "reported", "open"]
"""How sure the codebook is of a statement about the past."""

_THEME_ID = re.compile(r"`([a-z0-9-]+)`")


def ids_in(text: str) -> tuple[str, ...]:
    """Find the theme ids that a sentence of the codebook names between backticks, in order."""
    return tuple(_THEME_ID.findall(text))


@dataclass(frozen=True, kw_only=True)
class Cue:
    """A phrase that speaks for a theme; its id is permanent, because findings record it."""

    cue_id: str
    phrase: str
    theme_id: str = ""
    """Empty for a cue that speaks for no theme, such as a cue for a stance."""


@dataclass(frozen=True, kw_only=True)
class Exclusion:
    """What a theme does not cover, and what to code instead."""

    when: str
    then: str
    """May name themes, between backticks."""

    @property
    def theme_ids(self) -> tuple[str, ...]:
        """The themes that ``then`` points to; empty when it points to none."""
        return ids_in(self.then)


@dataclass(frozen=True, kw_only=True)
class Example:
    """An invented passage and the codes it should get."""

    text: str
    codes: tuple[Code, ...]


@dataclass(frozen=True, kw_only=True)
class FirstKnown:
    """One statement about when a theme was first found, with how sure we are of it."""

    text: str
    confidence: Confidence
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Theme:
    """A sub-theme: what coders and the tagger assign to a passage."""

    theme_id: str
    top_theme: str
    label: str
    sort: Sort
    also_called: tuple[str, ...]
    definition: str
    include: tuple[str, ...]
    exclude: tuple[Exclusion, ...]
    cues: tuple[Cue, ...]
    examples: tuple[Example, ...]
    first_known: tuple[FirstKnown, ...]
    sources: tuple[str, ...]
    """Keys into ``Codebook.sources``."""
    maps_to: tuple[str, ...]
    """Short names of what others report; see ``CrosswalkRow.key`` and ``Series``."""
    maps_note: str = ""
    residual: bool = False
    """For text that gives no detail; never beside another mechanism."""
    guard: str = ""
    """A caution that goes before any cue, where the theme has one."""
    guard_sources: tuple[str, ...] = ()
    source_notes: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Source key → what that source was used for, where it needs saying."""


@dataclass(frozen=True, kw_only=True)
class TopTheme:
    """A heading over sub-themes; never assigned, always rolled up."""

    theme_id: str
    label: str
    definition: str
    theme_ids: tuple[str, ...]
    """Its sub-themes, in codebook order."""


@dataclass(frozen=True, kw_only=True)
class Reform:
    """An answer to failings: a facet of its own, coded beside a theme."""

    reform_id: str
    label: str
    definition: str
    answers: tuple[str, ...]
    """The themes that it answers."""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class StanceDefinition:
    """What one stance means."""

    stance: Stance
    label: str
    definition: str


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One step of the order in which a stance is decided; the first yes stops it."""

    question: str
    answer: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LevelDefinition:
    """What one level means."""

    level: Level
    label: str
    definition: str


@dataclass(frozen=True, kw_only=True)
class LevelTest:
    """A test that tells case from system."""

    name: str
    test: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AttributionDefinition:
    """What one attribution means."""

    attribution: Attribution
    label: str
    definition: str


@dataclass(frozen=True, kw_only=True)
class AttributionDefault:
    """The attribution to assume from the sort of document."""

    document: str
    attribution: Attribution
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CountingRule:
    """A rule that every published figure keeps."""

    text: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Series:
    """A publication whose labels the themes' ``maps_to`` refer to."""

    keys: str
    publication: str
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CrosswalkRow:
    """A label that others reported, and which of our themes to add up beside it."""

    publication: str
    reported: str
    rollup: tuple[str, ...]
    """Theme ids; a top theme stands for its sub-themes. Empty: nothing to compare with."""
    key: str = ""
    """Its short name in ``Theme.maps_to``, where it has one."""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TrickyCase:
    """An invented passage on which coders differ, with the answer and its reason."""

    number: int
    text: str
    codes: tuple[Code, ...]
    """Empty: the answer is that no theme is coded."""
    why: str
    also_accepted: tuple[str, ...] = ()
    """Themes that would be as right in place of the first code's."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A question that tells near neighbours apart."""

    between: tuple[str, ...]
    ask: str
    then: str


@dataclass(frozen=True, kw_only=True)
class Retired:
    """An id that is no longer used, and the one that took its place."""

    theme_id: str
    successor: str
    version: str
    """The first version of the codebook without it."""
    reason: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a definition or a first known finding comes from."""

    key: str
    title: str
    addresses: tuple[str, ...]
