"""HTML elements to blocks in reading order, with the published words and nothing else."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from corpus.errors import SourceError
from ingest.characters import tidy, valid_unicode
from ingest.extracted import CELL_BREAK, Block, BlockKind
from ingest.numbering import row_number, split_bullet, split_number

MAX_DEPTH = 250
"""No page that people wrote nests deeper; the walk below recurses once a level."""

# Never words of the document: code, controls, and what a browser does not show.
_SILENT_NAMES = (
    "aside audio button canvas dialog embed footer head iframe input label math menu nav "
    "noscript object script select style svg template textarea video"
)
_SILENT = frozenset(_SILENT_NAMES.split())
_BLOCKS_NAMES = (
    "address article blockquote body caption center dd details div dl dt fieldset figcaption "
    "figure form h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table "
    "tbody td tfoot th thead tr ul"
)
_BLOCKS = frozenset(_BLOCKS_NAMES.split())
_HEADING = re.compile(r"h([1-6])")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Class and id names by which publishers mark what is not the text of the page. The whole
# name must be one of these: a page of "category-social-work" is not a row of social icons.
_FURNITURE = re.compile(
    r"(?:(?:wp|block|widget|js|site|page|global|post|entry|gem-c|govuk|c|m)[-_]{1,2})?"
    r"(?:cookies?|comments?|commentlist|respond|breadcrumbs?|share|sharing|sharedaddy|social|related|"
    r"recommended|newsletter|subscribe|sidebar|header|footer|navigation|skip|advert|advertisement|"
    r"promo|popup|modal|author)"
    r"(?:[-_]{1,2}(?:banner|bar|notice|consent|list|area|section|box|links?|icons?|buttons?|widget|"
    r"posts?|articles?|stories|form|signup|sign-up|tools?|nav|menu|bio|media|wrapper|container))*",
    re.IGNORECASE,
)
_CAPTION_CLASS = re.compile(r"wp-caption-text|caption|photo-?credit|image-?credit", re.IGNORECASE)


# Only what cannot be a page's or a count's figure: 4.12, 6-10.
LONE_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,3}){1,3}\.?|\d{1,2}-\d{1,3}")
_NUMBERED = frozenset({BlockKind.PARAGRAPH, BlockKind.ITEM})
_KEPT = frozenset({BlockKind.ITEM, BlockKind.CAPTION, BlockKind.FOOTNOTE})
_NOTE_CLASS = re.compile(r"footnotes?|endnotes?", re.IGNORECASE)
_NOTE_MARK = re.compile(r"\s*[\[(]?\d{1,3}[\])]?\s*")


@dataclass
class _Walk:
    """What the walk has gathered; ``words`` is the text of the block that is open."""

    blocks: list[Block] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def close(self, kind: BlockKind, level: int = 0) -> None:
        """End the open block, if it holds any words."""
        text = tidy("".join(self.words))
        self.words.clear()
        if text:
            self.blocks.append(make_block(text, kind, level))


def parse_markup(markup: str) -> BeautifulSoup:
    """Parse HTML, mending what is broken as a browser would.

    Raises:
        SourceError: elements are nested deeper than any real page nests them.
    """
    soup = BeautifulSoup(valid_unicode(markup), "lxml")
    if _is_deeper(soup, MAX_DEPTH):
        raise SourceError("nests its elements too deep to be a page: save it again from its site")
    return soup


def markup_blocks(root: Tag) -> list[Block]:
    """Walk an element and give its blocks in reading order.

    Hidden elements, scripts, forms, menus and comment sections are passed over.
    """
    walk = _Walk()
    _walk(root, walk, BlockKind.PARAGRAPH)
    walk.close(BlockKind.PARAGRAPH)
    return attach_numbers(walk.blocks)


def attach_numbers(blocks: Sequence[Block]) -> list[Block]:
    """Give a paragraph the number that its publisher set as a block of its own before it."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        follows = last is not None and block.paragraph is None and block.kind in _NUMBERED
        if last is not None and follows and LONE_NUMBER.fullmatch(last.text):
            joined[-1] = replace(block, paragraph=last.text.rstrip("."))
        else:
            joined.append(block)
    return joined


def make_block(text: str, kind: BlockKind, level: int = 0, page: int | None = None) -> Block:
    """Make a block of tidy text, parting printed numbers and bullets from its words."""
    if kind in (BlockKind.PARAGRAPH, BlockKind.ITEM):
        bulleted, text = split_bullet(text)
        number, text = split_number(text)
        kind = BlockKind.ITEM if bulleted else kind
        return Block(text=text, kind=kind, paragraph=number, page=page)
    return Block(text=text, kind=kind, level=level, page=page)


def make_row(cells: Sequence[str], kind: BlockKind, page: int | None = None) -> Block | None:
    """Make a block of one table row; ``None`` where no cell holds a word.

    A number that fills the first cell, or opens it, is the row's number, as in a table of
    recommendations. A row with one filled cell is an ordinary paragraph.
    """
    texts = [text for text in map(tidy, cells) if text]
    if not texts:
        return None
    if len(texts) == 1 and kind is BlockKind.ROW:
        return make_block(texts[0], BlockKind.PARAGRAPH, page=page)
    number = None
    if kind is BlockKind.ROW:
        number = row_number(texts[0])
        if number:
            texts = texts[1:]
        else:
            number, texts[0] = split_number(texts[0])
    return Block(text=CELL_BREAK.join(texts), kind=kind, paragraph=number, page=page)


