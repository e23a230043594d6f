"""Nearest vectors, filtered exactly, whether all are compared or those in near cells."""

from pathlib import Path

import numpy as np
import pytest

from corpus.errors import StaleIndexError
from nlp.embed import DIMENSION, Vectors
from nlp.vectors import VECTORS, VectorIndex, write_vectors


def unit_vectors(count: int, seed: int = 0) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return unit_vectors(500)


@pytest.fixture(scope="module")
def index(vectors: Vectors, tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    folder = tmp_path_factory.mktemp("vectors")
    assert write_vectors(folder / VECTORS, [vectors[:200], vectors[:0], vectors[200:]]) == 500
    return VectorIndex(folder)


def test_nearest_are_those_of_brute_force(index: VectorIndex, vectors: Vectors) -> None:
    for query in unit_vectors(20, seed=1):
        stored = vectors.astype(np.float16).astype(np.float32)
        expected = np.argsort(-(stored @ query), kind="stable")[:50].tolist()
        found = index.nearest(query, limit=50)
        assert [row for row, _ in found] == expected
        assert found[0][1] == pytest.approx(float(stored[expected[0]] @ query), abs=1e-5)


@pytest.mark.parametrize("share", [0.0, 0.01, 0.5, 1.0])
def test_filtered_nearest_are_those_of_brute_force_filtered(
    index: VectorIndex, share: float
) -> None:
    allowed = np.random.default_rng(2).random(500) < share
    query = unit_vectors(1, seed=3)[0]
    order = [row for row, _ in index.nearest(query, limit=500)]
    expected = [row for row in order if allowed[row]][:30]
    assert [row for row, _ in index.nearest(query, limit=30, allowed=allowed)] == expected


def test_equal_vectors_fall_in_row_order(tmp_path: Path) -> None:
    same = np.repeat(unit_vectors(1), 20, axis=0)
    write_vectors(tmp_path / VECTORS, [same])
    found = VectorIndex(tmp_path).nearest(same[0], limit=20)
    assert [row for row, _ in found] == list(range(20))


def test_rows_come_back_in_the_order_asked_for(index: VectorIndex, vectors: Vectors) -> None:
    wanted = np.array([7, 3, 499], dtype=np.int64)
    assert np.allclose(index.rows(wanted), vectors[wanted], atol=1e-3)
    assert index.rows(wanted[:0]).shape == (0, DIMENSION)


def test_stored_vectors_stored_again_are_the_same(index: VectorIndex, tmp_path: Path) -> None:
    first = index.rows(np.arange(500, dtype=np.int64))
    write_vectors(tmp_path / VECTORS, [first])
    again = VectorIndex(tmp_path).rows(np.arange(500, dtype=np.int64))
    assert np.array_equal(first, again)


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    assert write_vectors(tmp_path / VECTORS, []) == 0
    assert VectorIndex(tmp_path).nearest(unit_vectors(1)[0], limit=5) == []


def test_a_missing_or_broken_file_is_not_served(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        VectorIndex(tmp_path)
    (tmp_path / VECTORS).write_bytes(b"nonsense")
    with pytest.raises(StaleIndexError, match="throughline analyse"):
        VectorIndex(tmp_path)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> tuple[VectorIndex, VectorIndex]:
    """The same clustered vectors twice: with cells, and all compared."""
    folder = tmp_path_factory.mktemp("many")
    centres = unit_vectors(60, seed=5)
    near = np.repeat(centres, 100, axis=0) + 0.6 * unit_vectors(6000, seed=6)
    units = near / np.linalg.norm(near, axis=1, keepdims=True)
    write_vectors(folder / VECTORS, [units.astype(np.float32)], exact_most=2000)
    return VectorIndex(folder, exact_most=2000), VectorIndex(folder, exact_most=6000)


@pytest.mark.parametrize("share", [None, 0.02, 0.5])
def test_cells_find_what_comparing_all_finds_and_filters_stay_exact(
    many: tuple[VectorIndex, VectorIndex], share: float | None
) -> None:
    by_cells, exact = many
    assert by_cells.has_cells
    assert not exact.has_cells
    allowed = None if share is None else np.random.default_rng(2).random(6000) < share
    shared = total = 0
    for row in range(0, 6000, 300):
        query = exact.rows(np.array([row], dtype=np.int64))[0]
        expected = exact.nearest(query, limit=50, allowed=allowed)
        found = by_cells.nearest(query, limit=50, allowed=allowed)
        assert len(found) == 50
        assert allowed is None or all(allowed[one] for one, _ in found)
        scores = dict(expected)
        assert all(abs(score - scores[one]) < 1e-6 for one, score in found if one in scores)
        shared += len(scores.keys() & dict(found).keys())
        total += 50
    assert shared / total >= 0.99


def test_cells_of_other_vectors_are_not_served(tmp_path: Path) -> None:
    write_vectors(tmp_path / VECTORS, [unit_vectors(400)], exact_most=100)
    write_vectors(tmp_path / VECTORS, [unit_vectors(300)])
    with pytest.raises(StaleIndexError, match="cells"):
        VectorIndex(tmp_path, exact_most=100)
