"""Agreement of coders in words and in JSON: the same for the desk's page and the command line."""

from dataclasses import asdict, dataclass

from corpus.agreement import (
    AgreementRow,
    AgreementTable,
    agreement_table,
    independent_codings,
)
from corpus.model import Attribution, Level, Stance
from corpus.reliability import Measure
from web.holdings import Library
from web.shapes import Json
from web.views.parts import theme_label
from web.words import STANCES

ABOUT = {
    "top-theme": "Top themes",
    "theme": "Sub-themes",
    "stance": "Stance",
    "level": "Level",
    "attribution": "Who says so",
    "theme-stance": "Stance within one theme",
}

NOTES = (
    (
        "Only passages that two people coded without seeing the machine's or each other's codes "
        "are compared; decisions between coders are no part of it."
    ),
    (
        "A rare theme gives a low kappa at the same share of agreement: read it beside the "
        "prevalence. Intervals are drawn from whole cases."
    ),
    (
        "A facet is compared where both saw the theme, so that disagreeing on the theme is not "
        "counted twice."
    ),
)


@dataclass(frozen=True, kw_only=True)
class AgreementLine:
    """One row in words, ready for a page or a shell."""

    about: str
    label: str
    n_passages: int
    """For facets: pairs of passage and theme."""
    prevalence: str
    """A share in per cent; a dash where the values are not yes and no."""
    kappa: str
    alpha: str
    why: str
    """Why a figure or its interval is not defined; empty where both are."""


def measured_agreement(library: Library) -> AgreementTable:
    """Measure the agreement of all who coded apart, by the codebook's themes."""
    return agreement_table(independent_codings(library.store), library.rollup)


def agreement_lines(table: AgreementTable, library: Library) -> list[AgreementLine]:
    """Put every row into words, in the table's order; rows that nobody coded twice too."""
    return [
        AgreementLine(
            about=ABOUT[row.about],
            label=_label(row, library),
            n_passages=row.reliability.n_items,
            prevalence=_per_cent(row.reliability.prevalence),
            kappa=_in_words(row.reliability.kappa),
            alpha=_in_words(row.reliability.alpha),
            why=_why(row.reliability.kappa) or _why(row.reliability.alpha),
        )
        for row in table.rows
    ]


def agreement_shape(table: AgreementTable, library: Library) -> Json:
    """The whole table as JSON; nothing in it is ever not a number."""
    return {
        "n_passages": table.n_passages,
        "n_coders": table.n_coders,
        "n_single": table.n_single,
        "rows": [
            {"about": row.about, "key": row.key, "label": _label(row, library)}
            | asdict(row.reliability)
            for row in table.rows
        ],
        "notes": list(NOTES),
        "codebook_version": library.codebook.version,
        "snapshot": library.snapshot,
    }


def _label(row: AgreementRow, library: Library) -> str:
    if row.key == "all":
        return "All values"
    if row.about == "stance":
        return STANCES[Stance(row.key)].label
    if row.about in {"level", "attribution"}:
        return (Level if row.about == "level" else Attribution)(row.key).value
    return theme_label(library.codebook, row.key)


def _in_words(measure: Measure) -> str:
    if measure.value is None:
        return "not defined"
    if measure.ci_low is None or measure.ci_high is None:
        return f"{measure.value:.2f}"
    return f"{measure.value:.2f} ({measure.ci_low:.2f} to {measure.ci_high:.2f})"


def _why(measure: Measure) -> str:
    return measure.undefined.reason if measure.undefined else ""


def _per_cent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"
