"""What was measured on our own sets, and the learning curve, as Markdown."""

from collections.abc import Mapping, Sequence
from math import log2

from charts import Axis, Point, Series, draw_chart, unit_axis
from markdown import number, span, table
from tag_measures import PairOutcomes
from tag_pages import all_intervals
from tag_results import OffDomain, PairResults, Scored, look_up, score_reviews

REVIEWS_SHOWN, POSSIBLE_SHOWN = 10, 20


def off_domain_part(measured: OffDomain) -> str:
    """False findings on passages about other subjects."""
    sure = [one for one in measured.findings if one.confident]
    rest = [one for one in measured.findings if not one.confident]
    any_share = 1000 * len(measured.findings) / measured.passages
    sure_share = 1000 * len(sure) / measured.passages
    parts = [
        (
            f"Of {measured.passages} passages about other subjects, {len(sure)} have a confident "
            f"finding ({sure_share:.0f} in a thousand) and {len(measured.findings)} any finding, "
            f"confident or possible ({any_share:.0f} in a thousand)."
        )
    ]
    for name, findings in (
        ("confidently found in", sure),
        (f"possibly found in (the {POSSIBLE_SHOWN} surest)", rest[:POSSIBLE_SHOWN]),
    ):
        if findings:
            rows = [(one.text, f"`{one.theme}`", number(one.score)) for one in findings]
            parts.append(table((name, "theme", "score"), rows))
    return "\n\n".join(parts)


def pairs_part(results: PairResults) -> str:
    """The stance minimal pairs."""
    rows = [
        _outcome("theme given", results.given),
        _outcome("theme given, the pairs beside which the rules were written", results.first_set),
        _outcome("theme given, the later pairs", results.later),
        _outcome("end to end, possible findings count", results.tagged),
        _outcome("end to end, confident findings alone", results.confident),
    ]
    heads = ("read how", "pairs", "right stance", "both right", "one stance for both", "abstained")
    return table(heads, rows)


def _outcome(name: str, one: PairOutcomes) -> tuple[object, ...]:
    shares = (one.accuracy, one.both_right, one.same, one.abstained)
    return (name, one.pairs, *(number(share) for share in shares))


def catalogue_part(scored: Scored) -> str:
    """The hand-coded catalogue as a sample that no model saw."""
    figures = scored.figures
    names = (
        ("top theme, micro F1", "top_theme.micro_f1"),
        ("top theme, macro F1", "top_theme.macro_f1"),
        ("sub-theme, micro F1", "theme.micro_f1"),
        ("is there a theme, F1", "any_theme.f1"),
        ("failing found, top theme, F1", "failing.f1"),
        ("stance, kappa", "stance.kappa"),
        ("level, accuracy", "level.accuracy"),
    )
    intervals = all_intervals(scored)
    overall = [
        (name, number(look_up(figures, each)), span(intervals.get(each))) for name, each in names
    ]
    reviews = score_reviews(scored)
    worst = [
        (
            f"`{one.review}`",
            one.passages,
            one.codes,
            number(one.top_f1),
            one.stances,
            number(one.stance_kappa),
        )
        for one in [one for one in reviews if one.codes >= 3][:REVIEWS_SHOWN]
    ]
    spread = sorted(one.top_f1 for one in reviews)
    middle = spread[len(spread) // 2]
    return "\n\n".join(
        [
            (
                f"{len(scored.coded.texts)} passages of {len(set(scored.coded.groups))} reviews, "
                f"of which {len(reviews)} hold a code."
            ),
            table(("figure", "value", "95% interval"), overall),
            (
                f"Review by review the middle top-theme F1 is {middle:.2f}. The ten lowest among "
                "those with three codes or more:"
            ),
            table(
                ("review", "passages", "codes", "top-theme F1", "stances compared", "stance kappa"),
                worst,
            ),
        ]
    )


def curve_part(sizes: Sequence[Mapping[str, float]]) -> str:
    """The learning curve's table."""
    rows = [
        (
            f"{one['rows']:.0f}",
            *(number(one[name]) for name in ("top_theme", "theme", "best_top_theme", "best_theme")),
            number(one["stance_kappa"]),
            f"{one['seconds'] / 60:.0f}",
        )
        for one in sizes
    ]
    heads = (
        "rows",
        "top theme",
        "sub-theme",
        "top theme at its best cut",
        "sub-theme at its best cut",
        "stance kappa",
        "minutes of training",
    )
    return table(heads, rows)


def curve_chart(sizes: Sequence[Mapping[str, float]]) -> str:
    """F1 against rows as SVG; each step to the right doubles them."""
    ends = [log2(one["rows"]) for one in sizes]
    series = [
        Series(name=name, points=[Point(x=log2(one["rows"]), y=one[key]) for one in sizes])
        for name, key in (("top theme", "top_theme"), ("sub-theme", "theme"))
    ]
    across = Axis(
        name="training rows, each step twice as many",
        low=min(ends) - 0.25,
        high=max(ends) + 0.25,
        ticks=[(log2(one["rows"]), f"{one['rows']:.0f}") for one in sizes],
    )
    return draw_chart("F1 by number of training rows", series, across, unit_axis("micro F1"))
