"""The method page: how tags are made, how good they are theme by theme, what they cannot tell."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.dates import PartialDate
from nlp.measured import Limits, Measured, MeasuredFigure, MeasuredTheme, load_measured
from web.holdings import Library
from web.views.parts import theme_label

FEWEST_PASSAGES = 5
"""A theme that coders gave to fewer passages has no figure worth the name."""
LEAST_F1 = 0.5
"""Below this, more of a theme's tags are wrong or missing than are right."""
CONFIDENT_RECALL = "failing found, confident only: recall"
"""What the measurement calls the share of failings that are found at the confident cut."""


@dataclass(frozen=True, kw_only=True)
class FigureRow:
    """One figure of the whole, in words."""

    name: str
    value: str
    limits: str
    coders: str


@dataclass(frozen=True, kw_only=True)
class ThemeRow:
    """One theme's figures, in words."""

    theme_id: str
    label: str
    prevalence: str
    """Such as ``12 of 250 (5%)``."""
    precision: str
    """Such as ``8 of 10``: of those found, how many coders gave."""
    recall: str
    f1: str
    limits: str
    advice: str
    """``Weak`` where more is wrong or missing than right; else empty."""


@dataclass(frozen=True, kw_only=True)
class MethodPage:
    """What ``method.html`` shows."""

    measured_on: str
    passages: int
    tagger_version: str
    same_tagger: bool
    """Whether these figures are of the tagger that made the tags on the pages."""
    figures: tuple[FigureRow, ...]
    top_themes: tuple[ThemeRow, ...]
    themes: tuple[ThemeRow, ...]
    unmeasured: tuple[str, ...]
    """Labels of sub-themes that too few of the passages have."""
    off_domain: int
    off_domain_wrong: int
    missed: str
    """How many failings are missed at the confident cut, such as ``about 7 in 10``; empty where
    that was not measured."""


def build(library: Library) -> MethodPage:
    """Gather the method page.

    Raises:
        ModelError: the figures that ship are missing or damaged.
    """
    measured = load_measured()

    def rows(themes: Sequence[MeasuredTheme]) -> tuple[ThemeRow, ...]:
        return tuple(
            _theme_row(one, theme_label(library.codebook, one.theme_id), measured)
            for one in themes
            if one.passages >= FEWEST_PASSAGES
        )

    few = [one for one in measured.themes if one.passages < FEWEST_PASSAGES]
    return MethodPage(
        measured_on=PartialDate.parse(measured.measured_on).words,
        passages=measured.passages,
        tagger_version=measured.tagger_version,
        same_tagger=measured.tagger_version == library.versions.tagger,
        figures=tuple(_figure_row(one) for one in measured.figures),
        top_themes=rows(measured.top_themes),
        themes=rows(measured.themes),
        unmeasured=tuple(theme_label(library.codebook, one.theme_id) for one in few),
        off_domain=measured.off_domain,
        off_domain_wrong=measured.off_domain_wrong,
        missed=_missed(measured),
    )


def _missed(measured: Measured) -> str:
    found = next((one.value for one in measured.figures if one.name == CONFIDENT_RECALL), None)
    return "" if found is None else f"about {round(10 * (1 - found))} in 10"


def _figure_row(figure: MeasuredFigure) -> FigureRow:
    return FigureRow(
        name=figure.name[:1].upper() + figure.name[1:],
        value=f"{figure.value:.2f}",
        limits=_words(figure.interval),
        coders="–" if figure.coders is None else f"{figure.coders:.2f}",
    )


def _theme_row(theme: MeasuredTheme, label: str, measured: Measured) -> ThemeRow:
    right = round((theme.recall or 0.0) * theme.passages)
    return ThemeRow(
        theme_id=theme.theme_id,
        label=label,
        prevalence=f"{theme.passages} of {measured.passages} "
        f"({100 * theme.passages / measured.passages:.0f}%)",
        precision=f"{right} of {theme.found}" if theme.found else "none found",
        recall=f"{right} of {theme.passages}",
        f1=f"{theme.f1 or 0.0:.2f}",
        limits=_words(theme.interval),
        advice=_advice(theme),
    )


def _advice(theme: MeasuredTheme) -> str:
    if (theme.f1 or 0.0) < LEAST_F1:
        return "Weak"
    return ""


def _words(limits: Limits | None) -> str:
    return "–" if limits is None else f"{limits[0]:.2f} to {limits[1]:.2f}"
