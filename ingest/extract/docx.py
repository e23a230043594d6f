"""Word files to a document: headings, paragraphs, lists, tables row by row, footnotes.

The text is the one with every tracked change accepted; comments are other people's remarks
on it and are never read.
"""

import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import takewhile
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from ingest.characters import tidy
from ingest.extract.cover import FIRST_PAGE, cover_date
from ingest.extract.docx_numbers import Numbers
from ingest.extract.markup import make_block, make_row
from ingest.extract.packed import open_packed
from ingest.extracted import (
    UNREADABLE_DATE,
    Block,
    BlockKind,
    Extracted,
    ExtractFailedError,
)

# What python-docx, lxml and zipfile raise over a file whose parts are missing or garbled.
_DAMAGED = (
    OpcError,
    etree.XMLSyntaxError,
    zipfile.BadZipFile,
    zlib.error,
    AttributeError,
    KeyError,
    NotImplementedError,
    ValueError,
)
_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)
_CONTENTS_STYLE = re.compile(r"toc\b|table of (?:contents|figures)", re.IGNORECASE)
_NO_TITLE = re.compile(r"word document|document\d*|untitled.*|", re.IGNORECASE)
_PAGES = re.compile(rb"<Pages>(\d{1,5})</Pages>")
_NOTES = ("/footnotes", "/endnotes")
_BREAKS = frozenset((qn("w:tab"), qn("w:br"), qn("w:cr")))
# Holders that say nothing themselves: content controls, insertions, smart tags.
_HOLDERS = frozenset(
    qn(name) for name in ("w:sdt", "w:sdtContent", "w:ins", "w:moveTo", "w:customXml", "w:smartTag")
)
# Words that are no longer there, and boxes that stand apart from the paragraph they hang on.
_PASSED_OVER = frozenset(qn(name) for name in ("w:del", "w:moveFrom", "w:txbxContent"))
# The copy of a box that old programs are given; lxml's map of names does not know "mc".
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


@dataclass
class _Walk:
    """The open document, and what was left out on the way."""

    document: Document
    numbers: Numbers
    dropped: Counter[str] = field(default_factory=Counter)


def extract_docx(data: bytes) -> Extracted:
    """Read a Word file in the .docx format.

    Raises:
        ExtractFailedError: it is damaged, unpacks to more than any document would, or is
            empty.
    """
    try:
        with open_packed(data) as archive:
            properties = archive.read("docProps/app.xml") if _has_properties(archive) else b""
        document = docx.Document(BytesIO(data))
        walk = _Walk(document, Numbers(document))
        blocks = [*_blocks(document.element.body, walk), *_notes(document)]
        title = tidy(document.core_properties.title or "")
    except _DAMAGED as error:
        raise ExtractFailedError(
            "damaged", "is cut short or damaged: save it again from Word"
        ) from error
    if not blocks:
        raise ExtractFailedError("no-text", "holds no words: check that it was saved whole")
    stated = cover_date([block.text for block in blocks])
    pages = _PAGES.search(properties)
    return Extracted(
        raw_title=title if not _NO_TITLE.fullmatch(title) else _first_heading(blocks),
        blocks=tuple(blocks),
        published=stated.date,
        # The file's own dates are those of its template or its last saving: not publication.
        published_from=FIRST_PAGE if stated.date else None,
        page_count=int(pages[1]) or None if pages else None,
        marks=(UNREADABLE_DATE,) if stated.unreadable else (),
        dropped=dict(walk.dropped),
        # Not the file's own "author": that is whoever's computer it was typed on.
    )


def _has_properties(archive: zipfile.ZipFile) -> bool:
    return "docProps/app.xml" in archive.namelist()


def _blocks(holder: Any, walk: _Walk) -> Iterator[Block]:  # noqa: ANN401 - lxml without types
    for child in holder.iterchildren():
        if child.tag == qn("w:p"):
            yield from _paragraph_blocks(Paragraph(child, walk.document._body), walk)
            for box in _boxes(child):
                yield from _blocks(box, walk)
        elif child.tag == qn("w:tbl"):
            yield from _table_blocks(Table(child, walk.document._body))
        elif child.tag in _HOLDERS:
            yield from _blocks(child, walk)


