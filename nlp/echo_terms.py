"""Who is named in a finding and what the information was about, by two small lexicons."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from corpus.errors import InvalidInputError
from corpus.model import Span

ACTORS_FILE = "actors.toml"
OBJECTS_FILE = "objects.toml"
MECHANISMS_FILE = "mechanisms.toml"

_WORD_START = re.compile(r"\b\w")
_START = 2
_GAP = r"\s+(?:[^\s.;:]+\s+){0,5}?"

Role = Literal["held", "lacked", "named"]
"""Held the information; did not get it or did not ask; is named without either being said."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """One entry of a lexicon."""

    term_id: str
    """Permanent."""
    label: str
    family: str
    """What related entries share; its own id where there is nothing."""
    weak: bool
    """Whether nearly every finding has it, so that sharing it says little."""


@dataclass(frozen=True, kw_only=True)
class Mention:
    """An entry of a lexicon as it stands in one text."""

    term: Term
    role: Role
    """``named`` for every object of information."""
    spans: tuple[Span, ...]
    """In reading order, never empty."""


class Lexicon:
    """Phrases with the entry that each stands under."""

    def __init__(self, phrases: dict[str, Term]) -> None:
        """Take phrases; one that ends in ``*`` also matches longer words."""
        # At one place the longest phrase wins: alternatives are tried in order. Only those that
        # begin as the word there does are tried, else a hundred would be at every word.
        by_start: dict[str, list[str]] = {}
        for phrase in sorted(phrases, key=lambda each: (-len(each), each)):
            by_start.setdefault(phrase[:_START], []).append(phrase)
        self._by_start = {
            start: (
                re.compile("|".join(f"({_regex(each)})" for each in group), re.IGNORECASE),
                [phrases[each] for each in group],
            )
            for start, group in by_start.items()
        }

    def find(self, text: str) -> dict[str, tuple[Term, list[Span]]]:
        """Find every phrase, without overlaps, by entry; offsets index ``text`` as given."""
        found: dict[str, tuple[Term, list[Span]]] = {}
        end = 0
        for word in _WORD_START.finditer(text):
            here = word.start()
            start = text[here : here + _START].lower()
            if here < end or start not in self._by_start:
                continue
            pattern, terms = self._by_start[start]
            if match := pattern.match(text, here):
                term, end = terms[(match.lastindex or 1) - 1], match.end()
                found.setdefault(term.term_id, (term, []))[1].append(Span(here, end))
        return found


def find_actors(text: str) -> dict[str, Mention]:
    """Find agencies and people named, by id, each with its strongest role in the text.

    Not getting information outweighs holding it, and both outweigh being named. Offsets
    index ``text`` exactly as given.
    """
    found = {}
    for term_id, (term, spans) in _actors().find(text).items():
        roles = {_role(text, span) for span in spans}
        role: Role = "lacked" if "lacked" in roles else "held" if "held" in roles else "named"
        found[term_id] = Mention(term=term, role=role, spans=tuple(spans))
    return found


def find_objects(text: str) -> dict[str, Mention]:
    """Find what the information was about, by id; offsets index ``text`` as given."""
    return _plain(_objects(), text)


def find_mechanisms(text: str) -> dict[str, Mention]:
    """Find how it went wrong with the information, by id; offsets index ``text`` as given."""
    return _plain(_mechanisms(), text)


def read_lexicon(toml: str, *, file: str, sort: str) -> Lexicon:
    """Read the entries ``[[actor]]``, ``[[object]]`` or ``[[mechanism]]`` of a lexicon.

    Raises:
        InvalidInputError: an entry lacks its id, label or words, or a phrase has two entries.
    """
    phrases: dict[str, Term] = {}
    for entry in tomllib.loads(toml).get(sort, []):
        term_id, label, words = (entry.get(name) for name in ("id", "label", "words"))
        if not (isinstance(term_id, str) and isinstance(label, str) and words):
            raise InvalidInputError(f"{file}: the entry {term_id!r} needs id, label and words.")
        term = Term(
            term_id=term_id,
            label=label,
            family=entry.get("family", term_id),
            weak=entry.get("weak", False),
        )
        for word in words:
            if phrases.setdefault(word.casefold(), term) is not term:
                raise InvalidInputError(f"{file}: {word!r} stands under two entries.")
    return Lexicon(phrases)


def _plain(lexicon: Lexicon, text: str) -> dict[str, Mention]:
    return {
        term_id: Mention(term=term, role="named", spans=tuple(spans))
        for term_id, (term, spans) in lexicon.find(text).items()
    }


@cache
def _actors() -> Lexicon:
    return read_lexicon(_read(ACTORS_FILE), file=ACTORS_FILE, sort="actor")


@cache
def _objects() -> Lexicon:
    return read_lexicon(_read(OBJECTS_FILE), file=OBJECTS_FILE, sort="object")


@cache
def _mechanisms() -> Lexicon:
    return read_lexicon(_read(MECHANISMS_FILE), file=MECHANISMS_FILE, sort="mechanism")


def _read(file: str) -> str:
    return files("nlp").joinpath(f"data/{file}").read_text(encoding="utf-8")


def _regex(phrase: str) -> str:
    stem = re.escape(phrase.removesuffix("*")).replace(r"\ …\ ", _GAP).replace(r"\ ", r"\s+")
    stem = stem.replace("'", "['’]")
    return stem + (r"\w*" if phrase.endswith("*") else r"\b")


# -- roles ---------------------------------------------------------------------

# A few words of one clause may stand between the actor and what is said of it.
_WITHIN = r"(?:[\w’'-]+\s+){0,4}?"
_ARTICLES = r"(?:(?:the|a|an|its|their|his|her|any|all|other|both)\s+)*"
_ANOTHER = rf"(?:[\w’'-]+(?:\s+[\w’'-]+)?\s+(?:and|or)\s+{_ARTICLES})?"
_PASSING = (
    r"(?:t(?:ell|old)|inform\w*|notif\w+|alert\w*|remind\w*|reach\w*|suppl\w+|left|"
    r"(?:pass\w*|sen[dt]|report\w*|refer\w*|transfer\w*|available|known)(?:\s+\w+){0,4}?\s+to|"
    r"shar\w+(?:\s+\w+){0,4}?\s+with)"
)
_DENIED = r"(?:not|never|nobody|no one|none|without|fail\w*|neither|nor|seldom|delay\w*|unshared)"

_LACKED_BEFORE = re.compile(
    rf"\b{_DENIED}\b[^.;:]{{0,70}}\b{_PASSING}\s+{_ARTICLES}{_ANOTHER}$", re.I
)
_LACKED_AFTER = re.compile(
    rf"^\s*{_WITHIN}(?:"
    r"(?:was|were|is|are|been|had|have|has)\s+(?:not|never)\s+(?:been\s+)?"
    r"(?:told|informed|given|sent|notified|aware|alerted|asked|consulted|contacted|reminded)|"
    r"(?:did|do|does)\s+not\s+(?:know|receive|learn|hear|ask|seek|check|look|make\s+enquiries|"
    r"gather|read)|never\s+(?:\w+\s+)?(?:learn\w*|heard|knew|received|asked)|"
    r"(?:may|might|could)\s+never\s+(?:learn|know)|had\s+no\s+access|"
    r"(?:was|were)\s+(?:unaware|uninformed)|knew\s+nothing|uninformed|made\s+no\s+checks|"
    r"asked\s+too\s+little)\b",
    re.I,
)
_HELD_BEFORE = re.compile(
    r"\b(?:(?:known|held|recorded|seen|noticed|reported|shared|raised|gathered)\s+by|"
    r"enquiries\s+of|checks\s+(?:of|with)|warnings?\s+(?:from|by)|concerns\s+(?:of|from))\s+"
    rf"{_ARTICLES}{_ANOTHER}$",
    re.I,
)
_HELD_AFTER = re.compile(
    rf"^\s*{_WITHIN}(?:held|kept|knew|notic\w+|recorded|noted|saw|warned|"
    r"had\s+(?:been\s+)?(?:noticed|noted|seen|recorded|known|gathered|reported|told)|"
    r"did\s+not\s+(?:tell|share|pass|report|inform|send|refer|notify|disclose|alert|supply)|"
    r"failed\s+to\s+(?:tell|share|pass|report|inform|send|refer|notify|disclose|alert)|"
    r"withheld|left\s+\w+(?:\s+\w+)?\s+uninformed)\b",
    re.I,
)
_REACH = 110
"""Characters looked at on either side."""


def _role(text: str, span: Span) -> Role:
    before = _last_clause(text[max(0, span.start - _REACH) : span.start])
    after = re.split(r"[.;:]", text[span.end : span.end + _REACH], maxsplit=1)[0]
    if _LACKED_BEFORE.search(before) or _LACKED_AFTER.match(after):
        return "lacked"
    return "held" if _HELD_BEFORE.search(before) or _HELD_AFTER.match(after) else "named"


def _last_clause(text: str) -> str:
    return re.split(r"[.;:]", text)[-1]
