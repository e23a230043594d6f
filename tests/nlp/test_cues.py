"""Cue phrases are found where a reader would see them."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InvalidInputError
from nlp.codebook import Cue, load_codebook
from nlp.cues import CueFinder, CueMatch, find_cues


def cue(phrase: str, cue_id: str = "TST-001", theme_id: str = "some-theme") -> Cue:
    return Cue(cue_id=cue_id, phrase=phrase, theme_id=theme_id)


def cues(*phrases: str) -> tuple[Cue, ...]:
    return tuple(cue(phrase, f"TST-{number:03d}") for number, phrase in enumerate(phrases, start=1))


def spans(text: str, *phrases: str) -> list[str]:
    return [text[m.start_char : m.end_char] for m in find_cues(text, cues(*phrases))]


def test_cue_at_start_of_passage_is_found_with_its_offsets() -> None:
    assert find_cues("Without consent, no call.", (cue("without consent"),)) == [
        CueMatch(cue_id="TST-001", theme_id="some-theme", start_char=0, end_char=15)
    ]


def test_cue_at_end_of_passage_is_found() -> None:
    assert spans("They decided in silos", "in silos") == ["in silos"]


def test_no_cue_gives_an_empty_list() -> None:
    assert find_cues("The weather was fine.", cues("in silos")) == []
    assert find_cues("", cues("in silos")) == []
    assert find_cues("in silos", ()) == []


def test_part_of_a_word_is_no_match() -> None:
    assert spans("A siloedness of untimely notes", "siloed", "timely") == []


def test_hyphens_and_apostrophes_end_a_word() -> None:
    assert spans("UK-GDPR and the parents' view", "GDPR", "parents") == ["GDPR", "parents"]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("kept at arm’s length", "kept at arm's length"),
        ("kept at arm's length", "kept at arm’s length"),
        ("a “fixed” view", 'a "fixed" view'),
        ("a need–to‑know basis", "need-to-know basis"),
        ("WITHOUT\n  \u00a0CONSENT", "without consent"),
        ("withdrew consent", "  withdrew\tconsent "),
    ],
)
def test_quotes_dashes_case_and_white_space_are_alike(text: str, phrase: str) -> None:
    (match,) = find_cues(text, cues(phrase))
    assert match.end_char - match.start_char >= len(phrase.strip()) - 1
    assert text[match.end_char :] == ""


def test_a_character_that_grows_when_lowered_does_not_move_the_offsets() -> None:
    text = "İİİ staff worked in silos"
    assert spans(text, "in silos") == ["in silos"]


def test_the_longer_of_two_overlapping_cues_wins_even_when_it_starts_later() -> None:
    text = "It was not shared with the wrong family"
    assert spans(text, "not shared with", "shared with the wrong") == ["shared with the wrong"]


def test_a_short_cue_beside_a_lost_longer_one_is_kept() -> None:
    text = "in silos without consent of the partners"
    assert spans(text, "in silos", "in silos without", "silos without", "without consent of") == [
        "in silos",
        "without consent of",
    ]


def test_a_cue_is_found_each_time() -> None:
    assert spans("no access, no access, no access", "no access") == ["no access"] * 3


def test_cues_worded_alike_are_both_reported_at_the_same_place() -> None:
    matches = find_cues("He did not attend.", load_codebook().cues)
    assert [(m.cue_id[:3], m.start_char, m.end_char) for m in matches] == [
        ("MSG", 3, 17),
        ("OSS", 3, 17),
    ]


def test_the_order_of_the_cues_does_not_matter() -> None:
    text = "Checks were not made without consent, so the full picture was lost."
    every = load_codebook().cues
    assert find_cues(text, every) == find_cues(text, tuple(reversed(every)))


def test_a_cue_without_a_phrase_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="TST-001"):
        CueFinder([cue("  ")])


def test_every_cue_of_the_codebook_is_found_in_a_sentence_made_of_it() -> None:
    finder = CueFinder(load_codebook().cues)
    for each in load_codebook().cues:
        text = f"Here, {each.phrase}, and so on."
        assert each.cue_id in {match.cue_id for match in finder.find(text)}, each


# Few letters, so that cues meet and overlap; the others are what folding is about.
_CHARACTERS = "aabb  -’'\n\u00a0Aİß_–."
_TEXTS = st.text(alphabet=_CHARACTERS, max_size=40) | st.text(max_size=40)
_CUES = st.lists(
    st.text(alphabet=_CHARACTERS, min_size=1, max_size=6).filter(lambda phrase: phrase.strip()),
    max_size=6,
).map(lambda phrases: cues(*phrases))


@given(_TEXTS, _CUES)
def test_offsets_lie_within_the_text_and_slice_the_phrase(
    text: str, given_cues: tuple[Cue, ...]
) -> None:
    by_id = {each.cue_id: each for each in given_cues}
    for match in find_cues(text, given_cues):
        assert 0 <= match.start_char < match.end_char <= len(text)
        found = text[match.start_char : match.end_char]
        assert _plain(found) == _plain(by_id[match.cue_id].phrase)


@given(_TEXTS, _CUES)
def test_matches_stand_in_reading_order_and_never_overlap(
    text: str, given_cues: tuple[Cue, ...]
) -> None:
    matches = find_cues(text, given_cues)
    assert matches == sorted(matches, key=lambda m: (m.start_char, m.cue_id))
    places = sorted({(m.start_char, m.end_char) for m in matches})
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(places))


@given(_TEXTS, _CUES)
def test_matches_are_those_of_a_plain_search(text: str, given_cues: tuple[Cue, ...]) -> None:
    found = {(m.start_char, m.end_char, m.cue_id) for m in find_cues(text, given_cues)}
    assert found == _plain_search(text, given_cues)


def _plain(text: str) -> str:
    for like, kept in (("’", "'"), ("–", "-")):
        text = text.replace(like, kept)
    return " ".join("".join(c.lower()[0] for c in text).split())


def _plain_search(text: str, given_cues: tuple[Cue, ...]) -> set[tuple[int, int, str]]:
    """Try every span against every cue, then keep the longest phrases first."""
    places = sorted(
        (-len(_plain(each.phrase)), start, end)
        for each in given_cues
        for start in range(len(text))
        for end in range(start + 1, len(text) + 1)
        if _stands(text, start, end, each.phrase)
    )
    kept: list[tuple[int, int]] = []
    for _, start, end in places:
        if all(end <= s or e <= start for s, e in kept):
            kept.append((start, end))
    return {
        (start, end, each.cue_id)
        for start, end in kept
        for each in given_cues
        if _stands(text, start, end, each.phrase)
    }


def _stands(text: str, start: int, end: int, phrase: str) -> bool:
    span = text[start:end]
    if span != span.strip() or _plain(span) != _plain(phrase):
        return False
    return not (_joined(text, start) or _joined(text, end))


def _joined(text: str, place: int) -> bool:
    """Whether a word runs across this place."""
    return 0 < place < len(text) and all(_in_word(c) for c in text[place - 1 : place + 1])


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"
