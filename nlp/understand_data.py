"""The patterns by which questions are read, from ``data/query.toml``."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from corpus.errors import InvalidInputError
from corpus.model import Stance

_FILE = "data/query.toml"


@dataclass(frozen=True)
class Pattern:
    """Words that are read as one value."""

    value: str
    label: str
    words: re.Pattern[str]


@dataclass(frozen=True)
class Meaning:
    """One of the things that an abbreviation may stand for."""

    meaning_id: str
    words: str
    cues: tuple[str, ...]


@dataclass(frozen=True)
class Abbreviation:
    """Letters that mean two things which must not be mixed."""

    short: re.Pattern[str]
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True)
class ByNation:
    """Letters whose long form depends on the nation."""

    short: re.Pattern[str]
    england: str
    scotland: str


@dataclass(frozen=True)
class QueryPatterns:
    """All of the file, compiled."""

    places: tuple[Pattern, ...]
    place_names: tuple[str, ...]
    """Regular expressions of the nations' names, whatever stands before them."""
    stances: tuple[Pattern, ...]
    agencies: tuple[Pattern, ...]
    about: tuple[Pattern, ...]
    """Words that ask for a theme or top theme."""
    reforms: tuple[Pattern, ...]
    """Words that ask what was proposed of a reform."""
    abbreviations: tuple[Abbreviation, ...]
    by_nation: tuple[ByNation, ...]
    events: tuple[tuple[str, int], ...]
    """Regular expressions of what a year can be called, with the year."""


@cache
def query_patterns() -> QueryPatterns:
    """Read the shipped file.

    Raises:
        InvalidInputError: it is malformed.
    """
    return read_query_patterns(files("nlp").joinpath(_FILE).read_text(encoding="utf-8"))


def read_query_patterns(toml: str) -> QueryPatterns:
    """Read patterns from TOML text; see :func:`query_patterns`."""
    try:
        return _read(tomllib.loads(toml))
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise InvalidInputError(f"{_FILE} is malformed: {error}.") from error


def bounded(words: str) -> re.Pattern[str]:
    """Compile words so that they match whole words only, in either case."""
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def _read(data: Mapping[str, Any]) -> QueryPatterns:
    return QueryPatterns(
        places=tuple(_place(one) for one in data["nation"]),
        place_names=tuple(one["place"] for one in data["nation"]),
        stances=tuple(
            Pattern(Stance(one["value"]).value, one["label"], bounded("|".join(one["words"])))
            for one in data["stance"]
        ),
        agencies=tuple(
            Pattern(one["value"], f"about {one['value']}", bounded(one["words"]))
            for one in data["agency"]
        ),
        about=tuple(
            Pattern(one["value"], one["value"], bounded("|".join(one["words"])))
            for one in data["about"]
        ),
        reforms=tuple(
            Pattern(one["value"], one["value"], bounded("|".join(one["words"])))
            for one in data["reform"]
        ),
        abbreviations=tuple(
            Abbreviation(_upper(one["short"]), tuple(_meaning(each) for each in one["meaning"]))
            for one in data["abbreviation"]
        ),
        by_nation=tuple(
            ByNation(_upper(one["short"]), one["england"], one["scotland"])
            for one in data["by_nation"]
        ),
        events=tuple((f"(?:{one['words']})", int(one["year"])) for one in data["event"]),
    )


def _place(one: Mapping[str, Any]) -> Pattern:
    # "English" alone may be a language and "Wales" a publisher's name: each needs its frame.
    place = rf"(?:in|from|across|within|throughout|of) (?:{one['place']})"
    noun = r"(?:reviews?|inquir(?:y|ies)|reports?|cases?|councils?|agencies|practice|children)"
    adjective = rf"(?:{one['adjective']})(?= (?:[\w-]+ ){{0,2}}{noun}(?!\w))"
    label = f"in {one['value']}"
    return Pattern(one["value"], label, bounded(f"{place}|{adjective}"))


def _upper(short: str) -> re.Pattern[str]:
    # In either case: neither is a word of its own.
    return re.compile(rf"(?<!\w)(?:{short})(?!\w)", re.IGNORECASE)


def _meaning(one: Mapping[str, Any]) -> Meaning:
    cues: Sequence[str] = one["cues"]
    return Meaning(one["id"], one["words"], tuple(cues))
