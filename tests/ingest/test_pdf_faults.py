"""What a hostile or broken PDF can do: nothing but be refused, with the reason."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import hostile_pdfs as hostile
import pytest
from files import locked_pdf
from printed_pages import LEFT, RIGHT, picture_of, printed, scanned, two_columns, words
from reportlab.pdfgen.canvas import Canvas

from ingest.extract.pdf import (
    PAGES_WITHOUT_TEXT,
    TEXT_RECOGNISED,
    PdfLimits,
    extract_pdf,
)
from ingest.extract.pdf_ocr import OcrLimits, has_ocr
from ingest.extracted import ExtractFailedError

STATED = "The nurse wrote to the surgery twice and kept a copy of it."
needs_tesseract = pytest.mark.skipif(not has_ocr(), reason="the tesseract program is not installed")
NO_OCR = PdfLimits(ocr=OcrLimits(pages=0))


def spread(canvas: Canvas) -> None:
    words(canvas, LEFT, 60, 700, 475)


@pytest.mark.parametrize(
    ("make", "size", "limits"),
    [
        (hostile.many_pages, 10_000, PdfLimits()),
        (hostile.swelling_content, 60, PdfLimits(cpu_seconds=1)),
        (hostile.swelling_content, 60, PdfLimits(memory_mb=150)),
        (hostile.swelling_content, 20, PdfLimits(wall_seconds=0.2)),
    ],
    ids=["10,000 pages", "processor", "memory", "clock"],
)
def test_p1_a_pdf_past_a_limit_is_given_up_with_its_mark_and_the_next_is_read(
    make: Callable[[int], bytes], size: int, limits: PdfLimits
) -> None:
    with pytest.raises(ExtractFailedError) as failed:
        extract_pdf(make(size), limits=limits)
    assert failed.value.mark == "extract_failed:limit"
    assert extract_pdf(printed(spread)).blocks[0].text == LEFT


@pytest.mark.parametrize(
    "data",
    [hostile.huge_picture(), hostile.deep_nesting(200_000), hostile.swelling_objects(100)],
    ids=["gigapixel", "nesting", "object stream"],
)
def test_p1_what_is_huge_but_not_needed_is_not_unpacked(data: bytes) -> None:
    try:
        extracted = extract_pdf(data, limits=PdfLimits(cpu_seconds=10, memory_mb=400))
    except ExtractFailedError as error:
        assert error.cause in ("limit", "damaged")  # noqa: PT017 - either end is a good one
    else:
        assert [block.text for block in extracted.blocks] == [STATED]


@pytest.mark.parametrize(
    "data", [hostile.endless_xref(), hostile.looping_pages()], ids=["xref", "page tree"]
)
def test_p1_loops_within_a_file_end(data: bytes) -> None:
    try:
        extracted = extract_pdf(data, limits=PdfLimits(cpu_seconds=10))
    except ExtractFailedError as error:
        assert error.cause in ("limit", "damaged", "no-text")  # noqa: PT017 - as above
    else:
        assert [block.text for block in extracted.blocks] == [STATED]


def test_p2_a_locked_file_says_so() -> None:
    with pytest.raises(ExtractFailedError, match="locked with a password") as failed:
        extract_pdf(locked_pdf("secret"))
    assert failed.value.cause == "locked"


def test_p2_pages_that_are_pictures_are_counted_and_marked() -> None:
    picture = picture_of(printed(two_columns))
    extracted = extract_pdf(
        printed(spread, scanned(picture), lambda _: None, scanned(picture)), limits=NO_OCR
    )
    assert extracted.page_count == 4
    assert extracted.marks == (PAGES_WITHOUT_TEXT,)
    assert extracted.dropped == {"picture-page": 2}
    assert [block.page for block in extracted.blocks] == [1]


def test_p2_a_scan_without_text_is_refused() -> None:
    with pytest.raises(ExtractFailedError, match="no text layer") as failed:
        extract_pdf(printed(scanned(picture_of(printed(two_columns)))), limits=NO_OCR)
    assert failed.value.cause == "no-text"


@needs_tesseract
def test_p2_a_scan_is_read_by_tesseract_in_the_order_of_its_columns() -> None:
    extracted = extract_pdf(printed(spread, scanned(picture_of(printed(two_columns)))))
    assert extracted.marks == (TEXT_RECOGNISED,)
    assert "picture-page" not in extracted.dropped
    texts = [block.text for block in extracted.blocks if block.page == 2]
    assert texts[0] == "Letters nobody opened"
    assert texts[2:4] == [LEFT, RIGHT]


@needs_tesseract
def test_a_page_that_takes_tesseract_too_long_stays_without_text() -> None:
    limits = PdfLimits(ocr=OcrLimits(page_seconds=0.01))
    extracted = extract_pdf(printed(spread, scanned(picture_of(printed(spread)))), limits=limits)
    assert extracted.marks == (PAGES_WITHOUT_TEXT,)


def test_p6_the_text_layer_of_a_scan_is_read_and_marked_as_recognised() -> None:
    page = scanned(picture_of(printed(spread)), layer=LEFT)
    extracted = extract_pdf(printed(page), limits=NO_OCR)
    assert [block.text for block in extracted.blocks] == [LEFT]
    assert extracted.marks == (TEXT_RECOGNISED,)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_p3_a_file_cut_short_gives_nothing(share: float) -> None:
    data = printed(spread, two_columns)
    with pytest.raises(ExtractFailedError, match="cut short") as failed:
        extract_pdf(data[: int(share * len(data))])
    assert failed.value.mark == "extract_failed:damaged"


def test_p3_a_corrupt_head_or_table_is_read_whole_or_refused() -> None:
    data = printed(spread)
    broken_head = b"\x00\xff" * 8 + data[16:]
    broken_table = data.replace(b"startxref", b"startxxxx")
    for bad in (broken_head, broken_table, data[:400] + b"\xff" * 300 + data[700:]):
        try:
            assert [block.text for block in extract_pdf(bad).blocks] == [LEFT]
        except ExtractFailedError as error:
            assert error.cause in ("damaged", "no-text")  # noqa: PT017 - either end is a good one


def test_p4_scripts_actions_and_attachments_are_neither_run_nor_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    extracted = extract_pdf(hostile.acting(str(tmp_path / "made")))
    assert [block.text for block in extracted.blocks] == [STATED]
    assert list(tmp_path.iterdir()) == []


def test_p5_pdfs_read_in_several_threads_give_what_one_gives() -> None:
    files = [printed(spread), printed(two_columns), printed(spread, two_columns)]
    alone = [extract_pdf(data) for data in files]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(extract_pdf, files * 3)) == alone * 3


def test_without_tesseract_a_scan_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(ExtractFailedError, match="install tesseract"):
        extract_pdf(printed(scanned(picture_of(printed(spread)))))
