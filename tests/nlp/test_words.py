"""Finding passages by their words, whatever was typed."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shelves import make_analysed

from corpus.errors import InvalidInputError, StaleIndexError
from corpus.model import Span
from nlp.synonyms import find_synonyms, load_synonyms, read_synonyms
from nlp.tokens import stems_of, tokenise
from nlp.word_query import matched_spans, read_word_query
from nlp.words import WordIndex, WordWriter

TEXTS = [
    "The nursery had not rung the previous school about the bruises.",
    "Consent was treated as a barrier to sharing with the health visitor.",
    "The multi-agency safeguarding hub closed the contact without a strategy meeting.",
    "Families said that nobody explained data protection to them.",
    "Café staff wrote 50% of the notes 😀 in C++ on file #12 (draft).",
    "Nothing was wrong with the weather.",
]


def write_words(folder: Path, texts: list[str], **changes: object) -> WordIndex:
    passages = make_analysed(texts, **changes)
    by_text = sorted(passages, key=lambda passage: texts.index(passage.text))
    writer = WordWriter(folder)
    writer.add(by_text)
    writer.close()
    return WordIndex(folder)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> WordIndex:
    return write_words(tmp_path_factory.mktemp("words") / "words", TEXTS)


def rows(index: WordIndex, text: str, limit: int = 10) -> list[int]:
    return [row for row, _ in index.best(read_word_query(text), limit=limit)]


def test_other_forms_of_a_word_are_found(index: WordIndex) -> None:
    assert rows(index, "family explaining") == [3]


def test_an_accent_may_be_left_out(index: WordIndex) -> None:
    assert rows(index, "cafe") == [4]
    assert rows(index, "CAFÉ") == [4]


def test_an_acronym_finds_what_it_stands_for_and_the_other_way_round(index: WordIndex) -> None:
    assert rows(index, "MASH") == [2]
    assert rows(index, "GDPR") == [3]
    assert rows(index, "strategy discussion")[0] == 2


def test_a_written_word_outranks_its_synonym(tmp_path: Path) -> None:
    held = write_words(tmp_path / "w", ["The GDPR was cited.", "The data protection was cited."])
    assert rows(held, "gdpr") == [0, 1]
    assert rows(held, "data protection") == [1, 0]


def test_stop_words_alone_are_still_looked_for(index: WordIndex) -> None:
    assert 3 in rows(index, "that to them")


def test_stop_words_beside_others_find_nothing_on_their_own(index: WordIndex) -> None:
    assert rows(index, "what was the bruise") == [0]


HOSTILE = [
    ('"', []),
    ('bruises"', [0]),
    ('"bruises', [0]),
    ("“bruises", [0]),
    ("(bruises", [0]),
    ("bruises AND (", [0]),
    ("NOT bruises OR", [0]),
    ("text:bruises", [0]),
    ("bruises^99", [0]),
    ("bruises~2", [0]),
    ("bruis*", []),
    ("-bruises +bruises", [0]),
    ("bruises NEAR/2 school", [0]),
    ("[bruises TO school]", [0]),
    ("{bruises}", [0]),
    ("'; DROP TABLE passages; -- bruises", [0]),
    ("50%", [4]),
    ("C++", [4]),
    ("#12", [4]),
    ("😀 bruises 😀", [0]),
    ("bruises\x00school", [0]),
    ("bruises \ud800", [0]),
    ("\\", []),
    ("(a+)+$", []),
    ("bruises " * 20_000, [0]),
    ("zzz " * 25_000 + "bruises", [0]),
    ("a" * 100_000, []),
    ('"' * 100_000, []),
    ('"a" ' * 25_000 + "bruises", [0]),
]


@pytest.mark.parametrize(("text", "found"), HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_typed_is_syntax_or_an_error(index: WordIndex, text: str, found: list[int]) -> None:
    assert set(found) <= set(rows(index, text))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=60), st.integers(0, 60))
def test_a_word_of_a_passage_is_found_whatever_stands_around_it(
    index: WordIndex, noise: str, at: int
) -> None:
    text = f"{noise[:at]} bruises {noise[at:]}"
    assert 0 in rows(index, text)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200), st.text(max_size=40))
def test_spans_lie_in_the_text_in_order_and_apart(text: str, query: str) -> None:
    spans = matched_spans(read_word_query(query), text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=200))
def test_every_token_slices_back_to_its_own_stem(text: str) -> None:
    for token in tokenise(text):
        assert stems_of(text[token.start : token.end]) == (token.stem,)


def test_spans_count_characters_not_bytes() -> None:
    text = "Café 😀 families’ notes"
    spans = matched_spans(read_word_query("family"), text)
    assert [text[span.start : span.end] for span in spans] == ["families"]


def test_a_synonym_in_a_passage_is_marked_as_one_span() -> None:
    text = "The multi-agency safeguarding hub rang."
    spans = matched_spans(read_word_query("MASH"), text)
    assert [text[span.start : span.end] for span in spans] == ["multi-agency safeguarding hub"]


def test_a_quoted_phrase_is_marked_whole_and_its_stop_words_only_inside_it() -> None:
    text = "Fear of data protection was the fear of all."
    spans = matched_spans(read_word_query('"fear of data protection"'), text)
    assert spans == (Span(0, 23), Span(32, 36))


def test_phrases_must_stand_as_quoted(index: WordIndex) -> None:
    quoted = read_word_query('"previous school"')
    assert np.flatnonzero(index.with_phrases(quoted)).tolist() == [0]
    turned = read_word_query('"school previous"')
    assert not index.with_phrases(turned).any()


def test_several_phrases_must_all_stand(index: WordIndex) -> None:
    both = read_word_query('"previous school" "health visitor"')
    assert not index.with_phrases(both).any()


def test_a_case_is_found_by_what_it_is_also_called(tmp_path: Path) -> None:
    writer = WordWriter(tmp_path / "w")
    about = make_analysed(["Nobody spoke to the nursery."], names=("Peter Pan", "Baby P"))
    plain = make_analysed(["The baby was weighed.", "Point p of the plan."])
    writer.add([*plain, *about])
    writer.close()
    held = WordIndex(tmp_path / "w")
    named = [row for row, _ in held.named(read_word_query("what of Baby P then"), limit=9)]
    assert named == [2]
    assert 2 in rows(held, "Baby P")


@pytest.mark.parametrize(
    ("name", "query", "found"),
    [
        ("Laming report", "what did Laming say", True),
        ("Arthur and Star national review", "the Arthur and Star review on wider family", True),
        ("Child A", "was the child a victim", False),
        ("E", "e", False),
        ("Ann Example", "an example", False),
        ("Victoria Climbié", "victoria climbie", True),
    ],
)
def test_a_name_counts_only_whole(tmp_path: Path, name: str, query: str, found: bool) -> None:
    held = write_words(tmp_path / "w", ["They say what the wider victim saw."], names=(name,))
    assert bool(held.named(read_word_query(query), limit=9)) == found


def test_a_word_in_the_text_outranks_one_in_the_names(tmp_path: Path) -> None:
    writer = WordWriter(tmp_path / "w")
    writer.add(make_analysed(["Nobody spoke."], names=("Nursery review",)))
    writer.add(make_analysed(["The nursery spoke."]))
    writer.close()
    assert rows(WordIndex(tmp_path / "w"), "nursery") == [1, 0]


@pytest.mark.parametrize("share", [0.02, 0.5, 1.0])
def test_filtered_ranking_is_the_unfiltered_one_without_the_others(
    tmp_path: Path, share: float
) -> None:
    chance = np.random.default_rng(3)
    vocabulary = [f"word{number}" for number in range(30)]
    texts = [" ".join(chance.choice(vocabulary, size=12)) + f" n{n}" for n in range(400)]
    held = write_words(tmp_path / "w", texts)
    allowed = chance.random(400) < share
    query = read_word_query("word1 word2 word3")
    everything = held.best(query, limit=400)
    expected = [row for row, _ in everything if allowed[row]][:25]
    assert [row for row, _ in held.best(query, limit=25, allowed=allowed)] == expected


def test_equal_scores_fall_in_row_order(tmp_path: Path) -> None:
    held = write_words(tmp_path / "w", [f"same bruises {n}" for n in range(50)])
    assert rows(held, "bruises", limit=50) == list(range(50))


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    held = write_words(tmp_path / "w", [])
    assert rows(held, "bruises") == []
    assert held.with_phrases(read_word_query('"a b"')).tolist() == []


def test_a_missing_or_broken_folder_names_the_command_that_mends_it(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "meta.json").write_text("{")
    for name in ("missing", "broken"):
        with pytest.raises(StaleIndexError, match="throughline analyse"):
            WordIndex(tmp_path / name)


def test_the_glossary_that_ships_is_read_whole() -> None:
    assert load_synonyms()[("mash",)]
    assert len(load_synonyms()) > 100


def test_the_longest_glossary_entry_wins() -> None:
    found = find_synonyms(stems_of("an information sharing agreement"))
    assert len(found) == 1
    assert stems_of("data sharing agreement") in found[0]


@pytest.mark.parametrize(
    "toml",
    [
        '[[group]]\nid = "a"\nwords = ["one"]',
        '[[group]]\nid = "a"\nwords = ["one", "ones"]',
        '[[group]]\nid = "a"\nwords = ["one", "!"]',
        '[[group]]\nwords = ["one", "two"]',
        '[[group]]\nid = "a"\nwords = ["b", "c"]\n[[group]]\nid = "a"\nwords = ["d", "e"]',
    ],
)
def test_a_malformed_glossary_group_is_refused(toml: str) -> None:
    with pytest.raises(InvalidInputError, match="group"):
        read_synonyms(toml)
