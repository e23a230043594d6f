import pytest
from files import lines_pdf, report_pdf

from corpus.errors import SourceError
from corpus.model import Kind
from ingest.extract.pdf import PdfLimits, extract_pdf
from ingest.extracted import BlockKind
from ingest.segment import segment_blocks

LONG = (
    "Nobody in the surgery could see what the school held, and the file stayed in a drawer for a "
    "whole term while three agencies each thought that another had it."
)
PARTS = [
    ("Title", "Overview report: Child Quartz"),
    ("BodyText", "12 March 2021"),
    ("break", ""),
    ("Heading1", "Contents"),
    ("BodyText", "1. Introduction ........................ 3"),
    ("BodyText", "2. Information sharing between agencies ................ 4"),
    ("BodyText", "Glossary .............. 5"),
    ("break", ""),
    ("Heading1", "1. Introduction"),
    *(
        ("Numbered", f"1.{n} On the 15<super>th</super> of July the nurse rang. {LONG} {LONG}")
        for n in range(1, 16)
    ),
    ("BodyText", "• the meeting was held without the school nurse and without the surgery"),
    ("BodyText", "• nobody wrote to the housing office"),
    ("Heading1", "Glossary"),
    ("BodyText", "Strategy meeting: where agencies decide what to do next."),
]


@pytest.fixture(scope="module")
def report() -> bytes:
    return report_pdf(PARTS, head="Overview report", title="Microsoft Word - quartz.docx")


def test_a_report_gives_its_numbered_paragraphs_with_their_pages(report: bytes) -> None:
    extracted = extract_pdf(report)
    numbered = [block for block in extracted.blocks if block.paragraph]
    assert [block.paragraph for block in numbered if block.kind is BlockKind.PARAGRAPH] == [
        f"1.{number}" for number in range(1, 16)
    ]
    assert numbered[0].page == 3
    assert numbered[-1].page == 4
    assert {block.text for block in numbered} == {
        f"On the 15th of July the nurse rang. {LONG} {LONG}"
    }


def test_running_heads_page_numbers_and_contents_are_no_passages(report: bytes) -> None:
    extracted = extract_pdf(report)
    assert extracted.dropped == {"running-line": 8}
    segmented = segment_blocks(extracted.blocks, Kind.REVIEW)
    assert segmented.skipped["contents"] == 3
    assert segmented.skipped["glossary"] == 1
    assert len(segmented.segments) == 17
    assert "page 3" not in segmented.text
    assert {segment.heading for segment in segmented.segments} == {"1. Introduction"}


def test_title_and_date_come_from_the_first_page(report: bytes) -> None:
    extracted = extract_pdf(report)
    assert extracted.raw_title == "Overview report: Child Quartz"
    assert (str(extracted.published), extracted.published_from) == ("2021-03-12", "first page")


def test_words_parted_at_line_ends_and_raised_endings_are_whole_again() -> None:
    pdf = lines_pdf(
        [
            (72, 700, 12, "1.1 The infor-"),
            (72, 686, 12, "mation was known to a multi-"),
            (72, 672, 12, "agency meeting on 3"),
            (190, 676, 7, "rd"),
            (200, 672, 12, "March and again on the 15 th July."),
        ]
    )
    (block,) = extract_pdf(pdf).blocks
    assert block.paragraph == "1.1"
    assert block.text == (
        "The information was known to a multi-agency meeting on 3rd March and again on the "
        "15th July."
    )


def test_a_paragraph_that_runs_over_a_page_is_one_block_on_its_first_page() -> None:
    parts = [("Numbered", f"2.{n} {LONG}") for n in range(1, 18)]
    parts.append(
        ("Numbered", "2.18 " + LONG[:-1] + " and " + (LONG[:-1] + " and ") * 9 + "no end.")
    )
    blocks = extract_pdf(report_pdf(parts, head="Overview report")).blocks
    assert [block.paragraph for block in blocks] == [f"2.{n}" for n in range(1, 19)]
    assert blocks[-1].page == 1
    assert blocks[-1].text.endswith("and no end.")
    assert "page 2" not in blocks[-1].text


def test_a_reader_that_takes_too_much_is_killed_and_said_so(report: bytes) -> None:
    with pytest.raises(SourceError, match="limits of time and memory"):
        extract_pdf(report, limits=PdfLimits(wall_seconds=0.01))
    with pytest.raises(SourceError, match="limits of time and memory"):
        extract_pdf(report + b" " * 200_000_000 + b"%%EOF", limits=PdfLimits(memory_mb=100))


def test_more_pages_than_allowed_are_refused(report: bytes) -> None:
    with pytest.raises(SourceError, match="longer than any report"):
        extract_pdf(report, limits=PdfLimits(pages=2))
