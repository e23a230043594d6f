"""Whether a later finding quotes or restates an earlier review, and so is no echo of it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from corpus.known_names import shown_names
from corpus.model import Review

RUN = 8
"""So many words in the same order are quoted, not found again."""
SHINGLE = 4
CONTAINED = 0.3
"""The share of one text's runs of four words that the other has too, of at least five."""
_FEWEST = 5

Restates = Literal["names-the-review", "same-words", "tells-of-an-earlier-review"]

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_REVIEW_WORDS = r"(?:inquir\w+|reviews?|reports?|case|investigation|overview|inquest)"
_TELLING = (
    r"(?:found|concluded|said|noted|identified|criticised|recommended|highlighted|described|"
    r"warned|stated|observed|established|reported|ruled)"
)
_EARLIER = re.compile(
    rf"\b(?:earlier|previous|prior|preceding)\s+(?:\w+\s+){{0,3}}?{_REVIEW_WORDS}"
    rf"(?:\s+\w+){{0,6}}?\s+{_TELLING}\b",
    re.IGNORECASE,
)
_DISTINCT_WORDS = 2
"""A name of fewer words is too common to tell a review by."""


@dataclass(frozen=True, kw_only=True)
class LaterText:
    """What stands in the later document at a finding."""

    text: str
    around: str = ""
    """The heading above it, and the passage that leads to it where that ends in a colon."""


def restates(later: LaterText, earlier_text: str, earlier: Review) -> Restates | None:
    """Say why a later finding is only the earlier one told again; ``None`` where it is not.

    Names that an earlier review's publisher withheld are never looked for: to find one
    would join the pseudonymous review to a named child.
    """
    whole = f"{later.around} {later.text}"
    if _names(whole, earlier):
        return "names-the-review"
    if shares_words(later.text, earlier_text):
        return "same-words"
    return "tells-of-an-earlier-review" if _EARLIER.search(whole) else None


def shares_words(one: str, other: str) -> bool:
    """Whether two texts share a run of words too long to be chance, whoever took it from whom."""
    first, second = _words(one), _words(other)
    if _runs(first, RUN) & _runs(second, RUN):
        return True
    small, large = sorted((_runs(first, SHINGLE), _runs(second, SHINGLE)), key=len)
    return bool(small) and len(small & large) >= max(_FEWEST, CONTAINED * len(small))


def same_people(one: Review, other: Review) -> bool:
    """Whether two reviews look at the same child by any name held, shown or not.

    For leaving a pair out in silence: nothing that is shown may say that it was.
    """
    return bool(_full_names(one) & _full_names(other))


def same_events(one: Review, other: Review) -> bool:
    """Whether two reviews give the same place and the same day or month for what happened."""
    if one.incident is None or one.incident.month is None or not one.place:
        return False
    return one.incident == other.incident and _folded(one.place) == _folded(other.place or "")


def _names(text: str, review: Review) -> bool:
    folded = f" {_folded(text)} "
    if any(f" {phrase} " in folded for phrase in _phrases(review)):
        return True
    year = review.published.year if review.published else None
    if year and re.search(rf"\b{year}\s+(?:\w+\s+)?(?:inquiry|review|report|inquest)\b", folded):
        return True
    surnames = {name.split()[-1] for name in _people(review)}
    return any(
        re.search(rf"\b{re.escape(name)}\s+(?:s\s+)?(?:\w+\s+)?{_REVIEW_WORDS}\b", folded)
        for name in surnames
        if len(name) > 3
    )


def _phrases(review: Review) -> Iterable[str]:
    for phrase in (review.title, review.reference or "", *shown_names(review)):
        folded = _folded(phrase)
        words = folded.split()
        if len(words) >= _DISTINCT_WORDS and not _is_pseudonym(words):
            yield folded


def _people(review: Review) -> Iterable[str]:
    for name in shown_names(review):
        words = _folded(name).split()
        if len(words) < _DISTINCT_WORDS or _is_pseudonym(words):
            continue
        # "Field-Fisher report" is no person's name; "report after report" would name it.
        if not re.fullmatch(_REVIEW_WORDS, words[-1]):
            yield " ".join(words)


def _full_names(review: Review) -> frozenset[str]:
    names = (_folded(name) for name in (*review.case_names, *review.aliases))
    return frozenset(
        name
        for name in names
        if len(name.split()) >= _DISTINCT_WORDS and not _is_pseudonym(name.split())
    )


def _is_pseudonym(words: list[str]) -> bool:
    # "Child C", "Family E", "Baby 2": every board has one of its own.
    return len(words[-1]) <= 2 or words[0] in {"child", "baby", "family", "young", "children"}


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))


def _words(text: str) -> list[str]:
    return _folded(text).split()


def _runs(words: list[str], size: int) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[at : at + size]) for at in range(len(words) - size + 1))
