"""Characters that carry no words: white space, controls and marks that change reading direction."""

import re

# NUL and the other controls, except tab and line ends, which count as white space.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
# Zero-width marks, soft hyphens, byte-order marks and every control of reading direction:
# they cannot be seen, they hide words from search, and they can make a title read backwards.
_INVISIBLE = re.compile(r"[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_SPACE = re.compile(r"\s+")


def tidy(text: str) -> str:
    """Make text one line of valid Unicode: words untouched, white space single, no controls.

    A line break inside a paragraph becomes a space. Empty when nothing visible is left.
    """
    text = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _INVISIBLE.sub("", text)))
    return _SPACE.sub(" ", text).strip()


def valid_unicode(text: str) -> str:
    """Put U+FFFD for what no encoding can write, as JSON lets publishers send it, and for NULs."""
    return _SURROGATES.sub("\ufffd", text).replace("\x00", "\ufffd")


def count_words(text: str) -> int:
    """Count the runs of characters between spaces."""
    return len(text.split())
