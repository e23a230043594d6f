"""The gate on tagging: python tests/evals/gate.py [--repin [--lower]] [--part dev|own].

Compares the figures of the tagger that ships with ``tagging_floors.toml``. Exit 0 where every
figure reaches its floor, 3 where one does not or the labelled passages are other ones, 1 where
nothing could be compared or floors may not be changed as asked.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from floors import run_gate, say
from tag_results import dev_figures, own_figures
from tag_sets import ABSENT, has_dev, hash_dev

FLOORS = Path(__file__).with_name("tagging_floors.toml")


def main() -> int:
    """Run the gate on the tagger that ships."""
    from nlp.embed import set_threads
    from nlp.tagger import load_tagger

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repin", action="store_true", help="write floors from present figures")
    parser.add_argument("--lower", action="store_true", help="let a floor be lowered")
    parser.add_argument("--part", choices=("dev", "own"), help="measure one part alone")
    asked = parser.parse_args()
    if asked.lower and not asked.repin:
        parser.error("--lower goes with --repin")
    set_threads(2)
    tagger = load_tagger()
    measures: dict[str, Callable[[], dict[str, float]]] = {
        "dev": lambda: dev_figures(tagger),
        "own": lambda: own_figures(tagger),
    }
    hashes = {}
    if has_dev():
        hashes = hash_dev()
    else:
        say(f"{ABSENT}, so their floors are not compared.")
        del measures["dev"]
    if asked.part:
        measures = {part: measure for part, measure in measures.items() if part == asked.part}
    return run_gate(FLOORS, measures, hashes, again=asked.repin, lower=asked.lower)


if __name__ == "__main__":
    sys.exit(main())
