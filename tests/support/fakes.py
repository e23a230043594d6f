"""Stand-ins that are real enough to run the code around them."""

import hashlib
from collections.abc import Sequence

import numpy as np

from nlp.embed import DIMENSION, Vectors


class FakeEncoder:
    """Vectors from the words' hashes: texts that share words are near, nothing is learned."""

    model_sha256 = "0" * 64

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Sum a fixed random vector a word, then scale to unit length."""
        rows = [_word_sum(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, DIMENSION), dtype=np.float32)


def _word_sum(text: str) -> Vectors:
    total = np.zeros(DIMENSION, dtype=np.float32)
    for word in text.lower().split() or [""]:
        seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
        total += np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    return total / np.float32(np.linalg.norm(total))
