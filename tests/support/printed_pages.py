"""Pages printed as publishers print them, each with one difficulty; every word is invented."""

import io
from collections.abc import Callable, Sequence

from reportlab.lib.colors import black, lightgrey, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

LEFT = (
    "The school nurse wrote to the surgery in May and kept a copy of the letter in the file. "
    "Nobody at the surgery opened it, because the post was sorted by a clerk who had been told "
    "to send whatever came from schools to an office that had closed. The letter lay there for "
    "a term. When it was found the family had moved to another district."
)
RIGHT = (
    "The second district asked for the records twice. The first request went to the wrong "
    "department and the second was refused, since the form had not been signed by a parent. "
    "The health visitor did not know that a signature was not needed. She closed the case and "
    "wrote that there were no concerns known to any agency."
)
FULL = (
    "This briefing sets out what was learned about letters between schools and surgeries. It is "
    "meant for everybody who opens post, and for those who decide where the post is sent."
)
SEEN = "The nurse wrote to the surgery twice and kept a copy of both letters in the school file."
UNSEEN = "These hidden words about lottery numbers and betting were never meant for any reader."

Draw = Callable[[Canvas], None]


def printed(*pages: Draw) -> bytes:
    """Print pages, each by a function that draws on the canvas."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4, invariant=1)
    for draw in pages:
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def words(
    canvas: Canvas, text: str, x: float, y: float, width: float, *, size: float = 10
) -> float:
    """Set text in lines no wider than ``width``; gives the height below the last."""
    canvas.setFont("Helvetica", size)
    for line in simpleSplit(text, "Helvetica", size, width):
        canvas.drawString(x, y, line)
        y -= 1.25 * size
    return y


def two_columns(canvas: Canvas) -> None:
    """A heading and an opening over the page, then two columns printed line by line across."""
    canvas.setFont("Helvetica-Bold", 18)
    canvas.drawString(60, 770, "Letters nobody opened")
    y = words(canvas, FULL, 60, 740, 475) - 10
    left = simpleSplit(LEFT, "Helvetica", 10, 220)
    right = simpleSplit(RIGHT, "Helvetica", 10, 220)
    # Line by line: the order in which some layout programs write their columns.
    for row in range(max(len(left), len(right))):
        for column, x in ((left, 60), (right, 310)):
            if row < len(column):
                canvas.drawString(x, y - 12.5 * row, column[row])
    words(canvas, "Once more: " + FULL, 60, y - 200, 475)


def columned(paragraphs: Sequence[str]) -> list[Draw]:
    """Pages of two columns that are filled one after the other; the last page has one."""
    lines = [
        (line, index == 0)
        for text in paragraphs
        for index, line in enumerate(simpleSplit(text, "Helvetica", 10, 220))
    ]

    def page(chosen: Sequence[tuple[str, bool]]) -> Draw:
        def draw(canvas: Canvas) -> None:
            for x, column in ((60, chosen[:50]), (310, chosen[50:])):
                y = 760.0
                canvas.setFont("Helvetica", 10)
                for line, opens in column:
                    y -= 16 if opens else 12.5
                    canvas.drawString(x, y, line)

        return draw

    return [page(lines[start : start + 100]) for start in range(0, len(lines), 100)]


def three_columns(canvas: Canvas) -> None:
    """Three narrow columns, printed line by line across."""
    canvas.setFont("Helvetica", 9)
    columns = [simpleSplit(text, "Helvetica", 9, 145) for text in (LEFT, RIGHT, FULL)]
    for row in range(max(map(len, columns))):
        for column, x in zip(columns, (50, 220, 390), strict=True):
            if row < len(column):
                canvas.drawString(x, 700 - 11.5 * row, column[row])


def text_box(canvas: Canvas) -> None:
    """A paragraph in two pieces with a shaded box between them, the box written first."""
    canvas.setFillColor(lightgrey)
    canvas.rect(60, 590, 475, 60, stroke=0, fill=1)
    canvas.setFillColor(black)
    words(canvas, "Guidance then in force said that letters need an answer.", 70, 630, 455)
    words(canvas, LEFT, 60, 760, 475)
    words(canvas, RIGHT, 60, 560, 475)


def numbers_in_a_margin(canvas: Canvas) -> None:
    """Paragraph numbers that hang in a margin of their own."""
    y = 760.0
    for number, text in (("4.71", LEFT), ("4.72", RIGHT), ("6-10", FULL), ("6-10 – 6-26", LEFT)):
        canvas.setFont("Helvetica", 10)
        canvas.drawString(60, y, number)
        y = words(canvas, text, 130, y, 400) - 8


def bulleted(canvas: Canvas) -> None:
    """Letters, bullets, a raised ending, and words broken at the ends of lines."""
    y = words(canvas, "The review found that:", 60, 750, 470)
    y = words(canvas, "(a) nobody rang the surgery when the letter came back", 80, y, 400)
    y = words(canvas, f"(b) {FULL}", 80, y, 400)
    for text in (SEEN, RIGHT):
        canvas.drawString(80, y, "•")
        y = words(canvas, text, 95, y, 400)
    y = words(canvas, "5.3 On 3", 60, y - 10, 400) + 12.5
    words(canvas, "rd", 103, y + 4, 400, size=6)
    words(canvas, "March the co-", 112, y, 400)
    words(canvas, "ordinator wrote about short- and long-term multi-", 60, y - 12.5, 400)
    words(canvas, "agency plans.", 60, y - 25, 400)


def unruled_table(canvas: Canvas) -> None:
    """A table whose columns are parted by white space alone."""
    canvas.setFont("Helvetica-Bold", 10)
    for x, name in ((60, "No"), (90, "Recommendation"), (350, "Lead"), (450, "By when")):
        canvas.drawString(x, 750, name)
    y = 730.0
    for number in range(1, 5):
        words(canvas, str(number), 60, y, 20)
        words(canvas, "Police and schools", 350, y, 60)
        words(canvas, "May 2022", 450, y, 80)
        y = words(canvas, FULL, 90, y, 240) - 8


def footnotes_and_marks(canvas: Canvas) -> None:
    """A sentence with a raised footnote mark, and the note at the foot."""
    counted = "The letters were counted by the audit office"
    words(canvas, counted, 60, 700, 475)
    canvas.setFont("Helvetica", 6)
    canvas.drawString(60 + canvas.stringWidth(counted, "Helvetica", 10), 704, "12")
    words(canvas, "and then filed without an answer.", 60, 687.5, 475)
    words(canvas, LEFT, 60, 650, 475)
    words(canvas, "12 Audit office (2019) Letters and answers, page 4.", 60, 100, 475, size=7)


def hidden_words(canvas: Canvas) -> None:
    """White words on white, invisible words, words off the page, and words under a black bar."""
    words(canvas, SEEN, 60, 700, 475)
    canvas.setFillColor(white)
    words(canvas, UNSEEN, 60, 640, 475)
    canvas.setFillColor(black)
    invisible(canvas, [UNSEEN], 600)
    canvas.drawString(60, -300, UNSEEN)
    canvas.setFont("Helvetica", 0.5)
    canvas.drawString(60, 560, UNSEEN)
    canvas.setFont("Helvetica", 10)
    canvas.drawString(60, 500, "The aunt, Quillon Marsh, had telephoned.")
    canvas.rect(100, 495, 80, 14, stroke=0, fill=1)


def invisible(canvas: Canvas, lines: Sequence[str], y: float) -> None:
    """Set lines without ink, as text recognition lays them over a scan."""
    canvas.saveState()
    text = canvas.beginText(60, y)
    text.setTextRenderMode(3)
    for line in lines:
        text.textLine(line)
    canvas.drawText(text)
    canvas.restoreState()


def white_on_dark(canvas: Canvas) -> None:
    """A heading in white on a dark band, which everybody can read."""
    canvas.rect(50, 690, 495, 40, stroke=0, fill=1)
    canvas.setFillColor(white)
    canvas.setFont("Helvetica-Bold", 16)
    canvas.drawString(60, 704, "What the district should do")
    canvas.setFillColor(black)
    words(canvas, SEEN + " " + LEFT, 60, 660, 475)


def sideways(canvas: Canvas) -> None:
    """A page that is stored lying on its side, and turned upright by whoever shows it."""
    canvas.setPageRotation(90)
    canvas.rotate(90)
    canvas.translate(0, -A4[1])
    words(canvas, LEFT, 60, 700, 475)
    words(canvas, RIGHT, 60, 600, 475)


def turned_table(canvas: Canvas) -> None:
    """An upright page whose words all run up its side, as a wide table is bound in."""
    canvas.rotate(90)
    canvas.translate(0, -A4[0])
    words(canvas, LEFT, 60, 500, 700)
    words(canvas, RIGHT, 60, 400, 700)


def watermark(canvas: Canvas) -> None:
    """An ordinary page with DRAFT across it."""
    words(canvas, LEFT, 60, 700, 475)
    canvas.rotate(45)
    canvas.setFont("Helvetica", 60)
    canvas.drawString(300, 100, "DRAFT ONLY")


def recommendations(rows: Sequence[Sequence[str]], widths: Sequence[float]) -> bytes:
    """A ruled table over as many pages as it takes, its head repeated on each."""
    written = io.BytesIO()
    body = getSampleStyleSheet()["BodyText"]
    table = Table(
        [[Paragraph(cell, body) for cell in row] for row in rows], colWidths=widths, repeatRows=1
    )
    grid = ("GRID", (0, 0), (-1, -1), 0.5, black)
    table.setStyle(TableStyle([grid, ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    document = SimpleDocTemplate(written, pagesize=A4, invariant=1)
    document.build([Paragraph("Recommendations", getSampleStyleSheet()["Heading1"]), table])
    return written.getvalue()


def picture_of(pdf: bytes, page: int = 0, scale: float = 3.0) -> ImageReader:
    """Photograph a page: its words become dots."""
    import pypdfium2

    return ImageReader(pypdfium2.PdfDocument(pdf)[page].render(scale=scale).to_pil())


def scanned(picture: ImageReader, layer: str = "") -> Draw:
    """A page that is a picture, with an invisible text layer where ``layer`` is given."""

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(picture, 0, 0, *A4)
        if layer:
            invisible(canvas, simpleSplit(layer, "Helvetica", 12, 470), 700)

    return draw
