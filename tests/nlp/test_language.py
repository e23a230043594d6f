"""Telling English from other languages."""

import pytest

from nlp.language import is_english


@pytest.mark.parametrize(
    "text",
    [
        "Mae'r adolygiad wedi nodi bod y plentyn yn byw gyda ei fam ac nad oedd neb yn gwybod.",
        "Szkoła nie wiedziała, że rodzina jest znana policji, i nie przekazała informacji.",
        "A escola não sabia que a família era conhecida e não partilhou a informação.",
        "Die Schule wusste nicht, dass die Familie der Polizei bekannt ist und sagte das nicht.",
    ],
)
def test_other_languages_are_told_apart(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "The nursery was not told that Mrs Llewelyn had moved to Ynys y Fro.",
        "Not shared with the GP.",
        "7 August: third birthday. 19 August: dental extraction. 5 September: starts pre-school.",
        "",
    ],
)
def test_english_with_names_and_notes_stays_english(text: str) -> None:
    assert is_english(text)
