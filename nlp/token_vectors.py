"""Every token of the encoder as a vector of its own, to tell sentences apart in no time.

After Tulkens and van Dongen (Model2Vec, 2024): the encoder reads each token of its
vocabulary alone, what all have in common is taken away, and a text is the sum of its tokens,
rare ones counting for more. Of two to four sentences it finds the one that the encoder calls
nearest four times in five, and else one nearly as near (docs/search.md).
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from nlp.embed import DIMENSION, MODEL_SHA256, Vectors, model_folder

_BATCH = 512
_COMMON = 20_000
"""Of 30,000 tokens; the rarest count for nothing."""
_START, _END = 101, 102
"""The tokens that every text begins and ends with."""


class TokenVectors:
    """Weighted vectors of tokens, mapped into memory."""

    def __init__(self, table: npt.NDArray[np.float16]) -> None:
        """Take an array of shape (tokens, DIMENSION)."""
        self._table = table

    def mean_of(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """Unit vectors of texts, given as their tokens' numbers: shape (n, DIMENSION)."""
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, tokens in enumerate(texts):
            if len(tokens):
                vectors[row] = self._table[np.asarray(tokens)].sum(axis=0, dtype=np.float32)
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)


def load_token_vectors(folder: Path) -> TokenVectors | None:
    """Map the vectors in a folder; ``None`` where there are none that can be used."""
    try:
        table = np.load(_path(folder), mmap_mode="r")
    except (OSError, ValueError, EOFError):
        return None
    good = table.ndim == 2 and table.shape[1] == DIMENSION and table.dtype == np.float16
    return TokenVectors(table) if good else None


def export_token_vectors(folder: Path, session: Any) -> None:  # noqa: ANN401 - onnxruntime's
    """Let an encoder's session read its vocabulary, unless the folder holds that; some seconds.

    Raises:
        OSError: the folder cannot be written.
    """
    if load_token_vectors(folder) is not None:
        return
    count, read = _vocabulary()
    table = np.zeros((count, DIMENSION), dtype=np.float16)
    table[read] = weighted(_read_alone(session, read), read)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".new", delete=False) as file:
        np.save(file, table)
    Path(file.name).chmod(0o644)
    Path(file.name).replace(_path(folder))


def weighted(vectors: Vectors, tokens: npt.NDArray[np.int64]) -> Vectors:
    """Take away what all tokens have in common, and weigh each by its rank in the vocabulary.

    The vocabulary is ordered by how common its tokens are.
    """
    centred = vectors - vectors.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    first = directions[:, -1:]
    kept = centred - (centred @ first) @ first.T
    return np.asarray(kept * np.log1p(tokens)[:, None], dtype=np.float32)


def _read_alone(session: Any, tokens: npt.NDArray[np.int64]) -> Vectors:  # noqa: ANN401 - as above
    read = []
    for start in range(0, len(tokens), _BATCH):
        some = tokens[start : start + _BATCH]
        ids = np.stack([np.full_like(some, _START), some, np.full_like(some, _END)], axis=1)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        read.append(session.run(["vectors"], given)[0])
    return np.concatenate(read)


def _vocabulary() -> tuple[int, npt.NDArray[np.int64]]:
    """How many tokens there are, and which of them are read: plain ones, not the rarest."""
    from tokenizers import Tokenizer  # noqa: PLC0415 - most commands encode nothing

    names = Tokenizer.from_file(str(model_folder() / "tokenizer.json")).get_vocab()
    read = sorted(
        number
        for name, number in names.items()
        if number < _COMMON and name.isascii() and not name.startswith("[")
    )
    return len(names), np.array(read, dtype=np.int64)


def _path(folder: Path) -> Path:
    return folder / f"tokens-{MODEL_SHA256[:12]}.npy"
