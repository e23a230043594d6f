"""Tune the encoder and train the heads from the passages that ship: ``python -m nlp.train``."""

import argparse
import logging
import time
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from nlp.codebook import load_codebook
from nlp.embed import Encoder, Vectors, shared_encoder
from nlp.heads import FOLDER, Heads, PairHead, PassageHeads, ThemeHead, save_heads
from nlp.judged_rows import FOLDS, JudgedRow, deal_folds, read_judged_rows
from nlp.lexical import WordFeatures, fit_word_features
from nlp.pair_features import Pair, pair_features
from nlp.reading import Reading, read_passages
from nlp.signals import FACETS
from nlp.theme_features import theme_features
from nlp.theme_scores import Part, find_evidence, mix_logits, token_logits
from nlp.training_rows import TrainingRow, load_training_rows
from nlp.tune_mean import ORDERS, tune_mean
from nlp.tuned import FOLDER as TUNED_FOLDER
from nlp.tuned import load_tuned, save_tuned

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

SEED = 20
THEME_BUCKETS = 2**15
PAIR_BUCKETS = 2**13
ROW_AXES = 128
CALIBRATION_EVERY, CALIBRATION_FROM = 20, 7
"""One row in twenty is kept from tuning: mixed log odds are calibrated on those."""
_FOLDS = 3
_BATCH = 256
_STRENGTH = {"words": 10.0, "stance": 1.0, "level": 1.0, "attribution": 1.0}

logger = logging.getLogger(__name__)


def kept_for_calibration(count: int) -> npt.NDArray[np.bool_]:
    """Mark the rows that tuning never sees: bool, shape (count,)."""
    kept: npt.NDArray[np.bool_] = np.arange(count) % CALIBRATION_EVERY == CALIBRATION_FROM
    return kept


def train(
    rows: Sequence[TrainingRow], encoder: Encoder, *, judged: Sequence[JudgedRow] = ()
) -> Heads:
    """Train the heads over words, and calibrate them with the tuned encoder that ships.

    The same rows, encoder and tuned weights always give the same heads.

    Args:
        rows: invented passages with their codes; every theme needs a row or it is never
            found.
        encoder: what reads the passages; its weights stay as they are.
        judged: passages that people coded, which train too. What they say can then be
            compared with what the machine says only where the machine never saw their
            case: for each part of the cases, heads are trained without it as well, and
            those read its passages from then on (``docs/decisions/0019``).
    """
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - comes with scikit-learn

    started = time.monotonic()
    all_rows = [*rows, *(each.row for each in judged)]
    readings = _read(all_rows, encoder)
    logger.info("read %d passages in %.0f s", len(all_rows), time.monotonic() - started)
    folds = deal_folds(judged)
    # With a second thread these small regressions take ten times as long, not half.
    with threadpool_limits(limits=1):
        whole = _fit(all_rows, readings, shipped=len(rows))
        logger.info("heads after %.0f s", time.monotonic() - started)
        parts = []
        for part in range(FOLDS) if judged else ():
            seen = [*range(len(rows))]
            seen += [len(rows) + n for n, each in enumerate(judged) if folds[each.key] != part]
            parts.append(
                _fit(
                    [all_rows[n] for n in seen],
                    [readings[n] for n in seen],
                    shipped=len(rows),
                )
            )
            logger.info("heads without part %d after %.0f s", part, time.monotonic() - started)
    # A finding names the row nearest to it: only rows that ship can be looked up.
    axes, row_vectors = _row_vectors(readings[: len(rows)])
    trained_on: dict[str, Any] = {
        "rows": len(rows),
        "seed": SEED,
        "encoder": encoder.model_sha256,
        "codebook": load_codebook().version,
    }
    if judged:
        trained_on["judged"] = len(judged)
    return Heads(
        theme=whole.theme,
        pairs=whole.pairs,
        pair_words=whole.pair_words,
        row_ids=tuple(row.row_id for row in rows),
        row_axes=axes,
        row_vectors=row_vectors,
        trained_on=trained_on,
        version="unsaved",
        judged=folds,
        parts=tuple(parts),
    )


def _fit(rows: Sequence[TrainingRow], readings: Sequence[Reading], *, shipped: int) -> PassageHeads:
    """Fit the heads; the first ``shipped`` rows are those that tuning may have seen."""
    pair_words = fit_word_features([row.text for row in rows], buckets=PAIR_BUCKETS, longest=3)
    theme = train_themes(rows, readings, shipped=shipped)
    return PassageHeads(
        theme=theme,
        pairs=train_pairs(rows, readings, theme, pair_words),
        pair_words=pair_words,
    )


