"""Which blocks are not passages: each by a rule with an id, and counted by kind."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from corpus.model import Kind
from ingest.acronyms import is_acronym_entry
from ingest.characters import count_words
from ingest.extracted import CELL_BREAK, Block, BlockKind
from ingest.promo import find_promo_boxes


@dataclass(frozen=True)
class Rule:
    """One way to know that a block is not a passage."""

    rule_id: str
    kind: str
    """What it is counted as, such as ``caption``."""
    in_text: bool = False
    """Whether its words stay in the document's text."""


@dataclass(frozen=True)
class _WordingRule:
    rule: Rule
    pattern: re.Pattern[str]
    max_words: int
    only: frozenset[Kind]


@dataclass(frozen=True)
class _SectionRule:
    rule: Rule
    heading: re.Pattern[str]


# Reviews and papers carry no advertising, and do tell their readers what to do.
_WITHOUT_PROMOTION = frozenset({Kind.REVIEW, Kind.ACADEMIC, Kind.HISTORIC})
_PROMO_BOX = Rule("BOX-001", "promo")
_TEASER = Rule("TEASE-001", "teaser")
_REPEAT = Rule("REP-001", "repeated", in_text=True)
_ACRONYM = Rule("ACR-001", "glossary", in_text=True)
_FRAGMENT = Rule("FRAG-001", "fragment", in_text=True)
_STRUCTURE = {
    BlockKind.HEADING: Rule("STR-001", "heading", in_text=True),
    BlockKind.TABLE_HEAD: Rule("STR-002", "table-head", in_text=True),
    BlockKind.CAPTION: Rule("STR-003", "caption"),
    BlockKind.CONTENTS: Rule("STR-004", "contents", in_text=True),
    BlockKind.FOOTNOTE: Rule("STR-005", "footnote", in_text=True),
    BlockKind.SUMMARY: _TEASER,
}
# Before a section's name: "7.", "Appendix B:", "Annex 2 –".
_NUMBERED = r"(?:(?:\d+|[A-Z])(?:\.\d+)*[.):]?\s+)?(?:(?:Appendix|Annex)\s+\w+[.:]?\s*[–—-]?\s*)?"
_ELLIPSIS = re.compile(r"\s*(?:…|\.\.\.|\[…\]|\[\.\.\.\])\s*$")
_LETTER = re.compile(r"[^\W\d_]")
_MIN_REPEAT_WORDS = 8
_MAX_COLUMN_WORDS = 4
_MAX_WORD_CHARS = 40
"""On average: patterns are not tried on a million letters without a space."""


def label_blocks(blocks: Sequence[Block], kind: Kind) -> list[Rule | None]:
    """Say of each block which rule keeps it from being a passage; ``None`` makes it one.

    Args:
        blocks: a document's blocks in reading order, titles cleaned or not.
        kind: the document's kind; some wordings are boilerplate in news alone.

    Returns:
        One entry a block, same order.
    """
    labels: list[Rule | None] = [_label_by_wording(block, kind) for block in blocks]
    real_headings = [_is_heading(label) for label in labels]
    if kind not in _WITHOUT_PROMOTION:
        for start, end in find_promo_boxes(blocks, real_headings):
            labels[start:end] = [_PROMO_BOX] * (end - start)
    _label_table_heads(blocks, labels)
    _label_sections(blocks, labels)
    _label_teasers(blocks, labels)
    _label_repeats(blocks, labels)
    return labels


def is_heading(label: Rule | None) -> bool:
    """Say whether a labelled block is a true heading, which names what follows it."""
    return _is_heading(label)


def _is_heading(label: Rule | None) -> bool:
    return label is _STRUCTURE[BlockKind.HEADING]


