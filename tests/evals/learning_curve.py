"""Measure the learning curve: python tests/evals/learning_curve.py [--shares 0.125 0.25 …].

Trains on a part of the rows in a copy of the package, with the same command as ``make train``,
and scores the result on the labelled passages beside the project. Each share is written to
learning_curve.json as soon as it is known; `make evaluation` shows them.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from package_copy import PackageCopy
from tag_measures import above
from tag_results import look_up
from tag_sets import ABSENT, Coded, has_dev, read_dev

from nlp.evaluate_tags import score_codes
from nlp.tag_settings import load_cuts
from nlp.tagger import tagger_version

RESULTS = Path(__file__).with_name("learning_curve.json")
SHARES = (0.125, 0.25, 0.5, 1.0)
LOWEST = 0.02
CUTS = tuple(n / 50 for n in range(1, 31))


def measure_share(share: float, coded: Coded) -> dict[str, float]:
    """Train on a share of the rows and score; figures at the shipped cut and at the best one."""
    cuts = load_cuts()
    with tempfile.TemporaryDirectory() as name:
        copy = PackageCopy(Path(name))
        rows = copy.keep_rows(share)
        began = time.monotonic()
        copy.train()
        seconds = time.monotonic() - began
        (found,) = copy.tag(coded.texts, coded.kinds, [(LOWEST, cuts.confident)])
    shipped = score_codes(coded.gold, above(found, cuts.possible, cuts.further))
    swept = [score_codes(coded.gold, above(found, cut)) for cut in CUTS]
    return {
        "share": share,
        "rows": rows,
        "seconds": round(seconds),
        "top_theme": look_up(shipped, "top_theme.micro_f1"),
        "theme": look_up(shipped, "theme.micro_f1"),
        "any_theme": look_up(shipped, "any_theme.f1"),
        "stance_kappa": look_up(shipped, "stance.kappa"),
        "best_top_theme": max(look_up(each, "top_theme.micro_f1") for each in swept),
        "best_theme": max(look_up(each, "theme.micro_f1") for each in swept),
    }


def keep(path: Path, measured: Mapping[str, float], tagger: str) -> None:
    """Write one share among those known; others stay while they are of the same tagger."""
    held: list[Mapping[str, float]] = []
    if path.exists():
        known = json.loads(path.read_text(encoding="utf-8"))
        held = known["sizes"] if known["tagger"] == tagger else []
    sizes = [one for one in held if one["share"] != measured["share"]] + [measured]
    sizes.sort(key=lambda one: one["share"])
    text = json.dumps({"tagger": tagger, "sizes": sizes}, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def main() -> int:
    """Measure the shares asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shares", type=float, nargs="+", default=SHARES)
    asked = parser.parse_args()
    if not has_dev():
        sys.stderr.write(f"{ABSENT}, so nothing can be scored.\n")
        return 1
    coded = read_dev()
    for share in asked.shares:
        measured = measure_share(share, coded)
        keep(RESULTS, measured, tagger_version())
        sys.stdout.write(json.dumps(measured) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
