"""The tuned encoder for one query says what torch says of it."""

import numpy as np
import pytest

from nlp.embed import DIMENSION, shared_encoder
from nlp.query_states import query_states
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
