"""What was measured on labelled passages, as Markdown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charts import Point, Series, draw_chart, unit_axis
from markdown import number, span, table
from tag_measures import (
    Bin,
    above,
    calibration,
    failing_interval,
    instead_of,
    macro_interval,
    where_missed,
    wilson,
)
from tag_results import Found, OffDomain, Scored, look_up

from corpus.model import Stance
from nlp.agreement import facet_pairs
from nlp.codebook import load_codebook
from nlp.evaluate_tags import score_codes
from nlp.tag_settings import Cuts

EDGES = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
INSTEAD_SHOWN = 15


@dataclass(frozen=True, kw_only=True)
class Target:
    """One figure, what it is aimed at, and what two coders reach."""

    figure: str
    name: str
    least: float | None = None
    coders: str = ""
    interval: str = ""
    """Its key among the intervals; the figure's own name if empty."""


TARGETS = (
    Target(figure="top_theme.micro_f1", name="top theme, micro F1", least=0.58, coders="0.91"),
    Target(figure="top_theme.macro_f1", name="top theme, macro F1", least=0.56),
    Target(figure="theme.micro_f1", name="sub-theme, micro F1", least=0.46, coders="0.88"),
    Target(figure="theme.macro_f1", name="sub-theme, macro F1 (five passages or more)"),
    Target(figure="any_theme.f1", name="is there a theme, F1", least=0.86),
    Target(figure="failing.f1", name="failing found, top theme, F1"),
    Target(
        figure="confident.failing.precision",
        name="failing found, confident only: precision",
        least=0.80,
    ),
    Target(
        figure="confident.failing.recall", name="failing found, confident only: recall", least=0.30
    ),
    Target(figure="stance.accuracy", name="stance, accuracy"),
    Target(figure="stance.kappa", name="stance, kappa", least=0.65, coders="0.90"),
    Target(figure="level.accuracy", name="level, accuracy", least=0.85),
    Target(figure="attribution.accuracy", name="attribution, accuracy", least=0.75),
)
MOST_OFF_DOMAIN = 20
MOST_VERBATIM_LOSS = 0.05


def reached(value: float | None, least: float | None) -> str:
    """Whether a figure reaches its target; empty where it has none."""
    return "" if least is None else "yes" if value is not None and value >= least else "no"


def figures_table(scored: Scored, off_domain: OffDomain) -> str:
    """All figures beside their targets."""
    intervals = all_intervals(scored)
    rows: list[Sequence[object]] = []
    for target in TARGETS:
        value = look_up(scored.figures, target.figure)
        rows.append(
            (
                target.name,
                number(value),
                span(intervals.get(target.figure)),
                "" if target.least is None else f"{target.least:.2f}",
                reached(value, target.least),
                target.coders,
            )
        )
    loss = look_up(scored.figures, "top_theme.micro_f1") - look_up(
        scored.part("verbatim"), "top_theme.micro_f1"
    )
    rows.append(
        (
            "top theme, micro F1: how far verbatim passages lie below the whole",
            number(loss),
            "",
            f"{MOST_VERBATIM_LOSS:.2f} at most",
            reached(-loss, -MOST_VERBATIM_LOSS),
            "",
        )
    )
    low, high = wilson(off_domain.confident, off_domain.passages)
    share = 1000 * off_domain.confident / off_domain.passages
    rows.append(
        (
            "off-domain passages with a confident finding, per thousand",
            f"{share:.0f}",
            f"{1000 * low:.0f} to {1000 * high:.0f}",
            f"{MOST_OFF_DOMAIN} at most",
            reached(-share, -MOST_OFF_DOMAIN),
            "",
        )
    )
    return table(("figure", "value", "95% interval", "target", "reached", "two coders"), rows)


def all_intervals(scored: Scored) -> dict[str, Any]:
    """The intervals of ``nlp.evaluate_tags``, and those of macro F1 and of confident failings."""
    rollup = load_codebook().rollup
    gold, found = scored.coded.gold, scored.found
    precision, recall = failing_interval(gold, found, rollup)
    return {
        **scored.figures["intervals"],
        "top_theme.macro_f1": macro_interval(gold, found, rollup),
        "theme.macro_f1": macro_interval(gold, found),
        "confident.failing.precision": precision,
        "confident.failing.recall": recall,
    }


def theme_tables(figures: Mapping[str, Any]) -> str:
    """Precision, recall, F1 and support of every top theme and sub-theme."""
    heads = ("precision", "recall", "F1", "passages")
    return "\n\n".join(
        table((name, *heads), [(f"`{each}`", *_scores(row)) for each, row in figures[key].items()])
        for name, key in (("top theme", "per_top_theme"), ("sub-theme", "per_theme"))
    )


def _scores(row: Mapping[str, float]) -> tuple[str, ...]:
    known = (
        [None, None, None] if not row["support"] else [row["precision"], row["recall"], row["f1"]]
    )
    return (*map(number, known), str(row["support"]))


