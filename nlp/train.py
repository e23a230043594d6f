"""Train the heads from the passages that ship: ``python -m nlp.train``."""

import logging
import time
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.codebook import load_codebook
from nlp.embed import Encoder, Vectors, shared_encoder
from nlp.heads import FOLDER, Heads, PairHead, ThemeHead, save_heads
from nlp.lexical import WordFeatures, fit_word_features
from nlp.pair_features import Pair, pair_features
from nlp.reading import Reading, read_passages
from nlp.signals import FACETS
from nlp.theme_features import theme_features
from nlp.theme_scores import find_evidence
from nlp.training_rows import TrainingRow, load_training_rows

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SEED = 20
THEME_BUCKETS = 2**15
PAIR_BUCKETS = 2**13
_FOLDS = 3
_BATCH = 256
_STRENGTH = {"vector": 10.0, "words": 10.0, "stance": 1.0, "level": 1.0, "attribution": 1.0}

logger = logging.getLogger(__name__)


def train(rows: Sequence[TrainingRow], encoder: Encoder) -> Heads:
    """Train every head; the same rows and encoder always give the same heads.

    Args:
        rows: invented passages with their codes; every theme needs a row or it is never
            found.
        encoder: what makes the vectors; its weights stay as they are.
    """
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - comes with scikit-learn

    started = time.monotonic()
    readings = _read(rows, encoder)
    logger.info("read %d passages in %.0f s", len(rows), time.monotonic() - started)
    pair_words = fit_word_features([row.text for row in rows], buckets=PAIR_BUCKETS, longest=3)
    # With a second thread these small regressions take ten times as long, not half.
    with threadpool_limits(limits=1):
        theme = train_themes(rows, readings)
        logger.info("theme head after %.0f s", time.monotonic() - started)
        pairs = train_pairs(rows, readings, theme, pair_words)
    logger.info("pair heads after %.0f s", time.monotonic() - started)
    vectors = np.stack([reading.vector for reading in readings])
    return Heads(
        theme=theme,
        pairs=pairs,
        pair_words=pair_words,
        row_ids=tuple(row.row_id for row in rows),
        row_vectors=np.rint(vectors * 127).astype(np.int8),
        trained_on={
            "rows": len(rows),
            "seed": SEED,
            "encoder": encoder.model_sha256,
            "codebook": load_codebook().version,
        },
        version="unsaved",
    )


def train_themes(rows: Sequence[TrainingRow], readings: Sequence[Reading]) -> ThemeHead:
    """Fit one-vs-rest regressions, on vectors and on words apart, and add their log odds.

    Apart, each keeps its own strength of regularisation, and neither drowns the other.
    The sum is calibrated on log odds that each row got from models which never saw it.
    """
    themes = tuple(theme.theme_id for theme in load_codebook().themes)
    texts = [row.text for row in rows]
    vectors = np.stack([reading.windows[0].vector for reading in readings])
    truth = theme_matrix(rows, themes)
    words = fit_word_features(texts, buckets=THEME_BUCKETS, longest=2)
    features = theme_features(texts, words)
    held_out = np.zeros(truth.shape, dtype=np.float32)
    folds = np.random.default_rng(SEED).permutation(len(rows)) % _FOLDS
    for fold in range(_FOLDS):
        kept, left = folds != fold, folds == fold
        part = _fit_theme_weights(vectors[kept], features[kept], truth[kept])
        held_out[left] = _logits(vectors[left], features[left], part)
    vector_weights, word_weights, bias = _fit_theme_weights(vectors, features, truth)
    return ThemeHead(
        themes=themes,
        vector_weights=_halved(vector_weights),
        word_weights=_halved(word_weights),
        bias=bias,
        slope=_fit_slope(held_out, truth),
        words=words,
    )


def train_pairs(
    rows: Sequence[TrainingRow],
    readings: Sequence[Reading],
    theme: ThemeHead,
    words: WordFeatures,
) -> dict[str, PairHead]:
    """Fit the heads for stance, level and attribution on the coded pairs."""
    coded = [
        (reading, code) for row, reading in zip(rows, readings, strict=True) for code in row.codes
    ]
    asked = [(reading.windows[0], theme.themes.index(code.theme)) for reading, code in coded]
    pairs = [
        Pair(theme=code.theme, kind=reading.kind, window=reading.windows[0], sentence=sentence)
        for (reading, code), (sentence, _) in zip(coded, find_evidence(asked, theme), strict=True)
    ]
    features = pair_features(pairs, words)
    return {
        facet: _fit_pair(facet, features, [str(getattr(code, facet)) for _, code in coded])
        for facet in FACETS
    }


