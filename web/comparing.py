"""Figures that others published beside our nearest ones, and why the two are not alike."""

from dataclasses import dataclass, replace

from corpus.count_table import Cell, CountQuestion, DateAxis, ThemeGroup
from corpus.counts import count_reviews
from corpus.errors import InvalidInputError
from corpus.published_figures import Population, PublishedFigure, published_figures
from nlp.codebook import Codebook, CrosswalkRow
from web.counting import cell_figures, coverage_notes
from web.holdings import Library
from web.shapes import Json

CAVEAT = (
    "Rapid reviews are not published. What the Panel counted cannot be seen here, so our figures "
    "cannot equal the Panel's, and a difference between the two says nothing about either."
)
ALWAYS = (
    (
        "Ours is a share of the reviews held here with usable text in those years, which are only "
        "some of those that were published."
    ),
    "The period, the rule for what counts and who coded it all differ.",
    "Where a review is known through our summary alone, what the summary leaves out is missing.",
)
CLOCKS = (DateAxis.PUBLICATION, DateAxis.INCIDENT)
"""Reviews are published a year or more after the events: both put ours into the years."""


ROLL_UP = "crosswalk:"
"""Begins the key of a row that adds up what a row of the crosswalk names."""


@dataclass(frozen=True, kw_only=True)
class Nearest:
    """Our nearest figures for one published one, by one of the dates."""

    clock: DateAxis
    held: int
    """Reviews held of the years and nation: what ours is out of."""
    cell: Cell
    notes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A published figure; with ours beside it where one of our themes lies near."""

    figure: PublishedFigure
    row: CrosswalkRow | None
    themes: tuple[str, ...]
    """The sub-themes that were added up."""
    nearest: tuple[Nearest, ...]
    reasons: tuple[str, ...]
    """Why the two are not alike, the most telling first; empty where ours has none."""


def compared_figures(library: Library) -> list[Compared]:
    """Put our nearest figures beside every published one: those with one first.

    A review counts by our own rules: a failing on any of the crosswalk's themes, found in
    its own voice, at either level.
    """
    compared = [_compare(library, figure) for figure in published_figures(library.store)]
    return sorted(compared, key=lambda each: not each.nearest)


def compared_shape(compared: list[Compared], library: Library) -> Json:
    """All of it as JSON; values stay text, since they are quoted and not counted with."""
    return {
        "caveat": CAVEAT,
        "crosswalk_caution": library.codebook.crosswalk_caution,
        "snapshot": library.snapshot,
        "codebook_version": library.codebook.version,
        "figures": [_shape(each, library) for each in compared],
    }


def _compare(library: Library, figure: PublishedFigure) -> Compared:
    population = figure.population
    if population is None:
        return Compared(figure=figure, row=None, themes=(), nearest=(), reasons=())
    row, group = roll_up(library.codebook, ROLL_UP + population.crosswalk)
    return Compared(
        figure=figure,
        row=row,
        themes=group.themes,
        nearest=tuple(_nearest(library, population, group, clock) for clock in CLOCKS),
        reasons=_reasons(figure, population),
    )


def roll_up(codebook: Codebook, key: str) -> tuple[CrosswalkRow, ThemeGroup]:
    """Find a row of the crosswalk, and the themes to add up beside it.

    Args:
        codebook: whose crosswalk.
        key: the row's key behind :data:`ROLL_UP`.

    Raises:
        InvalidInputError: no row has this key, or it names no themes of ours.
    """
    row = next((each for each in codebook.crosswalk if ROLL_UP + each.key == key), None)
    if row is None or not row.rollup:
        raise InvalidInputError(f"{key!r} names no row of the crosswalk with themes of ours.")
    themes = [theme for each in row.rollup for theme in codebook.expand_failures(each)]
    return row, ThemeGroup(key=key, themes=tuple(dict.fromkeys(themes)))


def _nearest(
    library: Library, population: Population, group: ThemeGroup, clock: DateAxis
) -> Nearest:
    question = CountQuestion(
        from_year=population.from_year,
        to_year=population.to_year,
        nation=population.nation,
        date_axis=clock,
    )
    table = count_reviews(library.store, [group], question)
    return Nearest(
        clock=clock,
        held=table.coverage.reviews_held,
        cell=table.rows[0].either,
        notes=tuple(coverage_notes(table)),
    )


def _reasons(figure: PublishedFigure, population: Population) -> tuple[str, ...]:
    standing = [CAVEAT] if population.unpublished else []
    unit = (
        f"It is a figure of {population.words} ({figure.unit}); ours is one of published reviews."
    )
    return (*standing, unit, *population.reasons, *ALWAYS)


def _shape(compared: Compared, library: Library) -> Json:
    figure = replace(compared.figure, population=None)
    population = compared.figure.population
    return {
        "published": {name: value for name, value in vars(figure).items() if name != "population"}
        | {"population": population.words if population else None},
        "crosswalk": compared.row.key if compared.row else None,
        "reported_as": compared.row.reported if compared.row else None,
        "themes": list(compared.themes),
        "ours": [
            {
                "date_axis": nearest.clock.value,
                "from": population.from_year,
                "to": population.to_year,
                "nation": population.nation,
                "denominator": nearest.held,
                **cell_figures(nearest.cell, held=nearest.held, snapshot=library.snapshot),
                "coverage": list(nearest.notes),
            }
            for nearest in compared.nearest
            if population
        ],
        "not_alike_because": list(compared.reasons),
    }
