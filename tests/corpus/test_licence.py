import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.licence import COPY_DAMAGED, SHOWN_WORDS, shown_text
from corpus.model import LicenceTier

LONG = " ".join(f"word{number}" for number in range(80))


def test_open_text_is_shown_whole() -> None:
    assert shown_text(LONG, LicenceTier.OPEN, ()) == (LONG, False)


@pytest.mark.parametrize(("tier", "words"), [(LicenceTier.OWNER, 50), (LicenceTier.PRESS, 25)])
def test_other_text_is_cut_to_its_number_of_words(tier: LicenceTier, words: int) -> None:
    shown, cut = shown_text(LONG, tier, ())
    assert cut
    assert len(shown.split()) == words


def test_text_of_exactly_the_allowed_length_is_not_cut() -> None:
    text = " ".join(["word"] * 25)
    assert shown_text(text, LicenceTier.PRESS, ()) == (text, False)


@pytest.mark.parametrize("tier", [LicenceTier.PERMISSION, LicenceTier.NEVER])
def test_nothing_is_shown_without_permission(tier: LicenceTier) -> None:
    assert shown_text("A word.", tier, ()) == ("", True)


def test_nothing_is_shown_where_the_stored_copy_is_damaged() -> None:
    assert shown_text("A word.", LicenceTier.OPEN, (COPY_DAMAGED,)) == ("", True)


def test_every_tier_has_a_limit() -> None:
    assert set(SHOWN_WORDS) == set(LicenceTier)


@given(st.text(), st.sampled_from(LicenceTier))
def test_what_is_shown_is_a_beginning_of_the_text_so_offsets_hold(
    text: str, tier: LicenceTier
) -> None:
    shown, cut = shown_text(text, tier, ())
    assert text.startswith(shown)
    if not cut:
        assert shown == text
