"""Printed lines to running words: hyphens, raised endings and ligatures undone."""

import re
from collections.abc import Iterable, Sequence

from ingest.characters import tidy

# "15 th July", "3 rd March": a raised ending that extraction parts from its figure.
_ORDINAL = re.compile(r"\b(\d{0,2}(?:1\s+st|2\s+nd|3\s+rd|[04-9]\s+th|1[1-3]\s+th))\b(?!\s*[-–])")
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
)
_PARTED = "\x02"
_SPLIT_WORD = re.compile(r"([^\W\d_]+)\x02([^\W\d_]+)")
_TRAILING_HYPHEN = re.compile(r"(\w)[-‐\u00ad]$")
# "short- and long-term": the hyphen stands for a word that comes later.
_SUSPENDED = re.compile(r"(?:and|or|to|nor|but)\b")
# Prefixes that keep their hyphen when the document gives no other example of the word.
_HYPHENATED_NAMES = (
    "anti co cross half inter long mid multi non part post pre self short single sub well"
)
_HYPHENATED = frozenset(_HYPHENATED_NAMES.split())


def known_words(texts: Iterable[str]) -> frozenset[str]:
    """Gather the words that stand whole within a line, in lower case."""
    return frozenset(
        word.strip(".,;:()“”‘’'\"").lower()
        for text in texts
        for word in text.split()
        if not _TRAILING_HYPHEN.search(word)
    )


def join_lines(lines: Sequence[str], words: frozenset[str]) -> str:
    """Join the lines of one block into one tidy line.

    A word that was hyphenated at a line's end is whole again, spelt as the document spells
    it elsewhere; without an example the hyphen goes, except after the usual prefixes.

    Args:
        lines: in reading order.
        words: the document's whole words, from ``known_words``.
    """
    pieces: list[str] = []
    for line in lines:
        piece = line.strip()
        broken = pieces and _TRAILING_HYPHEN.search(pieces[-1][-2:])
        if broken and piece[:1].isalpha() and not _SUSPENDED.match(piece):
            pieces[-1] = pieces[-1][:-1] + _PARTED
        elif pieces:
            pieces.append(" ")
        pieces.append(piece)
    text = "".join(pieces)
    text = _SPLIT_WORD.sub(lambda matched: _join_word(matched[1], matched[2], words), text)
    text = tidy(text.replace(_PARTED, "-").translate(_LIGATURES))
    return _ORDINAL.sub(lambda matched: re.sub(r"\s+", "", matched[1]), text)


def _join_word(start: str, end: str, words: frozenset[str]) -> str:
    whole, hyphenated = start + end, f"{start}-{end}"
    if whole.lower() in words:
        return whole
    if hyphenated.lower() in words or start.lower() in _HYPHENATED or end[:1].isupper():
        return hyphenated
    return whole
