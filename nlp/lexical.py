"""Words and word pairs as hashed, weighted features beside the vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Weights = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class WordFeatures:
    """Hashed n-grams with sublinear counts and inverse document frequency, rows of unit length."""

    idf: Weights
    """float32, shape (buckets,)."""
    longest: int
    """The longest n-gram, in words."""

    def rows(self, texts: Sequence[str]) -> "csr_matrix":
        """Turn texts into features: float32, shape (n, buckets), same order."""
        matrix = count_words(texts, buckets=len(self.idf), longest=self.longest)
        matrix.data = (np.log(matrix.data) + 1.0) * self.idf[matrix.indices]
        return _unit_rows(matrix)


def fit_word_features(texts: Sequence[str], *, buckets: int, longest: int) -> WordFeatures:
    """Learn how common each bucket is; unseen buckets weigh nothing."""
    counts = count_words(texts, buckets=buckets, longest=longest)
    holding = np.bincount(counts.indices, minlength=buckets)
    idf = np.log((1 + len(texts)) / (1 + holding)) + 1.0
    idf[holding == 0] = 0.0
    return WordFeatures(idf.astype(np.float16).astype(np.float32), longest)


def count_words(texts: Sequence[str], *, buckets: int, longest: int) -> "csr_matrix":
    """Count n-grams by bucket; the same text always gives the same buckets."""
    matrix = _hasher(buckets, longest).transform(texts)
    matrix.sum_duplicates()
    return matrix.astype(np.float32)


@cache
def _hasher(buckets: int, longest: int) -> Any:  # noqa: ANN401 - scikit-learn has no types
    from sklearn.feature_extraction.text import HashingVectorizer  # noqa: PLC0415 - costs a second

    return HashingVectorizer(
        n_features=buckets, ngram_range=(1, longest), norm=None, alternate_sign=False
    )


def _unit_rows(matrix: "csr_matrix") -> "csr_matrix":
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1.0
    matrix.data /= np.repeat(lengths, np.diff(matrix.indptr)).astype(np.float32)
    return matrix
