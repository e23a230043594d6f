"""The report as CSV files, one a table, with their dictionary and a schema."""

import json
from typing import Any

from corpus.export_files import FileColumn
from web.counting import NOTES
from web.report.data_table import DataTable
from web.report.model import AnnualReport
from web.report.tables import data_tables, dictionary
from web.spreadsheet import csv_text

SCHEMA = "datapackage.json"
_FIELD_TYPES = {"text": "string", "whole": "integer", "number": "number"}


def csv_files(report: AnnualReport) -> dict[str, bytes]:
    """Write every table, then the dictionary and the schema: name → bytes.

    No day stands in them: equal reports give equal bytes. A text that a spreadsheet could
    run as a formula begins with an apostrophe.
    """
    tables = data_tables(report)
    written = (*tables, dictionary(tables))
    files = {
        f"{table.name}.csv": csv_text([each.name for each in table.columns], table.rows).encode()
        for table in written
    }
    files[SCHEMA] = (
        json.dumps(_package(report, written), ensure_ascii=False, indent=2) + "\n"
    ).encode()
    return files


def _package(report: AnnualReport, tables: tuple[DataTable, ...]) -> dict[str, Any]:
    """A Frictionless Data Package: what each file and each column of it is."""
    return {
        "name": f"throughline-annual-report-{report.year}",
        "title": f"Annual report {report.year}",
        "description": " ".join(NOTES),
        "version": report.snapshot,
        "draft": report.draft,
        "codebook_version": report.method.codebook_version,
        "profile": "tabular-data-package",
        "resources": [_resource(table) for table in tables],
    }


def _resource(table: DataTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": table.title,
        "path": f"{table.name}.csv",
        "profile": "tabular-data-resource",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "doubleQuote": True},
        "rows": len(table.rows),
        "schema": {
            "fields": [_field(table, column) for column in table.columns],
            "missingValues": [""],
        },
    }


def _field(table: DataTable, column: FileColumn) -> dict[str, Any]:
    traced = table.traced.get(column.name)
    return {
        "name": column.name,
        "type": _FIELD_TYPES[column.sort],
        "description": column.description,
        **({"traced_by": traced} if traced else {}),
    }
