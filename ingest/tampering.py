"""Is this what the publisher wrote? Rules about pages that are not, each with an id."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from corpus.model import Document, Passage
from corpus.quarantine import FiredRule
from ingest.characters import count_words

HIDDEN_LINKS = "TMP-007"
OFF_SITE_ITEM = "TMP-008"
CLONE = "TMP-009"
REPEATED = "TMP-010"
NO_TEXT = "TMP-011"
TWO_KINDS = "TMP-012"

_SHOWN_CHARS = 80
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?![.\d])|font-size\s*:\s*0(?![.\d])|"
    r"(?:text-indent|left|top|right|margin-left)\s*:\s*-\d{3,}|"
    r"(?:^|;)\s*(?:height|width|max-height)\s*:\s*[01](?:px)?\s*(?:;|$)",
    re.IGNORECASE,
)
# Buttons to share a page are hidden until they are wanted.
_SHARING_NAMES = (
    "facebook.com twitter.com x.com linkedin.com instagram.com youtube.com whatsapp.com "
    "pinterest.com threads.net bsky.app reddit.com google.com addtoany.com"
)
_SHARING = frozenset(_SHARING_NAMES.split())


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule of ``ingest/data/tampering.toml``; numbers that it does not have are ``None``."""

    rule_id: str
    name: str
    looks_in: str
    pattern: re.Pattern[str] | None = None
    max_words: int | None = None
    least: int = 1
    max_share: float | None = None
    min_words: int | None = None


@cache
def load_rules() -> dict[str, Rule]:
    """Read the rules, by id, in the file's order."""
    text = resources.files("ingest").joinpath("data/tampering.toml").read_text(encoding="utf-8")
    return {entry["id"]: _rule(entry) for entry in tomllib.loads(text)["rule"]}


def examine(document: Document, passages: Sequence[Passage]) -> tuple[FiredRule, ...]:
    """Find the rules that a document meets, in the file's order; none for an honest one.

    What only the markup or the feed shows was found at extraction, and is among the
    document's marks by its rule's id.
    """
    rules = load_rules()
    marked = list(_marked(document, rules))
    known = {one.rule_id for one in marked}
    fired = [
        *(one for one in _read_words(document, rules.values()) if one.rule_id not in known),
        *marked,
        *_find_repeats(passages, rules[REPEATED]),
        *_find_empty_pages(document, rules[NO_TEXT]),
    ]
    return tuple(sorted(fired, key=lambda one: list(rules).index(one.rule_id)))


def stand_in_marks(title: str, text: str) -> tuple[str, ...]:
    """Give the mark of a page without any paragraph whose few words say what it stands in for."""
    page = f"{title}\n{text}"
    for rule in load_rules().values():
        if rule.looks_in == "page":
            found = _matches(rule, page, count_words(text))
            if found:
                return (f"{rule.rule_id}: {found}",)
    return ()


def is_marked(marks: Iterable[str]) -> bool:
    """Whether one of a document's marks is a rule's, so that it will be held back."""
    return any(mark.partition(": ")[0] in load_rules() for mark in marks)


def hidden_link_marks(soup: BeautifulSoup, address: str | None) -> tuple[str, ...]:
    """Give the mark of a page with hidden links; see :func:`find_hidden_links`."""
    found = find_hidden_links(soup, address)
    return (f"{HIDDEN_LINKS}: {found}",) if found else ()


def find_hidden_links(soup: BeautifulSoup, address: str | None) -> str | None:
    """Find links that are hidden from readers and lead elsewhere, as intruders put them.

    Args:
        soup: the page as served.
        address: its own address; without one every host is another.

    Returns:
        A few words on what was found; ``None`` for an ordinary page.
    """
    own = _host(address)
    sites: Counter[str] = Counter()
    for element in soup.find_all(style=_HIDDEN):
        if not isinstance(element, Tag):
            continue
        links = [element] if element.name == "a" else element.find_all("a", href=True)
        for link in links:
            host = _host(str(link.get("href") or ""))
            if not host or _same_site(host, own) or _same_site_as_any(host, _SHARING):
                continue
            if _is_advertisement(f"{link.get_text(' ')} {link.get('href')}"):
                return f"a hidden link to {host}"
            sites[host] += 1
    if len(sites) >= load_rules()[HIDDEN_LINKS].least:
        return f"hidden links to {len(sites)} sites, {min(sites)} among them"
    return None


def leads_off_site(item_address: str | None, channel_address: str | None) -> bool:
    """Whether a feed's item links to another site than the feed says it is of."""
    item, channel = _host(item_address), _host(channel_address)
    return bool(item and channel) and not _same_site(item, channel)


def _rule(entry: dict[str, Any]) -> Rule:
    pattern = entry.get("pattern")
    # Whole words, of Latin letters alone: Chinese is written without spaces.
    return Rule(
        rule_id=entry["id"],
        name=entry["name"],
        looks_in=entry["in"],
        pattern=re.compile(rf"(?<![A-Za-z])(?:{pattern})", re.IGNORECASE) if pattern else None,
        max_words=entry.get("max_words"),
        least=entry.get("least", 1),
        max_share=entry.get("max_share"),
        min_words=entry.get("min_words"),
    )


def _read_words(document: Document, rules: Iterable[Rule]) -> Iterator[FiredRule]:
    words = count_words(document.text)
    page = f"{document.title}\n{document.text}"
    for rule in rules:
        found = _matches(rule, document.text if rule.looks_in == "text" else page, words)
        if found:
            yield FiredRule(rule_id=rule.rule_id, found=found)


def _matches(rule: Rule, text: str, words: int) -> str | None:
    if rule.pattern is None or (rule.max_words is not None and words > rule.max_words):
        return None
    found = [match[0] for match in rule.pattern.finditer(text)]
    return found[0][:_SHOWN_CHARS] if len(found) >= rule.least else None


def _marked(document: Document, rules: dict[str, Rule]) -> Iterator[FiredRule]:
    for mark in document.marks:
        rule_id, _, found = mark.partition(": ")
        if rule_id in rules:
            yield FiredRule(rule_id=rule_id, found=found or rules[rule_id].name)


def _find_repeats(passages: Sequence[Passage], rule: Rule) -> Iterator[FiredRule]:
    texts = [
        " ".join(passage.text.lower().split())
        for passage in passages
        if count_words(passage.text) >= (rule.min_words or 0)
    ]
    repeats = len(texts) - len(set(texts))
    if len(texts) >= rule.least and repeats > (rule.max_share or 0) * len(texts):
        yield FiredRule(
            rule_id=rule.rule_id, found=f"{repeats} of {len(texts)} paragraphs are repeats"
        )


def _find_empty_pages(document: Document, rule: Rule) -> Iterator[FiredRule]:
    pages = document.page_count or 0
    words = count_words(document.text)
    if pages >= rule.least and words < pages * (rule.min_words or 0):
        yield FiredRule(rule_id=rule.rule_id, found=f"{words} words on {pages} pages")


def _is_advertisement(text: str) -> bool:
    rules = (rule for rule in load_rules().values() if rule.looks_in == "text" and rule.pattern)
    return any(rule.pattern and rule.pattern.search(text) for rule in rules)


def _host(address: str | None) -> str:
    try:
        return (urlsplit(address or "").hostname or "").rstrip(".").removeprefix("www.")
    except ValueError:
        return ""


def _same_site(one: str, other: str) -> bool:
    return one == other or one.endswith("." + other) or other.endswith("." + one)


def _same_site_as_any(host: str, sites: Iterable[str]) -> bool:
    return any(host == site or host.endswith("." + site) for site in sites)
