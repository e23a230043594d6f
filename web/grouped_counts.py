"""A table of counts, then the same for each nation, type or decade of reviews alone, in JSON."""

from corpus.count_table import CountTable
from corpus.counts import Grouping
from web.counting import CountsQuestion, counts_shape, table_shape
from web.holdings import Library
from web.shapes import Json


def grouped_shape(
    whole: CountTable,
    parts: dict[str, CountTable],
    library: Library,
    question: CountsQuestion,
    *,
    by: Grouping,
) -> Json:
    """The whole table with its parts in the order given, as ``GET /counts`` writes them."""
    groups = [{"key": key, **table_shape(part, library, question)} for key, part in parts.items()]
    return counts_shape(whole, library, question) | {"group_by": by, "groups": groups}
