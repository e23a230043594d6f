"""Figures that others published as a table of data, with our nearest in words."""

from collections.abc import Iterator

from corpus.estimate import Refusal
from corpus.export_files import FileColumn
from web.comparing import Compared, Nearest
from web.report.data_table import DataTable, Record
from web.report.model import AnnualReport
from web.report.words import estimate_words, figure_words

_COLUMNS = (
    FileColumn("title", "text", "The publication."),
    FileColumn("publisher", "text", "Who published it."),
    FileColumn("published", "text", "When, as precisely as it is known."),
    FileColumn("statement", "text", "What the figure says."),
    FileColumn("value", "text", "As published: quoted and never worked with."),
    FileColumn("unit", "text", "Its unit; units are never mixed."),
    FileColumn("period", "text", "The period that it was published for."),
    FileColumn("source", "text", "Where it was published."),
    FileColumn("population", "text", "What it is a figure of."),
    FileColumn("themes", "text", "Ids of our themes that were added up; empty where none is near."),
    FileColumn("years", "text", "The years that ours are of."),
    FileColumn("date_axis", "text", "The date that puts our reviews into these years."),
    FileColumn("reviews_held", "text", "Reviews held of these years with usable text."),
    FileColumn("machine", "text", "Ours: what the machine found, of what it read."),
    FileColumn("human", "text", "Ours: what people found, of what they read."),
    FileColumn("corrected", "text", "Ours: the corrected estimate, or that it is refused."),
    FileColumn("not_alike_because", "text", "Why the two are not alike."),
)


def published_table(report: AnnualReport) -> DataTable:
    """A row a published figure and date axis of ours, as in the report's own table.

    Ours stand in words: they are of other years than the report, so their passages are
    behind the page of published figures and not in this report.
    """
    return DataTable(
        name="published_figures",
        title="Figures that others published, each in its own unit, with our nearest",
        columns=_COLUMNS,
        rows=tuple(row for one in report.compared for row in _rows(one)),
    )


def _rows(one: Compared) -> Iterator[Record]:
    figure, population = one.figure, one.figure.population
    known: Record = {
        "title": figure.title,
        "publisher": figure.publisher,
        "published": figure.published,
        "statement": figure.statement,
        "value": figure.value,
        "unit": figure.unit,
        "period": figure.period,
        "source": figure.source_url,
        "population": population.words if population else None,
        "themes": "; ".join(one.themes),
        "not_alike_because": " ".join(one.reasons),
    }
    if not one.nearest:
        yield known
    for nearest in one.nearest:
        yield {
            **known,
            "years": f"{population.from_year} to {population.to_year}" if population else None,
            "date_axis": nearest.clock.value,
            "reviews_held": str(nearest.held),
            "machine": figure_words(nearest.cell.machine),
            "human": figure_words(nearest.cell.human),
            "corrected": _corrected(nearest),
        }


def _corrected(nearest: Nearest) -> str:
    corrected = nearest.cell.corrected
    if isinstance(corrected, Refusal):
        return f"Not given: {corrected.reason}"
    return estimate_words(corrected, nearest.held) or ""
