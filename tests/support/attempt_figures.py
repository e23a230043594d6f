"""What an attempt at tagging reaches: F1 at one cut, and at cuts that other passages chose."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.model import Code
from nlp.codebook import load_codebook
from nlp.embed import Vectors
from nlp.find_themes import choose_themes
from nlp.tag_settings import Cuts

FOLDS, DIVISIONS = 5, 5
_STEPS = 200
_ALL = Cuts(possible=float("-inf"), further=float("-inf"), confident=float("inf"))

Truth = npt.NDArray[np.bool_]
"""Which passage carries which theme: shape (passages, themes)."""

Learn = Callable[[Vectors, Truth], Vectors]
"""From passages' scores and truth, what is added to each theme's score: shape (themes,)."""


@dataclass(frozen=True, kw_only=True)
class F1:
    """Micro F1, 0 to 1."""

    best: float
    """At the single cut that serves all passages best: flattering."""
    divided: float
    """At cuts chosen on four fifths of the passages and scored on the others."""


def theme_names() -> tuple[str, ...]:
    """The themes, in the order of every array here."""
    return tuple(theme.theme_id for theme in load_codebook().themes)


def truth_of(gold: Sequence[Sequence[Code]]) -> Truth:
    """Mark what coders gave."""
    own = [{code.theme for code in codes} for codes in gold]
    return np.array([[theme in each for theme in theme_names()] for each in own], dtype=bool)


def f1_of(scores: Vectors, truth: Truth, *, top: bool, learn: Learn | None = None) -> F1:
    """Score an attempt.

    Args:
        scores: any figure that is higher where a theme is likelier, shape of ``truth``.
        truth: what coders gave.
        top: whether themes under one top theme count as one.
        learn: what is learned from labelled passages before the cut is chosen; for
            ``divided``, from the four fifths alone.
    """
    groups = _groups(top=top)
    if learn is not None:
        shifted = scores + learn(scores, truth)
        best = _Counts(shifted, truth, groups).best_f1()
    else:
        best = _Counts(scores, truth, groups).best_f1()
    return F1(best=best, divided=_divided(scores, truth, groups, learn))


def _divided(scores: Vectors, truth: Truth, groups: Truth, learn: Learn | None) -> float:
    plain = None if learn else _Counts(scores, truth, groups)
    figures = []
    for seed in range(DIVISIONS):
        folds = np.random.default_rng(seed).permutation(len(scores)) % FOLDS
        right = sizes = 0
        for fold in range(FOLDS):
            known, own = folds != fold, folds == fold
            counts = plain
            if counts is None and learn is not None:
                shift = learn(scores[known], truth[known])
                counts = _Counts(scores + shift, truth, groups)
            assert counts is not None
            cut = int(counts.f1(known).argmax())
            right += int(counts.right[own, cut].sum())
            sizes += int(counts.found[own, cut].sum() + counts.wanted[own].sum())
        figures.append(2 * right / max(1, sizes))
    return float(np.mean(figures))


class _Counts:
    """How many themes are found, and rightly, in each passage at each of many cuts."""

    def __init__(self, scores: Vectors, truth: Truth, groups: Truth) -> None:
        kept = np.zeros(truth.shape, dtype=bool)
        for row, own in zip(kept, scores, strict=True):
            row[choose_themes(own, theme_names(), _ALL)] = True
        cuts = np.unique(np.quantile(scores[kept], np.linspace(0, 1, _STEPS)))
        wanted = truth @ groups
        found = [(kept & (scores >= cut)) @ groups for cut in cuts]
        self.wanted = wanted.sum(axis=1)
        """What coders gave: shape (passages,)."""
        self.found = np.stack([each.sum(axis=1) for each in found], axis=1)
        """Shape (passages, cuts)."""
        self.right = np.stack([(each & wanted).sum(axis=1) for each in found], axis=1)

    def f1(self, passages: Truth) -> Vectors:
        """Micro F1 over some passages at each cut."""
        sizes = self.found[passages].sum(axis=0) + self.wanted[passages].sum()
        figures: Vectors = 2 * self.right[passages].sum(axis=0) / np.maximum(1, sizes)
        return figures

    def best_f1(self) -> float:
        return float(self.f1(np.ones(len(self.wanted), dtype=bool)).max())


def _groups(*, top: bool) -> Truth:
    """Which theme counts as which label: shape (themes, labels)."""
    names = theme_names()
    labels = [load_codebook().rollup[name] for name in names] if top else list(names)
    order = list(dict.fromkeys(labels))
    return np.array([[label == one for one in order] for label in labels], dtype=bool)
