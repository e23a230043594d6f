"""What every extractor gives: a title, blocks in reading order, what the file says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from corpus.dates import PartialDate
from corpus.errors import SourceError

FILE_METADATA = "file metadata"
"""Where a date came from that no reader of the document sees."""
UNREADABLE_DATE = "unreadable-date"
"""The mark of a document that gives a date which is none, such as 31 February; it has none."""
Cause = Literal["limit", "damaged", "locked", "no-text"]


class ExtractFailedError(SourceError):
    """A file whose kind is known could not be read; nothing of it is given."""

    code = "extract-failed"

    def __init__(self, cause: Cause, sentence: str) -> None:
        """Keep the cause, by which failures are counted.

        Args:
            cause: ``limit`` is more time, memory or pages than one file may cost.
            sentence: as of every ``SourceError``: the rest of a sentence about the file.
        """
        super().__init__(sentence)
        self.cause = cause

    @property
    def mark(self) -> str:
        """The failure as a mark, such as ``extract_failed:limit``."""
        return f"extract_failed:{self.cause}"


CELL_BREAK = " | "
"""What parts the cells of a table's row in a block's text."""


class BlockKind(StrEnum):
    """What a block is by the file's own structure, before any rule reads its words."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    """One item of a list."""
    ROW = "row"
    """One row of a table, its cells parted by `` | ``."""
    TABLE_HEAD = "table-head"
    CAPTION = "caption"
    CONTENTS = "contents"
    FOOTNOTE = "footnote"
    SUMMARY = "summary"
    """A feed item's description, which usually repeats the opening of its body."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """A heading, paragraph, list item or table row, as published.

    ``text`` is one line, without the printed paragraph number, which is ``paragraph``.
    """

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    """A heading's depth, from 1; 0 for everything else."""
    paragraph: str | None = None
    page: int | None = None
    """The page it begins on, from 1, where the file has pages."""


@dataclass(frozen=True, kw_only=True)
class Extracted:
    """One document as its file gave it; titles are not yet cleaned.

    Nothing here is guessed: a field that the file does not state is ``None``.
    """

    raw_title: str
    blocks: tuple[Block, ...]
    identity: str | None = None
    """What stays the same when the publisher changes the text: a feed guid or canonical address."""
    url: str | None = None
    published: PartialDate | None = None
    published_from: str | None = None
    author: str | None = None
    publisher: str | None = None
    language: str | None = None
    channel_title: str | None = None
    """The feed's or site's own title, as served; only feeds have one."""
    is_news: bool = False
    """Whether it is an item of a feed, or a page that calls itself a news article."""
    page_count: int | None = None
    whole_file: bool = True
    """``False`` for an item of a feed: the file's address is not the item's."""
    marks: tuple[str, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    """How many lines the extractor itself left out, by kind: running heads and the like."""
