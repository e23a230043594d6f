"""Reads the text of one PDF from standard input, alone in a process that may be killed.

PDFium is C code that reads whatever anybody published, and it is not safe to call from
two threads; here it can neither take the parent down with it nor write a file.
"""

import ctypes
import json
import sys
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

MAX_CHARS = 5_000_000
"""The longest review seen has under a million."""
_HYPHEN = 0x02
_FONT_SAMPLES = 5
_FORCE_BOLD = 1 << 18
_BOLD_WEIGHT = 600

Line = tuple[str, float, float, float, float, float, bool]
"""Text, left, right, first baseline, last baseline, font size in points, whether bold."""


def main() -> int:
    """Read a PDF from standard input and write its lines as one JSON document.

    Arguments: CPU seconds, megabytes of memory and pages allowed. The answer's ``status``
    is ``ok``, ``locked``, ``damaged`` or ``too-long``.
    """
    cpu_seconds, memory_mb, max_pages = (int(argument) for argument in sys.argv[1:4])
    _limit(cpu_seconds, memory_mb)
    json.dump(_read(sys.stdin.buffer.read(), max_pages), sys.stdout)
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
            page = _read_page(document[number])
            chars += sum(len(line[0]) for line in page["lines"])
            if chars > MAX_CHARS:
                return {"status": "too-long", "pages": count}
            pages.append(page)
        metadata = document.get_metadata_dict(skip_empty=True)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD
        return {"status": "locked" if locked else "damaged"}
    return {"status": "ok", "pages": pages, "metadata": metadata}


def _read_page(page: Any) -> dict[str, Any]:  # noqa: ANN401 - pypdfium2 is untyped
    textpage = page.get_textpage()
    width, height = page.get_size()
    lines = []
    start = 0
    count = textpage.count_chars()
    codes = [pdfium.FPDFText_GetUnicode(textpage, index) for index in range(count)]
    for index in range(count + 1):
        if index == count or codes[index] in (10, 13):
            line = _read_line(textpage, codes, start, index)
            if line:
                lines.append(line)
            start = index + 1
    return {"width": width, "height": height, "lines": lines}


def _read_line(textpage: Any, codes: list[int], start: int, end: int) -> Line | None:  # noqa: ANN401
    visible = [index for index in range(start, end) if codes[index] > 32]
    if not visible:
        return None
    text = "".join(_character(code) for code in codes[start:end])
    left, _, _, _ = textpage.get_charbox(visible[0])
    _, _, right, _ = textpage.get_charbox(visible[-1])
    samples = visible[:: max(1, len(visible) // _FONT_SAMPLES)]
    sizes = sorted(pdfium.FPDFText_GetFontSize(textpage, index) for index in samples)
    return (
        text,
        left,
        right,
        _baseline(textpage, visible[0]),
        _baseline(textpage, visible[-1]),
        sizes[len(sizes) // 2],
        all(_is_bold(textpage, index) for index in samples),
    )


def _character(code: int) -> str:
    # PDFium writes U+0002 (or U+FFFE) for a hyphen at a line's end and joins the lines.
    if code in (_HYPHEN, 0xFFFE):
        return "\x02"
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)


def _baseline(textpage: Any, index: int) -> float:  # noqa: ANN401
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
    return y.value


def _is_bold(textpage: Any, index: int) -> bool:  # noqa: ANN401
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(textpage, index, name, 128, flags)
    if b"bold" in name.value.lower() or b"black" in name.value.lower():
        return True
    weight: int = pdfium.FPDFText_GetFontWeight(textpage, index)
    return bool(flags.value & _FORCE_BOLD) or weight >= _BOLD_WEIGHT


if __name__ == "__main__":
    sys.exit(main())
