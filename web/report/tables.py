"""Every table of a report's data, in order, and the dictionary of their columns."""

from collections.abc import Callable, Iterator

from corpus.export_files import FileColumn
from web.report import evidence_tables, figure_tables
from web.report.data_table import DataTable, Record
from web.report.model import AnnualReport
from web.report.published_table import published_table


def data_tables(report: AnnualReport) -> tuple[DataTable, ...]:
    """Every table of a report, in the order in which a workbook has them."""
    return tuple(make(report) for make in _TABLES)


def dictionary(tables: tuple[DataTable, ...]) -> DataTable:
    """What every column of every table is."""
    return DataTable(
        name="dictionary",
        title="What each column is",
        columns=(
            FileColumn("table", "text", "The table."),
            FileColumn("column", "text", "The column."),
            FileColumn("sort", "text", "text, whole (a whole number) or number."),
            FileColumn("description", "text", "What it is."),
            FileColumn("traced_by", "text", "The column with its reference into passages."),
        ),
        rows=tuple(_dictionary_rows(tables)),
    )


def _dictionary_rows(tables: tuple[DataTable, ...]) -> Iterator[Record]:
    for table in tables:
        for column in table.columns:
            counts_reviews = "reviews" if column.name in table.of_reviews else None
            yield {
                "table": table.name,
                "column": column.name,
                "sort": column.sort,
                "description": column.description,
                "traced_by": table.traced.get(column.name, counts_reviews),
            }


_TABLES: tuple[Callable[[AnnualReport], DataTable], ...] = (
    figure_tables.themes_table,
    figure_tables.years_table,
    figure_tables.period_table,
    figure_tables.recommended_table,
    figure_tables.crosswalk_table,
    figure_tables.agreement_table,
    published_table,
    evidence_tables.changes_table,
    evidence_tables.coverage_table,
    evidence_tables.missing_table,
    evidence_tables.withdrawals_table,
    evidence_tables.quotes_table,
    evidence_tables.reviews_table,
    evidence_tables.passages_table,
)
