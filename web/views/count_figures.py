"""Figures of counts as pages show them: in words, with the address of their passages."""

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.count_table import Cell, PlainFigure, YearCount
from corpus.estimate import Estimate, Refusal, wilson_interval
from web.words import counted as in_number

FEW = 10
"""Reviews below which a share is not written in per cent."""

LEVEL_WORDS = {"either": "Either level", "case": "One child’s case", "system": "Beyond one case"}


@dataclass(frozen=True, kw_only=True)
class FigureView:
    """A plain figure, and where its passages are."""

    n: int
    of: int
    share: str
    """Such as ``29% (22% to 37%)``; empty where fewer than ten could be counted."""
    children: str
    """Such as ``12 children in the 10 that say``; empty where none says."""
    arguments: Mapping[str, str] | None
    """Of the page of its passages; ``None`` where there is none to show."""


@dataclass(frozen=True, kw_only=True)
class CorrectedView:
    """The corrected estimate in words, or why there is none."""

    words: str
    method: str
    why: str


@dataclass(frozen=True, kw_only=True)
class LevelView:
    """The three figures at one level."""

    label: str
    machine: FigureView
    human: FigureView
    corrected: CorrectedView


@dataclass(frozen=True, kw_only=True)
class YearRow:
    """One year of one theme, as a share of the reviews held of it."""

    year: int
    held: int
    machine: FigureView | None
    """``None`` where nothing was held or read: a gap, not a nought."""
    human: FigureView | None


def years_of(cell: Cell, arguments: Mapping[str, str]) -> tuple[YearRow, ...]:
    """Show every year of a cell as shares of what was held of it.

    Args:
        cell: its years.
        arguments: of the passages of the whole cell, without the figure.
    """
    return tuple(_year(year, arguments) for year in cell.years)


def _year(year: YearCount, arguments: Mapping[str, str]) -> YearRow:
    def shown(n: int | None, of: int, figure: str) -> FigureView | None:
        if n is None:
            return None
        one = {**arguments, "from": str(year.year), "to": str(year.year), "figure": figure}
        return FigureView(
            n=n,
            of=of,
            share=_share(n / of, *wilson_interval(n, of)) if of >= FEW else "",
            children="",
            arguments=one if n else None,
        )

    return YearRow(
        year=year.year,
        held=year.reviews_held,
        machine=shown(year.machine, year.n_read, "machine"),
        human=shown(year.human, year.n_human_checked, "human_checked"),
    )


def level_view(name: str, cell: Cell, arguments: Mapping[str, str]) -> LevelView:
    """Show the three figures of a cell; ``arguments`` are of its passages, without the figure."""
    return LevelView(
        label=LEVEL_WORDS[name],
        machine=_figure(cell.machine, {**arguments, "figure": "machine"}),
        human=_figure(cell.human, {**arguments, "figure": "human_checked"}),
        corrected=_corrected(cell.corrected),
    )


def _figure(figure: PlainFigure, arguments: Mapping[str, str]) -> FigureView:
    children = ""
    if figure.n_children_stated:
        children = (
            f"{in_number(figure.n_children, 'child', 'children')} in the "
            f"{figure.n_children_stated} that say"
        )
    return FigureView(
        n=figure.n,
        of=figure.denominator,
        share=_share(figure.share, figure.ci_low, figure.ci_high)
        if figure.denominator >= FEW
        else "",
        children=children,
        arguments=arguments if figure.n else None,
    )


def _corrected(figure: Estimate | Refusal) -> CorrectedView:
    if isinstance(figure, Refusal):
        return CorrectedView(words="not given", method=figure.code, why=figure.reason)
    if figure.method == "census":
        return CorrectedView(
            words=f"{figure.share:.0%}",
            method="census",
            why=f"All {figure.n_reviews} were checked, so nothing is left to chance.",
        )
    return CorrectedView(
        words=_share(figure.share, figure.ci_low, figure.ci_high),
        method=figure.method,
        why=f"{figure.n_checked} of {figure.n_reviews} reviews were drawn and checked.",
    )


def _share(share: float | None, low: float | None, high: float | None) -> str:
    if share is None or low is None or high is None:
        return ""
    return f"{share:.0%} ({low:.0%} to {high:.0%})"
