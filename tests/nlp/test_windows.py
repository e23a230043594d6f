"""Windows over long passages."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from nlp.sentences import sentence_spans
from nlp.windows import MAX_CHARS, window_spans


def test_a_short_passage_is_one_window() -> None:
    text = " One. Two. "
    assert [(w.start, w.end) for w in window_spans(text, sentence_spans(text))] == [(0, len(text))]


@given(st.lists(st.integers(1, 1500), min_size=1, max_size=12))
def test_windows_cover_every_word_and_none_is_too_long(lengths: list[int]) -> None:
    text = " ".join("A" + "b c" * (length // 3) + "." for length in lengths)
    sentences = sentence_spans(text)
    windows = window_spans(text, sentences)
    covered = {place for window in windows for place in range(window.start, window.end)}
    assert {i for i, letter in enumerate(text) if not letter.isspace()} <= covered
    assert all(window.end - window.start <= MAX_CHARS for window in windows)
    assert list(windows) == sorted(windows)


def test_neighbouring_windows_share_a_sentence() -> None:
    text = " ".join(f"Sentence number {n} says a little of what was known." for n in range(40))
    windows = window_spans(text, sentence_spans(text))
    assert len(windows) > 1
    assert all(b.start < a.end for a, b in itertools.pairwise(windows))
