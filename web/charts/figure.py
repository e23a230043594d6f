"""A figure: what a chart, its sentence, its table and its files are all made from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from corpus.shares import Share
from web.words import counted

Spec = dict[str, Any]
"""A Vega-Lite specification, as JSON has it."""

Value = str | int | float | None


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a chart is drawn: for which background, and for how wide a screen."""

    scheme: Literal["light", "dark"] = "light"
    narrow: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a figure's table: its heading, and whether it holds numbers."""

    name: str
    number: bool = False


@dataclass(frozen=True, kw_only=True)
class ChartFigure:
    """A figure, ready to be shown: the table and the CSV hold the same cells."""

    name: str
    """As its files are addressed: ``/charts/<name>.svg``."""
    title: str
    summary: str
    """What it shows, in one sentence computed from the rows."""
    coverage: tuple[str, ...]
    """What it rests on and cannot tell, a sentence each."""
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    """A row's first cell heads it; ``None`` is a gap, which is not 0."""
    opens: tuple[Mapping[str, str] | None, ...] = ()
    """For each row the query of the recurrence page that shows what is behind it; may be empty."""
    arguments: Mapping[str, str] = field(default_factory=dict)
    """The figure's own filters, which its files repeat."""
    draw: Callable[[Look], Spec]
    """Give the chart's specification: a pure function of the figure's data."""

    @property
    def alt(self) -> str:
        """What stands in for the picture: its title and sentence; the table has the rest."""
        return f"Chart: {self.title}. {self.summary}"

    def open_of(self, row: int) -> Mapping[str, str] | None:
        """What opens a row, by its number from 0."""
        return self.opens[row] if self.opens else None


def share_words(share: Share) -> str:
    """Write a share with its number and denominator: ``12 of 96 reviews (13%)``."""
    if not share.denominator:
        return "no review held"
    return f"{share.n} of {counted(share.denominator, 'review')} ({percent_words(share.share)})"


def percent_words(share: float | None) -> str:
    """Write a share in whole per cent; what is little but not nothing is ``under 1%``."""
    if share is None:
        return "–"
    if 0 < share < 0.005:
        return "under 1%"
    return f"{share * 100:.0f}%"


def percent(share: float | None) -> float | None:
    """A share in per cent to one place, for tables; ``None`` stays ``None``."""
    return None if share is None else round(share * 100, 1)


def share_cells(share: Share) -> tuple[Value, ...]:
    """A share's five cells: number, denominator, per cent, and both ends of its interval."""
    low, high = share.interval or (None, None)
    return share.n, share.denominator, percent(share.share), percent(low), percent(high)


SHARE_COLUMNS = (
    Column("Reviews held", number=True),
    Column("Share, %", number=True),
    Column("95% interval from, %", number=True),
    Column("to, %", number=True),
)
"""The columns after the number itself, whose heading says what was counted."""
