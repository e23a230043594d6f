"""The page of published figures: each in its own unit, ours beside it with why they differ."""

from dataclasses import dataclass

from web.comparing import CAVEAT, ROLL_UP, Compared, Nearest, compared_figures
from web.holdings import Library
from web.views.count_figures import LevelView, level_view
from web.views.counts import CLOCKS
from web.views.parts import SourceLink, source_link, theme_label


@dataclass(frozen=True, kw_only=True)
class OursView:
    """Our nearest figures by one of the dates."""

    clock: str
    period: str
    held: int
    figures: LevelView


@dataclass(frozen=True, kw_only=True)
class ComparedView:
    """One published figure with ours beside it."""

    review_id: str
    title: str
    value: str
    unit: str
    statement: str
    period: str | None
    population: str
    reported: str
    themes: tuple[str, ...]
    source: SourceLink | None
    ours: tuple[OursView, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OtherFigure:
    """A published figure that no count of ours lies near."""

    review_id: str
    title: str
    value: str
    unit: str
    statement: str
    period: str | None
    source: SourceLink | None


@dataclass(frozen=True, kw_only=True)
class PublishedPage:
    """What ``published_figures.html`` shows."""

    caveat: str
    caution: str
    compared: tuple[ComparedView, ...]
    others: tuple[OtherFigure, ...]
    snapshot: str


def build(library: Library) -> PublishedPage:
    """Show every figure that overviews published; those we can put ours beside first."""
    all_ = compared_figures(library)
    return PublishedPage(
        caveat=CAVEAT,
        caution=library.codebook.crosswalk_caution,
        compared=tuple(_compared(each, library) for each in all_ if each.nearest),
        others=tuple(_other(each) for each in all_ if not each.nearest),
        snapshot=library.snapshot,
    )


def _compared(compared: Compared, library: Library) -> ComparedView:
    figure, population = compared.figure, compared.figure.population
    return ComparedView(
        review_id=figure.review_id,
        title=figure.title,
        value=_value(figure.value, figure.unit),
        unit=figure.unit,
        statement=figure.statement,
        period=figure.period,
        population=population.words if population else "",
        reported=compared.row.reported if compared.row else "",
        themes=tuple(theme_label(library.codebook, theme) for theme in compared.themes),
        source=source_link(figure.source_url),
        ours=tuple(_ours(nearest, compared) for nearest in compared.nearest),
        reasons=compared.reasons,
    )


def _ours(nearest: Nearest, compared: Compared) -> OursView:
    population = compared.figure.population
    years = (population.from_year, population.to_year) if population else ("", "")
    key = ROLL_UP + (population.crosswalk if population else "")
    arguments = {
        "from": str(years[0]),
        "to": str(years[1]),
        "nation": population.nation if population else "",
        "date_axis": nearest.clock.value,
    }
    return OursView(
        clock=CLOCKS[nearest.clock],
        period=f"{years[0]} to {years[1]}",
        held=nearest.held,
        figures=level_view("either", nearest.cell, {**arguments, "theme": key, "level": "either"}),
    )


def _other(compared: Compared) -> OtherFigure:
    figure = compared.figure
    return OtherFigure(
        review_id=figure.review_id,
        title=figure.title,
        value=_value(figure.value, figure.unit),
        unit=figure.unit,
        statement=figure.statement,
        period=figure.period,
        source=source_link(figure.source_url),
    )


def _value(value: str, unit: str) -> str:
    return f"{value}%" if unit.startswith("percent") else value
