"""What a query is taken to be about."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder

from nlp.codebook import load_codebook
from nlp.embed import DIMENSION, Vectors, shared_encoder
from nlp.query_themes import ThemePhrases, codebook_phrases, load_theme_phrases


def unit(*values: float) -> Vectors:
    row = np.zeros(DIMENSION, dtype=np.float32)
    row[: len(values)] = values
    row[-1] = np.sqrt(max(0.0, 1 - float(row @ row)))
    return row


def test_a_theme_is_as_near_as_its_nearest_phrases_together() -> None:
    phrases = [unit(0.9), unit(0.0), unit(0.0), unit(0.5), unit(0.5), unit(0.5)]
    themes = ThemePhrases(["one"] * 3 + ["two"] * 3, np.stack(phrases))
    query = np.zeros(DIMENSION, dtype=np.float32)
    query[0] = 1
    (found,) = themes.nearest(query)
    assert (found.theme_id, found.strength) == ("two", 1.0)


def test_a_distant_query_is_about_nothing() -> None:
    themes = ThemePhrases(["one"], np.stack([unit(0.3)]))
    query = np.zeros(DIMENSION, dtype=np.float32)
    query[0] = 1
    assert themes.nearest(query) == ()


def test_phrases_are_encoded_once_for_a_codebook_and_a_model(tmp_path: Path) -> None:
    encoded: list[int] = []

    def encode(texts: Sequence[str]) -> Vectors:
        encoded.append(len(texts))
        return FakeEncoder().encode(texts)

    def load(folder: Path, model: str = "m") -> ThemePhrases:
        return load_theme_phrases(folder, load_codebook(), model_sha256=model, encode=encode)

    count = len(codebook_phrases(load_codebook()))
    query = FakeEncoder().encode(["without consent"])[0]
    first = load(tmp_path).nearest(query)
    assert load(tmp_path).nearest(query) == first
    assert encoded == [count]
    load(tmp_path, model="another")
    assert encoded == [count] * 2
    for kept in tmp_path.glob("themes-*.npy"):
        kept.write_bytes(b"broken")
    assert load(tmp_path).nearest(query) == first
    assert load(tmp_path / "missing").nearest(query) == first, "nothing need be kept"


@pytest.fixture(scope="module")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> ThemePhrases:
    return load_theme_phrases(
        tmp_path_factory.mktemp("themes"),
        load_codebook(),
        model_sha256="m",
        encode=shared_encoder().encode,
    )


@pytest.mark.model
@pytest.mark.parametrize(
    ("query", "theme"),
    [
        ("they would not pass it on, the parents had not agreed", "consent-refused-or-withdrawn"),
        ("was fear of privacy law there before the GDPR?", "data-protection-fear"),
        ("the family moved to another local authority and no file followed", "cross-border-move"),
        ("how tall is the lighthouse", None),
    ],
)
def test_a_question_in_plain_words_is_placed(
    phrases: ThemePhrases, query: str, theme: str | None
) -> None:
    found = [one.theme_id for one in phrases.nearest(shared_encoder().encode([query])[0])]
    assert (theme in found) if theme else (found == [])
