"""Titles: text injected by whoever broke into a site is taken off, and what was done is kept."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from ingest.characters import tidy

# Permanent ids: documents record them.
LEADING_CJK = "TITLE-001"
"""A leading run of four or more Chinese, Japanese or Korean characters, digits among them."""
LEADING_OTHER_SCRIPT = "TITLE-002"
"""A leading run of another non-Latin script, four letters or more, with digits in it."""
TRAILING_SCRIPT = "TITLE-003"
"""The same, at the end of the title."""
SHARED_AFFIX = "TITLE-004"
"""The same foreign or gambling text before or after two or more titles of one channel."""
CONTROLS = "TITLE-005"
"""Characters that cannot be seen: NULs, zero-width marks, changes of reading direction."""

INJECTED = frozenset({LEADING_CJK, LEADING_OTHER_SCRIPT, TRAILING_SCRIPT, SHARED_AFFIX})
"""The rules that show a channel was tampered with."""

_CJK = (
    "\u1100-\u11ff\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3130-\u318f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc"
    "\U00020000-\U000323af"
)
_CJK_CHARACTER = re.compile(f"[{_CJK}]")
_SPAM_WORDS = re.compile(
    r"\b(?:casino|slots?|betting|gambling|lottery|togel|poker|jackpot|viagra|cialis|porn)\b",
    re.IGNORECASE,
)
_MIN_LETTERS = 4
_MIN_AFFIX = 4


@dataclass(frozen=True)
class CleanTitle:
    """A title fit to show; ``raw`` and ``rule`` are ``None`` where nothing was changed."""

    title: str
    raw: str | None = None
    rule: str | None = None

    @property
    def injected(self) -> bool:
        """Whether what was taken off had been put there by somebody else."""
        return self.rule in INJECTED


def clean_titles(titles: Sequence[str], *, language: str | None) -> list[CleanTitle]:
    """Clean the titles of one channel together, in order; the channel's own may be among them.

    Args:
        titles: as served.
        language: the channel's language tag. Only English channels, and those that do not
            say, are cleaned of other scripts: elsewhere they are the publisher's own words.
    """
    tidied = [tidy(title) for title in titles]
    english = language is None or language.lower().startswith("en")
    if not english:
        return [
            _unchanged_or_controls(raw, title) for raw, title in zip(titles, tidied, strict=True)
        ]
    cleaned = [_strip_foreign_run(title) for title in tidied]
    affixes = _shared_affixes([title for title, _ in cleaned])
    results = []
    for raw, before, (after, rule) in zip(titles, tidied, cleaned, strict=True):
        stripped = _strip_affixes(after, affixes)
        if stripped != after:
            results.append(CleanTitle(stripped, raw, rule or SHARED_AFFIX))
        elif rule:
            results.append(CleanTitle(after, raw, rule))
        else:
            results.append(_unchanged_or_controls(raw, before))
    return results


def _unchanged_or_controls(raw: str, title: str) -> CleanTitle:
    # Collapsed white space is no news; a control character is.
    if " ".join(raw.split()) == title:
        return CleanTitle(title)
    return CleanTitle(title, raw, CONTROLS)


def _strip_foreign_run(title: str) -> tuple[str, str | None]:
    words = title.split()
    lead = _count_foreign_words(words)
    rule = _injection_rule(words[:lead])
    if rule and _has_latin_words(words[lead:]):
        return " ".join(words[lead:]), rule
    tail = _count_foreign_words(words[::-1])
    kept = words[: len(words) - tail]
    if _injection_rule(words[len(words) - tail :]) and _has_latin_words(kept):
        return " ".join(kept).rstrip(" -–—|:"), TRAILING_SCRIPT
    return title, None


def _count_foreign_words(words: Sequence[str]) -> int:
    """Count leading words made of foreign letters and digits only, the last one foreign."""
    count = 0
    for position, word in enumerate(words, start=1):
        letters = [character for character in word if character.isalpha()]
        if any(map(_is_latin, letters)) or not any(map(str.isalnum, word)):
            break
        if letters:
            count = position
    return count


def _injection_rule(words: Sequence[str]) -> str | None:
    run = "".join(words)
    if len(_CJK_CHARACTER.findall(run)) >= _MIN_LETTERS:
        return LEADING_CJK
    letters = sum(character.isalpha() for character in run)
    # A translated leaflet may open with its language's name; spam opens with a number too.
    if letters >= _MIN_LETTERS and any(map(str.isdigit, run)):
        return LEADING_OTHER_SCRIPT
    return None


def _shared_affixes(titles: Sequence[str]) -> tuple[str, str]:
    """Find the suspicious text that opens, and that ends, two or more different titles."""
    unlike = sorted(set(titles))
    backwards = sorted(title[::-1] for title in unlike)
    prefix = _suspicious_prefix(unlike)
    suffix = _suspicious_prefix(backwards, reverse=True)
    return prefix, suffix


def _suspicious_prefix(titles: Sequence[str], *, reverse: bool = False) -> str:
    longest = ""
    # Sorted, so titles with a common opening are neighbours.
    for one, other in pairwise(titles):
        shared = "".join(
            a for a, b in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
        )
        shared = shared[: shared.rfind(" ") + 1]
        words = shared[::-1] if reverse else shared
        if len(words.strip()) >= _MIN_AFFIX and _is_suspicious(words):
            longest = max(longest, shared, key=len)
    return longest[::-1] if reverse else longest


def _is_suspicious(text: str) -> bool:
    foreign = any(character.isalpha() and not _is_latin(character) for character in text)
    return foreign or bool(_SPAM_WORDS.search(text))


def _strip_affixes(title: str, affixes: tuple[str, str]) -> str:
    prefix, suffix = affixes
    stripped = title
    if prefix and stripped.startswith(prefix):
        stripped = stripped[len(prefix) :]
    if suffix and stripped.endswith(suffix):
        stripped = stripped[: -len(suffix)].rstrip(" -–—|:")
    return stripped if _has_latin_words([stripped]) else title


def _has_latin_words(words: Sequence[str]) -> bool:
    return any(character.isalpha() and _is_latin(character) for character in "".join(words))


def _is_latin(character: str) -> bool:
    return unicodedata.name(character, "").startswith("LATIN")
