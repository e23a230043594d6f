"""A table of a report's data: columns with their meaning, rows, and what each figure rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.export_files import FileColumn
from web.spreadsheet import Value

Record = Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class DataTable:
    """One table of data."""

    name: str
    title: str
    columns: tuple[FileColumn, ...]
    rows: tuple[Record, ...]
    traced: Mapping[str, str] = field(default_factory=dict)
    """Column of figures → the column with the reference that its passages stand under."""
    of_reviews: tuple[str, ...] = ()
    """Columns that count rows of the table of reviews: the denominators."""


ROW = (
    FileColumn("scope", "text", "The year, or the years together, that the figures are of."),
    FileColumn("theme", "text", "Theme id; any-theme for the total."),
    FileColumn("label", "text", "The theme’s label in the codebook."),
    FileColumn("sort", "text", "total, top-theme, theme, residual or counter-theme."),
    FileColumn("top_theme", "text", "Id of the top theme that a sub-theme belongs to."),
    FileColumn("level", "text", "case, system, or either: at least one of them."),
    FileColumn("reviews_held", "whole", "Reviews held with usable text in the scope."),
)
