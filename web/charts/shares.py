"""Each theme's line of share by period: small multiples, or one theme with what is held."""

from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from corpus.shares import PeriodShare, shares_by_period
from nlp.codebook import Codebook
from web.charts.figure import (
    SHARE_COLUMNS,
    ChartFigure,
    Column,
    Look,
    Spec,
    Value,
    share_cells,
    share_words,
)
from web.charts.style import config, inline, palette, width
from web.charts.words import (
    coverage_notes,
    filter_words,
    found_heading,
    label_of,
    trend_words,
)
from web.counting import TOTAL
from web.recurring import FOUND_WORDS, Ground

if TYPE_CHECKING:
    import altair as alt


def theme_share(ground: Ground, codebook: Codebook) -> ChartFigure:
    """Follow one theme, or any of them, from period to period."""
    question = ground.question
    theme = question.theme or TOTAL
    periods = _periods(ground, theme)
    label = label_of(codebook, theme)
    return ChartFigure(
        name="share",
        title=f"{label}: share of the reviews held, by period{filter_words(question)}",
        summary=f"Reviews that {FOUND_WORDS[question.counted]}: {trend_words(periods)}.",
        coverage=coverage_notes(ground),
        columns=(Column("Period"), Column(found_heading(question), number=True), *SHARE_COLUMNS),
        rows=tuple((period.words, *share_cells(period.share)) for period in periods),
        opens=tuple(_opens(ground, theme, period) for period in periods),
        arguments=question.arguments(),
        draw=lambda look: _draw_one(periods, look),
    )


def theme_shares(ground: Ground, codebook: Codebook) -> ChartFigure:
    """Follow every top theme, or every sub-theme of the one asked for."""
    question = ground.question
    themes = shown_themes(codebook, question.theme)
    lines = [(theme, label_of(codebook, theme), _periods(ground, theme)) for theme in themes]
    return ChartFigure(
        name="shares",
        title=f"Each theme's share of the reviews held, by period{filter_words(question)}",
        summary=_most(ground, themes, codebook),
        coverage=coverage_notes(ground),
        columns=(
            Column("Theme"),
            Column("Period"),
            Column(found_heading(question), number=True),
            *SHARE_COLUMNS,
        ),
        rows=tuple(
            (label, period.words, *share_cells(period.share))
            for _, label, periods in lines
            for period in periods
        ),
        opens=tuple(
            _opens(ground, theme, period) for theme, _, periods in lines for period in periods
        ),
        arguments=question.arguments(),
        draw=lambda look: _draw_all([(label, periods) for _, label, periods in lines], look),
    )


def shown_themes(codebook: Codebook, theme: str | None) -> tuple[str, ...]:
    """The twelve top themes; the sub-themes of one that is asked for; a sub-theme alone."""
    if theme is None:
        return tuple(top.theme_id for top in codebook.top_themes)
    expanded = codebook.expand_failures(theme)
    return expanded if expanded != (theme,) else (theme,)


def _periods(ground: Ground, theme: str) -> tuple[PeriodShare, ...]:
    found = ground.found.get(theme, frozenset())
    return shares_by_period(ground.held, found, span=ground.question.span)


def _opens(ground: Ground, theme: str, period: PeriodShare) -> dict[str, str] | None:
    if not period.share.n:
        return None
    question = ground.question
    return question.arguments(
        **{
            "theme": None if theme == TOTAL else theme,
            "stance": question.counted.value,
            "from": str(period.first),
            "to": str(period.last),
        }
    )


def _most(ground: Ground, themes: Sequence[str], codebook: Codebook) -> str:
    if not ground.held:
        return "No review that fits is held."
    best = max(themes, key=lambda theme: ground.share(theme).n)
    least = min(themes, key=lambda theme: ground.share(theme).n)
    if best == least:
        return f"{label_of(codebook, best)}: {share_words(ground.share(best))}."
    return (
        f"Of {len(themes)} themes, most often: {label_of(codebook, best)}, "
        f"{share_words(ground.share(best))}; least often: {label_of(codebook, least)}, "
        f"{share_words(ground.share(least))}."
    )


def _values(label: str, periods: Sequence[PeriodShare]) -> list[dict[str, Value]]:
    values: list[dict[str, Value]] = []
    for period in periods:
        low, high = period.share.interval or (None, None)
        values.append(
            {
                "theme": label,
                "period": period.words,
                "year": period.first,
                "n": period.share.n,
                "held": period.share.denominator,
                "share": period.share.share,
                "low": low,
                "high": high,
                "words": share_words(period.share),
                "of": f"{period.share.n} of {period.share.denominator}",
            }
        )
    return values


