"""Attempts at finding themes, each of which learns from the rows and scores the passages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from attempt_figures import Learn, Truth
from attempt_study import Scored, Study, fit_themes

from nlp.codebook import load_codebook
from nlp.cues import CueFinder
from nlp.embed import Vectors
from nlp.sentences import sentence_spans
from nlp.theme_features import theme_features

_NEAREST = 30
_WARMTH = 0.05
_LETTER_BUCKETS = 2**17
_WHOLE_SHARE = 0.3
_FEWEST = 3
_TRUST = 50.0
"""Passages that the rows' share of a theme counts for beside what labelled ones show."""


@dataclass(frozen=True, kw_only=True)
class ThemeAttempt:
    """One way to score every theme for each passage."""

    name: str
    says: str
    score: Callable[[Study], Scored]
    learn: Callable[[Study], Learn] | None = None
    """What it learns from labelled passages, beside the cut."""


def _cues(study: Study) -> Scored:
    themes = {theme.theme_id: place for place, theme in enumerate(load_codebook().themes)}
    finder = CueFinder(load_codebook().cues)
    scores = np.zeros((len(study.coded.texts), len(themes)), dtype=np.float32)
    for row, text in zip(scores, study.coded.texts, strict=True):
        for match in finder.find(text):
            if match.theme_id:
                row[themes[match.theme_id]] += 1
    return Scored(scores, 0.0)


def _nearness(study: Study) -> Scored:
    texts = [f"{theme.label}. {theme.definition}" for theme in load_codebook().themes]
    return Scored(study.vectors @ study.encoder.encode(texts).T, 0.0)


def _vector(strength: float) -> Callable[[Study], Scored]:
    def score(study: Study) -> Scored:
        fitted, seconds = study.on_vectors(strength)
        return Scored(fitted.log_odds(study.vectors), seconds)

    return score


def _words(study: Study) -> Scored:
    fitted, seconds = study.on_words()
    return Scored(fitted.log_odds(study.words.rows(study.coded.texts)), seconds)


def _words_and_cues(study: Study) -> Scored:
    fitted, seconds = study.on_words_and_cues()
    return Scored(fitted.log_odds(theme_features(study.coded.texts, study.words)), seconds)


def _letters(study: Study) -> Scored:
    from sklearn.feature_extraction.text import (
        HashingVectorizer,
        TfidfTransformer,
    )

    hasher = HashingVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), n_features=_LETTER_BUCKETS, alternate_sign=False
    )
    weigh = TfidfTransformer(sublinear_tf=True)
    features = weigh.fit_transform(hasher.transform(study.row_texts))
    fitted, seconds = study.once(
        "letters", lambda: fit_themes(features, study.truth, 10.0, sparse=True)
    )
    own = weigh.transform(hasher.transform(study.coded.texts))
    return Scored(fitted.log_odds(own), seconds)


def _neighbours(study: Study) -> Scored:
    """Vote: each theme's share among the nearest rows, the nearest counting most."""
    near = study.vectors @ study.row_vectors.T
    nearest = np.argsort(-near, axis=1, kind="stable")[:, :_NEAREST]
    close = np.take_along_axis(near, nearest, axis=1)
    weights = np.exp((close - close.max(axis=1, keepdims=True)) / _WARMTH)
    weights /= weights.sum(axis=1, keepdims=True)
    shares = np.einsum("pk,pkt->pt", weights, study.truth[nearest])
    return Scored(np.log((shares + 0.01) / (1.01 - shares)), 0.0)


def _definitions(study: Study) -> Scored:
    def fit() -> object:
        return fit_themes(_with_definitions(study, study.row_vectors), study.truth, 1.0)

    fitted, seconds = study.once("definitions", fit)
    return Scored(fitted.log_odds(_with_definitions(study, study.vectors)), seconds)


def _with_definitions(study: Study, vectors: Vectors) -> Vectors:
    """Beside the vector: how near it is to each definition, and to the nearest rule."""
    themes = load_codebook().themes
    near = [vectors @ study.encoder.encode([theme.definition for theme in themes]).T]
    for rules in (
        [list(theme.include) for theme in themes],
        [[each.when for each in theme.exclude] for theme in themes],
    ):
        columns = [
            (vectors @ study.encoder.encode(own).T).max(axis=1) if own else np.zeros(len(vectors))
            for own in rules
        ]
        near.append(np.stack(columns, axis=1))
    return np.hstack([vectors, *near]).astype(np.float32)


