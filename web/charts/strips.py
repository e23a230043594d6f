"""The signature chart: for each theme a line through time, with a dot where it was found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from nlp.codebook import Codebook
from web.charts.figure import ChartFigure, Column, Look, Spec, percent, share_words
from web.charts.shares import shown_themes
from web.charts.style import config, inline, palette, width
from web.charts.words import coverage_notes, filter_words, found_heading, label_of
from web.recurring import FOUND_WORDS, Ground
from web.words import counted

if TYPE_CHECKING:
    import altair as alt

_STEP, _NARROW_STEP = 26, 40
"""Height of a strip; on a narrow screen its name stands above it."""

_BESIDE = 90
"""Room for the numbers at the right."""


@dataclass(frozen=True, kw_only=True)
class Strip:
    """One theme: how many reviews of each year found it."""

    theme: str
    label: str
    years: tuple[tuple[int, int], ...]
    """Year → reviews, in order; years without any are left out."""
    n: int
    """Reviews that found it, those without a date too."""
    held: int

    @property
    def gap(self) -> int | None:
        """The longest gap between two years that found it; ``None`` with fewer than two."""
        years = [year for year, _ in self.years]
        return max((b - a for a, b in pairwise(years)), default=None)

    @property
    def years_words(self) -> str:
        """Every dot in words: ``1974, 2003 (2), 2010``."""
        return ", ".join(str(y) if n == 1 else f"{y} ({n})" for y, n in self.years)


def strips(ground: Ground, codebook: Codebook) -> ChartFigure:
    """Draw when each theme was found, year by year."""
    question = ground.question
    rows = tuple(
        _strip(ground, theme, codebook) for theme in shown_themes(codebook, question.theme)
    )
    held = _per_year(ground, None)
    filters = filter_words(question, years=False)
    return ChartFigure(
        name="strips",
        title=f"When each theme was found, {_first_last(held)}{filters}",
        summary=_summary(rows, ground),
        coverage=coverage_notes(ground),
        columns=(
            Column("Theme"),
            Column(found_heading(question), number=True),
            Column("Reviews held", number=True),
            Column("Share, %", number=True),
            Column("Longest gap, years", number=True),
            Column("Years (reviews, where more than one)"),
        ),
        rows=tuple(
            (
                row.label,
                row.n,
                row.held,
                percent(row.n / row.held if row.held else None),
                row.gap,
                row.years_words or None,
            )
            for row in rows
        ),
        opens=tuple(
            question.arguments(theme=row.theme, stance=question.counted.value) if row.n else None
            for row in rows
        ),
        arguments=question.arguments(),
        draw=lambda look: _draw(rows, held, look),
    )


def _strip(ground: Ground, theme: str, codebook: Codebook) -> Strip:
    share = ground.share(theme)
    return Strip(
        theme=theme,
        label=label_of(codebook, theme),
        years=_per_year(ground, theme),
        n=share.n,
        held=share.denominator,
    )


def _per_year(ground: Ground, theme: str | None) -> tuple[tuple[int, int], ...]:
    found = None if theme is None else ground.found.get(theme, frozenset())
    years = Counter(
        item.date.year
        for item in ground.held
        if item.date and (found is None or item.review.review_id in found)
    )
    return tuple(sorted(years.items()))


def _first_last(held: Sequence[tuple[int, int]]) -> str:
    return f"{held[0][0]} to {held[-1][0]}" if held else "no year"


def _summary(rows: Sequence[Strip], ground: Ground) -> str:
    found = [row for row in rows if row.n]
    did = FOUND_WORDS[ground.question.counted]
    if not found:
        return f"No review that fits {did}; that is no sign that there was none."
    best = max(found, key=lambda row: row.n)
    share = share_words(ground.share(best.theme))
    span = _span_words(best)
    back = f" Its longest gap is {counted(best.gap, 'year')}." if best.gap else ""
    many = f"Of {len(rows)} themes, {best.label} comes back most: " if len(rows) > 1 else ""
    return f"{many}{share} {did}{span}.{back}"


def _span_words(row: Strip) -> str:
    if not row.years:
        return ""
    first, last = row.years[0][0], row.years[-1][0]
    return f", the earliest held of {first} and the latest of {last}" if first != last else ""


def _draw(rows: Sequence[Strip], held: Sequence[tuple[int, int]], look: Look) -> Spec:
    import altair as alt  # noqa: PLC0415 - a third of a second

    first, last = (held[0][0], held[-1][0]) if held else (1970, 2020)
    years = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[first - 1, last + 1], nice=False, zero=False, padding=0),
        axis=alt.Axis(format="d", tickCount=6, labelFlush=False),
    )
    across = width(look) - (0 if look.narrow else _BESIDE)
    names = (
        _names_above(rows, years, look, first=first - 1)
        if look.narrow
        else _names_beside(rows, look)
    )
    top = alt.layer(*_lines(rows, years, look), names).properties(
        width=across, height=alt.Step(_NARROW_STEP if look.narrow else _STEP)
    )
    bars = held_bars(held, years, look, across=across)
    return dict(alt.vconcat(top, bars, spacing=10, config=config(look)).to_dict())


def held_bars(
    held: Sequence[tuple[int, int]], years: "alt.X", look: Look, *, across: int
) -> "alt.Chart":
    """Draw how many reviews are held, year by year: what stands under every picture over time."""
    import altair as alt  # noqa: PLC0415

    colours = palette(look)
    n_years = held[-1][0] - held[0][0] + 3 if held else 50
    title = alt.TitleParams(
        "Reviews held, by year",
        anchor="start",
        fontSize=12,
        color=colours.quiet,
        fontWeight="normal",
    )
    chart: alt.Chart = (
        alt.Chart(inline([{"year": year, "held": n} for year, n in held]))
        .mark_bar(color=colours.quiet, width=max(2, across // n_years - 2))
        .encode(
            x=years,
            y=alt.Y("held:Q", title=None, axis=alt.Axis(tickCount=3, grid=False)),
            tooltip=[
                alt.Tooltip("year:Q", title="Year", format="d"),
                alt.Tooltip("held:Q", title="Reviews held"),
            ],
        )
        .properties(width=across, height=54, title=title)
    )
    return chart


def _themes(rows: Sequence[Strip], look: Look) -> "alt.Y":
    import altair as alt  # noqa: PLC0415

    beside = alt.Axis(labelLimit=290, labelColor=palette(look).ink, ticks=False, domain=False)
    return alt.Y(
        "theme:N",
        sort=[row.label for row in rows],
        title=None,
        axis=None if look.narrow else beside,
    )


def _lines(rows: Sequence[Strip], years: "alt.X", look: Look) -> "list[alt.Chart]":
    import altair as alt  # noqa: PLC0415

    colours, themes = palette(look), _themes(rows, look)
    lines = [
        {"theme": row.label, "year": row.years[0][0], "end": row.years[-1][0]}
        for row in rows
        if row.years
    ]
    dots = [
        {"theme": row.label, "year": year, "n": n, "words": f"{counted(n, 'review')} of {year}"}
        for row in rows
        for year, n in row.years
    ]
    return [
        alt.Chart(inline(lines))
        .mark_rule(color=colours.accent_2, opacity=0.55)
        .encode(x=years, x2="end:Q", y=themes),
        alt.Chart(inline(dots))
        .mark_circle(color=colours.accent_2, opacity=1, stroke=colours.paper, strokeWidth=1)
        .encode(
            x=years,
            y=themes,
            size=alt.Size("n:Q", scale=alt.Scale(domain=[0, 8], range=[20, 330]), legend=None),
            tooltip=[
                alt.Tooltip("theme:N", title="Theme"),
                alt.Tooltip("words:N", title="Found in"),
            ],
        ),
    ]


def _names_beside(rows: Sequence[Strip], look: Look) -> "alt.Chart":
    import altair as alt  # noqa: PLC0415

    ends = [{"theme": row.label, "name": f"{row.n} of {row.held}"} for row in rows]
    chart: alt.Chart = (
        alt.Chart(inline(ends))
        .mark_text(align="left", color=palette(look).quiet)
        .encode(x=alt.value(width(look) - _BESIDE + 12), y=_themes(rows, look), text="name:N")
    )
    return chart


def _names_above(rows: Sequence[Strip], years: "alt.X", look: Look, *, first: int) -> "alt.Chart":
    import altair as alt  # noqa: PLC0415

    names = [
        {"theme": row.label, "year": first, "name": f"{row.label} · {row.n} of {row.held}"}
        for row in rows
    ]
    chart: alt.Chart = (
        alt.Chart(inline(names))
        .mark_text(align="left", dy=-15, color=palette(look).ink, limit=width(look))
        .encode(x=years, y=_themes(rows, look), text="name:N")
    )
    return chart
