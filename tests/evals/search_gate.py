"""The gate on search: python tests/evals/search_gate.py [--repin [--lower]].

Compares the figures of search with ``search_floors.toml``; exits as ``gate.py`` does.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from floors import run_gate, say
from search_measures import ask_all, collections, search_figures
from tag_sets import ABSENT, hash_dev

FLOORS = Path(__file__).with_name("search_floors.toml")


def main() -> int:
    """Run the gate on search as it ships."""
    from nlp.embed import set_threads, shared_encoder
    from nlp.tagger import load_tagger

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repin", action="store_true", help="write floors from present figures")
    parser.add_argument("--lower", action="store_true", help="let a floor be lowered")
    asked = parser.parse_args()
    if asked.lower and not asked.repin:
        parser.error("--lower goes with --repin")
    set_threads(2)
    passages = collections()
    if "labelled" not in passages:
        say(f"{ABSENT}, so their floors are not compared.")
    answered, _ = ask_all(passages, shared_encoder(), load_tagger())
    figures = {
        name: search_figures([one for one in answered if one.query.collection == name])
        for name in passages
    }
    measures = {name: lambda own=own: own for name, own in figures.items()}
    hashes = hash_dev() if "labelled" in passages else {}
    return run_gate(FLOORS, measures, hashes, again=asked.repin, lower=asked.lower)


if __name__ == "__main__":
    sys.exit(main())
