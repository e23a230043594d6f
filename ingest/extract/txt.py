"""Plain text to a document: blank lines part its paragraphs, numbers and bullets its items."""

import re
from collections.abc import Iterator

from corpus.errors import SourceError
from ingest.characters import count_words, tidy
from ingest.extract.cover import FIRST_PAGE, cover_date
from ingest.extract.markup import make_block
from ingest.extracted import UNREADABLE_DATE, Block, BlockKind, Extracted
from ingest.numbering import split_bullet, split_number

_BLANK = re.compile(r"(?:[ \t\f\v]*\n){2,}|\f")
_UNDERLINE = re.compile(r"[=\-_~*#]{3,}\s*")
_MARKDOWN = re.compile(r"#{1,6}\s+")
_MAX_HEADING_WORDS = 14
_SENTENCE_END = (".", "?", "!", ":", ";", ",", "”", '"', "’")
_WRAP_COLUMN = 90
"""Lines longer than any typist's margin are whole paragraphs, not parts of one."""


def extract_txt(text: str) -> Extracted:
    """Read a text file.

    Hard-wrapped lines are joined; where there are no blank lines and lines are long, each
    line is a paragraph.

    Raises:
        SourceError: it holds no words.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    blocks = [block for chunk in _chunks(text) for block in _chunk_blocks(chunk)]
    if not blocks:
        raise SourceError("holds no words: check that it was saved whole")
    stated = cover_date([block.text for block in blocks])
    title = blocks[0].text if blocks[0].kind is BlockKind.HEADING else ""
    return Extracted(
        raw_title=title,
        blocks=tuple(blocks),
        published=stated.date,
        published_from=FIRST_PAGE if stated.date else None,
        marks=(UNREADABLE_DATE,) if stated.unreadable else (),
    )


def _chunks(text: str) -> list[list[str]]:
    chunks = [chunk.split("\n") for chunk in _BLANK.split(text) if chunk.strip()]
    if len(chunks) > 1:
        return chunks
    lines = [line for line in text.split("\n") if line.strip()]
    if any(len(line) > _WRAP_COLUMN for line in lines):
        return [[line] for line in lines]
    return [lines] if lines else []


def _chunk_blocks(lines: list[str]) -> Iterator[Block]:
    """Part a chunk where a line opens with a number or bullet; join the others."""
    underlined = len(lines) == 2 and _UNDERLINE.fullmatch(lines[1].strip())
    kept = [line.strip() for line in lines if not _UNDERLINE.fullmatch(line.strip())]
    parts: list[list[str]] = []
    for line in kept:
        if not parts or split_bullet(line)[0] or split_number(line)[0]:
            parts.append([])
        parts[-1].append(line)
    for part in parts:
        words = tidy(" ".join(part))
        heading = len(parts) == 1 and (underlined or _is_heading(part))
        if heading:
            words = _MARKDOWN.sub("", words)
        if words:
            yield make_block(
                words, BlockKind.HEADING if heading else BlockKind.PARAGRAPH, 1 if heading else 0
            )


def _is_heading(lines: list[str]) -> bool:
    if len(lines) != 1 or split_bullet(lines[0])[0]:
        return False
    line = lines[0]
    if _MARKDOWN.match(line):
        return True
    return (
        count_words(line) <= _MAX_HEADING_WORDS
        and not line.endswith(_SENTENCE_END)
        and line[:1].isalnum()
        and not line[:1].islower()
    )