def _draw_one(periods: Sequence[PeriodShare], look: Look) -> Spec:
    import altair as alt  # noqa: PLC0415 - a third of a second

    colours, data = palette(look), inline(_values("", periods))
    years = _year_axis(periods, look)
    base = alt.Chart(data).encode(x=years)
    counts = base.mark_text(dy=-14, color=colours.ink, fontSize=11).encode(
        y=_share_axis(), text="of:N"
    )
    gaps = (
        base.transform_filter("datum.held == 0")
        .mark_text(color=colours.quiet, fontStyle="italic", fontSize=11, angle=270)
        .encode(text=alt.value("none held"), y=alt.value(90))
    )
    # Beside more periods than these, numbers would lie over each other; the table has them.
    beside = [counts, gaps] if len(periods) <= (7 if look.narrow else 14) else []
    lines = alt.layer(*_line_layers(base, look), *beside).properties(width=width(look), height=220)
    bar = max(3, min(18, width(look) // (2 * max(1, len(periods)))))
    bars = (
        alt.Chart(data)
        .mark_bar(color=colours.quiet, width=bar)
        .encode(x=years, y=alt.Y("held:Q", title="Reviews held", axis=alt.Axis(tickCount=3)))
        .properties(width=width(look), height=60)
    )
    return dict(alt.vconcat(lines, bars, config=config(look), spacing=12).to_dict())


def _draw_all(lines: Sequence[tuple[str, Sequence[PeriodShare]]], look: Look) -> Spec:
    import altair as alt  # noqa: PLC0415

    lines = [("\n".join(wrap(label, 40 if look.narrow else 30)), each) for label, each in lines]
    values = [value for label, periods in lines for value in _values(label, periods)]
    columns = 1 if look.narrow else min(3, len(lines))
    base = alt.Chart().encode(x=_year_axis(lines[0][1], look, small=True))
    chart = (
        alt.layer(*_line_layers(base, look), data=inline(values))
        .properties(width=width(look) // columns - (0 if look.narrow else 22), height=96)
        .facet(
            facet=alt.Facet(
                "theme:N",
                sort=[label for label, _ in lines],
                header=alt.Header(
                    labelLimit=300, labelAnchor="start", labelExpr="split(datum.label, '\\n')"
                ),
                title=None,
            ),
            columns=columns,
            spacing=18,
            config=config(look),
        )
    )
    return dict(chart.to_dict())


def _line_layers(base: "alt.Chart", look: Look) -> "list[alt.Chart]":
    import altair as alt  # noqa: PLC0415

    colours = palette(look)
    tooltip: list[Any] = [
        alt.Tooltip("theme:N", title="Theme"),
        alt.Tooltip("period:N", title="Period"),
        alt.Tooltip("words:N", title="Found in"),
        alt.Tooltip("low:Q", title="95% interval from", format=".0%"),
        alt.Tooltip("high:Q", title="to", format=".0%"),
    ]
    share = _share_axis()
    return [
        base.mark_rule(color=colours.accent, opacity=0.35, strokeWidth=7).encode(
            y=alt.Y("low:Q"), y2="high:Q", tooltip=tooltip
        ),
        # A gap in what is held breaks the line.
        base.mark_line(color=colours.accent, strokeWidth=2).encode(y=share),
        base.mark_point(
            color=colours.accent, fill=colours.paper, size=44, strokeWidth=2, opacity=1
        ).encode(y=share, tooltip=tooltip),
    ]


def _share_axis() -> "alt.Y":
    import altair as alt  # noqa: PLC0415

    return alt.Y(
        "share:Q",
        title=None,
        scale=alt.Scale(domain=[0, 1]),
        axis=alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1]),
    )


def _year_axis(periods: Sequence[PeriodShare], look: Look, *, small: bool = False) -> "alt.X":
    import altair as alt  # noqa: PLC0415

    first = periods[0].first if periods else 1970
    last = periods[-1].first if periods else 2020
    span = periods[0].last - periods[0].first + 1 if periods else 10
    room = 6 if small and not look.narrow else 12
    step = max(10 if span == 10 else 5 if last - first > 12 else span, span)
    while (last - first) / step > room / 2 and step < 20:
        step += step
    start = first // step * step
    return alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(
            domain=[first - span / 2, last + span / 2], nice=False, zero=False, padding=0
        ),
        axis=alt.Axis(
            values=list(range(start if start >= first else start + step, last + 1, step)),
            format="d",
            labelExpr="datum.value + 's'" if span == 10 else "datum.value",
            grid=False,
        ),
    )
