"""Weight changes as products of two thin matrices, so that a tuned encoder ships as a few MB."""

from dataclasses import dataclass

import numpy as np

from nlp.embed import Vectors

RANK = 64
"""A tuned matrix cut to this rank scores as the whole one (docs/evaluation.md, tuned-uncut)."""


@dataclass(frozen=True, eq=False)
class LowRank:
    """A matrix as ``left @ right``."""

    left: Vectors
    """float32, shape (rows, rank)."""
    right: Vectors
    """float32, shape (rank, columns)."""

    def whole(self) -> Vectors:
        """Multiply the two out: float32, shape (rows, columns)."""
        product: Vectors = self.left @ self.right
        return product


def cut_rank(change: Vectors, rank: int = RANK) -> LowRank:
    """Find the nearest matrix of a rank, in half precision, by singular values.

    Args:
        change: float32, shape (rows, columns).
        rank: how many singular values are kept.
    """
    left, values, right = np.linalg.svd(change, full_matrices=False)
    # Half of each value to either side: neither overflows half precision.
    root = np.sqrt(values[:rank])
    return LowRank(_halved(left[:, :rank] * root), _halved(root[:, None] * right[:rank]))


def _halved(values: Vectors) -> Vectors:
    halved: Vectors = values.astype(np.float16).astype(np.float32)
    return halved
