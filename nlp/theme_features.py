"""What the theme head sees of a text beside its vector: words, and the codebook's cues."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from nlp.codebook import load_codebook
from nlp.cues import CueFinder
from nlp.lexical import WordFeatures

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

CODE_VERSION = "1"
# A row of words has length 1; a cue is one feature, so it weighs as much as a few words.
_CUE_WEIGHT = 0.5


def theme_features(texts: Sequence[str], words: WordFeatures) -> "csr_matrix":
    """Describe texts: float32, shape (n, buckets + themes), same order.

    The last columns say for which themes a cue stands in the text.
    """
    from scipy.sparse import csr_matrix, hstack  # noqa: PLC0415 - most commands tag nothing

    columns = _columns()
    places = [
        (row, column)
        for row, text in enumerate(texts)
        for column in sorted({columns[cue.theme_id] for cue in _finder().find(text)})
    ]
    rows, found = zip(*places, strict=True) if places else ((), ())
    shape = (len(texts), len(columns))
    cues = csr_matrix(([_CUE_WEIGHT] * len(places), (rows, found)), shape=shape, dtype="float32")
    return hstack([words.rows(texts), cues]).tocsr()


@cache
def _finder() -> CueFinder:
    return CueFinder(load_codebook().cues)


@cache
def _columns() -> dict[str, int]:
    return {theme.theme_id: column for column, theme in enumerate(load_codebook().themes)}
