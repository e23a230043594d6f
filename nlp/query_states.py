"""The encoder for one query, in numpy: ready in a tenth of a second, without torch.

It reads a text as it was packaged, for nearness, and as it was tuned, for themes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from nlp.embed import DIMENSION, MAX_TOKENS, MODEL_SHA256, Vectors, model_folder
from nlp.low_rank import LowRank
from nlp.packaged_weights import PackagedWeights, packaged_weights
from nlp.token_vectors import load_token_vectors
from nlp.tuned import Tuned, load_tuned

HEADS = 12
LAYERS = 6
_NORM_EPSILON = 1e-12
_WORDS = "embeddings.word_embeddings.weight"

_Changes = Mapping[str, LowRank | Vectors]


@dataclass(frozen=True, eq=False)
class _Dense:
    """A matrix as it lies in the file, and what tuning adds to it."""

    weights: Vectors
    """float32, shape (outputs, inputs)."""
    bias: Vectors
    added: LowRank | None

    def __call__(self, states: Vectors) -> Vectors:
        given: Vectors = states @ self.weights.T + self.bias
        if self.added is None:
            return given
        # Two thin products for each query cost less than to multiply all of them out once.
        thin: Vectors = states @ self.added.right.T
        more: Vectors = thin @ self.added.left.T
        both: Vectors = given + more
        return both


@dataclass(frozen=True, eq=False)
class _Layer:
    looks: tuple[_Dense, _Dense, _Dense]
    """Queries, keys and values."""
    merged: _Dense
    norm: tuple[Vectors, Vectors]
    widened: _Dense
    narrowed: _Dense
    last_norm: tuple[Vectors, Vectors]


class _Weights:
    """The packaged tensors with the changes added, by name."""

    def __init__(self, packaged: PackagedWeights, changes: _Changes) -> None:
        self._packaged = packaged
        self._changes = changes

    def get(self, name: str) -> Vectors:
        tensor = self._packaged.get(name)
        change = self._changes.get(name)
        if change is None:
            return tensor
        return tensor + (change.whole() if isinstance(change, LowRank) else change)

    def norm(self, name: str) -> tuple[Vectors, Vectors]:
        return self.get(f"{name}.weight"), self.get(f"{name}.bias")

    def dense(self, name: str) -> _Dense:
        change = self._changes.get(f"{name}.weight")
        bias = self.get(f"{name}.bias")
        if isinstance(change, LowRank):
            return _Dense(self._packaged.get(f"{name}.weight"), bias, change)
        return _Dense(self.get(f"{name}.weight"), bias, None)

    def layer(self, number: int) -> _Layer:
        stem = f"encoder.layer.{number}"
        queries, keys, values = (
            self.dense(f"{stem}.attention.self.{part}") for part in ("query", "key", "value")
        )
        return _Layer(
            (queries, keys, values),
            self.dense(f"{stem}.attention.output.dense"),
            self.norm(f"{stem}.attention.output.LayerNorm"),
            self.dense(f"{stem}.intermediate.dense"),
            self.dense(f"{stem}.output.dense"),
            self.norm(f"{stem}.output.LayerNorm"),
        )


class QueryStates:
    """Turns a short text into the states of its tokens; may be shared by threads.

    One pass costs three milliseconds for ten words. Passages are read by torch, in batches;
    this is for the one line that somebody waits for.
    """

    def __init__(self, packaged: PackagedWeights, changes: _Changes) -> None:
        """Take weights and what to add to them.

        Raises:
            ModelError: the weights are not those of this encoder.
        """
        weights = _Weights(packaged, changes)
        self._words = weights.get(_WORDS)
        places = weights.get("embeddings.position_embeddings.weight")
        self._places = places + weights.get("embeddings.token_type_embeddings.weight")[0]
        self._norm = weights.norm("embeddings.LayerNorm")
        self._layers = [weights.layer(number) for number in range(LAYERS)]
        self._tokenizer = _tokenizer()

    def encode(self, text: str, *, most_tokens: int = MAX_TOKENS) -> Vectors:
        """Encode a text's first tokens: float32, shape (tokens, DIMENSION)."""
        # A tokenizer without padding and with one truncation keeps no state between calls.
        ids = np.array(self._tokenizer.encode(text).ids[:most_tokens], dtype=np.int64)
        states = _normed(self._words[ids] + self._places[: len(ids)], self._norm)
        for layer in self._layers:
            states = _through(states, layer)
        return states


