"""The report as a workbook: every figure leads to the passages that re-count to it."""

import datetime as dt
import errno
import io
from collections.abc import Iterable, Mapping
from typing import Any

from web.report.data_table import DataTable, Record
from web.report.document import DRAFT, NOT_THE_PANELS
from web.report.fixed_zip import without_clock
from web.report.model import AnnualReport
from web.report.tables import data_tables, dictionary
from web.report.words import day_words
from web.spreadsheet import Value, clean_value

ABOUT = "about"
PASSAGES = "passages"
REVIEWS = "reviews"

_READ = (
    "A figure leads to the sheet of passages: those under its reference are about exactly the "
    "reviews that it counts. Denominators lead to the sheet of reviews."
)
_HEAD_FILL = "0B3C46"
_LINK = "0B5563"
_WIDTHS = {
    "text": 70,
    "theme": 30,
    "top_theme": 26,
    "label": 42,
    "reference": 44,
    "title": 60,
    "review": 44,
    "note": 60,
}
_WIDEST_DEFAULT = 25
_FACE = "Calibri"
"""Named wherever a font is set: a font without a name is printed in a serif one."""
_NAMES_WIDE, _WORDS_WIDE = 34, 110
_LINE_POINTS = 15
_PAGE_WIDE = 210
"""How many characters of columns a landscape page can hold and still be read."""


def workbook(report: AnnualReport, *, written_on: dt.date) -> bytes:
    """Write the workbook; equal reports give equal bytes but for the day."""
    # Imported here: most commands write no workbook.
    from openpyxl import Workbook  # noqa: PLC0415

    book: Any = Workbook()
    tables = data_tables(report)
    tables = (*tables, dictionary(tables))
    _about(book.active, report, tables, written_on)
    passages = next(table for table in tables if table.name == PASSAGES)
    first_rows = _first_rows(passages.rows)
    for table in tables:
        _sheet(book.create_sheet(table.name), table, first_rows)
    book.properties.title = f"Throughline: annual report {report.year}"
    book.properties.creator = "Throughline"
    for sheet in book.worksheets if report.draft else ():
        sheet.oddHeader.center.text = DRAFT
    return without_clock(_saved(book), stated_at=stated_at(report))


def _saved(book: Any) -> bytes:  # noqa: ANN401 - openpyxl has no types
    """The workbook's bytes; sheets are written aside first, so a disk can be full here too."""
    out = io.BytesIO()
    try:
        book.save(out)
    except Exception as error:
        # What lxml says of a full disk is no OSError; anything else is as it was.
        if type(error).__module__ != "lxml.etree":
            raise
        raise OSError(errno.EIO, f"a sheet could not be written aside ({error})") from error
    return out.getvalue()


