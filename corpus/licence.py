"""How much of a document's text its licence lets us show."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType

from corpus.model import LicenceTier, Passage

SHOWN_WORDS: Mapping[LicenceTier, int | None] = MappingProxyType(
    {
        LicenceTier.OPEN: None,
        LicenceTier.OWNER: 50,
        LicenceTier.PRESS: 25,
        LicenceTier.PERMISSION: 0,
        LicenceTier.NEVER: 0,
    }
)
"""Words of one passage that may be shown; ``None`` is no limit."""

COPY_DAMAGED = "stored-copy-damaged"
"""The mark of a document whose capture is damaged: no word of it can be proved meanwhile."""
WITHHELD = "the stored copy is damaged"
NAMES_WITHHELD = "it has a name that the review’s publisher withheld"

_WORD = re.compile(r"\S+")


def is_withheld(marks: Collection[str]) -> bool:
    """Whether a document with these marks shows none of its words, whatever its licence."""
    return COPY_DAMAGED in marks


def why_withheld(passage: Passage, marks: Collection[str]) -> str | None:
    """Why nothing of a passage is shown, whatever its licence; ``None`` where its licence decides.

    Args:
        passage: a passage as the store handed it out.
        marks: its document's marks.
    """
    if is_withheld(marks):
        return WITHHELD
    return NAMES_WITHHELD if passage.names_withheld else None


def shown_words(passage: Passage, tier: LicenceTier, marks: Collection[str]) -> tuple[str, bool]:
    """A passage as :func:`shown_text` cuts it; nothing where a name in it was withheld."""
    if passage.names_withheld:
        return "", True
    return shown_text(passage.text, tier, marks)


def shown_text(text: str, tier: LicenceTier, marks: Collection[str]) -> tuple[str, bool]:
    """Cut a passage to what its licence tier allows; show nothing that cannot be proved.

    The result is always an exact beginning of ``text``, so offsets that end inside it
    still hold. No ellipsis is added: whoever shows the text marks the cut. The extract
    never moves with the reader's query, else several queries would give the whole text.

    Args:
        text: one passage, unmodified.
        tier: the document's licence tier.
        marks: the document's marks.

    Returns:
        The text to show, empty where nothing may be, and whether anything was left out.
    """
    limit = 0 if is_withheld(marks) else SHOWN_WORDS[tier]
    if limit is None:
        return text, False
    end = 0
    for count, word in enumerate(_WORD.finditer(text)):
        if count == limit:
            return text[:end], True
        end = word.end()
    return text, False
