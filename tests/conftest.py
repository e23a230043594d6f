"""Fixtures that every room of tests shares."""

from pathlib import Path

import pytest

from corpus.store import Store, open_store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store of its own, on disk."""
    return open_store(tmp_path / "data")