def stated_at(report: AnnualReport) -> str:
    """When an office file says it was made: when its snapshot was published, never the clock."""
    if report.published_at is None:
        return "1980-01-01T00:00:00Z"
    moment = dt.datetime.fromisoformat(report.published_at).astimezone(dt.UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _first_rows(rows: Iterable[Record]) -> Mapping[Value, int]:
    """Reference → the first row of the sheet of passages that it stands in."""
    first: dict[Value, int] = {}
    for number, row in enumerate(rows, start=2):
        first.setdefault(row["reference"], number)
    return first


def _about(
    sheet: Any,  # noqa: ANN401 - openpyxl has no types
    report: AnnualReport,
    tables: tuple[DataTable, ...],
    written_on: dt.date,
) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415

    sheet.title = ABOUT
    state = "draft, not published" if report.draft else f"published {report.published}"
    lines: list[tuple[str, str]] = [
        (f"Annual report {report.year}", "What reviews found about the sharing of information"),
        *([("Draft", DRAFT)] if report.draft else []),
        ("Snapshot", f"{report.snapshot} ({state})"),
        *([("Manifest", f"sha256:{report.manifest_sha256}")] if report.manifest_sha256 else []),
        ("Codebook", report.method.codebook_version),
        ("Tagger", ", ".join(report.method.taggers)),
        *([("Cite as", report.citation)] if report.citation else []),
        ("Written on", day_words(written_on)),
        (
            "How to read it",
            _READ,
        ),
        ("Note", NOT_THE_PANELS),
        *(("Note", note) for note in report.notes),
        *([("Note", report.time_blocked)] if report.time_blocked else []),
        ("Changes", report.change.sentence),
        *((table.name, table.title) for table in tables),
    ]
    for number, (name, words) in enumerate(lines, start=1):
        _put(sheet.cell(number, 1), name)
        _put(sheet.cell(number, 2), words)
        # Said, since not every program works out the height of a row that wraps.
        lines_needed = -(-len(words) * 11 // (_WORDS_WIDE * 10))
        sheet.row_dimensions[number].height = _LINE_POINTS * max(1, lines_needed)
        sheet.cell(number, 1).font = Font(name=_FACE, bold=True)
        sheet.cell(number, 2).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(number, 1).alignment = Alignment(vertical="top")
        if name in {table.name for table in tables}:
            _link(sheet.cell(number, 1), name, 1)
    sheet.cell(1, 1).font = Font(name=_FACE, bold=True, size=16)
    sheet.row_dimensions[1].height = 2 * _LINE_POINTS
    sheet.column_dimensions["A"].width = _NAMES_WIDE
    sheet.column_dimensions["B"].width = _WORDS_WIDE
    _printed(sheet, landscape=False)


def _sheet(
    sheet: Any,  # noqa: ANN401 - as above
    table: DataTable,
    first_rows: Mapping[Value, int],
) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    for place, column in enumerate(table.columns, start=1):
        head = sheet.cell(1, place)
        _put(head, column.name)
        head.font = Font(name=_FACE, bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor=_HEAD_FILL)
        head.alignment = Alignment(wrap_text=True, vertical="top")
        width = _WIDTHS.get(column.name, _WIDTHS["reference"] if "reference" in column.name else 0)
        sheet.column_dimensions[get_column_letter(place)].width = width or min(
            _WIDEST_DEFAULT, len(column.name) + 4
        )
    for number, row in enumerate(table.rows, start=2):
        for place, column in enumerate(table.columns, start=1):
            cell, value = sheet.cell(number, place), row.get(column.name)
            _put(cell, value)
            if (column.sort == "number" and "share" in column.name) or "_ci_" in column.name:
                cell.number_format = "0.0%"
            if value is not None:
                _trace(cell, column.name, row, table, first_rows)
    sheet.freeze_panes = "A2"
    if table.rows:
        sheet.auto_filter.ref = sheet.dimensions
    _printed(sheet, landscape=True)


def _trace(
    cell: Any,  # noqa: ANN401 - as above
    column: str,
    row: Record,
    table: DataTable,
    first_rows: Mapping[Value, int],
) -> None:
    named = row.get(table.traced[column]) if column in table.traced else None
    named = row[column] if column.endswith("reference") and table.name != PASSAGES else named
    if named in first_rows:
        _link(cell, PASSAGES, first_rows[named])
    elif column in table.of_reviews:
        _link(cell, REVIEWS, 1)


def _put(cell: Any, value: Value) -> None:  # noqa: ANN401 - as above
    if value is None or value == "":
        return  # a text without words is no text to every spreadsheet
    cell.value = clean_value(value)
    if isinstance(value, str):
        cell.data_type = "s"  # else a text that begins with = is a formula


def _link(cell: Any, sheet: str, row: int) -> None:  # noqa: ANN401 - as above
    from openpyxl.styles import Font  # noqa: PLC0415
    from openpyxl.worksheet.hyperlink import Hyperlink  # noqa: PLC0415

    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet}'!A{row}")
    cell.font = Font(name=_FACE, color=_LINK, underline="single")


def _printed(sheet: Any, *, landscape: bool) -> None:  # noqa: ANN401 - as above
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    columns = sum(each.width for each in sheet.column_dimensions.values())
    across = -(-int(columns) // _PAGE_WIDE) if landscape else 1
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = across, 0
    if across > 1:
        sheet.print_title_cols = "A:C"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.oddFooter.center.text = f"{sheet.title}, page &P of &N"
