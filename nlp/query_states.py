"""The tuned encoder for one query, in numpy: ready in a third of a second, without torch."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from corpus.errors import ModelError
from nlp.embed import MAX_TOKENS, Vectors, model_folder, verify_weights
from nlp.low_rank import LowRank
from nlp.tuned import Tuned, load_tuned

HEADS = 12
LAYERS = 6
_NORM_EPSILON = 1e-12
_WORDS = "embeddings.word_embeddings.weight"


@dataclass(frozen=True, eq=False)
class _Layer:
    """One layer's weights, each matrix as (inputs, outputs)."""

    looks: Vectors
    """Queries, keys and values side by side: shape (DIMENSION, 3 * DIMENSION)."""
    looks_bias: Vectors
    merged: Vectors
    merged_bias: Vectors
    norm: tuple[Vectors, Vectors]
    widened: Vectors
    widened_bias: Vectors
    narrowed: Vectors
    narrowed_bias: Vectors
    last_norm: tuple[Vectors, Vectors]


class QueryStates:
    """Turns a short text into the tuned states of its tokens, as :mod:`nlp.tuned_encoder` does.

    One pass costs three milliseconds for ten words. Passages are read by torch, in batches;
    this is for the one line that somebody waits for. May be shared by threads.
    """

    def __init__(self, tuned: Tuned) -> None:
        """Read the packaged weights and add what tuning changed.

        Raises:
            ModelError: the packaged weights are missing or not the measured ones.
        """
        # Imported here: most commands search for nothing.
        from safetensors import SafetensorError, safe_open  # noqa: PLC0415
        from tokenizers import Tokenizer  # noqa: PLC0415

        folder = model_folder()
        verify_weights(folder / "model.safetensors")
        try:
            with safe_open(str(folder / "model.safetensors"), "np") as file:
                self._read(_Weights(file, tuned))
        except SafetensorError as error:
            raise ModelError("The encoder's weights cannot be read. Run: make install") from error
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)

    def _read(self, weights: "_Weights") -> None:
        self._words = weights.get(_WORDS)
        places = weights.get("embeddings.position_embeddings.weight")
        self._places = places + weights.get("embeddings.token_type_embeddings.weight")[0]
        self._norm = weights.norm("embeddings.LayerNorm")
        self._layers = [weights.layer(number) for number in range(LAYERS)]

    def encode(self, text: str, *, most_tokens: int = MAX_TOKENS) -> Vectors:
        """Encode a text's first tokens: float32, shape (tokens, DIMENSION)."""
        # A tokenizer without padding and with one truncation keeps no state between calls.
        ids = np.array(self._tokenizer.encode(text).ids[:most_tokens], dtype=np.int64)
        states = _normed(self._words[ids] + self._places[: len(ids)], self._norm)
        for layer in self._layers:
            states = _through(states, layer)
        return states


@cache
def query_states() -> QueryStates:
    """Load the one that ships, once a process; see :class:`QueryStates`."""
    return QueryStates(load_tuned())


class _Weights:
    """The packaged tensors with the changes added, by name."""

    def __init__(self, file: Any, tuned: Tuned) -> None:  # noqa: ANN401 - safetensors has no types
        self._file = file
        self._tuned = tuned

    def get(self, name: str) -> Vectors:
        tensor: Vectors = self._file.get_tensor(name).astype(np.float32)
        change = self._tuned.changes.get(name)
        if change is None:
            return tensor
        return tensor + (change.whole() if isinstance(change, LowRank) else change)

    def norm(self, name: str) -> tuple[Vectors, Vectors]:
        return self.get(f"{name}.weight"), self.get(f"{name}.bias")

    def dense(self, name: str) -> tuple[Vectors, Vectors]:
        return np.ascontiguousarray(self.get(f"{name}.weight").T), self.get(f"{name}.bias")

    def layer(self, number: int) -> _Layer:
        stem = f"encoder.layer.{number}"
        looks = [self.dense(f"{stem}.attention.self.{part}") for part in ("query", "key", "value")]
        return _Layer(
            np.concatenate([weights for weights, _ in looks], axis=1),
            np.concatenate([bias for _, bias in looks]),
            *self.dense(f"{stem}.attention.output.dense"),
            self.norm(f"{stem}.attention.output.LayerNorm"),
            *self.dense(f"{stem}.intermediate.dense"),
            *self.dense(f"{stem}.output.dense"),
            self.norm(f"{stem}.output.LayerNorm"),
        )


def _through(states: Vectors, layer: _Layer) -> Vectors:
    tokens = len(states)
    looks = (states @ layer.looks + layer.looks_bias).reshape(tokens, 3, HEADS, -1)
    queries, keys, values = looks.transpose(1, 2, 0, 3)
    scores = queries @ keys.transpose(0, 2, 1) / np.sqrt(np.float32(keys.shape[-1]))
    raised = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares = raised / raised.sum(axis=-1, keepdims=True)
    seen = (shares @ values).transpose(1, 0, 2).reshape(tokens, -1)
    states = _normed(states + seen @ layer.merged + layer.merged_bias, layer.norm)
    wide = _gelu(states @ layer.widened + layer.widened_bias)
    return _normed(states + wide @ layer.narrowed + layer.narrowed_bias, layer.last_norm)


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
