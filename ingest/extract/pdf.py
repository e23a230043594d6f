"""PDF files to a document: read by a child process, laid out here."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.dates import PartialDate
from corpus.errors import InvalidInputError, SourceError
from ingest.characters import count_words, tidy
from ingest.extract.cover import stated_date
from ingest.extract.pdf_layout import lay_out
from ingest.extract.pdf_page import Line, Page, strip_running_lines
from ingest.extracted import Block, BlockKind, Extracted

PAGES_WITHOUT_TEXT = "pages-without-text"
"""Some pages are pictures: their words are not here."""

_MIN_CHARS = 50
_TRAILER_BYTES = 2048
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


DEFAULT_LIMITS = PdfLimits()


def extract_pdf(data: bytes, *, limits: PdfLimits = DEFAULT_LIMITS) -> Extracted:
    """Read a PDF that has a text layer.

    Raises:
        SourceError: it is cut short, damaged, locked, a scan without text, or costs more
            than the limits allow. Nothing of such a file is given.
    """
    if b"%%EOF" not in data[-_TRAILER_BYTES:]:
        raise SourceError("is cut short: its end is missing, so download it again")
    answer = _read_in_child(data, limits)
    raw_pages = [
        Page(number, page["height"], tuple(Line(*line) for line in page["lines"]))
        for number, page in enumerate(answer["pages"], start=1)
    ]
    if sum(len(line.text) for page in raw_pages for line in page.lines) < _MIN_CHARS:
        raise SourceError(
            "has no text layer, so it is a scan: run it through text recognition (OCR) and give "
            "the result"
        )
    pages, running = strip_running_lines(raw_pages)
    blocks = lay_out(pages)
    published, published_from = _published(blocks, answer["metadata"])
    empty = any(not page.lines for page in raw_pages)
    return Extracted(
        raw_title=_title(blocks, answer["metadata"]),
        blocks=tuple(blocks),
        published=published,
        published_from=published_from,
        # Not the file's own "author": that is whoever's computer it was typed on.
        marks=(PAGES_WITHOUT_TEXT,) if empty else (),
        dropped={"running-line": running} if running else {},
    )


def _read_in_child(data: bytes, limits: PdfLimits) -> dict[str, Any]:
    command = [
        # By its path, since it needs none of our packages: -I shuts out all but the installed.
        *(sys.executable, "-I", str(Path(__file__).with_name("pdf_child.py"))),
        *(str(limits.cpu_seconds), str(limits.memory_mb), str(limits.pages)),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell, no outside argument
            command, input=data, capture_output=True, timeout=limits.wall_seconds, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise SourceError(_TOO_COSTLY) from error
    if done.returncode != 0:
        raise SourceError(_TOO_COSTLY)
    answer: dict[str, Any] = json.loads(done.stdout)
    status = answer["status"]
    if status != "ok":
        raise SourceError(_REASONS[status])
    return answer


_TOO_COSTLY = (
    "could not be read within the limits of time and memory: print it to a new PDF and give that"
)
_REASONS = {
    "locked": "is locked with a password: save a copy without one",
    "damaged": "is damaged, or not a PDF: download it again",
    "too-long": "is longer than any report: split it, and give the parts",
}


def _title(blocks: list[Block], metadata: dict[str, str]) -> str:
    stated = tidy(metadata.get("Title", ""))
    if count_words(stated) > 1 and not _NO_TITLE.fullmatch(stated):
        return stated
    headings = [b for b in blocks if b.kind is BlockKind.HEADING and (b.page or 1) == 1]
    largest = min(headings, key=lambda block: block.level, default=None)
    return largest.text if largest else ""


def _published(
    blocks: list[Block], metadata: dict[str, str]
) -> tuple[PartialDate | None, str | None]:
    stated = stated_date([block.text for block in blocks if (block.page or 1) <= 2])
    if stated:
        return stated, "first page"
    made = _PDF_DATE.match(metadata.get("CreationDate", ""))
    if made:
        try:
            return PartialDate.parse("-".join(part for part in made.groups() if part)), (
                "file metadata"
            )
        except InvalidInputError:
            return None, None  # not a date in the calendar: missing stays missing
    return None, None
