"""The measured parts of docs/evaluation.md, measured and written into the page."""

import json
import tempfile
from pathlib import Path
from typing import Any

from markdown import set_block
from package_copy import PackageCopy
from tag_measured import write_measured
from tag_own_pages import (
    catalogue_part,
    curve_chart,
    curve_part,
    off_domain_part,
    pairs_part,
)
from tag_pages import (
    calibration_bins,
    calibration_chart,
    calibration_table,
    confusion_part,
    figures_table,
    origins_table,
    stance_table,
    sweep_part,
    theme_tables,
)
from tag_results import Found, OffDomain, Scored, measure_off_domain, measure_pairs, score_set
from tag_sets import (
    ABSENT,
    DEV,
    ROOT,
    TagsTexts,
    has_dev,
    read_catalogue,
    read_dev,
    read_off_domain,
    read_stance_pairs,
)

from nlp.codebook import load_codebook
from nlp.tag_settings import Cuts, load_cuts
from nlp.tagger import tagger_version

PAGE = ROOT / "docs" / "evaluation.md"
FIGURES = ROOT / "docs" / "figures"
CURVE = ROOT / "tests" / "evals" / "learning_curve.json"
LOWEST = 0.02
POSSIBLE = (0.06, 0.08, 0.10, 0.12, 0.15, 0.20, 0.27, 0.35, 0.45)
CONFIDENT = (0.30, 0.40, 0.45, 0.50, 0.60, 0.70, 0.80)


def renew(page: Path, figures: Path, tagger: TagsTexts, *, dev: Path = DEV) -> list[str]:
    """Measure everything and write it into the page; returns what is to be told.

    Args:
        page: holds the marks between which the measured parts stand.
        figures: the folder of the charts.
        tagger: what is measured.
        dev: the folder of the labelled passages.
    """
    told, cuts = [], load_cuts()
    figures.mkdir(exist_ok=True)
    text = page.read_text(encoding="utf-8")
    off_domain = measure_off_domain(read_off_domain(), tagger)
    text = set_block(text, "own", own_part(tagger, off_domain, cuts))
    if has_dev(dev):
        scored = score_set(read_dev(dev), tagger)
        padded = score_set(scored.coded.padded(), tagger)
        text = set_block(text, "dev", dev_part(scored, padded, off_domain, cuts, figures))
        if page == PAGE:
            write_measured(scored, off_domain)
    else:
        told.append(f"{ABSENT}: what rests on them was left as it was.")
    if CURVE.exists():
        curve = json.loads(CURVE.read_text(encoding="utf-8"))
        text = set_block(text, "curve", measured_curve(curve, figures))
    page.write_text(text, encoding="utf-8")
    return told


def measured_curve(curve: dict[str, Any], figures: Path) -> str:
    """The learning curve as it was last measured, which may be of an earlier tagger."""
    (figures / "learning-curve.svg").write_text(curve_chart(curve["sizes"]), encoding="utf-8")
    picture = "![F1 by number of training rows](figures/learning-curve.svg)"
    return f"*Measured with tagger {curve['tagger']}.*\n\n{curve_part(curve['sizes'])}\n\n{picture}"


def own_part(tagger: TagsTexts, off_domain: OffDomain, cuts: Cuts) -> str:
    """The part that anyone can measure again."""
    pairs = measure_pairs(read_stance_pairs(), tagger, cuts.confident)
    return "\n\n".join(
        [
            _stamp(),
            "### Off-domain passages",
            off_domain_part(off_domain),
            "### Stance minimal pairs",
            pairs_part(pairs),
            (
                "With the theme given, a stance below the confident cut is an abstention; from end "
                "to end, it is one where nothing (or nothing confident) was found under the top "
                "theme. A possible finding is listed for a coder and not shown, so that the last "
                "line tells what a reader meets."
            ),
            "### The catalogue, by review",
            catalogue_part(score_set(read_catalogue(), tagger)),
        ]
    )


def dev_part(
    scored: Scored, padded: Scored, off_domain: OffDomain, cuts: Cuts, figures: Path
) -> str:
    """The part that rests on the labelled passages."""
    low, by_confident = sweep(scored)
    bins = calibration_bins(scored, low)
    (figures / "calibration.svg").write_text(calibration_chart(bins), encoding="utf-8")
    stances = scored.figures["stance"]["n"]
    return "\n\n".join(
        [
            _stamp(),
            figures_table(scored, off_domain),
            (
                f"Stance, level and attribution are scored where both sides have the top theme "
                f"({stances} pairs). The bootstrap draws passages."
            ),
            "### Verbatim, restated, padded",
            origins_table(scored, padded),
            "### Theme by theme",
            theme_tables(scored.figures),
            "### What is taken for what",
            confusion_part(scored),
            "### Stances",
            stance_table(scored),
            "### Calibration",
            "![How often findings of a score are right](figures/calibration.svg)",
            calibration_table(bins),
            "### Where the lines are drawn",
            sweep_part(scored, low, by_confident, POSSIBLE, cuts),
            (
                f"What ships: the best theme of a passage is possible from {cuts.possible:.2f}, "
                f"a further one from {cuts.further:.2f}; confident from {cuts.confident:.2f}, "
                f"where the stance's score reaches {cuts.sure_stance:.2f}."
            ),
        ]
    )


def sweep(scored: Scored) -> tuple[Found, dict[float, Found]]:
    """Tag the set with other cuts, in a copy of the package.

    Returns:
        What is found from ``LOWEST`` on, and for each confident cut what is found with it.
    """
    with tempfile.TemporaryDirectory() as name:
        copy = PackageCopy(Path(name))
        pairs = [(LOWEST, confident) for confident in CONFIDENT]
        found = copy.tag(scored.coded.texts, scored.coded.kinds, pairs)
    return found[0], dict(zip(CONFIDENT, found, strict=True))


def _stamp() -> str:
    return f"*Tagger {tagger_version()}, codebook {load_codebook().version}.*"
