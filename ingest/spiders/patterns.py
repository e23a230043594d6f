"""Patterns from a source's file, which a person may have mistyped."""

import re
from collections.abc import Iterable

from corpus.errors import SourceError
from ingest.source import Source

UNWANTED_TITLE = "has none of the words that this source keeps in its title"


def has_wanted_words(source: Source, title: str) -> bool:
    """Say whether a title has one of the words of the option ``only``, where that is set."""
    only = source.options.get("only")
    return not only or any(word.casefold() in title.casefold() for word in only)


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
