"""What a review says it is, on its title and cover: its type, who commissioned it, its nation."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from corpus.dates import PartialDate
from corpus.model import Kind
from ingest.characters import count_words, tidy
from ingest.dates import read_date

_COVER_LINES = 20
_MAX_LINE_WORDS = 15
_MAX_LINE_CHARS = 250
_REVIEWS = frozenset({Kind.REVIEW, Kind.BRIEFING})
"""Other kinds write about reviews; what they name is somebody else's."""
# The words of a name before the body's own: "Harbour and Vale", "Isle of Wight".
_PLACE = r"((?:(?:[A-Z][\w’'-]*|and|&|of|the|upon|on|with|in)[, ]+){1,8})"
_LOOSE = re.compile(r"^(?:(?:and|&|of|the|upon|on|with|in|for|by|to)[, ]+)+", re.IGNORECASE)
_CUT_AT = re.compile(
    r".*\b(?:Reviews?|Reports?|Commissioned|Published|Prepared|Behalf)\b(?: (?:by|of|for|to))?",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"(?:(?:independent|lead|report|overview|joint)\s+)*"
    r"(?:(?:author|reviewer|chair and author)s?|report writer)"
    r"(?: of (?:the|this) (?:overview )?report)?\s*[:|–-]\s*"
    # Names have capitals: "Author: to be confirmed" is nobody.
    r"((?-i:[A-Z][\w’'.-]*)(?:[ ,&]+(?:and\b|(?-i:[A-Z])[\w’'.-]*))+)",
    re.IGNORECASE,
)
_INCIDENT = re.compile(
    r"(?:date of (?:the |this )?(?:child[’']s )?(?:serious )?(?:incident|death|injury|event)s?|"
    r"incident date)\s*[:|–-]?\s*(.+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Particulars:
    """What a document states of the review it is; ``None`` where it is silent."""

    review_type: str | None = None
    partnership: str | None = None
    nation: str | None = None
    """Only where its type or its board belongs to one nation, and the two do not disagree."""
    incident: PartialDate | None = None
    author: str | None = None
    """Who wrote the report, for its bibliography, as the cover names them."""


def read_particulars(title: str, cover: Sequence[str], kind: Kind) -> Particulars:
    """Read a document's title and its first short lines.

    Args:
        title: as cleaned.
        cover: the document's first blocks, in order; long ones are sentences and not read.
        kind: news and guidance give nothing, for the reviews they name are not theirs.
    """
    if kind not in _REVIEWS:
        return Particulars()
    lines = [line for line in (title, *cover[:_COVER_LINES]) if _is_short(line)]
    review_type, type_nation = _find_type(lines)
    partnership, body_nation = _find_body(lines)
    nations = {nation for nation in (type_nation, body_nation) if nation}
    return Particulars(
        review_type=review_type,
        partnership=partnership,
        nation=nations.pop() if len(nations) == 1 else None,
        incident=_find_incident(lines),
        author=_find_author(lines),
    )


def _is_short(line: str) -> bool:
    return len(line) <= _MAX_LINE_CHARS and count_words(line) <= _MAX_LINE_WORDS


def _find_type(lines: Sequence[str]) -> tuple[str | None, str | None]:
    for line in lines:
        for name, pattern, nation in _types():
            if pattern.search(line):
                return name, nation
    return None, None


def _find_body(lines: Sequence[str]) -> tuple[str | None, str | None]:
    for line in lines:
        for pattern, nation in _bodies():
            matched = pattern.search(line)
            if matched:
                return _body_name(matched), nation
    return None, None


def _body_name(matched: re.Match[str]) -> str:
    # "A report by Harbour Safeguarding Board": the name begins after what is said of it.
    place = _LOOSE.sub("", _CUT_AT.sub("", matched[1] or "").strip() + " ")
    return tidy(place + matched[2])


def _find_incident(lines: Sequence[str]) -> PartialDate | None:
    for line in lines:
        matched = _INCIDENT.fullmatch(line)
        date = read_date(matched[1]) if matched else None
        if date:
            return date
    return None


def _find_author(lines: Sequence[str]) -> str | None:
    for line in lines:
        matched = _AUTHOR.fullmatch(line)
        if matched:
            return tidy(matched[1]).rstrip(" .,;")
    return None


@cache
def _types() -> tuple[tuple[str, re.Pattern[str], str | None], ...]:
    return tuple(
        (entry["name"], re.compile(entry["pattern"], re.IGNORECASE), entry.get("nation"))
        for entry in _data()["review_type"]
    )


@cache
def _bodies() -> tuple[tuple[re.Pattern[str], str | None], ...]:
    # Names are matched with their capitals: "the safeguarding board met" is a sentence.
    return tuple(
        (re.compile(f"{_PLACE}?({entry['pattern']})"), entry.get("nation"))
        for entry in _data()["body"]
    )


@cache
def _data() -> dict[str, list[dict[str, Any]]]:
    text = resources.files("ingest").joinpath("data/particulars.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
