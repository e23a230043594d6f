"""What the encoder made of each token, so that one pass serves search, themes and evidence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast, runtime_checkable

import numpy as np
import numpy.typing as npt

from corpus.model import Span
from nlp.embed import DIMENSION, MAX_TOKENS, Encoder, MiniLmEncoder, Vectors

_BATCH = 32


@dataclass(frozen=True, eq=False)
class TokenStates:
    """One text's tokens as the encoder's last layer left them."""

    states: Vectors
    """float32, shape (tokens, DIMENSION), the two special tokens included."""
    offsets: npt.NDArray[np.int32]
    """int32, shape (tokens, 2): half-open characters of the text; (0, 0) for a special token."""

    def vector(self) -> Vectors:
        """Pool all tokens: the same unit vector as :meth:`Encoder.encode` gives."""
        return unit(self.states.mean(axis=0))

    def vector_within(self, span: Span) -> Vectors:
        """Pool the tokens inside a span; zeros where it holds none that was read."""
        return self._pooled(self._inside(span))

    def vector_without(self, span: Span) -> Vectors:
        """Pool all tokens but those inside a span; zeros where none is left to pool."""
        inside = self._inside(span)
        left = ~inside
        words_left = left & (self.offsets[:, 1] > self.offsets[:, 0])
        return self._pooled(left) if words_left.any() else np.zeros(DIMENSION, dtype=np.float32)

    def _inside(self, span: Span) -> npt.NDArray[np.bool_]:
        starts, ends = self.offsets[:, 0], self.offsets[:, 1]
        return (starts >= span.start) & (ends <= span.end) & (ends > starts)

    def _pooled(self, chosen: npt.NDArray[np.bool_]) -> Vectors:
        if not chosen.any():
            return np.zeros(DIMENSION, dtype=np.float32)
        return unit(self.states[chosen].mean(axis=0))


@runtime_checkable
class StatesEncoder(Protocol):
    """An encoder that can also show its tokens."""

    def encode_states(self, texts: Sequence[str]) -> list[TokenStates]:
        """Encode texts, keeping every token's state; same order."""
        ...


def unit(vector: Vectors) -> Vectors:
    """Scale a vector to unit length; zeros stay zeros."""
    length = float(np.linalg.norm(vector))
    return vector / length if length > 0 else vector


def encode_states(encoder: Encoder, texts: Sequence[str]) -> list[TokenStates]:
    """Encode texts with their tokens in one pass.

    An encoder that cannot show its tokens gives one state a text, which stands for all
    of it: vectors are right, and evidence then rests on words alone.
    """
    if isinstance(encoder, StatesEncoder):
        return encoder.encode_states(texts)
    if isinstance(encoder, MiniLmEncoder):
        return _minilm_states(encoder, texts)
    vectors = encoder.encode(texts)
    return [
        TokenStates(vector[None, :], np.asarray([[0, len(text)]], dtype=np.int32))
        for vector, text in zip(vectors, texts, strict=True)
    ]


def _minilm_states(encoder: MiniLmEncoder, texts: Sequence[str]) -> list[TokenStates]:
    # Longest first: texts of like length share a batch, and less of it is padding.
    order = sorted(range(len(texts)), key=lambda index: -len(texts[index]))
    found: dict[int, TokenStates] = {}
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        for index, states in zip(batch, _forward(encoder, [texts[i] for i in batch]), strict=True):
            found[index] = states
    return [found[index] for index in range(len(texts))]


def _forward(encoder: MiniLmEncoder, texts: list[str]) -> list[TokenStates]:
    import torch  # noqa: PLC0415 - costs over a second

    model = encoder.sentence_transformer
    encoded = model.tokenizer(
        texts,
        padding=True,
        truncation=True,
        max_length=MAX_TOKENS,
        return_tensors="pt",
        return_offsets_mapping=True,
    )
    offsets = encoded.pop("offset_mapping").numpy().astype(np.int32)
    lengths = encoded["attention_mask"].sum(dim=1).tolist()
    with torch.inference_mode():
        transformer = cast("Callable[..., Any]", model[0].model)
        states = transformer(**encoded).last_hidden_state.numpy()
    return [
        TokenStates(states[row, :length], offsets[row, :length])
        for row, length in enumerate(lengths)
    ]
