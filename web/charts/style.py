"""How charts look: the colours of the stylesheet, for light and dark, and one config for all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from web.charts.figure import Look, Spec

if TYPE_CHECKING:
    import altair as alt

FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"

WIDE = 660
NARROW = 318
"""Width of the drawing itself, without labels beside it, in CSS pixels."""


@dataclass(frozen=True)
class Palette:
    """Colours by what they are for; each stands at 4.5 to 1 on the paper, the lines apart."""

    paper: str
    ink: str
    quiet: str
    line: str
    accent: str
    accent_2: str


PALETTES = {
    "light": Palette("#ffffff", "#1b2326", "#515c61", "#d5dbdc", "#0b5563", "#96410a"),
    "dark": Palette("#14191b", "#e7ebec", "#a9b4b8", "#3a4549", "#84cad6", "#f0b27a"),
}


def palette(look: Look) -> Palette:
    """The colours of a look."""
    return PALETTES[look.scheme]


def width(look: Look) -> int:
    """How wide a look draws."""
    return NARROW if look.narrow else WIDE


def config(look: Look) -> Spec:
    """What every chart has in common."""
    colours = palette(look)
    return {
        # The picture is one image with its own words; the table carries the numbers.
        "aria": False,
        "background": colours.paper,
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None},
        "axis": {
            "labelColor": colours.quiet,
            "labelFontSize": 12,
            "titleColor": colours.quiet,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": colours.line,
            "domainColor": colours.quiet,
            "tickColor": colours.quiet,
        },
        "header": {
            "labelColor": colours.ink,
            "labelFontSize": 12,
            "labelFontWeight": "bold",
            "title": None,
        },
        "legend": {
            "labelColor": colours.ink,
            "labelFontSize": 12,
            "labelLimit": 300,
            "title": None,
            "orient": "top",
        },
        "text": {"color": colours.ink, "fontSize": 12},
    }


def inline(values: Sequence[dict[str, Any]]) -> "alt.InlineData":
    """Put rows into a specification itself: nothing is ever fetched for a chart."""
    import altair  # noqa: PLC0415 - a third of a second

    return altair.InlineData(values=list(values))
