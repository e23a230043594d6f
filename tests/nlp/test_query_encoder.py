"""The exported encoder computes what the shipped weights compute, and is never trusted blindly."""

from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from nlp.embed import shared_encoder
from nlp.query_encoder import (
    MOST_DIFFERENCE,
    OnnxEncoder,
    check_exported,
    export_query_encoder,
    exported_file,
    query_encoder,
)

TEXTS = [
    "",
    "GDPR",
    "Nobody rang the previous school, although it was two streets away.",
    "😀 \x00 naïve — 50% (consent)",
    "The review found that the agencies did not share what each of them knew. " * 40,
]


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_query_encoder(tmp_path_factory.mktemp("index"), shared_encoder())


def test_it_agrees_with_torch_text_by_text_and_in_one_batch(exported: Path) -> None:
    encoder = OnnxEncoder(exported)
    expected = shared_encoder().encode(TEXTS)
    assert np.abs(encoder.encode(TEXTS) - expected).max() <= MOST_DIFFERENCE
    for text, vector in zip(TEXTS, expected, strict=True):
        assert np.abs(encoder.encode([text])[0] - vector).max() <= MOST_DIFFERENCE
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.model_sha256 == shared_encoder().model_sha256


def test_it_is_exported_once_and_used_where_it_lies(exported: Path) -> None:
    before = exported.stat().st_mtime_ns
    assert export_query_encoder(exported.parent, shared_encoder()) == exported
    assert exported.stat().st_mtime_ns == before
    assert isinstance(query_encoder(exported.parent), OnnxEncoder)
    assert [path.name for path in exported.parent.iterdir()] == [exported.name]


def test_without_it_torch_answers(tmp_path: Path) -> None:
    assert exported_file(tmp_path) is None
    assert query_encoder(tmp_path) is shared_encoder()
    assert "not exported yet" in check_exported(tmp_path)


def test_a_damaged_file_is_named_and_torch_answers(exported: Path, tmp_path: Path) -> None:
    damaged = tmp_path / exported.name
    damaged.write_bytes(exported.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="throughline analyse"):
        check_exported(tmp_path)
    assert query_encoder(tmp_path) is shared_encoder()
