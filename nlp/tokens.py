"""Text to stems with their places, by the one analyser that indexes and queries share."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tantivy

ANALYSER = "throughline_english"
"""The analyser's name in a word index; its rules are part of the index format."""

# A word keeps its apostrophe, so that the stemmer takes "child’s" back to "child" and
# leaves no lone "s"; everything else that is not a letter or a digit ends a word.
_WORD = r"[\p{L}\p{N}]+(?:['’][\p{L}\p{N}]+)*"
_LONGEST_WORD = 100

# Words that carry no meaning of their own in a question. "no", "not" and "without" do.
_STOP_WORDS = (
    "a about am an and any are as at be been being but by can could did do does for from had has "
    "have he her him his how i if in into is it its may me might must my of on or our should so "
    "such than that the their them then there these they this those to us was we were what when "
    "where whether which while who whom whose why will with would you your"
)


@dataclass(frozen=True)
class Token:
    """One word of a text: its stem, and where it stands."""

    stem: str
    start: int
    """Half-open character offsets into the text, exactly as given."""
    end: int


@cache
def analyser() -> "tantivy.TextAnalyzer":
    """Build the analyser: words, lower case, no accents, English (Snowball) stems."""
    import tantivy  # noqa: PLC0415 - most commands search for nothing

    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.regex(_WORD))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.remove_long(_LONGEST_WORD))
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def encodable(text: str) -> str:
    """Put ``?`` for each lone surrogate, which UTF-8 cannot hold; offsets stay as they are."""
    return text.encode(errors="replace").decode()


def tokenise(text: str) -> list[Token]:
    """Split any text into stems, in reading order; empty where there is no word in it.

    Lone surrogates, which no encoding can hold, count as characters that end a word.
    """
    found = analyser().pre_tokenize(encodable(text)).tokens
    return [Token(token.text, token.char_offset_from, token.char_offset_to) for token in found]


def stems_of(text: str) -> tuple[str, ...]:
    """The stems of a text, in reading order."""
    return tuple(token.stem for token in tokenise(text))


@cache
def stop_stems() -> frozenset[str]:
    """Stems that a query passes over while it has others."""
    return frozenset(stems_of(_STOP_WORDS))
