"""What attempts at tagging are made of: rows, labelled passages, and what was fitted once."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from attempt_figures import Truth, theme_names, truth_of
from tag_sets import Coded

from corpus.model import Kind
from nlp.embed import MODEL_SHA256, LazyEncoder, MiniLmEncoder, Vectors
from nlp.heads import ThemeHead
from nlp.lexical import WordFeatures, fit_word_features
from nlp.reading import Reading, read_passages
from nlp.theme_features import theme_features
from nlp.train import SEED, THEME_BUCKETS, kept_for_calibration, theme_matrix
from nlp.training_rows import TrainingRow

_NEVER = -10.0


@dataclass(frozen=True, eq=False)
class Scored:
    """Every theme's score for each labelled passage, and what learning them cost."""

    scores: Vectors
    """Shape (passages, themes): higher is likelier."""
    seconds: float
    """Of one processor; reading the passages is not counted."""


@dataclass(frozen=True, eq=False)
class Linear:
    """One regression a theme."""

    weights: Vectors
    """Shape (themes, features)."""
    bias: Vectors

    def log_odds(self, features: Any) -> Vectors:
        """Score rows of features: shape (rows, themes)."""
        odds: Vectors = np.asarray(features @ self.weights.T) + self.bias
        return odds


class FrozenEncoder:
    """The encoder as it was published, never its tuned copy, remembering what it read."""

    model_sha256 = MODEL_SHA256

    def __init__(self, encoder: LazyEncoder) -> None:
        """Wrap the encoder; it is not loaded before a text is to be read."""
        self._encoder = encoder
        self._known: dict[str, Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts; see :class:`nlp.embed.Encoder`."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            # Nothing that ships hangs on an attempt: bfloat16 is near enough where it is quick.
            encoder = self._encoder()
            bulk = encoder.encode_bulk if isinstance(encoder, MiniLmEncoder) else encoder.encode
            self._known.update(zip(new, bulk(new), strict=True))
        return np.stack([self._known[text] for text in texts])


class Study:
    """Rows to learn from and passages to be scored on, each read once."""

    def __init__(self, rows: Sequence[TrainingRow], coded: Coded, encoder: LazyEncoder) -> None:
        """Leave out the rows that tuning never sees: attempts see what tuning saw."""
        kept = kept_for_calibration(len(rows))
        self.rows = [row for row, left in zip(rows, kept, strict=True) if not left]
        self.coded = coded
        self.encoder = FrozenEncoder(encoder)
        self._fitted: dict[str, tuple[Any, float]] = {}

    def once(self, name: str, fit: Callable[[], Any]) -> tuple[Any, float]:
        """Fit something the first time it is asked for; with the seconds that took."""
        if name not in self._fitted:
            began = time.process_time()
            fitted = fit()
            self._fitted[name] = fitted, time.process_time() - began
        return self._fitted[name]

    @cached_property
    def row_texts(self) -> list[str]:
        return [row.text for row in self.rows]

    @cached_property
    def truth(self) -> Vectors:
        """Zeros and ones, shape (rows, themes)."""
        return theme_matrix(self.rows, theme_names())

    @cached_property
    def gold(self) -> Truth:
        return truth_of(self.coded.gold)

    @cached_property
    def row_vectors(self) -> Vectors:
        return self.encoder.encode(self.row_texts)

    @cached_property
    def vectors(self) -> Vectors:
        """Of the labelled passages."""
        return self.encoder.encode(self.coded.texts)

    @cached_property
    def words(self) -> WordFeatures:
        return fit_word_features(self.row_texts, buckets=THEME_BUCKETS, longest=2)

    def read(self, texts: Sequence[str], kinds: Sequence[Kind]) -> list[Reading]:
        """Read passages as the product does, but with the frozen encoder."""
        return read_passages(texts, kinds, self.encoder)

    def on_vectors(self, strength: float) -> tuple[Linear, float]:
        """Regressions on the passage vector."""
        return self.once(
            f"vector {strength}", lambda: fit_themes(self.row_vectors, self.truth, strength)
        )

    def on_words(self) -> tuple[Linear, float]:
        """Regressions on hashed words and pairs, as heavy as those that ship."""
        return self.once(
            "words",
            lambda: fit_themes(self.words.rows(self.row_texts), self.truth, 10.0, sparse=True),
        )

    def on_words_and_cues(self) -> tuple[Linear, float]:
        """Regressions on what the theme head that ships sees."""

        def fit() -> Linear:
            features = theme_features(self.row_texts, self.words)
            return fit_themes(features, self.truth, 10.0, sparse=True)

        return self.once("words and cues", fit)

    def word_head(self) -> ThemeHead:
        """The words and cues as a head that finds evidence; not calibrated."""
        fitted, _ = self.on_words_and_cues()
        as_is = np.asarray([1.0, 0.0], dtype=np.float32)
        return ThemeHead(
            themes=theme_names(),
            word_weights=fitted.weights,
            bias=fitted.bias,
            slope=as_is,
            mix=as_is,
            words=self.words,
        )


def fit_themes(
    features: Any,
    truth: Vectors,
    strength: float,
    *,
    sparse: bool = False,
) -> Linear:
    """Fit one regression a theme; a theme without rows is never found."""
    if not sparse:
        return _fit_dense(np.asarray(features, dtype=np.float32), truth, strength)
    weights = np.zeros((truth.shape[1], features.shape[1]), dtype=np.float32)
    bias = np.full(truth.shape[1], _NEVER, dtype=np.float32)
    for theme in np.flatnonzero(truth.any(axis=0) & ~truth.all(axis=0)):
        model = regression(strength, sparse=True)
        model.fit(features, truth[:, theme])
        weights[theme], bias[theme] = model.coef_[0], model.intercept_[0]
    return Linear(weights, bias)


def _fit_dense(features: Vectors, truth: Vectors, strength: float) -> Linear:
    """Fit all themes at once: what scikit-learn minimises, in a twentieth of the time."""
    from scipy.optimize import minimize

    themes, width = truth.shape[1], features.shape[1]

    def loss(flat: Vectors) -> tuple[float, Vectors]:
        both = flat.astype(np.float32).reshape(themes, width + 1)
        odds = features @ both[:, :-1].T + both[:, -1]
        apart = 1 / (1 + np.exp(-odds)) - truth
        total = np.logaddexp(0, odds).sum(dtype=float) - (odds * truth).sum(dtype=float)
        slopes = np.hstack([apart.T @ features, apart.sum(axis=0)[:, None]]) * strength
        slopes[:, :-1] += both[:, :-1]
        return strength * total + 0.5 * float((both[:, :-1] ** 2).sum()), slopes.ravel().astype(
            np.float64
        )

    start = np.zeros((themes, width + 1))
    start[:, -1] = -3.0
    limits = {"maxiter": 400, "maxfun": 500, "ftol": 1e-7}
    found = minimize(loss, start.ravel(), jac=True, method="L-BFGS-B", options=limits)
    both = found.x.reshape(themes, width + 1).astype(np.float32)
    return Linear(both[:, :-1], both[:, -1])


def regression(strength: float, *, sparse: bool) -> Any:
    """A regression as ``nlp.train`` makes it; liblinear is quick on sparse words."""
    from sklearn.linear_model import LogisticRegression

    solver = "liblinear" if sparse else "lbfgs"
    return LogisticRegression(C=strength, solver=solver, max_iter=1000, random_state=SEED)