def is_furniture(element: Tag) -> bool:
    """Say whether an element is hidden, or marked by its publisher as not part of the text."""
    if element.name in _SILENT or element.has_attr("hidden"):
        return True
    if element.get("aria-hidden") == "true" or element.get("role") in ("navigation", "banner"):
        return True
    if _HIDDEN_STYLE.search(_attribute(element, "style")):
        return True
    if element.name in ("body", "article", "main", "html"):
        return False  # whole-page elements carry class names such as "has-sidebar"
    names = (_attribute(element, "class") + " " + _attribute(element, "id")).split()
    return any(map(_FURNITURE.fullmatch, names))


def _walk(element: Tag, walk: _Walk, kind: BlockKind) -> None:
    for child in element.children:
        if isinstance(child, Tag):
            _walk_tag(child, walk, kind)
        elif isinstance(child, NavigableString) and not _is_code(child):
            walk.words.append(str(child))


def _walk_tag(child: Tag, walk: _Walk, kind: BlockKind) -> None:
    if is_furniture(child):
        return
    if child.name == "br":
        walk.words.append("\n")
        _close_at_double_break(child, walk, kind)
        return
    if child.name == "sup" and _is_note_mark(child, walk.words):
        return
    if child.name not in _BLOCKS:
        _walk(child, walk, kind)
        return
    walk.close(kind)
    if child.name == "tr":
        _walk_row(child, walk, kind)
        return
    inner, level = _kind_of(child, kind)
    begun = len(walk.blocks)
    _walk(child, walk, inner)
    walk.close(inner, level)
    if child.name == "li" and begun < len(walk.blocks):
        _number_item(child, walk, begun)


def _is_note_mark(raised: Tag, words: Sequence[str]) -> bool:
    """Tell a footnote's mark, which would be glued to the word before it, from a power of ten."""
    before = words[-1][-1:] if words else ""
    return not before.isdigit() and bool(_NOTE_MARK.fullmatch(raised.get_text()))


def _number_item(item: Tag, walk: _Walk, position: int) -> None:
    """Give an item of a list that the browser numbers the number that readers see."""
    first = walk.blocks[position]
    listed = item.parent
    if first.paragraph or first.kind is not BlockKind.ITEM or listed is None:
        return
    if listed.name != "ol" or _attribute(listed, "type") not in ("", "1"):
        return
    number = _attribute(item, "value") or str(
        int(_start(listed)) + sum(1 for _ in item.find_previous_siblings("li"))
    )
    if re.fullmatch(r"\d{1,3}", number):
        walk.blocks[position] = replace(first, paragraph=number)


def _start(listed: Tag) -> str:
    start = _attribute(listed, "start")
    return start if re.fullmatch(r"\d{1,3}", start) else "1"


def _kind_of(element: Tag, outer: BlockKind) -> tuple[BlockKind, int]:
    heading = _HEADING.fullmatch(element.name)
    if heading:
        return BlockKind.HEADING, int(heading[1])
    if element.name == "li":
        return (outer if outer is BlockKind.FOOTNOTE else BlockKind.ITEM), 0
    if element.name in ("figcaption", "caption") or _CAPTION_CLASS.search(
        _attribute(element, "class")
    ):
        return BlockKind.CAPTION, 0
    if _NOTE_CLASS.fullmatch(_attribute(element, "class")):
        return BlockKind.FOOTNOTE, 0
    return (outer if outer in _KEPT else BlockKind.PARAGRAPH), 0


def _walk_row(row: Tag, walk: _Walk, kind: BlockKind) -> None:
    cells = [cell for cell in row.find_all(["td", "th"], recursive=False) if isinstance(cell, Tag)]
    if len(cells) == 1:  # a table used for layout: its cell holds ordinary blocks
        _walk(cells[0], walk, kind)
        walk.close(kind)
        return
    texts = []
    for cell in cells:
        inside = _Walk()
        _walk(cell, inside, BlockKind.PARAGRAPH)
        inside.close(BlockKind.PARAGRAPH)
        texts.append(" ".join(f"{b.paragraph or ''} {b.text}".strip() for b in inside.blocks))
    head = all(cell.name == "th" for cell in cells)
    block = make_row(texts, BlockKind.TABLE_HEAD if head else BlockKind.ROW)
    walk.close(kind)
    if block:
        walk.blocks.append(block)


def _close_at_double_break(element: Tag, walk: _Walk, kind: BlockKind) -> None:
    """Two line breaks in a row are how older pages part their paragraphs."""
    following: PageElement | None = element.next_sibling
    while isinstance(following, NavigableString) and not str(following).strip():
        following = following.next_sibling
    if isinstance(following, Tag) and following.name == "br" and kind is not BlockKind.HEADING:
        walk.close(kind)


def _is_code(text: NavigableString) -> bool:
    return isinstance(text, (Comment, PreformattedString))


def _attribute(element: Tag, name: str) -> str:
    value = element.get(name) or ""
    return value if isinstance(value, str) else " ".join(value)


def _is_deeper(root: Tag, limit: int) -> bool:
    layer: list[Tag] = [root]
    for _ in range(limit):
        layer = [child for element in layer for child in _tags(element)]
        if not layer:
            return False
    return True


def _tags(element: Tag) -> Iterator[Tag]:
    return (child for child in element.children if isinstance(child, Tag))
