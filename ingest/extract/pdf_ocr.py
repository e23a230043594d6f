"""Pages that are pictures: drawn by PDFium, read by the tesseract program where it is installed."""

import csv
import io
import shutil
import subprocess
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ingest.extract.pdf_page import Line, Page

_PROGRAM = "tesseract"
_LANGUAGE = "eng"
_DOTS_AN_INCH = 300
_POINTS = 72 / _DOTS_AN_INCH
_MIN_CONFIDENCE = 30.0
"""Of 100; below it tesseract's words are mostly specks."""
_LARGE = 1.35
"""A line this much taller than the page's usual one is printed larger, not merely with tails."""
_WIDE_GAP = 2.5


@dataclass(frozen=True, kw_only=True)
class OcrLimits:
    """What reading pictures may cost; pages past it stay without text, and are counted."""

    page_seconds: float = 60.0
    all_seconds: float = 900.0
    pages: int = 400


@dataclass(frozen=True)
class _Word:
    text: str
    left: int
    top: int
    width: int
    height: int


def has_ocr() -> bool:
    """Say whether tesseract is installed."""
    return shutil.which(_PROGRAM) is not None


def recognise_pages(
    pages: Iterable[Page],
    draw: Callable[[int], bytes],
    limits: OcrLimits,
) -> Iterator[Page]:
    """Read pages' pictures, in the order given.

    Args:
        pages: those to be read.
        draw: gives a page, by its number, as a PGM picture at 300 dots an inch; empty
            where it cannot be drawn.
        limits: a page that takes longer is given up.

    Yields:
        The pages in which words were found, with their lines; no others.
    """
    program = shutil.which(_PROGRAM)
    if program is None:
        return
    end = time.monotonic() + limits.all_seconds
    for page in list(pages)[: limits.pages]:
        left = min(limits.page_seconds, end - time.monotonic())
        picture = draw(page.number) if left > 0 else b""
        lines = _lines(_read(program, picture, left), page.height) if picture else []
        if lines:
            yield replace(page, lines=tuple(lines), rules=(), boxes=(), recognised=True)


def _read(program: str, picture: bytes, seconds: float) -> str:
    command = [program, "stdin", "stdout", "-l", _LANGUAGE, "--dpi", str(_DOTS_AN_INCH), "tsv"]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and no argument from outside
            command, input=picture, capture_output=True, timeout=seconds, check=False
        )
    except (subprocess.TimeoutExpired, OSError):
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _lines(table: str, page_height: float) -> list[Line]:
    rows = list(_word_rows(table))
    if not rows:
        return []
    usual = median(max(word.height for word in row) for row in rows)
    return [
        _line(piece, usual, page_height)
        for row in rows
        for piece in _pieces(row, _WIDE_GAP * usual)
    ]


def _word_rows(table: str) -> Iterator[list[_Word]]:
    """Gather the words of each printed line, in tesseract's order."""
    rows: defaultdict[tuple[str, ...], list[_Word]] = defaultdict(list)
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if not text or float(row["conf"]) < _MIN_CONFIDENCE:
            continue
        place = tuple(row[name] for name in ("block_num", "par_num", "line_num"))
        box = (int(row[name]) for name in ("left", "top", "width", "height"))
        rows[place].append(_Word(text, *box))
    yield from rows.values()


def _pieces(words: Sequence[_Word], widest: float) -> Iterator[list[_Word]]:
    piece = [words[0]]
    for before, word in pairwise(words):
        if word.left - before.left - before.width > widest:
            yield piece
            piece = []
        piece.append(word)
    yield piece


def _line(words: Sequence[_Word], usual: float, page_height: float) -> Line:
    height = max(word.height for word in words)
    # Most words have no tail below the line, so their feet tell where it runs.
    foot = median(word.top + word.height for word in words)
    return Line(
        text=" ".join(word.text for word in words),
        left=words[0].left * _POINTS,
        right=(words[-1].left + words[-1].width) * _POINTS,
        baseline=page_height - foot * _POINTS,
        size=(height if height > _LARGE * usual else usual) * _POINTS,
        bold=False,
    )
