"""PDF files to a document: read by a child process that may be killed, laid out here."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus.dates import PartialDate
from corpus.errors import InvalidInputError
from ingest.characters import count_words, tidy
from ingest.extract.cover import FIRST_PAGE, CoverDate, cover_date
from ingest.extract.pdf_layout import lay_out
from ingest.extract.pdf_ocr import OcrLimits, has_ocr, recognise_pages
from ingest.extract.pdf_page import Line, Page, strip_running_lines
from ingest.extracted import (
    FILE_METADATA,
    UNREADABLE_DATE,
    Block,
    BlockKind,
    Cause,
    Extracted,
    ExtractFailedError,
)

PAGES_WITHOUT_TEXT = "pages-without-text"
"""Some pages are pictures: their words are not here."""
TEXT_RECOGNISED = "text-recognised"
"""Some words were read from pictures by a program, and may be wrong."""
HIDDEN_TEXT = "hidden-text"
"""The file holds words that nobody can see on its pages; they were left out."""
PICTURE_PAGE = "picture-page"
"""What a page without text is counted as."""

_MIN_CHARS = 50
_MIN_PAGE_CHARS = 20
_PICTURE_SHARE = 0.5
_HIDDEN_WORDS = 20
_HIDDEN_SHARE = 0.02
_TRAILER_BYTES = 2048
_DOTS_AN_INCH = "300"
_PDF_DATE = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")
# What word processors write where nobody gave a title.
_NO_TITLE = re.compile(
    r"microsoft word\b.*|.*\.(?:docx?|pdf|indd|rtf|pub|qxd)|untitled.*|document\d*|title|"
    r"\(?anonymous\)?|slide 1|powerpoint presentation|layout 1",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class PdfLimits:
    """What reading one PDF may cost; past it, the child process is killed."""

    cpu_seconds: int = 60
    wall_seconds: float = 120.0
    memory_mb: int = 2048
    pages: int = 3000
    ocr: OcrLimits = field(default_factory=OcrLimits)


DEFAULT_LIMITS = PdfLimits()


def extract_pdf(data: bytes, *, limits: PdfLimits = DEFAULT_LIMITS) -> Extracted:
    """Read a PDF's words as they are seen on its pages, in reading order.

    Pages that are pictures are read by tesseract where it is installed.

    Raises:
        ExtractFailedError: it is cut short, damaged, locked, a scan without text, or costs
            more than the limits allow. Nothing of such a file is given.
    """
    if b"%%EOF" not in data[-_TRAILER_BYTES:]:
        raise ExtractFailedError(
            "damaged", "is cut short: its end is missing, so download it again"
        )
    answer = _read_in_child(data, limits)
    raw_pages = [_page(number, page) for number, page in enumerate(answer["pages"], start=1)]
    pictures = _picture_pages(raw_pages, answer["pages"])
    recognised = {
        page.number: page
        for page in recognise_pages(pictures, lambda n: _draw(data, n, limits), limits.ocr)
    }
    raw_pages = [recognised.get(page.number, page) for page in raw_pages]
    if sum(len(line.text) for page in raw_pages for line in page.lines) < _MIN_CHARS:
        raise ExtractFailedError("no-text", _no_text())
    pages, running = strip_running_lines(raw_pages)
    blocks = lay_out(pages)
    stated = cover_date([block.text for block in blocks if (block.page or 1) <= 2])
    published, published_from = _published(stated, answer["metadata"])
    dropped = _count_dropped(answer["pages"], running, len(pictures) - len(recognised))
    return Extracted(
        raw_title=_title(blocks, answer["metadata"]),
        blocks=tuple(blocks),
        published=published,
        published_from=published_from,
        page_count=len(raw_pages),
        # Not the file's own "author": that is whoever's computer it was typed on.
        marks=(
            *_marks(dropped, raw_pages, answer["pages"]),
            *([UNREADABLE_DATE] if stated.unreadable else []),
        ),
        dropped=dropped,
    )


def _page(number: int, page: dict[str, Any]) -> Page:
    return Page(
        number=number,
        width=page["width"],
        height=page["height"],
        lines=tuple(Line(*line) for line in page["lines"]),
        rules=tuple(tuple(rule) for rule in page["rules"]),
        boxes=tuple(tuple(box) for box in page["boxes"]),
        recognised=page["recognised"],
    )


def _picture_pages(pages: Sequence[Page], read: Sequence[dict[str, Any]]) -> list[Page]:
    """Find the pages whose words are in a picture; an empty page is none."""
    bodies, _ = strip_running_lines(pages)
    return [
        page
        for page, body, raw in zip(pages, bodies, read, strict=True)
        if (not page.lines and raw["objects"])
        or (
            raw["picture"] >= _PICTURE_SHARE
            and sum(len(line.text) for line in body.lines) < _MIN_PAGE_CHARS
        )
    ]


def _count_dropped(read: Sequence[dict[str, Any]], running: int, pictures: int) -> dict[str, int]:
    dropped: Counter[str] = Counter({"running-line": running, PICTURE_PAGE: pictures})
    for page in read:
        dropped.update(page["dropped"])
    return {kind: count for kind, count in sorted(dropped.items()) if count > 0}


def _marks(
    dropped: dict[str, int], pages: Sequence[Page], read: Sequence[dict[str, Any]]
) -> tuple[str, ...]:
    hidden = dropped.get(HIDDEN_TEXT, 0)
    words = sum(count_words(line[0]) for page in read for line in page["lines"])
    marks = (
        (PAGES_WITHOUT_TEXT, PICTURE_PAGE in dropped),
        (TEXT_RECOGNISED, any(page.recognised for page in pages)),
        # A stray white heading is no news; a page's worth of unseen words is.
        (HIDDEN_TEXT, hidden >= _HIDDEN_WORDS or hidden > _HIDDEN_SHARE * (words + hidden)),
    )
    return tuple(mark for mark, holds in marks if holds)


def _read_in_child(data: bytes, limits: PdfLimits) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(_call_child(data, limits, "text", str(limits.pages)))
    if answer["status"] != "ok":
        raise ExtractFailedError(*_REASONS[answer["status"]])
    return answer


def _draw(data: bytes, page_number: int, limits: PdfLimits) -> bytes:
    try:
        return _call_child(data, limits, "picture", str(page_number), _DOTS_AN_INCH)
    except ExtractFailedError:
        return b""  # the page stays without text, and is counted


def _call_child(data: bytes, limits: PdfLimits, task: str, *options: str) -> bytes:
    command = [
        # -I: whatever lies in the folder it is started from is not imported.
        *(sys.executable, "-I", "-m", "ingest.extract.pdf_child"),
        *(task, str(limits.cpu_seconds), str(limits.memory_mb), *options),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell, no outside argument
            command, input=data, capture_output=True, timeout=limits.wall_seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ExtractFailedError("limit", _TOO_COSTLY) from error
    if done.returncode != 0:
        raise ExtractFailedError("limit", _TOO_COSTLY)
    return done.stdout


_TOO_COSTLY = (
    "could not be read within the limits of time and memory: print it to a new PDF and give that"
)
_REASONS: dict[str, tuple[Cause, str]] = {
    "locked": ("locked", "is locked with a password: save a copy without one"),
    "damaged": ("damaged", "is damaged, or not a PDF: download it again"),
    "too-long": ("limit", "is longer than any report: split it, and give the parts"),
}


def _no_text() -> str:
    if has_ocr():
        return "has no text layer, and no words were found in its pictures: give a clearer scan"
    return (
        "has no text layer, so it is a scan: install tesseract, or run it through text recognition "
        "(OCR) and give the result"
    )


def _title(blocks: list[Block], metadata: dict[str, str]) -> str:
    stated = tidy(metadata.get("Title", ""))
    if count_words(stated) > 1 and not _NO_TITLE.fullmatch(stated):
        return stated
    headings = [b for b in blocks if b.kind is BlockKind.HEADING and (b.page or 1) == 1]
    largest = min(headings, key=lambda block: block.level, default=None)
    return largest.text if largest else ""


def _published(
    stated: CoverDate, metadata: dict[str, str]
) -> tuple[PartialDate | None, str | None]:
    if stated.date:
        return stated.date, FIRST_PAGE
    made = _PDF_DATE.match(metadata.get("CreationDate", ""))
    if made and not stated.unreadable:
        try:
            parts = "-".join(part for part in made.groups() if part)
            return PartialDate.parse(parts), FILE_METADATA
        except InvalidInputError:
            return None, None  # not a date in the calendar: missing stays missing
    return None, None
