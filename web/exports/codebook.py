"""The codebook as a list of themes, for tables; SKOS and REFI-QDA have files of their own."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from corpus.export_files import FileColumn
from web.exports.export import Export, Flat, picked
from web.holdings import Library
from web.shapes import Json, theme_shape

CODEBOOK_COLUMNS = (
    FileColumn("theme"),
    FileColumn("top_theme"),
    FileColumn("top_theme_label"),
    FileColumn("label"),
    FileColumn("sort"),
    FileColumn("definition"),
    FileColumn("include"),
    FileColumn("exclude"),
    FileColumn("also_called"),
    FileColumn("examples"),
    FileColumn("maps_to"),
)


class CodebookExport(BaseModel):
    """The codebook is exported whole: any filter is refused by name."""

    model_config = ConfigDict(extra="forbid")


def codebook_export(library: Library, _question: CodebookExport) -> Export:
    """Every sub-theme in codebook order, each with its top theme."""
    codebook = library.codebook

    def records() -> Iterator[Json]:
        for theme in codebook.themes:
            yield theme_shape(theme) | {
                "top_theme_label": codebook.entry(theme.top_theme).label,
                "maps_to": list(theme.maps_to),
                "codebook_version": codebook.version,
            }

    return Export(
        what="codebook",
        snapshot=library.snapshot,
        codebook_version=library.codebook.version,
        count=len(codebook.themes),
        records=records,
        columns=CODEBOOK_COLUMNS,
        flatten=_flat,
    )


def _flat(record: Json) -> Flat:
    names = ("include", "also_called", "examples", "maps_to")
    several = {name: "\n".join(record[name]) for name in names}
    exclude = "\n".join(f"{item['when']}: {item['then']}" for item in record["exclude"])
    return picked(record, CODEBOOK_COLUMNS) | several | {"exclude": exclude}
