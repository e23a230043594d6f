"""Real files with invented words: PDFs by reportlab, Word files by python-docx."""

import io
from collections.abc import Sequence

from docx import Document as new_docx
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate

_STYLES = getSampleStyleSheet()
NUMBERED = ParagraphStyle(
    "Numbered", parent=_STYLES["BodyText"], leftIndent=36, firstLineIndent=-36
)


def report_pdf(parts: Sequence[tuple[str, str]], *, head: str, title: str = "") -> bytes:
    """Print a report: parts are (style, text) pairs, where ``break`` turns the page.

    Each page carries ``head`` at its top, and its number at its foot.
    """
    written = io.BytesIO()
    document = SimpleDocTemplate(written, pagesize=A4, title=title or None, invariant=1)
    flowables: list[Flowable] = [
        PageBreak() if style == "break" else Paragraph(text, _style(style)) for style, text in parts
    ]

    def print_margins(canvas: Canvas, page: SimpleDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(72, 805, f"{head} – page {page.page}")
        canvas.drawCentredString(297, 30, str(page.page))

    document.build(flowables, onFirstPage=print_margins, onLaterPages=print_margins)
    return written.getvalue()


def lines_pdf(lines: Sequence[tuple[float, float, float, str]], **metadata: str) -> bytes:
    """Print single lines of (x, y, size, text) on one page, exactly where they are put."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4, invariant=1)
    if "title" in metadata:
        canvas.setTitle(metadata["title"])
    for x, y, size, text in lines:
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, y, text)
    canvas.save()
    return written.getvalue()


def scanned_pdf() -> bytes:
    """A page that is nothing but a picture."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4, invariant=1)
    canvas.drawImage(ImageReader(io.BytesIO(_GREY_BMP)), 72, 72, 400, 600)
    canvas.save()
    return written.getvalue()


def locked_pdf(password: str) -> bytes:
    """A page that opens with a password only."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4, encrypt=password)
    canvas.drawString(72, 700, "The nurse did not pass the letter to the social worker at all.")
    canvas.save()
    return written.getvalue()


def word_file(parts: Sequence[tuple[str, str]], *, rows: Sequence[Sequence[str]] = ()) -> bytes:
    """Write a Word file of (style, text) paragraphs, then one table."""
    document = new_docx()
    for style, text in parts:
        document.add_paragraph(text, style=style)
    if rows:
        table = document.add_table(rows=len(rows), cols=len(rows[0]))
        for row, texts in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, texts, strict=True):
                cell.text = text
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _style(name: str) -> ParagraphStyle:
    return NUMBERED if name == "Numbered" else _STYLES[name]


# One grey pixel as a Windows bitmap: reportlab reads it through Pillow.
_GREY_BMP = bytes.fromhex(
    "424d3a0000000000000036000000280000000100000001000000010018000000000004000000130b0000130b0000"
    "000000000000000080808000"
)
