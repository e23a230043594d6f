"""Every chart that has an address: its name, and how its figure is made from parameters."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from corpus.count_table import DateAxis
from corpus.ledger import blocks_time
from nlp.codebook import Codebook
from web.charts.again import again
from web.charts.compared import compared
from web.charts.errors import ChartNotFoundError, DatesLostError
from web.charts.figure import ChartFigure
from web.charts.shares import theme_share, theme_shares
from web.charts.strips import strips
from web.holdings import Library
from web.parameters import ParameterError
from web.recurring import Ground, RecurrenceQuestion, ground, read_question
from web.side_by_side import ComparisonQuestion, compare, read_comparison

_OVER_TIME: Mapping[str, Callable[[Ground, Codebook], ChartFigure]] = MappingProxyType(
    {"strips": strips, "shares": theme_shares, "share": theme_share, "again": again}
)

CHARTS = (*_OVER_TIME, "compare")
"""The names that charts are addressed by."""


def figure_for(library: Library, name: str, arguments: Mapping[str, str]) -> ChartFigure:
    """Make the figure of a name with the filters of an address.

    Raises:
        ChartNotFoundError: there is none.
        ParameterError: a filter is unknown or cannot be used.
        ThemeNotFoundError: the codebook has no such theme.
        DatesLostError: dates vanished from a source.
    """
    if name == "compare":
        return comparison_figure(library, read_comparison(library, arguments))
    return time_figure(library, name, read_question(library, arguments))


def time_figure(library: Library, name: str, question: RecurrenceQuestion) -> ChartFigure:
    """Make a figure over time.

    Raises:
        ChartNotFoundError: there is none.
        DatesLostError: dates vanished from a source.
    """
    if name not in _OVER_TIME:
        raise ChartNotFoundError(name, CHARTS)
    if name == "again":
        # A recommendation can be heeded from when it is published, whatever the clock.
        question = question.model_copy(update={"clock": DateAxis.PUBLICATION})
    if is_blocked(library, question.clock):
        raise DatesLostError
    return _OVER_TIME[name](ground(library, question), library.codebook)


def comparison_figure(library: Library, question: ComparisonQuestion) -> ChartFigure:
    """Make the figure of a comparison.

    Raises:
        ParameterError: a side is missing.
        DatesLostError: periods are compared, and dates vanished from a source.
    """
    if not question.is_whole:
        raise ParameterError([("what", "give both sides: a and b, or the years of two periods")])
    if question.what != "nations" and is_blocked(library, question.clock):
        raise DatesLostError
    return compared(compare(library, question))


def is_blocked(library: Library, clock: DateAxis) -> bool:
    """Whether nothing may be shown by this clock; when a text was taken in is always known."""
    return clock is not DateAxis.CAPTURE and blocks_time(library.store)
