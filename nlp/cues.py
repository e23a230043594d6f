"""Cue phrases in a passage: literal matches whose offsets index the text as given."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from corpus.errors import InvalidInputError
from nlp.codebook_entries import Cue

RULES_VERSION = "1"

# One character for one, so that an offset into the folded text is one into the text.
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ′＇", "'"),
        **dict.fromkeys("“”„‟″＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    }
)


_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, kw_only=True)
class CueMatch:
    """One cue where it stands: ``text[start_char:end_char]`` is what a reader sees."""

    cue_id: str
    theme_id: str
    """Empty where the cue belongs to no theme."""
    start_char: int
    end_char: int


class _Token(NamedTuple):
    """A word, or one character that is neither in a word nor white space, folded."""

    text: str
    step: str
    """The same with a space before it, where white space comes before it."""
    start: int
    end: int


@dataclass
class _Node:
    """A place in the tree of phrases: the steps that lead on, and the cues that end here."""

    steps: dict[str, "_Node"] = field(default_factory=dict)
    cues: list[Cue] = field(default_factory=list)
    length: int = 0
    """Characters in the phrase that ends here, white space counted once."""


class CueFinder:
    """A set of cues, prepared once, to be looked for in many passages.

    The phrases share a tree by their words, which grows in milliseconds; one pattern of
    300 phrases took half a second to compile.
    """

    def __init__(self, cues: Iterable[Cue]) -> None:
        """Grow the tree; the order of the cues does not matter.

        Raises:
            InvalidInputError: a cue has no phrase.
        """
        self._root = _Node()
        for cue in sorted(cues, key=lambda cue: cue.cue_id):
            self._add(cue)

    def find(self, text: str) -> list[CueMatch]:
        """Find the cues in one passage; see :func:`find_cues`."""
        taken: list[tuple[int, int, _Node]] = []
        for start, end, node in self._longest_first(text):
            if all(end <= other_start or other_end <= start for other_start, other_end, _ in taken):
                taken.append((start, end, node))
        return [
            CueMatch(cue_id=cue.cue_id, theme_id=cue.theme_id, start_char=start, end_char=end)
            for start, end, node in sorted(taken, key=lambda each: each[0])
            for cue in node.cues
        ]

    def _add(self, cue: Cue) -> None:
        tokens = _tokens(cue.phrase)
        if not tokens:
            raise InvalidInputError(
                f"The cue {cue.cue_id!r} has no phrase: give it one or remove it."
            )
        node = self._root.steps.setdefault(tokens[0].text, _Node())
        for token in tokens[1:]:
            node = node.steps.setdefault(token.step, _Node())
        node.cues.append(cue)
        node.length = len(tokens[0].text) + sum(len(token.step) for token in tokens[1:])

    def _longest_first(self, text: str) -> list[tuple[int, int, _Node]]:
        """Every place where a phrase stands, overlaps included; ties in reading order."""
        tokens = _tokens(text)
        places: list[tuple[int, int, _Node]] = []
        for number, first in enumerate(tokens):
            node = self._root.steps.get(first.text)
            last = number
            while node:
                if node.cues:
                    places.append((first.start, tokens[last].end, node))
                last += 1
                node = node.steps.get(tokens[last].step) if last < len(tokens) else None
        return sorted(places, key=lambda place: (-place[2].length, place[0]))


def find_cues(text: str, cues: tuple[Cue, ...]) -> list[CueMatch]:
    """Find every cue phrase in a passage, longest first, without overlaps.

    Matching is literal, on whole words and blind to case; curly and straight quotes are
    alike, so are all dashes, and so is any run of white space. Offsets index ``text``
    exactly as given, never a cleaned copy, so ``text[m.start_char:m.end_char]`` is what
    the reader sees highlighted. Where two cues overlap, the longer phrase wins, then the
    earlier. Cues worded alike, of two themes, are both reported, at the same place.

    Over many passages, make one :class:`CueFinder` and call its ``find``.

    Args:
        text: one passage, unmodified.
        cues: the cues to look for; order does not matter.

    Returns:
        Matches in reading order, then by cue id; empty when there are none.

    Raises:
        InvalidInputError: a cue has no phrase.
    """
    return _finder(cues).find(text)


@lru_cache(maxsize=8)
def _finder(cues: tuple[Cue, ...]) -> CueFinder:
    return CueFinder(cues)


def _folded(text: str) -> str:
    """Lower the case and unify quotes and dashes, character by character."""
    alike = text.translate(_ALIKE)
    if alike.isascii():
        return alike.lower()
    # "İ".lower() is two characters long, and "Σ".lower() depends on what follows.
    return "".join([character.lower()[0] for character in alike])


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    reached = 0
    for match in _TOKEN.finditer(_folded(text)):
        start, end = match.span()
        folded = match[0]
        tokens.append(_Token(folded, folded if start == reached else f" {folded}", start, end))
        reached = end
    return tokens