def confusion_part(scored: Scored) -> str:
    """What was found in place of what was there."""
    rollup = load_codebook().rollup
    gold, found = scored.coded.gold, scored.found
    missed = where_missed(gold, found, rollup)
    total = missed.sibling + missed.other + missed.nothing
    pairs = instead_of(gold, found, rollup)
    rows = [
        (f"`{one.wanted}`", f"`{one.found}`", one.count, "yes" if one.siblings else "no")
        for one in pairs[:INSTEAD_SHOWN]
    ]
    siblings = [
        (f"`{one.wanted}`", f"`{one.found}`", one.count)
        for one in [one for one in pairs if one.siblings][:INSTEAD_SHOWN]
    ]
    return "\n\n".join(
        [
            (
                f"Of {total} sub-themes that were there and not found, a sibling under the same "
                f"top theme was wrongly found in {missed.sibling} cases, only themes under other "
                f"top themes in {missed.other}, and nothing wrong in {missed.nothing}."
            ),
            table(("there, and missed", "sibling found instead", "passages"), siblings),
            "The same over all themes:",
            table(("there, and missed", "found instead", "passages", "siblings"), rows),
        ]
    )


def stance_table(scored: Scored) -> str:
    """Coders' stances against the tagger's, where both have the top theme."""
    rollup = load_codebook().rollup
    found = [[one.code for one in codes] for codes in scored.found]
    pairs = facet_pairs(scored.coded.gold, found, "stance", rollup)
    rows = [
        (
            f"`{mine}`",
            *(pairs.count((mine, theirs)) for theirs in Stance),
            sum(a == mine for a, _ in pairs),
        )
        for mine in Stance
    ]
    return table(("coders ↓ tagger →", *(f"`{one}`" for one in Stance), "all"), rows)


def origins_table(scored: Scored, padded: Scored) -> str:
    """Verbatim against restated passages, and all of them among idle sentences."""
    parts = [
        ("all", len(scored.coded.texts), scored.figures),
        *(
            (name, scored.coded.groups.count(name), scored.part(name))
            for name in sorted(set(scored.coded.groups), reverse=True)
        ),
        ("all, between two idle sentences", len(padded.coded.texts), padded.figures),
    ]
    names = ("top_theme.micro_f1", "theme.micro_f1", "any_theme.f1", "failing.f1", "stance.kappa")
    rows = [
        (name, count, *(number(look_up(figures, each)) for each in names))
        for name, count, figures in parts
    ]
    heads = ("passages", "number", "top theme", "sub-theme", "any theme", "failing", "stance kappa")
    return table(heads, rows)


def sweep_part(
    gold: Scored,
    low: Found,
    by_confident: Mapping[float, Found],
    possible: Sequence[float],
    cuts: Cuts,
) -> str:
    """Figures at other cuts.

    Args:
        gold: the set, for what coders gave.
        low: what is found with the lowest cut.
        by_confident: confident cut → what is found with it and the lowest possible cut.
        possible: the cuts to show: of the best theme beside the further cut that ships, as
            far as they are no higher, and of further themes beside the possible cut that ships.
        cuts: what ships, in bold; the confident ones are shown with its other cuts.
    """
    lower = [(each, cuts.further) for each in possible if each <= cuts.further]
    higher = [(cuts.possible, each) for each in possible if each > cuts.possible]
    names = ("top_theme.micro_f1", "top_theme.macro_f1", "theme.micro_f1", "any_theme.f1")
    rows = []
    for best, other in lower + higher:
        figures = score_codes(gold.coded.gold, above(low, best, other))
        rows.append(
            (
                _bold(best, cuts.possible),
                _bold(other, cuts.further),
                *(number(look_up(figures, name)) for name in names),
            )
        )
    sure = []
    for each, found in by_confident.items():
        failing = score_codes(gold.coded.gold, above(found, cuts.possible, cuts.further))[
            "confident"
        ]["failing"]
        sure.append(
            (_bold(each, cuts.confident), number(failing["precision"]), number(failing["recall"]))
        )
    return "\n\n".join(
        [
            table(
                (
                    *("best theme at", "further at", "top theme", "top theme, macro"),
                    *("sub-theme", "any theme"),
                ),
                rows,
            ),
            table(("confident at", "precision of failings", "recall"), sure),
        ]
    )


def _bold(value: float, shipped: float) -> str:
    return f"**{value:.2f}**" if abs(value - shipped) < 1e-9 else f"{value:.2f}"


def calibration_bins(scored: Scored, low: Found) -> list[Bin]:
    """How often findings of a score are right."""
    return calibration(scored.coded.gold, low, EDGES)


def calibration_table(bins: Sequence[Bin]) -> str:
    """The data of the calibration chart."""
    rows = [
        (
            f"{one.low:.2f} to {min(one.high, 1):.2f}",
            one.count,
            number(one.mean_score),
            number(one.right / one.count),
            span(wilson(one.right, one.count)),
        )
        for one in bins
    ]
    return table(("score", "findings", "mean score", "share right", "95% interval"), rows)


def calibration_chart(bins: Sequence[Bin]) -> str:
    """Mean score against the share that is right, as SVG."""
    points = []
    for one in bins:
        low, high = wilson(one.right, one.count)
        points.append(Point(x=one.mean_score, y=one.right / one.count, low=low, high=high))
    return draw_chart(
        "Sub-theme findings: how often those of a score are right",
        [Series(name="findings, with 95% intervals", points=points)],
        unit_axis("mean score of the findings"),
        unit_axis("share that coders gave too"),
        diagonal=True,
    )
