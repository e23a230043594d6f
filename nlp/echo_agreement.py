"""In what two findings agree: theme, mechanism, actors, object of information, words, meaning."""

import math
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from corpus.errors import InvalidInputError
from corpus.ids import short_digest
from corpus.model import Span
from nlp.echo_terms import (
    ACTORS_FILE,
    MECHANISMS_FILE,
    OBJECTS_FILE,
    Mention,
    find_actors,
    find_mechanisms,
    find_objects,
)
from nlp.tokens import tokenise

RULES_VERSION = "1"
"""Raised whenever the same data would rank otherwise."""

SETTINGS_FILE = "echoes.toml"
_WEAK = 0.25
"""What a weak entry of a lexicon counts for, beside one that says something."""
_FAMILY = 0.5
"""What two actors of one family count for, beside one and the same."""
_OTHER_ROLE = 0.6
"""What one actor in two roles counts for, beside the same role."""


@dataclass(frozen=True, kw_only=True)
class Weights:
    """What each agreement adds to an echo's score; all between 0 and 2."""

    meaning: float
    words: float
    theme: float
    sibling: float
    mechanism: float
    actors: float
    objects: float
    least: float
    """Below this score nothing is offered."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A finding's passage as it is compared."""

    text: str
    themes: frozenset[str]
    """The failings found in it."""
    stems: Mapping[str, int]
    actors: Mapping[str, Mention]
    objects: Mapping[str, Mention]
    mechanisms: Mapping[str, Mention]


@dataclass(frozen=True, kw_only=True)
class Shared:
    """One entry of a lexicon that both findings have, with where it stands in each."""

    term_id: str
    label: str
    role: str
    """``held`` or ``lacked`` where it is the same in both, else ``named``."""
    here: tuple[Span, ...]
    there: tuple[Span, ...]


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How far two findings agree, each from 0 to 1 but meaning, from -1."""

    meaning: float
    words: float
    theme: float
    sibling: float
    """Another theme of the same top theme."""
    mechanism: float
    actors: float
    objects: float

    def score(self, weights: Weights) -> float:
        """The weighted sum."""
        parts = (part.name for part in fields(self))
        return float(sum(getattr(weights, name) * getattr(self, name) for name in parts))


@cache
def load_weights() -> Weights:
    """Load the weights that ship.

    Raises:
        InvalidInputError: one is missing, unknown or out of range.
    """
    data = tomllib.loads(_read(SETTINGS_FILE))
    names = {part.name for part in fields(Weights)}
    if set(data) != names or not all(
        isinstance(value, int | float) and 0 <= value <= 2 for value in data.values()
    ):
        raise InvalidInputError(f"{SETTINGS_FILE} gives {sorted(names)} a number from 0 to 2.")
    return Weights(**{name: float(value) for name, value in data.items()})


@cache
def echo_version() -> str:
    """Name the rules, lexicons and weights: 16 characters."""
    data = [_read(name) for name in (SETTINGS_FILE, ACTORS_FILE, OBJECTS_FILE, MECHANISMS_FILE)]
    return short_digest(RULES_VERSION, *data)


def read_text(text: str, themes: Iterable[str]) -> Text:
    """Look at a passage once, for comparing it with many."""
    return Text(
        text=text,
        themes=frozenset(themes),
        stems=Counter(token.stem for token in tokenise(text)),
        actors=find_actors(text),
        objects=find_objects(text),
        mechanisms=find_mechanisms(text),
    )


def rarity(texts: Sequence[Text]) -> dict[str, float]:
    """How rare each stem is among texts: the logarithm of their number over how many have it."""
    having = Counter(stem for text in texts for stem in text.stems)
    return {stem: math.log((1 + len(texts)) / count) for stem, count in having.items()}


def agree(
    here: Text,
    there: Text,
    *,
    similarity: float,
    rollup: Mapping[str, str],
    rare: Mapping[str, float],
) -> Agreement:
    """Compare two findings.

    Args:
        here: the finding that is asked about.
        there: the other.
        similarity: cosine of their vectors.
        rollup: sub-theme to top theme.
        rare: of :func:`rarity`, over all that are compared with ``here``.
    """
    tops_here = {rollup.get(theme, theme) for theme in here.themes}
    tops_there = {rollup.get(theme, theme) for theme in there.themes}
    return Agreement(
        meaning=similarity,
        words=_cosine(here.stems, there.stems, rare),
        theme=float(bool(here.themes & there.themes)),
        sibling=float(bool(tops_here & tops_there)),
        mechanism=_overlap(here.mechanisms, there.mechanisms),
        actors=_overlap(here.actors, there.actors),
        objects=_overlap(here.objects, there.objects),
    )


def shared(here: Mapping[str, Mention], there: Mapping[str, Mention]) -> tuple[Shared, ...]:
    """List what both findings name, in the order of ``here``; weak entries are left out."""
    both = [term_id for term_id in here if term_id in there and not here[term_id].term.weak]
    return tuple(
        Shared(
            term_id=term_id,
            label=here[term_id].term.label,
            role=here[term_id].role if here[term_id].role == there[term_id].role else "named",
            here=here[term_id].spans,
            there=there[term_id].spans,
        )
        for term_id in sorted(both, key=lambda each: here[each].spans[0])
    )


def _overlap(here: Mapping[str, Mention], there: Mapping[str, Mention]) -> float:
    if not here or not there:
        return 0.0
    possible = max(sum(map(_weight, here.values())), sum(map(_weight, there.values())))
    best = (
        max((_match(mention, other) for other in there.values()), default=0.0)
        for mention in here.values()
    )
    return min(1.0, sum(best) / possible)


def _match(one: Mention, other: Mention) -> float:
    if one.term.term_id == other.term.term_id:
        alike = 1.0 if one.role == other.role else _OTHER_ROLE
    else:
        alike = _FAMILY if one.term.family == other.term.family else 0.0
    return alike * min(_weight(one), _weight(other))


def _weight(mention: Mention) -> float:
    return _WEAK if mention.term.weak else 1.0


def _cosine(one: Mapping[str, int], other: Mapping[str, int], rare: Mapping[str, float]) -> float:
    both = sum(rare.get(stem, 0.0) ** 2 for stem in one.keys() & other.keys())
    lengths = [math.sqrt(sum(rare.get(stem, 0.0) ** 2 for stem in text)) for text in (one, other)]
    return both / (lengths[0] * lengths[1]) if all(lengths) else 0.0


def _read(name: str) -> str:
    return files("nlp").joinpath(f"data/{name}").read_text(encoding="utf-8")
