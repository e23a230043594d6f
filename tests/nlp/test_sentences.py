"""Sentence boundaries in the prose of reports."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.sentences import sentence_spans


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "On 15 th July Ms. K told Dr. Ahmed about para. 4.12 and s. 47 of the Act.",
        "Some agencies, e.g. housing, were not asked.",
        "4.12. There was a delay in the letter.",
        "The visit of 3.30 p.m. on Tuesday was missed.",
    ],
)
def test_stops_inside_numbers_titles_and_abbreviations_end_no_sentence(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Nobody rang Ms K. She was out.", ["Nobody rang Ms K.", "She was out."]),
        ("He said “no.” She left.12 It ended.", ["He said “no.”", "She left.12", "It ended."]),
        ("It was in the file.Nobody read it.", ["It was in the file.", "Nobody read it."]),
        ("Points:\n• the first\n• the second", ["Points:", "• the first", "• the second"]),
        ("They met at 10 p.m. The nurse was late.", ["They met at 10 p.m.", "The nurse was late."]),
        ("Was it sent? It was.", ["Was it sent?", "It was."]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


@given(st.text(alphabet=st.sampled_from("aB .\n4K?!“”•"), max_size=80))
def test_spans_are_in_order_and_hold_everything_but_white_space(text: str) -> None:
    spans = sentence_spans(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert "".join("".join(s.split()) for s in split(text)) == "".join(text.split())
