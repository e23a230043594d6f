"""Cells: an inverted file over many vectors, to compare a query with a few of them only."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import StaleIndexError
from nlp.embed import DIMENSION, Vectors

EXACT_MOST = 200_000
"""Up to here every vector is compared, in some 15 ms; above, those in cells (docs/search.md)."""
PROBES = 256
"""Cells that are looked into: of 2,000 at a million passages."""
MOST_PROBES = 3 * PROBES
CELLS_A_ROOT = 2
"""Cells for each square root of the number of vectors."""
_SAMPLES_A_CELL = 40
_ITERATIONS = 8
_BATCH = 50_000


def write_cells(path: Path, exact: Any) -> None:  # noqa: ANN401 - faiss has no types
    """Sort the vectors of an exact index into cells, in one byte a dimension; seeded.

    Eight bits are enough to find the few hundred that are then compared exactly.
    """
    import faiss  # noqa: PLC0415 - most commands search for nothing

    count = int(exact.ntotal)
    n_cells = max(1, int(CELLS_A_ROOT * np.sqrt(count)))
    quantiser = faiss.IndexFlatIP(DIMENSION)
    index = faiss.IndexIVFScalarQuantizer(
        quantiser,
        DIMENSION,
        n_cells,
        faiss.ScalarQuantizer.QT_8bit,
        faiss.METRIC_INNER_PRODUCT,
        False,  # by_residual: unit vectors need no finer scale within a cell
    )
    index.cp.niter = _ITERATIONS
    index.cp.spherical = True
    index.cp.seed = 1
    chance = np.random.default_rng(1)
    sample = chance.choice(count, min(count, _SAMPLES_A_CELL * n_cells), replace=False)
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        index.train(exact.reconstruct_batch(np.sort(sample)))
        for start in range(0, count, _BATCH):
            index.add(exact.reconstruct_n(start, min(_BATCH, count - start)))
    finally:
        faiss.omp_set_num_threads(threads)
    faiss.write_index(index, str(path))


class Cells:
    """Cells in one immutable file, shared by every process that maps it."""

    def __init__(self, path: Path) -> None:
        """Map the file.

        Raises:
            StaleIndexError: the file is missing or not one of ours.
        """
        import faiss  # noqa: PLC0415 - most commands search for nothing

        self._faiss: Any = faiss
        self._index: Any = map_faiss(path)

    def __len__(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    def nearest(
        self, query: Vectors, *, limit: int, allowed: npt.NDArray[np.bool_] | None
    ) -> npt.NDArray[np.int64]:
        """Find places that are likely nearest to a query of shape (1, DIMENSION).

        Returns:
            At most ``limit`` places, in no order that counts; only allowed ones.
        """
        probes = PROBES
        selector = None
        if allowed is not None:
            # The fewer may be found, the further off they lie.
            share = max(float(np.count_nonzero(allowed)) / len(allowed), 1e-6)
            probes = min(int(PROBES / share), MOST_PROBES)
            # Held in names of their own: faiss keeps only pointers to them.
            bits = np.packbits(allowed, bitorder="little")
            selector = self._faiss.IDSelectorBitmap(bits)
        parameters = self._faiss.SearchParametersIVF(nprobe=probes, sel=selector)
        _, places = self._index.search(query, limit, params=parameters)
        found: npt.NDArray[np.int64] = places[0][places[0] >= 0]
        return found


def map_faiss(path: Path) -> Any:  # noqa: ANN401 - faiss has no types
    """Map a FAISS file into memory; reads nothing of its vectors yet.

    Raises:
        FileNotFoundError: the file is not there, or no longer.
        StaleIndexError: it is not one of ours, or broken.
    """
    import faiss  # noqa: PLC0415 - most commands search for nothing

    if not path.exists():
        raise FileNotFoundError(2, "No such file", str(path))
    # One query gains nothing from a second thread, and under load loses much.
    faiss.omp_set_num_threads(1)
    try:
        return faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
    except RuntimeError as error:
        raise StaleIndexError(
            f"The vectors of the search index cannot be read ({path.name}). "
            "Rebuild it with: throughline analyse"
        ) from error
