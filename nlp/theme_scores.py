"""Which themes a passage carries, how surely, and which sentence says so."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.model import Span
from nlp.embed import Vectors
from nlp.heads import ThemeHead
from nlp.reading import Reading, Window
from nlp.theme_features import theme_features
from nlp.token_states import Mask
from nlp.tuned import TokenHead, load_tuned
from nlp.tuned_scores import TokenScores, pool_tokens, score_tokens

CODE_VERSION = "3"
# Chosen on the evaluation passages, alone and among idle sentences (docs/evaluation.md).
_WHOLE_SHARE = 0.4
_WORD_SHARE = 0.2


@dataclass(frozen=True, eq=False, kw_only=True)
class ThemeScores:
    """Every theme's calibrated score for one passage."""

    scores: Vectors
    """float32, shape (themes,), 0 to 1."""
    windows: tuple[int, ...]
    """For each theme, the window that gave the score."""


@dataclass(frozen=True, eq=False)
class Part:
    """A window, or what is left of it, as the theme heads look at it."""

    window: Window
    text: str
    kept: Mask
    """The tokens that count."""

    @classmethod
    def whole(cls, window: Window) -> "Part":
        """All of the window."""
        return cls(window, window.text, window.states.all_tokens())

    @classmethod
    def within(cls, window: Window, sentence: Span) -> "Part":
        """One sentence of it."""
        text = window.text[sentence.start : sentence.end]
        return cls(window, text, window.states.within(sentence))

    @classmethod
    def without(cls, window: Window, sentence: Span) -> "Part":
        """All but one sentence of it."""
        return cls(window, window.without(sentence), window.states.without(sentence))


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
                scores=to_scores(own.max(axis=0)), windows=tuple(int(each) for each in best)
            )
        )
    return results


def _window_logits(windows: Sequence[Window], head: ThemeHead) -> Vectors:
    """Mix each window's log odds with those of its best sentence.

    One telling sentence among idle ones drowns in the window's mean; sentences cost no
    further pass of the encoder, because their tokens have been read already.
    """
    whole = theme_logits([Part.whole(window) for window in windows], head)
    for row, sentences in _sentence_logits(windows, head).items():
        whole[row] = _mixed(whole[row], sentences.max(axis=0))
    return whole


def _mixed(whole: Vectors, sentence: Vectors) -> Vectors:
    mixed: Vectors = _WHOLE_SHARE * whole + (1 - _WHOLE_SHARE) * sentence
    return mixed


def _sentence_logits(windows: Sequence[Window], head: ThemeHead) -> dict[int, Vectors]:
    """Score the sentences of windows that have several: place of window → (sentences, themes)."""
    several = [row for row, window in enumerate(windows) if len(window.sentences) > 1]
    parts = [
        Part.within(windows[row], sentence)
        for row in several
        for sentence in windows[row].sentences
    ]
    return _by_window(several, windows, theme_logits(parts, head)) if parts else {}


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


def theme_logits(parts: Sequence[Part], head: ThemeHead) -> Vectors:
    """Score parts of windows: calibrated log odds, float32, shape (parts, themes).

    Words and tokens are scored apart and their log odds mixed; where an encoder without
    tokens stood in, the words speak alone.
    """
    own = word_logits([part.text for part in parts], head)
    words: Vectors = head.slope[0] * own + head.slope[1]
    if not all(part.window.states.tuned for part in parts):
        return words
    mixed = mix_logits(words, token_logits(parts, load_tuned().token_head))
    logits: Vectors = (head.mix[0] * mixed + head.mix[1]).astype(np.float32)
    return logits


def word_logits(texts: Sequence[str], head: ThemeHead) -> Vectors:
    """Score texts by words and cues, before calibration: float32, shape (texts, themes)."""
    features = theme_features(texts, head.words)
    logits: Vectors = (np.asarray(features @ head.word_weights.T) + head.bias).astype(np.float32)
    return logits


def mix_logits(words: Vectors, tokens: Vectors) -> Vectors:
    """Mix the calibrated log odds of words with those of tokens, before calibration."""
    mixed: Vectors = _WORD_SHARE * words + (1 - _WORD_SHARE) * tokens
    return mixed


def token_logits(parts: Sequence[Part], head: TokenHead) -> Vectors:
    """Score parts by their tokens, before calibration: float32, shape (parts, themes)."""
    windows = list({id(part.window): part.window for part in parts}.values())
    scores: dict[int, TokenScores] = {
        id(window): own
        for window, own in zip(
            windows, score_tokens([window.states.states for window in windows], head), strict=True
        )
    }
    return np.stack([pool_tokens(scores[id(part.window)], part.kept, head) for part in parts])


def to_scores(logits: Vectors) -> Vectors:
    """Turn log odds into scores between 0 and 1."""
    scores: Vectors = (1.0 / (1.0 + np.exp(-logits))).astype(np.float32)
    return scores


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
    parts = [
        Part.without(windows[row], sentence)
        for row in sentences
        for sentence in windows[row].sentences
    ]
    if not parts:
        return {}
    whole = _by_window(list(sentences), windows, theme_logits(parts, head))
    return {row: _mixed(whole[row], _best_of_others(own)) for row, own in sentences.items()}


def _best_of_others(logits: Vectors) -> Vectors:
    """For each sentence, the best log odds among the others."""
    return np.stack([np.delete(logits, row, axis=0).max(axis=0) for row in range(len(logits))])