def _label_by_wording(block: Block, kind: Kind) -> Rule | None:
    # Captions, credits and by-lines are often set as headings; their wording tells.
    words = count_words(block.text)
    for wording in _wording_rules():
        if (
            words <= wording.max_words
            and len(block.text) <= _MAX_WORD_CHARS * wording.max_words
            and (not wording.only or kind in wording.only)
            and wording.pattern.match(block.text)
        ):
            return wording.rule
    if block.kind in _STRUCTURE:
        return _STRUCTURE[block.kind]
    if is_acronym_entry(block.text):
        return _ACRONYM
    # A page number, a bullet or a lone word is no statement anybody could search for.
    if words < 3 or len(_LETTER.findall(block.text)) < 8:
        return _FRAGMENT
    return None


def _label_table_heads(blocks: Sequence[Block], labels: list[Rule | None]) -> None:
    """Label a table's first row where it holds nothing but names of columns.

    Many tables do not say which row that is: it is short, without a number, and what
    follows it is far longer.
    """
    for position in range(len(blocks) - 1):
        block, following = blocks[position : position + 2]
        if labels[position] is not None or block.kind is not BlockKind.ROW or block.paragraph:
            continue
        opens = position == 0 or blocks[position - 1].kind is not BlockKind.ROW
        cells = block.text.split(CELL_BREAK)
        named = len(cells) > 1 and all(_is_column_name(cell) for cell in cells)
        longer = following.kind is BlockKind.ROW and len(following.text) > 2 * len(block.text)
        if opens and named and longer:
            labels[position] = _STRUCTURE[BlockKind.TABLE_HEAD]


def _is_column_name(cell: str) -> bool:
    return count_words(cell) <= _MAX_COLUMN_WORDS and not cell.endswith((".", ";", "?", "!"))


def _label_sections(blocks: Sequence[Block], labels: list[Rule | None]) -> None:
    """Label everything from a heading such as "References" to the next of its depth."""
    current: Rule | None = None
    depth = 0
    for position, block in enumerate(blocks):
        if _is_heading(labels[position]):
            if current is None or block.level <= depth:
                current, depth = _section_rule(block.text), block.level
        elif current is not None and labels[position] is None:
            labels[position] = current


def _section_rule(heading: str) -> Rule | None:
    text = heading.strip(" :.")
    return next((s.rule for s in _section_rules() if s.heading.fullmatch(text)), None)


def _label_teasers(blocks: Sequence[Block], labels: list[Rule | None]) -> None:
    """Label a paragraph that is cut off with an ellipsis and repeated in full further on."""
    for position, block in enumerate(blocks):
        if labels[position] is None and _ELLIPSIS.search(block.text):
            opening = _ELLIPSIS.sub("", block.text)
            following = " ".join(later.text for later in blocks[position + 1 : position + 6])
            if count_words(opening) >= _MIN_REPEAT_WORDS and opening in following:
                labels[position] = _TEASER


def _label_repeats(blocks: Sequence[Block], labels: list[Rule | None]) -> None:
    """Label what says word for word what an earlier passage said, such as a pulled-out quote.

    A numbered paragraph is never one: reports do say the same of two children.
    """
    seen: set[str] = set()
    for position, block in enumerate(blocks):
        if labels[position] is None and count_words(block.text) >= _MIN_REPEAT_WORDS:
            if block.text in seen and block.paragraph is None:
                labels[position] = _REPEAT
            seen.add(block.text)


@cache
def _wording_rules() -> tuple[_WordingRule, ...]:
    return tuple(
        _WordingRule(
            rule=_rule(entry),
            pattern=re.compile(entry["pattern"], re.IGNORECASE),
            max_words=entry["max_words"],
            only=frozenset(Kind(kind) for kind in entry.get("only", [])),
        )
        for entry in _data()["rule"]
    )


@cache
def _section_rules() -> tuple[_SectionRule, ...]:
    return tuple(
        _SectionRule(
            rule=_rule(entry), heading=re.compile(_NUMBERED + entry["heading"], re.IGNORECASE)
        )
        for entry in _data()["section"]
    )


def _rule(entry: dict[str, Any]) -> Rule:
    return Rule(entry["id"], entry["kind"], entry.get("in_text", False))


@cache
def _data() -> dict[str, list[dict[str, Any]]]:
    text = resources.files("ingest").joinpath("data/boilerplate.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
