"""OpenDocument text files to a document: headings, paragraphs, lists, tables, footnotes.

odfpy parses them, with external entities off. What tracked changes deleted stands apart in
such a file and is not read; comments are other people's remarks and are not read either.
"""

import io
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax import SAXException

from odf.namespaces import DRAWNS, METANS, OFFICENS, STYLENS, TABLENS, TEXTNS
from odf.opendocument import load

from corpus.errors import SourceError
from ingest.characters import tidy
from ingest.extract.cover import FIRST_PAGE, cover_date
from ingest.extract.markup import make_block, make_row
from ingest.extract.packed import open_packed
from ingest.extracted import (
    UNREADABLE_DATE,
    Block,
    BlockKind,
    Extracted,
    ExtractFailedError,
)
from ingest.xml import parse_xml

_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    SAXException,
    AttributeError,
    AssertionError,
    KeyError,
    NotImplementedError,
    UnicodeError,
    ValueError,  # and what defusedxml raises, by which odfpy reads
)
_MAX_DEPTH = 200
_Name = tuple[str, str]
_HEADING: _Name = (TEXTNS, "h")
_PARAGRAPH: _Name = (TEXTNS, "p")
_LIST: _Name = (TEXTNS, "list")
_ITEMS = frozenset({(TEXTNS, "list-item"), (TEXTNS, "list-header")})
_TABLE: _Name = (TABLENS, "table")
_ROW: _Name = (TABLENS, "table-row")
_HEADER_ROWS: _Name = (TABLENS, "table-header-rows")
_CELL: _Name = (TABLENS, "table-cell")
_NOTE: _Name = (TEXTNS, "note")
_SPACES = frozenset({(TEXTNS, "s"), (TEXTNS, "tab"), (TEXTNS, "line-break")})
_CONTENTS = frozenset({(TEXTNS, "table-of-content"), (TEXTNS, "illustration-index")})
_SILENT = frozenset(
    {
        (TEXTNS, "tracked-changes"),
        (TEXTNS, "note-citation"),
        (OFFICENS, "annotation"),
        (OFFICENS, "annotation-end"),
        (TEXTNS, "hidden-text"),
        (TEXTNS, "hidden-paragraph"),
    }
)
_BOX: _Name = (DRAWNS, "text-box")


@dataclass
class _Walk:
    """What is known on the way: numbered lists, how far they have counted, notes to come."""

    numbered: Mapping[tuple[str, int], int]
    """Style and level, from 1, of lists numbered with figures → how many levels are shown."""
    counts: defaultdict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    notes: list[Block] = field(default_factory=list)
    boxes: list[Any] = field(default_factory=list)

    def label(self, style: str, level: int) -> str | None:
        """Count an item, and give the number printed before it; bullets have none."""
        counts = self.counts[style]
        counts[level] = counts.get(level, 0) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]
        shown = self.numbered.get((style, level))
        if shown is None:
            return None
        return ".".join(str(counts.get(one, 1)) for one in range(level - shown + 1, level + 1))


def extract_odt(data: bytes) -> Extracted:
    """Read an OpenDocument text file (.odt).

    Raises:
        ExtractFailedError: it is damaged, locked, unpacks to more than any document would,
            or is empty.
    """
    try:
        with open_packed(data) as archive:
            _refuse_locked(archive)
            _check_parts(archive)
        document = load(io.BytesIO(data))
        walk = _Walk(_numbered_levels(document))
        blocks = [*_blocks(document.text, walk, 0), *walk.notes]
        meta = {child.qname: child for child in document.meta.childNodes}
    except ExtractFailedError:
        raise
    except (SourceError, *_DAMAGED) as error:
        raise ExtractFailedError("damaged", "is cut short or damaged: save it again") from error
    if not blocks:
        raise ExtractFailedError("no-text", "holds no words: check that it was saved whole")
    stated = cover_date([block.text for block in blocks])
    title = next((str(e) for n, e in meta.items() if n[1] == "title"), "")
    heading = next((b.text for b in blocks if b.kind is BlockKind.HEADING), "")
    return Extracted(
        raw_title=tidy(title) or heading,
        blocks=tuple(blocks),
        published=stated.date,
        published_from=FIRST_PAGE if stated.date else None,
        page_count=_page_count(meta.get((METANS, "document-statistic"))),
        marks=(UNREADABLE_DATE,) if stated.unreadable else (),
    )


def _refuse_locked(archive: zipfile.ZipFile) -> None:
    if b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise ExtractFailedError("locked", "is locked with a password: save a copy without one")


def _check_parts(archive: zipfile.ZipFile) -> None:
    """Parse each part strictly: odfpy prints one that is garbled, and goes on with its half."""
    for name in {"content.xml", "meta.xml", "styles.xml", "settings.xml"} & set(archive.namelist()):
        parse_xml(archive.read(name))


def _page_count(statistic: Any) -> int | None:  # noqa: ANN401 - odfpy is untyped
    pages = _get(statistic, METANS, "page-count") if statistic is not None else ""
    return int(pages) or None if pages.isdigit() else None