def train_themes(
    rows: Sequence[TrainingRow], readings: Sequence[Reading], *, shipped: int
) -> ThemeHead:
    """Fit one regression a theme on words and cues, and calibrate it twice.

    Alone, on log odds that each row got from models which never saw it; then mixed with
    the tokens' log odds, on those of the first ``shipped`` rows that tuning never saw.
    """
    themes = tuple(theme.theme_id for theme in load_codebook().themes)
    texts = [row.text for row in rows]
    truth = theme_matrix(rows, themes)
    words = fit_word_features(texts, buckets=THEME_BUCKETS, longest=2)
    features = theme_features(texts, words)
    held_out = np.zeros(truth.shape, dtype=np.float32)
    folds = np.random.default_rng(SEED).permutation(len(rows)) % _FOLDS
    for fold in range(_FOLDS):
        kept, left = folds != fold, folds == fold
        weights, bias = _fit_word_weights(features[kept], truth[kept])
        held_out[left] = np.asarray(features[left] @ weights.T) + bias
    weights, bias = _fit_word_weights(features, truth)
    slope = _fit_slope(held_out, truth)
    return ThemeHead(
        themes=themes,
        word_weights=_halved(weights),
        bias=bias,
        slope=slope,
        mix=_fit_mix(readings[:shipped], slope[0] * held_out[:shipped] + slope[1], truth[:shipped]),
        words=words,
    )


def _fit_mix(readings: Sequence[Reading], words: Vectors, truth: Vectors) -> Vectors:
    unseen = kept_for_calibration(len(readings))
    parts = [
        Part.whole(reading.windows[0])
        for reading, kept in zip(readings, unseen, strict=True)
        if kept
    ]
    if not parts or not all(part.window.states.tuned for part in parts):
        return np.asarray([1.0, 0.0], dtype=np.float32)
    tokens = token_logits(parts, load_tuned().token_head)
    return _fit_slope(mix_logits(words[unseen], tokens), truth[unseen])


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


def _row_vectors(readings: Sequence[Reading]) -> tuple[Vectors, npt.NDArray[np.int8]]:
    """Keep the rows along the axes in which they differ most: a third of the size."""
    vectors = np.stack([reading.windows[0].states.mean() for reading in readings])
    _, _, axes = np.linalg.svd(vectors, full_matrices=False)
    axes = _halved(axes[:ROW_AXES])
    along = vectors @ axes.T
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    return axes, np.rint(along * 127).astype(np.int8)


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


def _fit_word_weights(features: "csr_matrix", truth: Vectors) -> tuple[Vectors, Vectors]:
    fitted = [_fit_one(features, column, _STRENGTH["words"]) for column in truth.T]
    return (
        np.stack([weights for weights, _ in fitted]),
        np.asarray([bias for _, bias in fitted], dtype=np.float32),
    )


def _fit_one(features: "csr_matrix", truth: Vectors, strength: float) -> tuple[Vectors, float]:
    """Fit one theme's regression; a theme without rows, or in every row, is never found."""
    if truth.min() == truth.max():
        return np.zeros(features.shape[1], dtype=np.float32), -10.0
    # liblinear is quick on sparse words; lbfgs is not.
    model = _regression(strength, solver="liblinear")
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


def _halved(weights: Vectors) -> Vectors:
    """Round to half precision, so that what is measured now is what is read back later."""
    halved: Vectors = weights.astype(np.float16).astype(np.float32)
    return halved


def main(arguments: Sequence[str] | None = None) -> None:
    """Tune the encoder and train the heads on every passage that ships, into the package.

    With ``--judged``, passages that people coded train the heads too. The tuned copy of the
    encoder then stays as it is: it rests on the passages that ship alone, so that what it
    says of a judged passage can be held against the judgement.
    """
    parser = argparse.ArgumentParser(prog="python -m nlp.train", description=main.__doc__)
    parser.add_argument(
        "--judged", type=Path, metavar="FILE", help="rows of `throughline training-rows`"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        default=Path(str(files("nlp").joinpath(FOLDER))),
        help="where the heads go; the package itself by default",
    )
    parser.add_argument(
        "--orders",
        type=int,
        metavar="N",
        default=ORDERS,
        help="how many runs the tuned copy is the mean of; %(default)s by default",
    )
    asked = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    judged = read_judged_rows(asked.judged) if asked.judged else ()
    rows, encoder = load_training_rows(), shared_encoder()
    if not judged:
        unseen = kept_for_calibration(len(rows))
        seen = [row for row, kept in zip(rows, unseen, strict=True) if not kept]
        tuned = tune_mean(seen, seed=SEED, orders=asked.orders)
        save_tuned(tuned, Path(str(files("nlp").joinpath(TUNED_FOLDER))))
        load_tuned.cache_clear()
    save_heads(train(rows, encoder, judged=judged), asked.out)
    logger.info("wrote %s", asked.out)


if __name__ == "__main__":
    main()
