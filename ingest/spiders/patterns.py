"""Patterns from a source's file, which a person may have mistyped."""

import re
from collections.abc import Iterable

from corpus.errors import SourceError


def search_any(patterns: Iterable[str], text: str) -> bool:
    """Say whether any of these patterns is found in a text, whatever the case of letters.

    Raises:
        SourceError: one of them is no pattern.
    """
    return any(search(pattern, text) for pattern in patterns)


def search(pattern: str, text: str) -> re.Match[str] | None:
    """Find a pattern in a text, whatever the case of letters.

    Raises:
        SourceError: it is no pattern.
    """
    try:
        return re.search(pattern, text, re.IGNORECASE)
    except re.error as error:
        raise SourceError(
            f"cannot be read with {pattern!r}, which is no pattern ({error}): mend the "
            "source's file"
        ) from error
