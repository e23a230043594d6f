"""Two sides of a comparison in one picture: shares with their intervals, by shape and colour."""

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from corpus.count_table import PlainFigure
from web.charts.figure import ChartFigure, Column, Look, Spec, Value, percent, percent_words
from web.charts.style import config, inline, palette, width
from web.counting import coverage_notes
from web.side_by_side import ComparedRow, Comparison, Difference
from web.words import counted

if TYPE_CHECKING:
    import altair as alt

NOT_PRACTICE = (
    "A difference between what is held is not a difference in practice: what is published, kept "
    "and held here differs between the two sides as well. With twelve themes, one clear "
    "difference can be chance alone."
)
NO_RISE = (
    "Fewer reviews are held of some years than of others: a rise in counts is not a rise in "
    "failure."
)


def compared(comparison: Comparison) -> ChartFigure:
    """Draw and tabulate a comparison."""
    sides = (comparison.first, comparison.second)
    one, other = (side.label for side in sides)
    rows = comparison.rows
    return ChartFigure(
        name="compare",
        title=f"{one} beside {other}: reviews that found a failing",
        summary=_summary(comparison),
        coverage=(
            *([comparison.overlap] if comparison.overlap else []),
            NOT_PRACTICE,
            NO_RISE,
            *(f"{side.label}: {coverage_notes(side.table)[0]}" for side in sides),
        ),
        columns=(
            Column("Theme" if comparison.question.what != "themes" else "Reviews of"),
            *_side_columns(one),
            *_side_columns(other),
            Column("Difference, points", number=True),
            Column("95% interval from, points", number=True),
            Column("to, points", number=True),
        ),
        rows=tuple(
            (row.label, *_cells(row.first), *_cells(row.second), *_difference(row.difference))
            for row in rows
        ),
        arguments=comparison.question.arguments(),
        draw=lambda look: _draw((one, other), rows, look),
    )


def figure_words(figure: PlainFigure) -> str:
    """A figure with its denominator: ``12 of 96 reviews (13%)``."""
    if not figure.denominator:
        return "no review held"
    return f"{figure.n} of {counted(figure.denominator, 'review')} ({percent_words(figure.share)})"


def difference_words(found: Difference) -> str:
    """A difference with its interval, and whether it can be told from none."""
    low, high = (f"{end * 100:+.0f}" for end in (found.low, found.high))
    if not found.is_clear:
        return f"no clear difference ({low} to {high} points)"
    way = "more" if found.points > 0 else "fewer"
    return f"{abs(found.points) * 100:.0f} points {way} ({low} to {high})"


def _side_columns(label: str) -> tuple[Column, ...]:
    return (
        Column(f"{label}: reviews that found a failing", number=True),
        Column(f"{label}: reviews counted", number=True),
        Column(f"{label}: share, %", number=True),
        Column(f"{label}: 95% interval from, %", number=True),
        Column(f"{label}: to, %", number=True),
    )


def _cells(figure: PlainFigure) -> tuple[Value, ...]:
    return (
        figure.n,
        figure.denominator,
        percent(figure.share),
        percent(figure.ci_low),
        percent(figure.ci_high),
    )


def _difference(found: Difference | None) -> tuple[Value, ...]:
    if found is None:
        return (None, None, None)
    return percent(found.points), percent(found.low), percent(found.high)


def _summary(comparison: Comparison) -> str:
    total = comparison.rows[0]
    words = (
        f"{comparison.first.label}: {figure_words(total.first)}; "
        f"{comparison.second.label}: {figure_words(total.second)}"
    )
    if total.difference is None:
        return f"{words}."
    clear = [row.label for row in comparison.rows[1:] if row.difference and row.difference.is_clear]
    apart = f"clearly apart in {len(clear)} of {counted(len(comparison.rows) - 1, 'theme')}"
    which = f": {', '.join(clear[:3])}" if 0 < len(clear) <= 3 else ""
    return f"{words}. The two are {apart}{which}."


def _draw(labels: tuple[str, str], rows: Sequence[ComparedRow], look: Look) -> Spec:
    import altair as alt  # noqa: PLC0415 - a third of a second

    colours = palette(look)
    across = width(look)
    names = [_short(row.label, look) for row in rows]
    beside = alt.Axis(
        labelLimit=290,
        labelColor=colours.ink,
        ticks=False,
        domain=False,
        labelPadding=10,
        labelExpr="split(datum.label, '\\n')",
    )
    themes = alt.Y("theme:N", sort=names, title=None, axis=beside)
    colour = alt.Scale(domain=list(labels), range=[colours.accent, colours.accent_2])
    shape = alt.Scale(domain=list(labels), range=["circle", "square"])
    layers: list[Any] = []
    for place, label in enumerate(labels):
        values = [_value(row, name, label, place) for row, name in zip(rows, names, strict=True)]
        layers += _side_marks(values, themes, colour, shape, offset=-6 + 12 * place)
    chart = alt.layer(*layers).properties(
        width=across - (140 if look.narrow else 0), height=alt.Step(46 if look.narrow else 34)
    )
    return dict(chart.properties(config=config(look)).to_dict())


def _side_marks(
    values: list[dict[str, Value]],
    themes: "alt.Y",
    colour: "alt.Scale",
    shape: "alt.Scale",
    *,
    offset: int,
) -> "list[alt.Chart]":
    import altair as alt  # noqa: PLC0415

    share = alt.X(
        "share:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1], labelOverlap="greedy"),
    )
    tooltip: list[Any] = [
        alt.Tooltip("theme:N", title="Theme"),
        alt.Tooltip("side:N", title="Side"),
        alt.Tooltip("words:N", title="Found in"),
    ]
    base = alt.Chart(inline(values)).encode(
        y=themes, color=alt.Color("side:N", scale=colour), tooltip=tooltip
    )
    return [
        base.mark_rule(strokeWidth=3, opacity=0.45, yOffset=offset).encode(x="low:Q", x2="high:Q"),
        base.mark_point(filled=True, size=70, opacity=1, yOffset=offset).encode(
            x=share, shape=alt.Shape("side:N", scale=shape)
        ),
    ]


def _value(row: ComparedRow, name: str, label: str, place: int) -> dict[str, Value]:
    figure = (row.first, row.second)[place]
    return {
        "theme": name,
        "side": label,
        "share": figure.share,
        "low": figure.ci_low,
        "high": figure.ci_high,
        "words": figure_words(figure),
    }


def _short(label: str, look: Look) -> str:
    return "\n".join(wrap(label, 20)) if look.narrow else label
