"""Which themes a passage carries, how surely, and which sentence says so."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.model import Span
from nlp.embed import Vectors
from nlp.heads import ThemeHead
from nlp.reading import Reading, Window
from nlp.theme_features import theme_features

CODE_VERSION = "2"
# Chosen on the evaluation passages, alone and among idle sentences (docs/evaluation.md).
_WHOLE_SHARE = 0.3


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
    logits = _window_logits(windows, head)
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


def _window_logits(windows: Sequence[Window], head: ThemeHead) -> Vectors:
    """Mix each window's log odds with those of its best sentence.

    One telling sentence among idle ones drowns in the window's mean; sentences cost no
    further pass of the encoder, because their tokens have been read already.
    """
    whole = theme_logits(
        np.stack([window.vector for window in windows]), [window.text for window in windows], head
    )
    for row, sentences in _sentence_logits(windows, head).items():
        whole[row] = _mixed(whole[row], sentences.max(axis=0))
    return whole


def _mixed(whole: Vectors, sentence: Vectors) -> Vectors:
    mixed: Vectors = _WHOLE_SHARE * whole + (1 - _WHOLE_SHARE) * sentence
    return mixed


def _sentence_logits(windows: Sequence[Window], head: ThemeHead) -> dict[int, Vectors]:
    """Score the sentences of windows that have several: place of window → (sentences, themes)."""
    several = [row for row, window in enumerate(windows) if len(window.sentences) > 1]
    parts = [(windows[row], sentence) for row in several for sentence in windows[row].sentences]
    if not parts:
        return {}
    logits = theme_logits(
        np.stack([window.states.vector_within(sentence) for window, sentence in parts]),
        [window.text[sentence.start : sentence.end] for window, sentence in parts],
        head,
    )
    return _by_window(several, windows, logits)


def _by_window(
    rows: Sequence[int], windows: Sequence[Window], logits: Vectors
) -> dict[int, Vectors]:
    """Hand each window its sentences' rows."""
    result = {}
    start = 0
    for row in rows:
        count = len(windows[row].sentences)
        result[row] = logits[start : start + count]
        start += count
    return result


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
    windows = list({id(window): window for window, _ in pairs}.values())
    places = {id(window): place for place, window in enumerate(windows)}
    left = _without_each(windows, head)
    found = []
    for window, theme in pairs:
        if not window.sentences:
            found.append((0, window.span))
            continue
        remaining = left.get(places[id(window)])
        best = 0 if remaining is None else int(remaining[:, theme].argmin())
        found.append((best, window.to_passage(window.sentences[best])))
    return found


def _without_each(windows: Sequence[Window], head: ThemeHead) -> dict[int, Vectors]:
    """Score each window without each of its sentences: where little is left, much was lost."""
    sentences = _sentence_logits(windows, head)
    parts = [(windows[row], sentence) for row in sentences for sentence in windows[row].sentences]
    if not parts:
        return {}
    logits = theme_logits(
        np.stack([window.states.vector_without(sentence) for window, sentence in parts]),
        [window.without(sentence) for window, sentence in parts],
        head,
    )
    whole = _by_window(list(sentences), windows, logits)
    return {row: _mixed(whole[row], _best_of_others(own)) for row, own in sentences.items()}


def _best_of_others(logits: Vectors) -> Vectors:
    """For each sentence, the best log odds among the others."""
    return np.stack([np.delete(logits, row, axis=0).max(axis=0) for row in range(len(logits))])
