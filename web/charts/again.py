"""What was recommended, and where the same failing was found again after, years apart."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.found_again import FoundAgain, found_again
from corpus.recurrence import RecurrenceEntry
from nlp.codebook import Codebook
from web.charts.figure import ChartFigure, Column, Look, Spec
from web.charts.shares import shown_themes
from web.charts.strips import held_bars
from web.charts.style import config, inline, palette, width
from web.charts.words import coverage_notes, filter_words, label_of
from web.recurring import Ground
from web.words import counted

if TYPE_CHECKING:
    import altair as alt


LATER_IS_NOT_BECAUSE = (
    "Later is not because: a failing found after a recommendation may be another agency’s, of "
    "another place, or older than the recommendation it was found after."
)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the picture: years of recommendation, and years of failings after them."""

    theme: str
    label: str
    recommended: tuple[int, ...]
    """Years, in order; a year stands once."""
    again: tuple[tuple[int, int], ...]
    """Year → reviews that found the failing after the first recommendation."""
    first_again: int | None
    """Years from the first recommendation to the first failing after it."""
    held_after: int

    @property
    def n_again(self) -> int:
        """Reviews that found it after the first recommendation."""
        return sum(n for _, n in self.again)


def recommendations(ground: Ground, codebook: Codebook, theme: str) -> tuple[FoundAgain, ...]:
    """List the recommendations on a theme with the later failings, oldest first."""
    return found_again(_entries_on(ground, codebook, theme), ground.held)


def again(ground: Ground, codebook: Codebook) -> ChartFigure:
    """Draw, for each theme, when a change was proposed and when the failing was found after.

    Always of failings and recommendations, whatever stance is asked for, and for a ground
    by date of publication: before that nobody can have heeded a recommendation.
    """
    question = ground.question
    lines = [_line(ground, codebook, theme) for theme in shown_themes(codebook, question.theme)]
    held = Counter(item.date.year for item in ground.held if item.date)
    return ChartFigure(
        name="again",
        title=f"Recommended, and found again after{filter_words(question)}",
        summary=_summary(lines),
        coverage=(
            LATER_IS_NOT_BECAUSE,
            *coverage_notes(ground),
        ),
        columns=(
            Column("Theme"),
            Column("First recommended", number=True),
            Column("Years of recommendations"),
            Column("Years to the first failing after", number=True),
            Column("Reviews that found a failing after", number=True),
            Column("Reviews held from after", number=True),
            Column("Their years (reviews, where more than one)"),
        ),
        rows=tuple(
            (
                line.label,
                line.recommended[0] if line.recommended else None,
                ", ".join(map(str, line.recommended)) or None,
                line.first_again,
                line.n_again if line.recommended else None,
                line.held_after if line.recommended else None,
                ", ".join(str(y) if n == 1 else f"{y} ({n})" for y, n in line.again) or None,
            )
            for line in lines
        ),
        opens=tuple(
            question.arguments(theme=line.theme) if line.recommended else None for line in lines
        ),
        arguments=question.arguments(),
        draw=lambda look: _draw(lines, tuple(sorted(held.items())), look),
    )


def _entries_on(ground: Ground, codebook: Codebook, theme: str) -> list[RecurrenceEntry]:
    """The entries with their evidence on one theme alone; others drop out."""
    wanted = frozenset(codebook.expand_failures(theme))
    level = ground.question.level
    kept = []
    for entry in ground.entries:
        evidence = tuple(
            item
            for item in entry.evidence
            if item.finding.code.theme in wanted and level in {None, item.finding.code.level}
        )
        if evidence:
            kept.append(
                RecurrenceEntry(
                    review=entry.review,
                    date=entry.date,
                    evidence=evidence,
                    years_since_previous=None,
                    recommended_between=(),
                )
            )
    return kept


def _line(ground: Ground, codebook: Codebook, theme: str) -> Line:
    found = recommendations(ground, codebook, theme)
    first = found[0] if found else None
    return Line(
        theme=theme,
        label=label_of(codebook, theme),
        recommended=tuple(sorted({item.date.year for item in found})),
        again=tuple(sorted(Counter(later.date.year for later in first.later).items()))
        if first
        else (),
        first_again=first.later[0].years if first and first.later else None,
        held_after=first.held_after if first else 0,
    )


