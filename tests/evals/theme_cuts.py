"""Ask whether a cut for each theme beats one for all: python tests/evals/theme_cuts.py.

A theme's cut is the one that serves it best on four fifths of the labelled passages, drawn
towards the cut that ships by a share; scored on the other fifth, over five divisions. Themes
with fewer than three passages keep the cut that ships.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from tag_sets import ABSENT, Coded, has_dev, read_dev

from nlp.codebook import load_codebook
from nlp.embed import Vectors, set_threads, shared_encoder
from nlp.find_themes import MOST_THEMES, RESIDUAL
from nlp.heads import load_heads
from nlp.reading import read_passages
from nlp.tag_settings import load_cuts
from nlp.theme_scores import score_themes

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
FEWEST = 3
FOLDS, DIVISIONS = 5, 5
GRID = np.arange(0.05, 0.9, 0.03)

Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Scored:
    """Every theme's score and truth for each passage, arrays of shape (passages, themes)."""

    scores: Vectors
    truth: Truth


def score(coded: Coded) -> Scored:
    """Score every theme of every passage with the tagger that ships."""
    themes = load_heads().theme.themes
    readings = read_passages(coded.texts, coded.kinds, shared_encoder())
    scores = np.stack([one.scores for one in score_themes(readings, load_heads().theme)])
    gold = [{code.theme for code in codes} for codes in coded.gold]
    return Scored(scores, np.array([[theme in own for theme in themes] for own in gold]))


def best_cuts(known: Scored, shipped: float, share: float) -> Vectors:
    """Choose each theme's cut on known passages: shape (themes,)."""
    cuts = np.full(known.scores.shape[1], shipped, dtype=np.float32)
    for theme in np.flatnonzero(known.truth.sum(axis=0) >= FEWEST):
        truth = known.truth[:, theme]
        found = known.scores[:, theme][:, None] >= GRID
        f1 = 2 * (found & truth[:, None]).sum(axis=0) / (found.sum(axis=0) + truth.sum())
        cuts[theme] = share * GRID[f1.argmax()] + (1 - share) * shipped
    return cuts


def choose(scores: Vectors, cuts: Vectors) -> Truth:
    """Choose themes as the tagger does, each by its own cut: shape (passages, themes)."""
    themes = load_heads().theme.themes
    residual = themes.index(RESIDUAL)
    mechanism = [load_codebook().theme(theme).sort == "mechanism" for theme in themes]
    chosen = np.zeros(scores.shape, dtype=bool)
    for row, own in zip(chosen, scores, strict=True):
        order = [int(at) for at in np.argsort(-own, kind="stable") if own[at] >= cuts[at]]
        first = next((at for at in order if mechanism[at]), None)
        if first == residual:
            order = [at for at in order if at == residual or not mechanism[at]]
        else:
            order = [at for at in order if at != residual]
        row[order[:MOST_THEMES]] = True
    return chosen


def f1_of(found: Truth, truth: Truth, groups: Sequence[str]) -> float:
    """Micro F1 with the themes of one group taken together."""
    names = sorted(set(groups))
    member = np.array([[group == name for name in names] for group in groups])
    mine, right = found @ member, truth @ member
    return float(2 * (mine & right).sum() / (mine.sum() + right.sum()))


def cross_validated(all_: Scored, shipped: float, share: float) -> tuple[float, float]:
    """Score cuts on passages that did not choose them: top-theme and sub-theme F1."""
    themes = load_heads().theme.themes
    tops = [load_codebook().rollup[theme] for theme in themes]
    figures = []
    for seed in range(DIVISIONS):
        folds = np.random.default_rng(seed).permutation(len(all_.scores)) % FOLDS
        found = np.zeros(all_.truth.shape, dtype=bool)
        for fold in range(FOLDS):
            rest, own = folds != fold, folds == fold
            cuts = best_cuts(Scored(all_.scores[rest], all_.truth[rest]), shipped, share)
            found[own] = choose(all_.scores[own], cuts)
        figures.append((f1_of(found, all_.truth, tops), f1_of(found, all_.truth, themes)))
    top, sub = np.mean(figures, axis=0)
    return float(top), float(sub)


def main() -> int:
    """Print a line for each share."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    if not has_dev():
        sys.stderr.write(f"{ABSENT}, so nothing can be scored.\n")
        return 1
    set_threads(1)
    scored = score(read_dev())
    for share in SHARES:
        top, sub = cross_validated(scored, load_cuts().further, share)
        sys.stdout.write(f"own cut counts {share:.2f}: top theme {top:.2f}, sub-theme {sub:.2f}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
