"""Reads one PDF from standard input, alone in a process that may be killed.

PDFium is C code that reads whatever anybody published, and it is not safe to call from
two threads; here it can neither take the parent down with it nor write a file. Scripts,
launch actions and attachments are never asked for: forms are not set up, and PDFium is
built without a script engine.
"""

import json
import sys
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from ingest.extract.pdf_glyphs import PageReader

MAX_CHARS = 5_000_000
"""The longest review seen has under a million."""
_MAX_PIXELS = 40_000_000
"""An A3 page at 300 dots an inch has 17 million."""


def main() -> int:
    """Read a PDF from standard input and answer on standard output.

    ``text CPU_SECONDS MEMORY_MB MAX_PAGES`` writes its lines as one JSON document, whose
    ``status`` is ``ok``, ``locked``, ``damaged`` or ``too-long``. ``picture CPU_SECONDS
    MEMORY_MB PAGE DOTS_AN_INCH`` draws one page, from 1, as a grey PGM picture; nothing is
    written where it cannot be drawn.
    """
    task, cpu_seconds, memory_mb, *rest = sys.argv[1:]
    _limit(int(cpu_seconds), int(memory_mb))
    data = sys.stdin.buffer.read()
    if task == "picture":
        sys.stdout.buffer.write(_draw(data, int(rest[0]), int(rest[1])))
    else:
        json.dump(_read(data, int(rest[0])), sys.stdout)
    return 0


def _limit(cpu_seconds: int, memory_mb: int) -> None:
    try:
        import resource  # noqa: PLC0415 - not on Windows, where the parent's clock still holds
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read(data: bytes, max_pages: int) -> dict[str, Any]:
    try:
        document = pypdfium2.PdfDocument(data)
        count = len(document)
        if count > max_pages:
            return {"status": "too-long", "pages": count}
        pages = []
        chars = 0
        for number in range(count):
            page = document[number]
            pages.append(PageReader(page).read())
            page.close()
            chars += sum(len(line[0]) for line in pages[-1]["lines"])
            if chars > MAX_CHARS:
                return {"status": "too-long", "pages": count}
        metadata = document.get_metadata_dict(skip_empty=True)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
        return {"status": "locked" if locked else "damaged"}
    return {"status": "ok", "pages": pages, "metadata": metadata}


def _draw(data: bytes, page_number: int, dots_an_inch: int) -> bytes:
    try:
        page = pypdfium2.PdfDocument(data)[page_number - 1]
        width, height = page.get_size()
        scale = dots_an_inch / 72
        if width * height * scale * scale > _MAX_PIXELS:
            scale = (_MAX_PIXELS / (width * height)) ** 0.5
        drawn = page.render(scale=scale, grayscale=True)
    except pypdfium2.PdfiumError:
        return b""
    rows = bytes(drawn.buffer)
    stride = drawn.stride
    packed = b"".join(
        rows[row * stride : row * stride + drawn.width] for row in range(drawn.height)
    )
    return b"P5 %d %d 255\n" % (drawn.width, drawn.height) + packed


if __name__ == "__main__":
    sys.exit(main())
