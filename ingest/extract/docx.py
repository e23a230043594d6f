"""Word files to a document: headings, paragraphs, lists, and tables row by row."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import etree

from corpus.errors import SourceError
from ingest.characters import tidy
from ingest.extract.cover import FIRST_PAGE, cover_date
from ingest.extract.docx_numbers import Numbers
from ingest.extract.markup import make_block
from ingest.extracted import UNREADABLE_DATE, Block, BlockKind, Extracted

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
_MAX_UNPACKED_BYTES = 300_000_000
_HEADING_STYLE = re.compile(r"heading (\d)", re.IGNORECASE)
_CONTENTS_STYLE = re.compile(r"toc\b|table of (?:contents|figures)", re.IGNORECASE)
_WORDS = (qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:cr"), qn("w:noBreakHyphen"))
_NO_TITLE = re.compile(r"word document|document\d*|untitled.*|", re.IGNORECASE)


def extract_docx(data: bytes) -> Extracted:
    """Read a Word file in the .docx format; tracked insertions count, deletions do not.

    Raises:
        SourceError: it is damaged, unpacks to more than any document would, or is empty.
    """
    _check_size(data)
    try:
        document = docx.Document(io.BytesIO(data))
        numbers = Numbers(document)
        blocks = [
            block for part in document.iter_inner_content() for block in _part_blocks(part, numbers)
        ]
        title = tidy(document.core_properties.title or "")
    except _DAMAGED as error:
        raise SourceError("is cut short or damaged: save it again from Word") from error
    if not blocks:
        raise SourceError("holds no words: check that it was saved whole")
    stated = cover_date([block.text for block in blocks])
    return Extracted(
        raw_title=title if not _NO_TITLE.fullmatch(title) else _first_heading(blocks),
        blocks=tuple(blocks),
        published=stated.date,
        # The file's own dates are those of its template or its last saving: not publication.
        published_from=FIRST_PAGE if stated.date else None,
        marks=(UNREADABLE_DATE,) if stated.unreadable else (),
        # Not the file's own "author": that is whoever's computer it was typed on.
    )


def _check_size(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > _MAX_UNPACKED_BYTES:
        raise SourceError("unpacks to more than any document holds: save it again, or as PDF")


def _part_blocks(part: Paragraph | Table, numbers: Numbers) -> Iterator[Block]:
    if isinstance(part, Table):
        yield from _table_blocks(part)
        return
    text = _words(part)
    label = numbers.label(part)
    if not text:
        return
    style = part.style.name if part.style is not None and part.style.name else ""
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
        listed = numbers.is_listed(part) or style.startswith("List")
        yield make_block(text, BlockKind.ITEM if listed else BlockKind.PARAGRAPH)


def _table_blocks(table: Table) -> Iterator[Block]:
    for row in table.rows:
        cells: list[str] = []
        seen: set[Any] = set()
        for cell in row.cells:
            # A merged cell is given once for each column it covers.
            if cell._tc not in seen:
                cells.append(tidy(" ".join(_words(paragraph) for paragraph in cell.paragraphs)))
            seen.add(cell._tc)
        texts = [text for text in cells if text]
        if len(texts) == 1:
            yield make_block(texts[0], BlockKind.PARAGRAPH)
        elif texts:
            yield Block(text=" | ".join(texts), kind=BlockKind.ROW)


def _words(paragraph: Paragraph) -> str:
    # Paragraph.text leaves out tracked insertions; w:delText is what was deleted.
    return tidy(
        "".join(
            (element.text or "")
            if element.tag == qn("w:t")
            else " "
            if element.tag != qn("w:noBreakHyphen")
            else "-"
            for element in paragraph._p.iter(*_WORDS)
        )
    )


def _first_heading(blocks: list[Block]) -> str:
    return next((block.text for block in blocks if block.kind is BlockKind.HEADING), "")