def _summary(lines: Sequence[Line]) -> str:
    asked = [line for line in lines if line.recommended]
    back = [line for line in asked if line.again]
    if not asked:
        return "No review that fits and has a date is held to have proposed a change."
    most = max(asked, key=lambda line: line.n_again)
    many = f"{len(back)} of {counted(len(asked), 'theme')} with a recommendation were found again"
    one = "It was found again" if most.again else "It was not found again in a review held"
    return (
        f"{many + '. Most often: ' if len(asked) > 1 else ''}{most.label}, first recommended "
        f"{most.recommended[0]} and found a failing after in {most.n_again} of "
        f"{counted(most.held_after, 'review')} held from after it."
        if most.again
        else f"{most.label}, first recommended {most.recommended[0]}. {one}."
    )


def _draw(lines: Sequence[Line], held: Sequence[tuple[int, int]], look: Look) -> Spec:
    import altair as alt  # noqa: PLC0415 - a third of a second

    first, last = (held[0][0], held[-1][0]) if held else (1970, 2020)
    years = alt.X(
        "year:Q",
        title=None,
        scale=alt.Scale(domain=[first - 1, last + 1], nice=False, zero=False, padding=0),
        axis=alt.Axis(format="d", tickCount=6, labelFlush=False),
    )
    top = alt.layer(
        _names(lines, years, look, first=first - 1), *_marks(lines, years, look)
    ).properties(width=width(look), height=alt.Step(50 if look.narrow else 30))
    bars = held_bars(held, years, look, across=width(look))
    return dict(alt.vconcat(top, bars, spacing=10, config=config(look)).to_dict())


def _rows(lines: Sequence[Line], look: Look) -> "alt.Y":
    import altair as alt  # noqa: PLC0415

    beside = alt.Axis(labelLimit=290, labelColor=palette(look).ink, ticks=False, domain=False)
    return alt.Y(
        "theme:N",
        sort=[line.label for line in lines],
        title=None,
        axis=None if look.narrow else beside,
    )


def _names(lines: Sequence[Line], years: "alt.X", look: Look, *, first: int) -> "alt.Chart":
    """Names above each line where there is no room beside it; else nothing is written."""
    import altair as alt  # noqa: PLC0415

    names = [
        {"theme": line.label, "year": first, "name": line.label if look.narrow else ""}
        for line in lines
    ]
    chart: alt.Chart = (
        alt.Chart(inline(names))
        .mark_text(align="left", dy=-21, color=palette(look).ink, limit=width(look))
        .encode(x=years, y=_rows(lines, look), text="name:N")
    )
    return chart


def _marks(lines: Sequence[Line], years: "alt.X", look: Look) -> "list[alt.Chart]":
    import altair as alt  # noqa: PLC0415

    colours = palette(look)
    names = ["Change proposed", "Failing found after"]
    colour = alt.Scale(domain=names, range=[colours.accent, colours.accent_2])
    shape = alt.Scale(domain=names, range=["triangle-up", "circle"])
    proposed = [
        _mark(line, year, names[0], str(year)) for line in lines for year in line.recommended
    ]
    after = [
        _mark(line, year, names[1], f"{counted(n, 'review')} of {year}")
        for line in lines
        for year, n in line.again
    ]
    return [
        alt.Chart(inline(values))
        # Apart in height too, so that a year that has both shows both.
        .mark_point(filled=True, size=62, opacity=1, yOffset=offset)
        .encode(
            x=years,
            y=_rows(lines, look),
            color=alt.Color("what:N", scale=colour),
            shape=alt.Shape("what:N", scale=shape),
            tooltip=[
                alt.Tooltip("theme:N", title="Theme"),
                alt.Tooltip("what:N", title="What"),
                alt.Tooltip("words:N", title="When"),
            ],
        )
        for values, offset in ((after, -5), (proposed, 6))
    ]


def _mark(line: Line, year: int, what: str, words: str) -> dict[str, object]:
    return {"theme": line.label, "year": year, "what": what, "words": words}
