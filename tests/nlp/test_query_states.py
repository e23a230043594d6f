"""The tuned encoder for one query says what torch says of it."""

from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from nlp.embed import DIMENSION, QuickEncoder, model_folder, shared_encoder
from nlp.packaged_weights import PackagedWeights, packaged_weights
from nlp.query_states import OneQueryEncoder, query_states
from nlp.query_themes import read_about, token_logits_of
from nlp.token_states import encode_states


@pytest.mark.model
@pytest.mark.parametrize(
    "text", ["consent", "Did nobody ring the previous school? £5 É", "word " * 300, ""]
)
def test_states_are_those_of_the_tuned_encoder(text: str) -> None:
    states = query_states().encode(text)
    (expected,) = encode_states(shared_encoder(), [text])
    assert states.shape == expected.states.shape
    assert np.abs(states - expected.states).max() < 1e-4


@pytest.mark.model
def test_only_the_first_tokens_of_a_paragraph_need_be_read() -> None:
    assert query_states().encode("word " * 300, most_tokens=64).shape == (64, DIMENSION)


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "theme"),
    [
        ("did fear of data protection appear before GDPR?", "data-protection-fear"),
        ("the mother's new partner was never checked", "relevant-adult-unknown"),
        ("best pizza dough recipe", None),
    ],
)
def test_the_tagger_places_a_question(text: str, theme: str | None) -> None:
    about = read_about({}, token_logits_of(text))
    assert [one.theme_id for one in about.themes][:1] == ([theme] if theme else [])


def test_phrases_speak_where_the_tagger_sees_nothing() -> None:
    about = read_about({"one": 0.6, "two": 0.1}, {"one": -9.0, "two": -8.0})
    assert about.themes[0].theme_id == "one"
    assert sum(about.weights.values()) == pytest.approx(1.0)


def test_a_theme_taken_back_leaves_the_others_and_less_strength() -> None:
    about = read_about({}, {"one": 3.0, "two": 2.5})
    left = about.without({"one"})
    assert left.weights == {"two": pytest.approx(1.0)}
    assert 0 < left.strength < about.strength
    assert about.without({"one", "two"}).themes == ()


@pytest.mark.model
def test_the_encoder_of_a_shell_says_what_torch_says(tmp_path: Path) -> None:
    encoder = OneQueryEncoder(tmp_path)
    assert isinstance(encoder, QuickEncoder)
    texts = ["", "GDPR", "😀 \x00 naïve — 50% (consent)", "Nobody rang the previous school. " * 60]
    assert np.abs(encoder.encode(texts) - shared_encoder().encode(texts)).max() <= 1e-4
    assert encoder.encode([]).shape == (0, DIMENSION)
    assert np.array_equal(encoder.encode_roughly(texts), encoder.encode(texts))


def test_weights_that_are_not_the_measured_ones_are_refused_though_a_folder_keeps_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packaged_weights(tmp_path)
    assert (tmp_path / "checked.json").exists()
    copied = (model_folder() / "model.safetensors").read_bytes()
    own = tmp_path / "model"
    own.mkdir()
    (own / "model.safetensors").write_bytes(copied[:-1] + b"x")
    monkeypatch.setattr("nlp.packaged_weights.model_folder", lambda: own)
    with pytest.raises(ModelError, match="are not all-MiniLM-L6-v2"):
        packaged_weights(tmp_path)


@pytest.mark.parametrize("content", [b"", b"\x05", (2).to_bytes(8, "little") + b"{}"])
def test_a_file_of_another_form_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelError, match="make install"):
        PackagedWeights(path).get("embeddings.word_embeddings.weight")
