"""Charts of lines and points as SVG, small enough to read in a diff."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 520, 360
_LEFT, _TOP, _RIGHT, _BOTTOM = 64, 24, 20, 56
_COLOURS = ("#1f5f8b", "#b3541e", "#4b7f52")
_INK = "#222222"


@dataclass(frozen=True, kw_only=True)
class Point:
    """One measured value."""

    x: float
    y: float
    low: float | None = None
    """The lower end of its interval, and below the upper; both or neither."""
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class Series:
    """Points joined by a line, with a name for the legend."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One axis: its name, its ends and the values that are written along it."""

    name: str
    low: float
    high: float
    ticks: Sequence[tuple[float, str]]


def unit_axis(name: str) -> Axis:
    """An axis from 0 to 1 in fifths."""
    return Axis(name=name, low=0, high=1, ticks=[(n / 5, f"{n / 5:.1f}") for n in range(6)])


def draw_chart(
    title: str, series: Sequence[Series], x: Axis, y: Axis, *, diagonal: bool = False
) -> str:
    """Draw a chart; the same values give the same text.

    Args:
        title: read aloud in place of the picture.
        series: up to three.
        x: the horizontal axis.
        y: the vertical axis.
        diagonal: whether a dashed line joins the lower left with the upper right corner.
    """
    across = _scale(x, _LEFT, WIDTH - _RIGHT)
    up = _scale(y, HEIGHT - _BOTTOM, _TOP)
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'font-family="sans-serif" font-size="12" fill="{_INK}">'
        ),
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        *_axes(x, y, across, up),
    ]
    if diagonal:
        lines.append(_line(across(x.low), up(y.low), across(x.high), up(y.high), _INK, dashed=True))
    for place, one in enumerate(series):
        lines += _drawn(one, _COLOURS[place], across, up)
        at = _TOP + 12 + 16 * place
        lines.append(
            f'<rect x="{_LEFT + 10}" y="{at - 8}" width="10" height="10" fill="{_COLOURS[place]}"/>'
        )
        lines.append(f'<text x="{_LEFT + 26}" y="{at + 1}">{escape(one.name)}</text>')
    return "\n".join([*lines, "</svg>", ""])


_Place = Callable[[float], float]


def _scale(axis: Axis, start: float, end: float) -> _Place:
    return lambda value: start + (value - axis.low) / (axis.high - axis.low) * (end - start)


def _axes(x: Axis, y: Axis, across: _Place, up: _Place) -> list[str]:
    bottom, middle = HEIGHT - _BOTTOM, (_TOP + HEIGHT - _BOTTOM) / 2
    lines = []
    for value, name in y.ticks:
        at = up(value)
        lines.append(_line(_LEFT, at, WIDTH - _RIGHT, at, "#dddddd"))
        lines.append(f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{name}</text>')
    for value, name in x.ticks:
        at = across(value)
        lines.append(_line(at, bottom, at, bottom + 5, _INK))
        lines.append(f'<text x="{at:.1f}" y="{bottom + 20}" text-anchor="middle">{name}</text>')
    lines.append(_line(_LEFT, bottom, WIDTH - _RIGHT, bottom, _INK))
    lines.append(
        f'<text x="{(_LEFT + WIDTH - _RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">'
        f"{escape(x.name)}</text>"
    )
    lines.append(
        f'<text transform="translate(18 {middle}) rotate(-90)" text-anchor="middle">'
        f"{escape(y.name)}</text>"
    )
    return lines


def _drawn(series: Series, colour: str, across: _Place, up: _Place) -> list[str]:
    path = " ".join(f"{across(point.x):.1f},{up(point.y):.1f}" for point in series.points)
    lines = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>']
    for point in series.points:
        at = across(point.x)
        if point.low is not None and point.high is not None:
            lines.append(_line(at, up(point.low), at, up(point.high), colour))
        lines.append(f'<circle cx="{at:.1f}" cy="{up(point.y):.1f}" r="4" fill="{colour}"/>')
    return lines


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, *, dashed: bool = False) -> str:
    dash = ' stroke-dasharray="4 4"' if dashed else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}"{dash}/>'
    )
