"""How much of a document's text its licence lets us show."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from corpus.model import LicenceTier

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

_WORD = re.compile(r"\S+")


def shown_text(text: str, tier: LicenceTier) -> tuple[str, bool]:
    """Cut a passage to what its licence tier allows.

    The result is always an exact beginning of ``text``, so offsets that end inside it
    still hold. No ellipsis is added: whoever shows the text marks the cut. The extract
    never moves with the reader's query, else several queries would give the whole text.

    Args:
        text: one passage, unmodified.
        tier: the document's licence tier.

    Returns:
        The text to show, empty where nothing may be, and whether anything was left out.
    """
    limit = SHOWN_WORDS[tier]
    if limit is None:
        return text, False
    end = 0
    for count, word in enumerate(_WORD.finditer(text)):
        if count == limit:
            return text[:end], True
        end = word.end()
    return text, False