def theme_matrix(rows: Sequence[TrainingRow], themes: Sequence[str]) -> Vectors:
    """Mark which row carries which theme: float32 zeros and ones, shape (rows, themes)."""
    column = {theme: index for index, theme in enumerate(themes)}
    truth = np.zeros((len(rows), len(themes)), dtype=np.float32)
    for number, row in enumerate(rows):
        for code in row.codes:
            truth[number, column[code.theme]] = 1.0
    return truth


def _read(rows: Sequence[TrainingRow], encoder: Encoder) -> list[Reading]:
    readings: list[Reading] = []
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        readings += read_passages([row.text for row in batch], [row.kind for row in batch], encoder)
        logger.info("read %d of %d passages", len(readings), len(rows))
    return readings


_ThemeWeights = tuple[Vectors, Vectors, Vectors]


def _fit_theme_weights(vectors: Vectors, features: "csr_matrix", truth: Vectors) -> _ThemeWeights:
    by_vector = [_fit_one(vectors, column, _STRENGTH["vector"]) for column in truth.T]
    by_words = [_fit_one(features, column, _STRENGTH["words"]) for column in truth.T]
    bias = [one[1] + other[1] for one, other in zip(by_vector, by_words, strict=True)]
    return (
        np.stack([weights for weights, _ in by_vector]),
        np.stack([weights for weights, _ in by_words]),
        np.asarray(bias, dtype=np.float32),
    )


def _fit_one(features: Any, truth: Vectors, strength: float) -> tuple[Vectors, float]:  # noqa: ANN401
    """Fit one theme's regression; a theme without rows, or in every row, is never found."""
    if truth.min() == truth.max():
        return np.zeros(features.shape[1], dtype=np.float32), -10.0
    # liblinear is quick on sparse words and slow on dense vectors; for lbfgs it is the reverse.
    solver = "lbfgs" if isinstance(features, np.ndarray) else "liblinear"
    model = _regression(strength, solver=solver)
    model.fit(features, truth)
    return model.coef_[0].astype(np.float32), float(model.intercept_[0])


def _fit_pair(facet: str, features: "csr_matrix", values: list[str]) -> PairHead:
    model = _regression(_STRENGTH[facet], solver="lbfgs")
    model.fit(features, values)
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        # scikit-learn keeps one row for two values: give each its own.
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return PairHead(
        facet=facet,
        values=tuple(str(value) for value in model.classes_),
        weights=_halved(weights),
        bias=bias.astype(np.float32),
    )


def _fit_slope(logits: Vectors, truth: Vectors) -> Vectors:
    model = _regression(1e6, solver="lbfgs")
    model.fit(logits.reshape(-1, 1), truth.ravel())
    return np.asarray([model.coef_[0, 0], model.intercept_[0]], dtype=np.float32)


def _regression(strength: float, *, solver: str) -> Any:  # noqa: ANN401 - scikit-learn has no types
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415 - costs a second

    return LogisticRegression(C=strength, solver=solver, max_iter=1000, random_state=SEED)


def _logits(vectors: Vectors, features: "csr_matrix", weights: _ThemeWeights) -> Vectors:
    by_vector, by_words, bias = weights
    logits: Vectors = vectors @ by_vector.T + np.asarray(features @ by_words.T) + bias
    return logits


def _halved(weights: Vectors) -> Vectors:
    """Round to half precision, so that what is measured now is what is read back later."""
    halved: Vectors = weights.astype(np.float16).astype(np.float32)
    return halved


def main(encoder: Callable[[], Encoder] = shared_encoder) -> None:
    """Train on every passage that ships and write the heads into the package."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    heads = train(load_training_rows(), encoder())
    folder = Path(str(files("nlp").joinpath(FOLDER)))
    save_heads(heads, folder)
    logger.info("wrote %s", folder)


if __name__ == "__main__":
    main()
