import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.errors import InvalidInputError
from corpus.ids import CaptureId, DocumentId, PassageId, ReviewId, digest, short_digest


def test_parts_that_join_to_the_same_text_give_different_digests() -> None:
    assert digest("t", 1, 12) != digest("t", 11, 2)
    assert digest("ab", "c") != digest("a", "bc")


def test_identifiers_refuse_a_trailing_newline() -> None:
    with pytest.raises(InvalidInputError, match="not a review id"):
        ReviewId("maria-colwell-1974\n")


@pytest.mark.parametrize("text", ["", "Maria-Colwell", "a--b", "-a", "a_b", "../x"])
def test_review_ids_are_lower_case_slugs(text: str) -> None:
    with pytest.raises(InvalidInputError):
        ReviewId(text)


def test_capture_ids_are_whole_hashes() -> None:
    assert CaptureId("0" * 64) == "0" * 64
    with pytest.raises(InvalidInputError, match="capture"):
        CaptureId("0" * 63)


@given(st.text(), st.integers(0, 10**6), st.integers(0, 10**6))
def test_made_ids_have_their_own_form(identity: str, start: int, end: int) -> None:
    document_id = DocumentId.of(identity, "0" * 64)
    assert DocumentId(document_id) == document_id
    passage_id = PassageId.of(document_id, start, end)
    assert PassageId(passage_id) == passage_id


def test_a_new_text_is_a_new_document() -> None:
    assert DocumentId.of("page", "a") != DocumentId.of("page", "b")


def test_short_digests_avoid_letters_that_look_like_digits() -> None:
    seen = set("".join(short_digest(number) for number in range(500)))
    assert not seen & set("ilou")
    assert len(seen) == 32
