"""The exported encoder computes what the shipped weights compute, and is never trusted blindly."""

from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from nlp.embed import MODEL_SHA256, shared_encoder
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
    names = {path.name for path in exported.parent.iterdir()}
    assert names == {exported.name, f"tokens-{MODEL_SHA256[:12]}.npy"}


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


def test_the_nearest_sentence_is_told_without_encoding_sentences(exported: Path) -> None:
    encoder = OnnxEncoder(exported)
    sentences = [
        "The heating in the flat had been mended twice.",
        "Nobody at the nursery telephoned the school that the child had left.",
        "The panel met on a Tuesday and thanked everyone who came.",
        "Staff thought that they needed the parents to agree before they passed it on.",
    ]
    rough = encoder.encode_roughly(sentences)
    assert np.allclose(np.linalg.norm(rough, axis=1), 1, atol=1e-3)
    queries = ["nobody rang the previous school", "consent barriers to sharing"]
    assert (encoder.encode(queries) @ rough.T).argmax(axis=1).tolist() == [1, 3]
    assert encoder.encode_roughly(["", "\x00"]).shape == (2, 384)


def test_sentences_are_encoded_in_full_where_the_tokens_are_lacking(
    exported: Path, tmp_path: Path
) -> None:
    alone = tmp_path / exported.name
    alone.symlink_to(exported)
    encoder = OnnxEncoder(alone)
    assert np.array_equal(encoder.encode_roughly(TEXTS), encoder.encode(TEXTS))
