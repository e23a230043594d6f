"""Exact nearest vectors, filtered exactly, from one mapped file."""

from pathlib import Path

import numpy as np
import pytest

from corpus.errors import StaleIndexError
from nlp.embed import DIMENSION, Vectors
from nlp.vectors import VectorIndex, write_vectors


def unit_vectors(count: int, seed: int = 0) -> Vectors:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return unit_vectors(500)


@pytest.fixture(scope="module")
def index(vectors: Vectors, tmp_path_factory: pytest.TempPathFactory) -> VectorIndex:
    path = tmp_path_factory.mktemp("vectors") / "v"
    assert write_vectors(path, [vectors[:200], vectors[200:200], vectors[200:]]) == 500
    return VectorIndex(path)


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
    write_vectors(tmp_path / "v", [same])
    found = VectorIndex(tmp_path / "v").nearest(same[0], limit=20)
    assert [row for row, _ in found] == list(range(20))


def test_rows_come_back_in_the_order_asked_for(index: VectorIndex, vectors: Vectors) -> None:
    wanted = np.array([7, 3, 499], dtype=np.int64)
    assert np.allclose(index.rows(wanted), vectors[wanted], atol=1e-3)
    assert index.rows(wanted[:0]).shape == (0, DIMENSION)


def test_stored_vectors_stored_again_are_the_same(index: VectorIndex, tmp_path: Path) -> None:
    first = index.rows(np.arange(500, dtype=np.int64))
    write_vectors(tmp_path / "again", [first])
    again = VectorIndex(tmp_path / "again").rows(np.arange(500, dtype=np.int64))
    assert np.array_equal(first, again)


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    assert write_vectors(tmp_path / "v", []) == 0
    assert VectorIndex(tmp_path / "v").nearest(unit_vectors(1)[0], limit=5) == []


def test_a_missing_or_broken_file_names_the_command_that_mends_it(tmp_path: Path) -> None:
    (tmp_path / "broken").write_bytes(b"nonsense")
    for name in ("missing", "broken"):
        with pytest.raises(StaleIndexError, match="throughline analyse"):
            VectorIndex(tmp_path / name)
