"""The meaning half of the index: exact nearest vectors, memory-mapped from one file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import StaleIndexError
from nlp.embed import DIMENSION, Vectors

PRECISION = "fp16"
"""What a vector is stored in; ranks as fp32 does in half the space (docs/decisions)."""

RowMask = npt.NDArray[np.bool_]
"""Which rows of an index may be answered with: shape (rows,)."""


def write_vectors(path: Path, batches: Iterable[Vectors]) -> int:
    """Write unit vectors to an exact inner-product index; returns how many.

    Args:
        path: the file to write.
        batches: float32, shape (n, DIMENSION) each; row numbers follow their order.
    """
    import faiss  # noqa: PLC0415 - most commands search for nothing

    index = faiss.IndexScalarQuantizer(
        DIMENSION, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    for batch in batches:
        if len(batch):
            index.add(np.ascontiguousarray(batch, dtype=np.float32))
    faiss.write_index(index, str(path))
    return int(index.ntotal)


class VectorIndex:
    """Vectors in one immutable file, shared by every process that maps it."""

    def __init__(self, path: Path) -> None:
        """Map the file; reads nothing yet.

        Raises:
            StaleIndexError: the file is missing or not one of ours.
        """
        import faiss  # noqa: PLC0415 - most commands search for nothing

        # One query gains nothing from a second thread, and under load loses much.
        faiss.omp_set_num_threads(1)
        try:
            self._index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except RuntimeError as error:
            raise StaleIndexError(
                f"The vectors of the search index cannot be read ({path.name}). "
                "Rebuild it with: throughline analyse"
            ) from error
        self._faiss: Any = faiss

    def __len__(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    def nearest(
        self, vector: Vectors, *, limit: int, allowed: RowMask | None = None
    ) -> list[tuple[int, float]]:
        """Find the rows nearest to a unit vector of shape (DIMENSION,), exactly.

        Returns:
            At most ``limit`` rows with their cosines, nearest first, equal ones by row;
            only rows that ``allowed`` holds, where it is given.
        """
        limit = min(limit, len(self) if allowed is None else int(allowed.sum()))
        if limit <= 0:
            return []
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, DIMENSION)
        if allowed is None:
            scores, rows = self._index.search(query, limit)
        else:
            # Held in names of their own: faiss keeps only pointers to them.
            bits = np.packbits(allowed, bitorder="little")
            selector = self._faiss.IDSelectorBitmap(bits)
            parameters = self._faiss.SearchParameters(sel=selector)
            scores, rows = self._index.search(query, limit, params=parameters)
        found = zip(rows[0].tolist(), scores[0].tolist(), strict=True)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def rows(self, rows: npt.NDArray[np.int64]) -> Vectors:
        """Read vectors back as float32, shape (n, DIMENSION), in the order asked for."""
        if not len(rows):
            return np.empty((0, DIMENSION), dtype=np.float32)
        return np.asarray(self._index.reconstruct_batch(rows), dtype=np.float32)
