"""Signals of stance, level and attribution in a sentence: rules as data, with reach."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from corpus.errors import InvalidInputError
from corpus.model import Span

RULES_VERSION = "1"
FACETS = ("stance", "level", "attribution")
DERIVED = ("absence-of-good", "absence-of-bad")
"""What negation makes of the good or bad words in its scope."""

# Where the reach of a negation ends.
_TERMINATOR = re.compile(
    r"[;:?!]|\.(?:\s|$)|,? (?:but|although|though|however|yet|because|whereas|which|until|unless) ",
    re.IGNORECASE,
)
_REACH_CHARS = 110


@dataclass(frozen=True, kw_only=True)
class Signal:
    """One rule: a pattern, and what a sentence that matches it says."""

    signal_id: str
    """Permanent: findings record it."""
    facet: str
    says: str
    pattern: re.Pattern[str]
    direction: str | None = None
    """For a negation: ``forward`` or ``backward``, where what it denies stands."""


@dataclass(frozen=True, kw_only=True)
class SignalMatch:
    """One signal where it stands in the passage."""

    signal_id: str
    facet: str
    says: str
    start_char: int
    end_char: int


@cache
def load_signals() -> tuple[Signal, ...]:
    """Load the signals that ship, once a process, in the order of file and entry.

    Raises:
        InvalidInputError: an entry is at fault or an id is used twice; the file is named.
    """
    signals = tuple(_read_all())
    ids = [signal.signal_id for signal in signals]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    if twice:
        raise InvalidInputError(f"Signal ids are used twice: {', '.join(twice)}.")
    return signals


def find_signals(text: str, span: Span) -> list[SignalMatch]:
    """Find the signals in one sentence of a passage.

    After ConText's idea: a negation has a direction and a scope, which a stop or a word
    like "but" ends. Here it does not remove what it denies. A good thing in its scope
    becomes ``absence-of-good``, a bad one ``absence-of-bad``.

    Args:
        text: the passage, unmodified.
        span: the sentence.

    Returns:
        Matches in reading order; offsets index ``text``. Empty when there are none.
    """
    found = [
        SignalMatch(
            signal_id=signal.signal_id,
            facet=signal.facet,
            says=signal.says,
            start_char=match.start(),
            end_char=match.end(),
        )
        for signal in load_signals()
        for match in signal.pattern.finditer(text, span.start, span.end)
    ]
    found.sort(key=lambda match: (match.start_char, match.end_char, match.signal_id))
    return _with_negation(text, span, found)


def _with_negation(text: str, span: Span, found: Sequence[SignalMatch]) -> list[SignalMatch]:
    directions = {signal.signal_id: signal.direction for signal in load_signals()}
    scopes = [
        (match, _scope(text, span, match, directions[match.signal_id] or "forward"))
        for match in found
        if match.says == "negation"
    ]
    denied = {place for _, scope in scopes for place in _places_denied(found, scope)}
    return [_denied(match) if place in denied else match for place, match in enumerate(found)]


def _places_denied(found: Sequence[SignalMatch], scope: Span) -> list[int]:
    """Find what a negation denies: the nearest good or bad thing, and others of its sort.

    In "never any confusion between the records" only the confusion is denied.
    """
    inside = [
        place
        for place, match in enumerate(found)
        if match.says in {"good", "bad"}
        and scope.start <= match.start_char
        and match.end_char <= scope.end
    ]
    return [place for place in inside if found[place].says == found[inside[0]].says]


def _denied(match: SignalMatch) -> SignalMatch:
    return SignalMatch(
        signal_id=match.signal_id,
        facet=match.facet,
        says=f"absence-of-{match.says}",
        start_char=match.start_char,
        end_char=match.end_char,
    )


def _scope(text: str, span: Span, match: SignalMatch, direction: str) -> Span:
    if direction == "forward":
        limit = min(span.end, match.end_char + _REACH_CHARS)
        stop = _TERMINATOR.search(text, match.end_char, limit)
        return Span(match.end_char, stop.start() if stop else limit)
    limit = max(span.start, match.start_char - _REACH_CHARS)
    stops = [stop.end() for stop in _TERMINATOR.finditer(text, limit, match.start_char)]
    return Span(stops[-1] if stops else limit, match.start_char)


def _read_all() -> Iterator[Signal]:
    for facet in FACETS:
        folder = files("nlp").joinpath(f"data/cues/{facet}")
        for entry in sorted(folder.iterdir(), key=lambda each: each.name):
            if entry.name.endswith(".toml"):
                name = f"{facet}/{entry.name}"
                for row in tomllib.loads(entry.read_text(encoding="utf-8"))["signal"]:
                    yield _signal(row, facet, name)


def _signal(row: dict[str, Any], facet: str, name: str) -> Signal:
    flags = 0 if row.get("case_sensitive") else re.IGNORECASE
    try:
        pattern = re.compile(rf"(?<!\w)(?:{row['pattern']})(?!\w)", flags)
        return Signal(
            signal_id=row["id"],
            facet=facet,
            says=row["says"],
            pattern=pattern,
            direction=row.get("direction"),
        )
    except (KeyError, re.error) as error:
        raise InvalidInputError(
            f"{name}, signal {row.get('id')!r}: {error} is missing or malformed."
        ) from error
