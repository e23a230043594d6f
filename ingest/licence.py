"""Whose a document is, what may be shown of it, and what kind of document it is."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from corpus.model import Kind, LicenceTier
from ingest.characters import count_words

COVER_LINES = 20
"""How many blocks from the start count as a document's cover."""
_COVER_LINE_WORDS = 15

_REVIEW_NAMES = (
    "serious case review|safeguarding practice review|child practice review|case management review|"
    "significant case review|learning review|overview report|domestic homicide review|"
    "safeguarding adults? review|inquiry"
)
_SIGNALS: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(words, re.IGNORECASE))
    for kind, words in (
        # First: a briefing about a review names the review as well.
        (Kind.BRIEFING, r"\bbriefings?\b|\b(?:\w+[- ]minute|learning|practice) briefs?\b"),
        (Kind.REVIEW, rf"\b(?:{_REVIEW_NAMES})\b"),
        (Kind.ACADEMIC, r"\b(?:journal of|doi:|literature review|doctoral thesis|dissertation)\b"),
        (Kind.GUIDANCE, r"\b(?:guidance|guide|procedures?|protocol|code of practice|toolkit)\b"),
    )
)
# Any page may mention a review in a sentence; a cover line says what the document is.
_COVER_KINDS = frozenset({Kind.REVIEW, Kind.BRIEFING})


@dataclass(frozen=True, kw_only=True)
class Host:
    """What is known of a publisher's site."""

    host: str
    publisher: str
    tier: LicenceTier
    kind: Kind | None = None
    otherwise: Kind | None = None
    exact: bool = False


def find_host(url: str | None) -> Host | None:
    """Find the publisher of an address; ``None`` where there is no address or no such publisher."""
    name = (urlsplit(url).hostname or "").rstrip(".").removeprefix("www.") if url else ""
    matches = [
        entry
        for entry in load_hosts()
        if name == entry.host or (not entry.exact and name.endswith("." + entry.host))
    ]
    return max(matches, key=lambda entry: len(entry.host), default=None)


def choose_kind(
    host: Host | None,
    *,
    title: str,
    cover: Sequence[str],
    is_news: bool,
    listed: Kind | None = None,
) -> Kind:
    """Decide what kind of document this is: by its publisher, its title, then its cover.

    Args:
        host: its publisher, if known.
        title: the cleaned title.
        cover: its first blocks; only the short ones are read.
        is_news: whether it is an item of a feed or calls itself a news article. News about
            a review has the review's name in its title and is no review.
        listed: the kind that its list page gives it, for where it does not say itself.
    """
    if host and host.kind:
        return host.kind
    if is_news:
        return (host and host.otherwise) or Kind.NEWS
    for kind, signal in _SIGNALS:
        if signal.search(title):
            return kind
    for line in cover[:COVER_LINES]:
        for kind, signal in _SIGNALS:
            short = count_words(line) <= _COVER_LINE_WORDS
            if short and kind in _COVER_KINDS and signal.search(line):
                return kind
    return listed or (host and host.otherwise) or Kind.OTHER


@cache
def load_hosts() -> tuple[Host, ...]:
    """Read the table of publishers, once."""
    text = resources.files("ingest").joinpath("data/hosts.toml").read_text(encoding="utf-8")
    return tuple(
        Host(
            host=entry["host"],
            publisher=entry["publisher"],
            tier=LicenceTier(entry["tier"]),
            kind=Kind(entry["kind"]) if "kind" in entry else None,
            otherwise=Kind(entry["otherwise"]) if "otherwise" in entry else None,
            exact=entry.get("exact", False),
        )
        for entry in tomllib.loads(text)["host"]
    )
