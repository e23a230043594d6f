"""What a report is made of when it is read: headings, paragraphs, tables and quotations.

Each block has a ``kind``, which templates ask for.
"""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Run:
    """Words, and where they lead; ``href`` is ``None`` for plain words."""

    text: str
    href: str | None = None


@dataclass(frozen=True)
class Heading:
    """A heading; level 1 is a part of the report."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int
    anchor: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``sort`` is ``plain``, ``note``, ``warning`` or ``small``."""

    kind: ClassVar[str] = "paragraph"
    runs: tuple[Run, ...]
    sort: str = "plain"


@dataclass(frozen=True)
class Listing:
    """A list of points."""

    kind: ClassVar[str] = "listing"
    items: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a table: its head, then its cells."""

    head: Run
    cells: tuple[str, ...]
    depth: int = 0
    """1 for a row that belongs to the one above it."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with its caption above and its notes below."""

    kind: ClassVar[str] = "table"
    number: int
    caption: str
    columns: tuple[str, ...]
    """The first names the rows."""
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    wide: bool = False
    """Whether it needs a page turned on its side."""
    wordy: bool = False
    """Whether its cells hold words rather than figures."""


@dataclass(frozen=True, kw_only=True)
class Quotation:
    """A passage with where it stands; a restatement of ours is never set as a quotation."""

    kind: ClassVar[str] = "quotation"
    text: str
    cut: bool
    ours: bool
    source: tuple[Run, ...]


Block = Heading | Paragraph | Listing | Table | Quotation


@dataclass(frozen=True, kw_only=True)
class ReadableReport:
    """A report to be read; the same for page, file and document."""

    title: str
    subtitle: str
    banner: str | None
    """What a draft says on every page."""
    facts: tuple[tuple[str, str], ...]
    """What it is of, in pairs."""
    citation: str | None
    blocks: tuple[Block, ...]


def plain(text: str, sort: str = "plain") -> Paragraph:
    """A paragraph of plain words."""
    return Paragraph((Run(text),), sort)
