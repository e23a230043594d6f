"""The meaning half of the index: nearest vectors, memory-mapped from immutable files."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import StaleIndexError
from nlp.cells import EXACT_MOST, Cells, map_faiss, write_cells
from nlp.embed import DIMENSION, Vectors

PRECISION = "fp16"
"""What a vector is stored in; ranks as fp32 does in half the space (docs/decisions)."""
VECTORS = "vectors.faiss"
ADDED = "vectors-added.faiss"
"""Vectors that came after the others were written, so that these need not be written again."""
CELLS = "cells.faiss"
"""Of the vectors in the first file only."""
COMPARED_MORE = 3
"""How many times as many as are asked for the cells put forward to be compared exactly."""

_SCATTERED = 4
"""How many times as long it takes to compare a row that a filter lets through: they lie apart."""

RowMask = npt.NDArray[np.bool_]
"""Which rows of an index may be answered with: shape (rows,)."""
Places = npt.NDArray[np.int32]
"""Where rows lie in the files, or which row lies where."""


def write_vectors(path: Path, batches: Iterable[Vectors], *, exact_most: int = EXACT_MOST) -> int:
    """Write unit vectors to an exact inner-product index; returns how many.

    Above ``exact_most`` of them, their cells are written beside it.

    Args:
        path: the file to write.
        batches: float32, shape (n, DIMENSION) each; their places follow their order.
        exact_most: how many may all be compared with a query.
    """
    import faiss  # noqa: PLC0415 - most commands search for nothing

    index = faiss.IndexScalarQuantizer(
        DIMENSION, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
    )
    for batch in batches:
        if len(batch):
            index.add(np.ascontiguousarray(batch, dtype=np.float32))
    faiss.write_index(index, str(path))
    if index.ntotal > exact_most:
        write_cells(path.parent / CELLS, index)
    return int(index.ntotal)


class VectorIndex:
    """Vectors in immutable files, shared by every process that maps them.

    Rows are those of the index; their places in the files differ from them once passages
    were added to an index that was there. Few vectors, or few that a filter lets through,
    are all compared; of many, those in the nearest cells are, again exactly.
    """

    def __init__(
        self, folder: Path, *, row_of: Places | None = None, exact_most: int = EXACT_MOST
    ) -> None:
        """Map the parts that lie in a folder; reads nothing yet.

        Args:
            folder: holds :data:`VECTORS`, perhaps :data:`ADDED`, and :data:`CELLS` of many.
            row_of: the row at each place; ``None`` where they are the same.
            exact_most: how many vectors may all be compared.

        Raises:
            FileNotFoundError: a file is missing.
            StaleIndexError: one is broken.
        """
        import faiss  # noqa: PLC0415 - most commands search for nothing

        self._faiss: Any = faiss
        self._parts: list[Any] = [map_faiss(folder / VECTORS)]
        if (folder / ADDED).exists():
            self._parts.append(map_faiss(folder / ADDED))
        self._starts = [0, *np.cumsum([part.ntotal for part in self._parts]).tolist()]
        self._exact_most = exact_most
        many = self.n_first > exact_most
        self._cells = Cells(folder / CELLS) if many else None
        if self._cells and len(self._cells) != self.n_first:
            raise StaleIndexError(
                f"The cells of the search index do not hold its vectors ({CELLS}). "
                "Rebuild it with: throughline analyse"
            )
        self._row_of = row_of
        self._place_of = None if row_of is None else _inverse(row_of)

    def __len__(self) -> int:
        """How many vectors there are."""
        return int(self._starts[-1])

    @property
    def n_first(self) -> int:
        """How many were there when the index was built; the others were added since."""
        return int(self._parts[0].ntotal)

    @property
    def has_cells(self) -> bool:
        """Whether not every vector is compared with a query that has no filter."""
        return self._cells is not None

    def added(self) -> Vectors:
        """The vectors that were added since, in the order of their places."""
        if len(self._parts) == 1:
            return np.empty((0, DIMENSION), dtype=np.float32)
        added = self._parts[1]
        return np.asarray(added.reconstruct_n(0, added.ntotal), dtype=np.float32)

    def nearest(
        self, vector: Vectors, *, limit: int, allowed: RowMask | None = None
    ) -> list[tuple[int, float]]:
        """Find the rows nearest to a unit vector of shape (DIMENSION,).

        Returns:
            At most ``limit`` rows with their cosines, nearest first, equal ones by row;
            only rows that ``allowed`` holds, where it is given.
        """
        limit = min(limit, len(self) if allowed is None else int(np.count_nonzero(allowed)))
        if limit <= 0:
            return []
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, DIMENSION)
        placed = allowed if allowed is None or self._row_of is None else allowed[self._row_of]
        found: list[tuple[int, float]] = []
        for number, part in enumerate(self._parts):
            start, end = self._starts[number : number + 2]
            mask = None if placed is None else placed[start:end]
            found += self._nearest_in(part, number, query, limit, mask)
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def rows(self, rows: npt.NDArray[np.int64]) -> Vectors:
        """Read vectors back as float32, shape (n, DIMENSION), in the order asked for."""
        read = np.empty((len(rows), DIMENSION), dtype=np.float32)
        places = rows if self._place_of is None else self._place_of[rows].astype(np.int64)
        for number, part in enumerate(self._parts):
            start, end = self._starts[number : number + 2]
            here = np.flatnonzero((places >= start) & (places < end))
            if len(here):
                read[here] = part.reconstruct_batch(places[here] - start)
        return read

    def _nearest_in(
        self,
        part: Any,  # noqa: ANN401 - faiss has no types
        number: int,
        query: Vectors,
        limit: int,
        mask: RowMask | None,
    ) -> list[tuple[int, float]]:
        count = part.ntotal if mask is None else int(np.count_nonzero(mask))
        limit = min(limit, count)
        if not limit:
            return []
        exact_most = self._exact_most if mask is None else self._exact_most // _SCATTERED
        if number == 0 and self._cells is not None and count > exact_most:
            places = self._cells.nearest(query, limit=COMPARED_MORE * limit, allowed=mask)
            places = np.sort(places)
            scores = part.reconstruct_batch(places) @ query[0]
        else:
            found, at = part.search(query, limit, params=self._parameters(mask))
            scores, places = found[0], at[0]
        places = places + self._starts[number]
        rows = places if self._row_of is None else self._row_of[places]
        return list(zip(rows.tolist(), scores.tolist(), strict=True))

    def _parameters(self, mask: RowMask | None) -> Any:  # noqa: ANN401 - faiss has no types
        if mask is None:
            return None
        # Kept on the parameters: faiss keeps only pointers to them.
        bits = np.packbits(mask, bitorder="little")
        selector = self._faiss.IDSelectorBitmap(bits)
        parameters = self._faiss.SearchParameters(sel=selector)
        parameters.kept = (bits, selector)
        return parameters


def _inverse(row_of: Places) -> Places:
    place_of = np.empty(len(row_of), dtype=np.int32)
    place_of[row_of] = np.arange(len(row_of), dtype=np.int32)
    return place_of