def _paragraph_blocks(paragraph: Paragraph, walk: _Walk) -> Iterator[Block]:
    text = _words(paragraph._p, walk.dropped)
    label = walk.numbers.label(paragraph)
    if not text:
        return
    style = paragraph.style.name if paragraph.style is not None and paragraph.style.name else ""
    heading = _HEADING_STYLE.match(style)
    if heading or style in ("Title", "Subtitle"):
        level = int(heading[1]) if heading else 1
        shown = f"{label} {text}" if label else text
        yield Block(text=shown, kind=BlockKind.HEADING, level=level)
    elif _CONTENTS_STYLE.match(style):
        yield Block(text=text, kind=BlockKind.CONTENTS)
    elif style.lower().startswith("caption"):
        yield Block(text=text, kind=BlockKind.CAPTION)
    elif label:
        yield Block(text=text, kind=BlockKind.PARAGRAPH, paragraph=label.rstrip(".)"))
    else:
        listed = walk.numbers.is_listed(paragraph) or style.startswith("List")
        yield make_block(text, BlockKind.ITEM if listed else BlockKind.PARAGRAPH)


def _table_blocks(table: Table) -> Iterator[Block]:
    for position, row in enumerate(table.rows):
        properties = row._tr.trPr
        if properties is not None and properties.find(qn("w:del")) is not None:
            continue
        cells: list[str] = []
        seen: set[Any] = set()
        for cell in row.cells:
            # A merged cell is given once for each column it covers.
            if cell._tc not in seen:
                cells.append(" ".join(_words(p, Counter()) for p in cell._tc.iter(qn("w:p"))))
            seen.add(cell._tc)
        header = properties is not None and properties.find(qn("w:tblHeader")) is not None
        head = header or (position == 0 and len(table.rows) > 1 and _is_bold(row._tr))
        block = make_row(cells, BlockKind.TABLE_HEAD if head else BlockKind.ROW)
        if block:
            yield block


def _is_bold(row: Any) -> bool:  # noqa: ANN401
    """Say whether every word of a row is set bold by hand, as column names are."""
    runs = [run for run in row.iter(qn("w:r")) if run.find(qn("w:t")) is not None]
    return bool(runs) and all(
        (run.rPr is not None and run.rPr.find(qn("w:b")) is not None) for run in runs
    )


def _notes(document: Document) -> Iterator[Block]:
    for relation in document.part.rels.values():
        if relation.reltype.endswith(_NOTES) and not relation.is_external:
            root = parse_xml(relation.target_part.blob)
            for note in root.iterchildren():
                # Separators are notes with a type, and hold no words.
                text = tidy(" ".join(_words(p, Counter()) for p in note.iter(qn("w:p"))))
                if text:
                    yield Block(text=text, kind=BlockKind.FOOTNOTE)


def _words(paragraph: Any, dropped: Counter[str]) -> str:  # noqa: ANN401
    pieces: list[str] = []
    _gather(paragraph, pieces, dropped)
    return tidy("".join(pieces))


def _gather(element: Any, pieces: list[str], dropped: Counter[str]) -> None:  # noqa: ANN401
    for child in element.iterchildren():
        if child.tag in _PASSED_OVER or child.tag == _FALLBACK:
            continue
        if child.tag == qn("w:t"):
            pieces.append(child.text or "")
        elif child.tag == qn("w:noBreakHyphen"):
            pieces.append("-")
        elif child.tag in _BREAKS:
            pieces.append(" ")
        elif child.tag == qn("w:r") and _is_hidden(child):
            dropped["hidden-text"] += 1
        else:
            _gather(child, pieces, dropped)


def _is_hidden(run: Any) -> bool:  # noqa: ANN401
    properties = run.find(qn("w:rPr"))
    return properties is not None and properties.find(qn("w:vanish")) is not None


def _boxes(paragraph: Any) -> Iterator[Any]:  # noqa: ANN401
    for box in paragraph.iter(qn("w:txbxContent")):
        holders = takewhile(lambda holder: holder is not paragraph, box.iterancestors())
        # A box within a box comes with the outer one.
        if not any(holder.tag in (_FALLBACK, qn("w:txbxContent")) for holder in holders):
            yield box


def _first_heading(blocks: list[Block]) -> str:
    return next((block.text for block in blocks if block.kind is BlockKind.HEADING), "")
