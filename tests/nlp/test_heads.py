"""The heads: saved and read back, and trained the same every time."""

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder

from corpus.errors import ModelError
from nlp.heads import (
    FOLDER,
    NAMES_NAME,
    WEIGHTS_NAME,
    Heads,
    load_heads,
    read_heads,
    save_heads,
)
from nlp.tag_settings import load_cuts
from nlp.train import train
from nlp.training_rows import TrainingRow, load_training_rows
from nlp.tuned import FOLDER as TUNED_FOLDER


@pytest.fixture(scope="module")
def some_rows() -> tuple[TrainingRow, ...]:
    return load_training_rows()[::80]


@pytest.fixture(scope="module")
def trained(some_rows: tuple[TrainingRow, ...]) -> Heads:
    return train(some_rows, FakeEncoder())


def test_training_twice_gives_the_same_bytes(
    some_rows: tuple[TrainingRow, ...], trained: Heads, tmp_path: Path
) -> None:
    save_heads(trained, tmp_path / "one")
    save_heads(train(some_rows, FakeEncoder()), tmp_path / "two")
    for name in (WEIGHTS_NAME, NAMES_NAME):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_heads_read_back_are_those_that_were_saved(trained: Heads, tmp_path: Path) -> None:
    save_heads(trained, tmp_path)
    read = read_heads(tmp_path)
    assert np.array_equal(read.theme.word_weights, trained.theme.word_weights)
    for facet, head in trained.pairs.items():
        assert read.pairs[facet].values == head.values
        # scikit-learn's weights may lie column by column in memory
        assert np.array_equal(read.pairs[facet].weights, head.weights), facet
    assert read.row_ids == trained.row_ids
    assert np.array_equal(read.row_axes, trained.row_axes)
    assert np.array_equal(read.row_vectors, trained.row_vectors)


def test_missing_or_damaged_heads_say_how_to_make_them(trained: Heads, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make train"):
        read_heads(tmp_path)
    save_heads(trained, tmp_path)
    (tmp_path / WEIGHTS_NAME).write_bytes(b"\0" * 64)
    with pytest.raises(ModelError, match="make train"):
        read_heads(tmp_path)


def test_the_heads_that_ship_are_small_and_know_every_training_row() -> None:
    heads = load_heads()
    assert heads.row_ids == tuple(row.row_id for row in load_training_rows())
    shipped = [
        entry
        for folder in (FOLDER, TUNED_FOLDER)
        for entry in files("nlp").joinpath(folder).iterdir()
    ]
    assert sum(len(entry.read_bytes()) for entry in shipped) < 12_000_000


def test_the_model_card_tells_of_the_rows_and_axes_that_ship() -> None:
    heads = load_heads()
    card = files("nlp").joinpath(FOLDER, "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"the {len(heads.row_ids):,} invented passages" in card
    assert f"along {len(heads.row_axes)} axes" in card
    cuts = load_cuts()
    for cut in (cuts.possible, cuts.further, cuts.confident, cuts.sure_stance):
        assert f" {cut:.2f}" in card
