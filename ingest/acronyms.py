"""Entries of a table of acronyms, known by their initials: ``MASH | Multi-agency hub``."""

import re

from ingest.extracted import CELL_BREAK

_ENTRY = re.compile(r"([A-Z][A-Za-z&/]{0,7}[A-Z]s?)\s*(?:\||[-–—:=]|\s)\s*(\S.*)")
_WORD = re.compile(r"[A-Za-z][\w’']*")
_MOST_WORDS_A_LETTER = 2.5


def is_acronym_entry(text: str) -> bool:
    """Say whether a line is an acronym with what it stands for, and nothing more.

    Every letter of the acronym must open a word of the rest, in order: a chronology's
    "MASH | Referral received" is no entry, though it has the form of one.
    """
    matched = _ENTRY.fullmatch(text)
    if matched is None or text.endswith((".", "?", "!")) or text.count(CELL_BREAK) > 1:
        return False
    letters = [letter.lower() for letter in matched[1].rstrip("s") if letter.isupper()]
    words = _WORD.findall(matched[2])
    if len(letters) < 2 or len(words) > _MOST_WORDS_A_LETTER * len(letters):
        return False
    initials = iter(word[0].lower() for word in words)
    return words[0][0].lower() == letters[0] and all(letter in initials for letter in letters)