def _numbered_levels(document: Any) -> dict[tuple[str, int], int]:  # noqa: ANN401
    """Find the list levels numbered with figures, and how many levels each one shows."""
    found = {}
    for holder in (document.automaticstyles, document.styles):
        for style in _children(holder):
            for level in _children(style) if style.qname == (TEXTNS, "list-style") else ():
                figures = _get(level, STYLENS, "num-format") == "1"
                if figures and level.qname == (TEXTNS, "list-level-style-number"):
                    place = (_get(style, STYLENS, "name"), int(_get(level, TEXTNS, "level") or 1))
                    found[place] = int(_get(level, TEXTNS, "display-levels") or 1)
    return found


def _blocks(holder: Any, walk: _Walk, depth: int) -> Iterator[Block]:  # noqa: ANN401
    if depth > _MAX_DEPTH:
        raise ValueError("nested deeper than any document")
    for child in _children(holder):
        if child.qname in _SILENT:
            continue
        if child.qname in _CONTENTS:
            for block in _blocks(child, walk, depth + 1):
                yield replace(block, kind=BlockKind.CONTENTS, level=0)
        elif child.qname == _HEADING:
            level = int(_get(child, TEXTNS, "outline-level") or 1)
            text = _words(child, walk)
            if text:
                yield Block(text=text, kind=BlockKind.HEADING, level=level)
        elif child.qname == _PARAGRAPH:
            yield from _paragraph(child, walk, BlockKind.PARAGRAPH)
        elif child.qname == _LIST:
            yield from _list(child, walk, depth + 1, "", 1)
        elif child.qname == _TABLE:
            yield from _rows(child, walk, BlockKind.ROW)
        else:  # sections, frames, and whatever holds paragraphs
            yield from _blocks(child, walk, depth + 1)
        while walk.boxes:
            yield from _blocks(walk.boxes.pop(0), walk, depth + 1)


def _paragraph(element: Any, walk: _Walk, kind: BlockKind) -> Iterator[Block]:  # noqa: ANN401
    text = _words(element, walk)
    if text:
        yield make_block(text, kind)


def _list(
    element: Any,  # noqa: ANN401
    walk: _Walk,
    depth: int,
    style: str,
    level: int,
) -> Iterator[Block]:
    if depth > _MAX_DEPTH:
        raise ValueError("nested deeper than any document")
    style = _get(element, TEXTNS, "style-name") or style
    goes_on = level > 1 or _get(element, TEXTNS, "continue-numbering") == "true"
    if not goes_on and not _get(element, TEXTNS, "continue-list"):
        walk.counts[style].clear()
    for item in _children(element):
        if item.qname not in _ITEMS:
            continue
        label = walk.label(style, level) if item.qname == (TEXTNS, "list-item") else None
        for child in _children(item):
            if child.qname == _LIST:
                yield from _list(child, walk, depth + 1, style, level + 1)
                continue
            text = _words(child, walk)
            if text and label:
                yield Block(text=text, paragraph=label)
            elif text:
                yield make_block(text, BlockKind.ITEM)
            label = None


def _rows(table: Any, walk: _Walk, kind: BlockKind) -> Iterator[Block]:  # noqa: ANN401
    for child in _children(table):
        if child.qname == _HEADER_ROWS:
            yield from _rows(child, walk, BlockKind.TABLE_HEAD)
        elif child.qname == _ROW:
            cells = [_words(cell, walk) for cell in _children(child) if cell.qname == _CELL]
            block = make_row(cells, kind)
            if block:
                yield block
        elif child.qname[1] in ("table-row-group", "table-rows"):
            yield from _rows(child, walk, kind)


def _words(element: Any, walk: _Walk) -> str:  # noqa: ANN401
    pieces: list[str] = []
    _gather(element, walk, pieces, 0)
    return tidy("".join(pieces))


def _gather(element: Any, walk: _Walk, pieces: list[str], depth: int) -> None:  # noqa: ANN401
    if depth > _MAX_DEPTH:
        raise ValueError("nested deeper than any document")
    for child in element.childNodes:
        if child.nodeType in (child.TEXT_NODE, child.CDATA_SECTION_NODE):
            pieces.append(child.data)
        elif child.qname in _SPACES:
            pieces.append(" ")
        elif child.qname == _NOTE:
            text = _words(child, walk)
            if text:
                walk.notes.append(Block(text=text, kind=BlockKind.FOOTNOTE))
        elif child.qname == _BOX:
            walk.boxes.append(child)
        elif child.qname not in _SILENT:
            _gather(child, walk, pieces, depth + 1)
            if child.qname in (_PARAGRAPH, _LIST):
                pieces.append(" ")


def _children(element: Any) -> list[Any]:  # noqa: ANN401
    return [child for child in element.childNodes if child.nodeType == child.ELEMENT_NODE]


def _get(element: Any, namespace: str, name: str) -> str:  # noqa: ANN401
    return str((element.attributes or {}).get((namespace, name)) or "")
