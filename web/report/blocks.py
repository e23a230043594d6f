"""What a report is made of when it is read: headings, paragraphs, tables and quotations.

Each block has a ``kind``, which templates ask for.
"""

from collections.abc import Sequence
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
    weights: tuple[int, ...] = ()
    """How wide the columns are beside each other, on paper; by default a wide first one."""


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
class Leaf:
    """What stands on pages of one direction."""

    wide: bool
    blocks: tuple[Block, ...]


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
    leaves: tuple[Leaf, ...]

    @property
    def parts(self) -> tuple[Heading, ...]:
        """The headings of its parts, in order."""
        blocks = (block for leaf in self.leaves for block in leaf.blocks)
        return tuple(one for one in blocks if isinstance(one, Heading) and one.level == 1)


def leaves(blocks: Sequence[Block]) -> tuple[Leaf, ...]:
    """Sort blocks by direction: a part begins on pages of the direction of its first table."""
    found: list[tuple[bool, list[Block]]] = []
    wide = False
    for number, block in enumerate(blocks):
        if isinstance(block, Table):
            wide = block.wide
        elif isinstance(block, Heading) and block.level == 1:
            wide = _begins_wide(blocks[number + 1 :])
        if not found or found[-1][0] != wide:
            found.append((wide, []))
        found[-1][1].append(block)
    return tuple(Leaf(wide=turned, blocks=tuple(group)) for turned, group in found)


def _begins_wide(following: Sequence[Block]) -> bool:
    for block in following:
        if isinstance(block, Table):
            return block.wide
        if isinstance(block, Heading) and block.level == 1:
            break
    return False


def plain(text: str, sort: str = "plain") -> Paragraph:
    """A paragraph of plain words."""
    return Paragraph((Run(text),), sort)
