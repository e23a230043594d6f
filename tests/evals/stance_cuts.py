"""Ask what it costs to tell turned stances apart: python tests/evals/stance_cuts.py.

Where a finding is confident, the two passages of a minimal pair should not get one stance. A
higher cut for the stance's score, and teaching such pairs, buy that; the first is paid for
with confident failings that are no longer shown. One row a cut, with the rest of
``nlp/data/tagging.toml`` as it ships.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from markdown import number, table
from tag_measures import PairOutcomes, given_stance, pair_outcomes
from tag_sets import ABSENT, StancePair, TagsTexts, has_dev, read_dev, read_stance_pairs, tag_texts

from nlp.codebook import load_codebook
from nlp.evaluate_tags import score_codes
from nlp.tag_settings import load_cuts
from nlp.tagger import load_tagger

STANCE_CUTS = (0.0, 0.5, 0.65, 0.8, 0.9, 0.95)
HEADS = ("stance at", "one stance for both", "both right", "precision of failings", "recall")


def outcomes(tagger: TagsTexts, pairs: list[StancePair]) -> PairOutcomes:
    """Read every pair end to end, confident findings alone."""
    rollup = load_codebook().rollup
    texts = [text for pair in pairs for text in pair.texts]
    kinds = [kind for pair in pairs for kind in pair.kinds]
    found = iter(tag_texts(tagger, texts, kinds))
    given = [
        (
            given_stance(next(found), pair.theme, rollup, confident=True),
            given_stance(next(found), pair.theme, rollup, confident=True),
        )
        for pair in pairs
    ]
    return pair_outcomes([pair.stances for pair in pairs], given)


def main() -> int:
    """Print the table."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    if not has_dev():
        sys.stderr.write(f"{ABSENT}, so nothing can be scored.\n")
        return 1
    dev, pairs, tagger = read_dev(), read_stance_pairs(), load_tagger()
    shipped, rows = load_cuts(), []
    for cut in sorted({*STANCE_CUTS, shipped.sure_stance}):
        # The file is not written to, so that a run cut short leaves the cuts that ship.
        with patch("nlp.find_themes.load_cuts", return_value=replace(shipped, sure_stance=cut)):
            pair = outcomes(tagger, pairs)
            figures = score_codes(dev.gold, tag_texts(tagger, dev.texts, dev.kinds))
        failing = figures["confident"]["failing"]
        both = (pair.same, pair.both_right, failing["precision"], failing["recall"])
        rows.append((number(cut), *(number(each) for each in both)))
    sys.stdout.write(table(HEADS, rows) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
