"""Blocks to a document's text and its passages, every passage an exact slice of the text."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Kind
from ingest.boilerplate import is_heading, label_blocks
from ingest.characters import count_words
from ingest.extracted import Block

LONG_WORDS = 180
"""A block with more words is split at sentence ends: the encoder reads about that much."""
SPLIT_WORDS = 150

_BREAK = "\n\n"
_SENTENCE_END = re.compile(r"[.!?…][”’\"')\]]*\s+(?=[“‘\"'(\[]?[A-Z0-9])")
_CLAUSE_END = re.compile(r";\s+")
# A full stop after these, or after a single capital, does not end a sentence.
_ABBREVIATION = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sgt|Insp|No|Nos|para|paras|pp?|vol|ed|eds|cf|e\.g|i\.e|etc|vs|approx|"
    r"[A-Z])\.$"
)


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A passage before it has an id: its place in the text and what it stands under."""

    start_char: int
    end_char: int
    heading: str | None
    paragraph: str | None
    page: int | None


@dataclass(frozen=True)
class Segmented:
    """A document's text, its passages in reading order, and what was not a passage, by kind."""

    text: str
    segments: tuple[Segment, ...]
    skipped: Mapping[str, int]


def segment_blocks(blocks: Sequence[Block], kind: Kind) -> Segmented:
    """Lay blocks out as one text and mark the passages in it.

    Blocks are parted by a blank line; a printed paragraph number stands before its words
    but outside the passage. Advertising and site furniture are not in the text; headings,
    references and the like are, though they are no passages.
    """
    pieces: list[str] = []
    segments: list[Segment] = []
    skipped: Counter[str] = Counter()
    heading: str | None = None
    offset = 0
    for block, label in zip(blocks, label_blocks(blocks, kind), strict=True):
        if label:
            skipped[label.kind] += 1
        if is_heading(label):
            heading = block.text
        if label and not label.in_text:
            continue
        prefix = f"{block.paragraph} " if block.paragraph else ""
        if label is None:
            base = offset + len(prefix)
            segments.extend(
                Segment(
                    start_char=base + start,
                    end_char=base + end,
                    heading=heading,
                    paragraph=block.paragraph,
                    page=block.page,
                )
                for start, end in split_long(block.text)
            )
        pieces.append(prefix + block.text)
        offset += len(pieces[-1]) + len(_BREAK)
    return Segmented(_BREAK.join(pieces), tuple(segments), dict(sorted(skipped.items())))


def split_long(text: str) -> list[tuple[int, int]]:
    """Give a block as half-open ranges of at most about 150 words, cut at sentence ends.

    A block of up to 180 words is one range. A longer sentence is cut at semicolons, and
    is left whole where it has none.
    """
    if count_words(text) <= LONG_WORDS:
        return [(0, len(text))]
    spans: list[tuple[int, int]] = []
    for start, end in _pieces(text):
        if spans and count_words(text[spans[-1][0] : end]) <= SPLIT_WORDS:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _cut(text, 0, len(text), _SENTENCE_END):
        if count_words(text[start:end]) > SPLIT_WORDS:
            yield from _cut(text, start, end, _CLAUSE_END)
        else:
            yield start, end


def _cut(text: str, start: int, end: int, mark: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Cut text[start:end] after each mark; the white space after a mark is in no piece."""
    begin = start
    for matched in mark.finditer(text, start, end):
        stop = matched.start() + len(matched[0].rstrip())
        if _ABBREVIATION.search(text, begin, matched.start() + 1):
            continue
        yield begin, stop
        begin = matched.end()
    yield begin, end