def _added(*parts: Callable[[Study], Scored]) -> Callable[[Study], Scored]:
    """Add the log odds of several attempts."""

    def score(study: Study) -> Scored:
        scored = [part(study) for part in parts]
        added: Vectors = np.sum([each.scores for each in scored], axis=0)
        return Scored(added, sum(each.seconds for each in scored))

    return score


_MIX = _added(_vector(1.0), _words_and_cues)


def _mix_with_sentences(study: Study) -> Scored:
    """Three tenths the whole passage, seven tenths its best sentence."""
    whole = _MIX(study)
    vectors, _ = study.on_vectors(1.0)
    words, _ = study.on_words_and_cues()
    scores = whole.scores.copy()
    for row, text in zip(scores, study.coded.texts, strict=True):
        parts = [text[span.start : span.end] for span in sentence_spans(text)]
        if len(parts) > 1:
            odds = vectors.log_odds(study.encoder.encode(parts))
            odds = odds + words.log_odds(theme_features(parts, study.words))
            row[:] = _WHOLE_SHARE * row + (1 - _WHOLE_SHARE) * odds.max(axis=0)
    return Scored(scores, whole.seconds)


def _own_cuts(_study: Study) -> Learn:
    def learn(scores: Vectors, truth: Truth) -> Vectors:
        common = _best_cut(scores.ravel(), truth.ravel())
        cuts = [
            _best_cut(own, right) if right.sum() >= _FEWEST else common
            for own, right in zip(scores.T, truth.T, strict=True)
        ]
        return -np.asarray(cuts, dtype=np.float32)

    return learn


def _best_cut(scores: Vectors, right: Truth) -> float:
    order = np.argsort(-scores, kind="stable")
    found = np.arange(1, len(order) + 1)
    f1 = 2 * np.cumsum(right[order]) / (found + right.sum())
    return float(scores[order[f1.argmax()]])


def _priors(study: Study) -> Learn:
    """Shift each theme's log odds from its share of the rows towards that of passages."""
    before = np.clip(study.truth.mean(axis=0), 1e-4, 0.5)

    def learn(_scores: Vectors, truth: Truth) -> Vectors:
        after = (truth.sum(axis=0) + _TRUST * before) / (len(truth) + _TRUST)
        shift: Vectors = _log_odds(after) - _log_odds(before)
        return shift

    return learn


def _log_odds(shares: Vectors) -> Vectors:
    odds: Vectors = np.log(shares / (1 - shares))
    return odds


def _attempt(
    name: str,
    says: str,
    score: Callable[[Study], Scored],
    learn: Callable[[Study], Learn] | None = None,
) -> ThemeAttempt:
    return ThemeAttempt(name=name, says=says, score=score, learn=learn)


THEME_ATTEMPTS: Sequence[ThemeAttempt] = (
    _attempt("cues", "the codebook's cue phrases alone, counted", _cues),
    _attempt("nearness", "nearness to each theme's label and definition, no training", _nearness),
    _attempt("vector-1", "regression on the passage vector, C = 1", _vector(1.0)),
    _attempt("vector-10", "the same, C = 10", _vector(10.0)),
    _attempt("words", "words and word pairs alone, 32,768 buckets", _words),
    _attempt("words-cues", "the same, with cues as features", _words_and_cues),
    _attempt("vector-words", "vector + buckets, log odds added", _added(_vector(1.0), _words)),
    _attempt(
        "vector-letters",
        "vector + letters in threes to fives, log odds added",
        _added(_vector(1.0), _letters),
    ),
    _attempt("neighbours", "vote of the 30 nearest rows, nearer ones heavier", _neighbours),
    _attempt(
        "vector-neighbours",
        "vector + nearest rows, log odds added",
        _added(_vector(1.0), _neighbours),
    ),
    _attempt(
        "vector-definitions",
        "vector and its nearness to definitions, include and exclude rules, as features",
        _definitions,
    ),
    _attempt("mix", "vector + buckets and cues, log odds added", _MIX),
    _attempt(
        "mix-sentences", "the same, three tenths whole, seven best sentence", _mix_with_sentences
    ),
    _attempt("mix-own-cuts", "the same as mix, a cut for each theme", _MIX, _own_cuts),
    _attempt("mix-priors", "the same as mix, theme priors shifted", _MIX, _priors),
)
"""In the order of the table."""
