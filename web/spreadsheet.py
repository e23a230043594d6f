"""Rows as CSV and as workbooks, in which no cell can act as a formula."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.export_files import cell_text, csv_line

Value = str | int | float | None

# What XML, and so a workbook, cannot hold.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet of a workbook: a row of names, then the rows."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Mapping[str, Value]]


def csv_text(columns: Sequence[str], rows: Iterable[Mapping[str, Value]]) -> str:
    """Write rows as CSV for looking at: a text that could act begins with an apostrophe.

    Numbers stay numbers and nothing is empty text. JSON carries the texts unchanged.
    """
    lines = [csv_line(columns)]
    lines += [csv_line(cell_text(row.get(name)) for name in columns) for row in rows]
    return b"".join(lines).decode()


def workbook_bytes(sheets: Sequence[Sheet]) -> bytes:
    """Write sheets as an XLSX file, every text stored as text."""
    # Imported here: most commands write no workbook.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    workbook = Workbook(write_only=True)
    for sheet in sheets:
        written = workbook.create_sheet(sheet.title)
        written.freeze_panes = "A2"
        written.append(list(sheet.columns))
        for row in sheet.rows:
            cells = []
            for name in sheet.columns:
                value = row.get(name)
                cell = WriteOnlyCell(written, value=clean_value(value))
                if isinstance(value, str):
                    cell.data_type = "s"  # else a text that begins with = is a formula
                cells.append(cell)
            written.append(cells)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def clean_value(value: Value) -> Value:
    """Leave out of a text what a workbook cannot hold."""
    return _CONTROL.sub("", value) if isinstance(value, str) else value
