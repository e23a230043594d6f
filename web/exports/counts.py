"""Counts as an export: a figure a row, as ``throughline counts --format csv`` has them."""

from collections.abc import Iterator

from corpus.export_files import FileColumn, Sort
from web.count_sheets import FIGURE_COLUMNS, figure_rows
from web.counting import CountsQuestion, counted
from web.exports.export import Export, Flat
from web.holdings import Library
from web.shapes import Json

_NUMBERS = frozenset({"n", "estimate", "ci_low", "ci_high"})
_WHOLE = frozenset(
    {"denominator", "n_human_checked", "n_digest_only", "n_children", "n_children_stated"}
)


def _sort(name: str) -> Sort:
    return "number" if name in _NUMBERS else "whole" if name in _WHOLE else "text"


_COLUMNS = tuple(FileColumn(name, _sort(name)) for name in FIGURE_COLUMNS if name != "snapshot")


def counts_export(library: Library, question: CountsQuestion) -> Export:
    """Every figure of a table of counts.

    Raises:
        PassageNotFoundError: a passage to be left out is not held.
    """
    rows = list(figure_rows(counted(library, question), library, question))

    def records() -> Iterator[Json]:
        yield from rows

    return Export(
        what="counts",
        snapshot=library.snapshot,
        codebook_version=library.codebook.version,
        count=len(rows),
        records=records,
        columns=tuple(
            FileColumn(name, _sort(name)) for name in FIGURE_COLUMNS if name != "snapshot"
        ),
        flatten=_flat,
    )


def _flat(record: Json) -> Flat:
    return dict(record)