class OneQueryEncoder:
    """all-MiniLM-L6-v2 for a process that asks once; see :class:`nlp.embed.QuickEncoder`.

    A server has an :class:`nlp.query_encoder.OnnxEncoder`, which takes a second to load.
    """

    model_sha256 = MODEL_SHA256

    def __init__(self, folder: Path) -> None:
        """Map the packaged weights, and the vectors of tokens beside the index.

        Raises:
            ModelError: the packaged weights are missing or not the measured ones.
        """
        self._states = QueryStates(packaged_weights(folder), {})
        self._tokens = load_token_vectors(folder)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode texts one by one; see :class:`nlp.embed.Encoder`."""
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            mean = self._states.encode(text).mean(axis=0)
            vectors[row] = mean / np.linalg.norm(mean)
        return vectors

    def encode_roughly(self, texts: Sequence[str]) -> Vectors:
        """Encode texts well enough to tell sentences apart; see :class:`nlp.embed.QuickEncoder`."""
        if self._tokens is None:
            return self.encode(texts)
        read = _tokenizer().encode_batch(list(texts), add_special_tokens=False)
        return self._tokens.mean_of([one.ids for one in read])


def tuned_states(tuned: Tuned, stamps: Path | None = None) -> QueryStates:
    """Map the packaged weights, to which tuning's changes are added.

    Args:
        tuned: what tuning learned.
        stamps: as of :func:`nlp.packaged_weights.packaged_weights`.

    Raises:
        ModelError: the packaged weights are missing or not the measured ones.
    """
    return QueryStates(packaged_weights(stamps), tuned.changes)


@cache
def query_states(stamps: Path | None = None) -> QueryStates:
    """Load the tuned one that ships, once a process; see :func:`tuned_states`."""
    return tuned_states(load_tuned(), stamps)


@cache
def _tokenizer() -> Any:  # noqa: ANN401 - tokenizers has no types
    # Imported here: most commands search for nothing.
    from tokenizers import Tokenizer  # noqa: PLC0415

    tokenizer = Tokenizer.from_file(str(model_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    return tokenizer


def _through(states: Vectors, layer: _Layer) -> Vectors:
    tokens = len(states)
    queries, keys, values = (
        look(states).reshape(tokens, HEADS, -1).transpose(1, 0, 2) for look in layer.looks
    )
    scores = queries @ keys.transpose(0, 2, 1) / np.sqrt(np.float32(keys.shape[-1]))
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares = raised / raised.sum(axis=-1, keepdims=True)
    seen = (shares @ values).transpose(1, 0, 2).reshape(tokens, -1)
    states = _normed(states + layer.merged(seen), layer.norm)
    return _normed(states + layer.narrowed(_gelu(layer.widened(states))), layer.last_norm)


def _normed(states: Vectors, norm: tuple[Vectors, Vectors]) -> Vectors:
    weight, bias = norm
    centred = states - states.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + _NORM_EPSILON)
    normed: Vectors = centred / spread * weight + bias
    return normed


def _gelu(values: Vectors) -> Vectors:
    raised: Vectors = values * np.float32(0.5) * (1 + _erf(values * np.float32(np.sqrt(0.5))))
    return raised


def _erf(values: Vectors) -> Vectors:
    """The error function to seven digits (Abramowitz and Stegun 7.1.26).

    scipy's takes half a second to import, which is a third of a search from a shell.
    """
    size = np.abs(values)
    step = np.float32(1) / (np.float32(1) + np.float32(0.3275911) * size)
    total: Vectors = np.zeros_like(values)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        total = (total + np.float32(factor)) * step
    found: Vectors = np.copysign(np.float32(1) - total * np.exp(-size * size), values)
    return found
