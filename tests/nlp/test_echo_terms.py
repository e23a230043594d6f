"""The lexicons of echoes: who, in which role, about what, and how it went wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InvalidInputError
from nlp.echo_agreement import agree, load_weights, read_text
from nlp.echo_terms import find_actors, find_mechanisms, find_objects, read_lexicon


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("The council did not tell the school.", {"council": "held", "school": "lacked"}),
        ("The school was never told by the council.", {"school": "lacked", "council": "named"}),
        ("Nobody passed the letter on to the police.", {"police": "lacked"}),
        ("The police had known for years.", {"police": "held"}),
        ("Concerns of the nursery were noted.", {"early-years": "held"}),
        ("The hospital is in the town.", {"hospital": "named"}),
        ("The school did not ask the police. Police knew.", {"school": "lacked", "police": "held"}),
    ],
)
def test_who_held_it_and_who_did_not_get_it(text: str, roles: dict[str, str]) -> None:
    assert {term_id: each.role for term_id, each in find_actors(text).items()} == roles


def test_the_longest_phrase_at_a_place_wins() -> None:
    assert list(find_actors("A health visitor came.")) == ["health-visiting"]
    assert list(find_objects("The school’s home education file.")) == ["home-education", "files"]


def test_a_gap_stays_within_its_clause() -> None:
    assert "not-told" in find_mechanisms("Staff did not at any time tell anybody.")
    assert "not-told" not in find_mechanisms("They did not come. Tell the others.")


@given(st.text())
def test_spans_index_any_text_as_given(text: str) -> None:
    for mention in (*find_actors(text).values(), *find_objects(text).values()):
        assert all(0 <= span.start < span.end <= len(text) for span in mention.spans)


def test_a_phrase_has_one_entry() -> None:
    twice = '[[actor]]\nid="a"\nlabel="A"\nwords=["x"]\n[[actor]]\nid="b"\nlabel="B"\nwords=["X"]'
    with pytest.raises(InvalidInputError, match="two entries"):
        read_lexicon(twice, file="actors.toml", sort="actor")


def test_agreement_in_role_and_object_outscores_the_same_nearness_without() -> None:
    here = read_text("Nobody told the school of the convictions.", ["checks-not-made"])
    alike = read_text("The school was not told of his convictions.", ["checks-not-made"])
    unlike = read_text("The inquest opened in the spring.", ["checks-not-made"])
    scores = [
        agree(here, there, similarity=0.6, rollup={}, rare={}).score(load_weights())
        for there in (alike, unlike)
    ]
    assert scores[0] > scores[1]
