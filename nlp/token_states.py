"""What the tuned encoder made of each token: one pass for themes, facets and evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from corpus.model import Span
from nlp.embed import Encoder, MiniLmEncoder, Vectors
from nlp.tuned_encoder import tuned_encoder

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TokenStates:
    """One text's tokens as the tuned encoder's last layer left them."""

    states: Vectors
    """float32, shape (tokens, DIMENSION), the two special tokens included."""
    offsets: npt.NDArray[np.int32]
    """int32, shape (tokens, 2): half-open characters of the text; (0, 0) for a special token."""
    tuned: bool = True
    """False where an encoder without tokens stood in: the heads over tokens then say nothing."""

    def mean(self) -> Vectors:
        """Pool all tokens into a unit vector."""
        return unit(self.states.mean(axis=0))

    def all_tokens(self) -> Mask:
        """Keep every token: bool, shape (tokens,)."""
        return np.ones(len(self.states), dtype=np.bool_)

    def within(self, span: Span) -> Mask:
        """Keep the tokens inside a span: bool, shape (tokens,)."""
        starts, ends = self.offsets[:, 0], self.offsets[:, 1]
        return (starts >= span.start) & (ends <= span.end) & (ends > starts)

    def without(self, span: Span) -> Mask:
        """Keep all but the tokens inside a span; none where only special tokens are left."""
        left = ~self.within(span)
        words_left = left & (self.offsets[:, 1] > self.offsets[:, 0])
        return left if words_left.any() else np.zeros(len(self.states), dtype=np.bool_)


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
    """Read texts with the tuned encoder, keeping their tokens; same order.

    Any other encoder than the one that was tuned gives one state a text, marked as not
    tuned: findings then rest on words and cues alone.
    """
    if isinstance(encoder, StatesEncoder):
        return encoder.encode_states(texts)
    if isinstance(encoder, MiniLmEncoder):
        return [TokenStates(*each) for each in tuned_encoder(encoder).encode(texts)]
    vectors = encoder.encode(texts)
    return [
        TokenStates(vector[None, :], np.asarray([[0, len(text)]], dtype=np.int32), tuned=False)
        for vector, text in zip(vectors, texts, strict=True)
    ]
