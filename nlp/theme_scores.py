"""Which themes a passage carries, how surely, and which sentence says so."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.model import Span
from nlp.embed import Vectors
from nlp.heads import ThemeHead
from nlp.reading import Reading, Window
from nlp.theme_features import theme_features

CODE_VERSION = "1"


@dataclass(frozen=True, eq=False, kw_only=True)
class ThemeScores:
    """Every theme's calibrated score for one passage."""

    scores: Vectors
    """float32, shape (themes,), 0 to 1."""
    windows: tuple[int, ...]
    """For each theme, the window that gave the score."""


def score_themes(readings: Sequence[Reading], head: ThemeHead) -> list[ThemeScores]:
    """Score every theme for each passage; the best of its windows counts."""
    windows = [window for reading in readings for window in reading.windows]
    if not windows:
        return []
    vectors = np.stack([window.vector for window in windows])
    logits = theme_logits(vectors, [window.text for window in windows], head)
    results = []
    start = 0
    for reading in readings:
        own = logits[start : start + len(reading.windows)]
        start += len(reading.windows)
        best = own.argmax(axis=0)
        results.append(
            ThemeScores(
                scores=calibrate(own.max(axis=0), head), windows=tuple(int(each) for each in best)
            )
        )
    return results


def theme_logits(vectors: Vectors, texts: Sequence[str], head: ThemeHead) -> Vectors:
    """Score windows before calibration: float32, shape (windows, themes)."""
    words = np.asarray(theme_features(texts, head.words) @ head.word_weights.T)
    logits: Vectors = vectors @ head.vector_weights.T + words + head.bias
    return logits.astype(np.float32)


def calibrate(logits: Vectors, head: ThemeHead) -> Vectors:
    """Turn log odds into calibrated scores, 0 to 1."""
    odds: Vectors = 1.0 / (1.0 + np.exp(-(head.slope[0] * logits + head.slope[1])))
    return odds.astype(np.float32)


def find_evidence(pairs: Sequence[tuple[Window, int]], head: ThemeHead) -> list[tuple[int, Span]]:
    """Find the sentence whose absence costs each theme the most.

    Each sentence in turn is left out of its window, from the pooled tokens and from the
    words, and the theme scored again without another pass of the encoder.

    Args:
        pairs: a window and a theme's index among the head's themes.
        head: what scores the themes.

    Returns:
        For each pair the sentence's place in the window and its span in the passage; the
        whole window where it has no sentence.
    """
    asked = {id(window): window for window, _ in pairs if len(window.sentences) > 1}
    drops = _drops(list(asked.values()), head)
    found = []
    for window, theme in pairs:
        if not window.sentences:
            found.append((0, window.span))
            continue
        best = int(drops[id(window)][:, theme].argmin()) if id(window) in drops else 0
        found.append((best, window.to_passage(window.sentences[best])))
    return found


def _drops(windows: Sequence[Window], head: ThemeHead) -> dict[int, Vectors]:
    """Score each window once without each of its sentences: low is much missed."""
    left_out = [(window, sentence) for window in windows for sentence in window.sentences]
    if not left_out:
        return {}
    vectors = np.stack([window.states.vector_without(sentence) for window, sentence in left_out])
    texts = [window.without(sentence) for window, sentence in left_out]
    logits = theme_logits(vectors, texts, head)
    result = {}
    start = 0
    for window in windows:
        result[id(window)] = logits[start : start + len(window.sentences)]
        start += len(window.sentences)
    return result
