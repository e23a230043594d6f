"""A tagger small enough to reason about: one word, one theme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fakes import FakeEncoder
from samples import make_code

from corpus.model import Code, Kind, Span
from nlp.embed import Vectors


@dataclass(frozen=True)
class KeywordCode:
    """A code found by its word."""

    code: Code
    score: float
    confident: bool
    evidence: tuple[Span, ...]
    support: tuple[str, ...]


@dataclass(frozen=True)
class KeywordTags:
    """What the keyword tagger says of one passage."""

    codes: tuple[KeywordCode, ...]
    untagged: str | None
    vector: Vectors
    theme_scores: Mapping[str, float]


class KeywordTagger:
    """Tags passages that hold the word ``consent``; declines those in Welsh (``mae``)."""

    def __init__(self, version: str = "keyword-1") -> None:
        self.version = version
        self.read: list[str] = []
        self._encoder = FakeEncoder()

    def tag(self, texts: Sequence[str], kinds: Sequence[Kind]) -> list[KeywordTags]:
        assert len(texts) == len(kinds)
        self.read += texts
        vectors = self._encoder.encode(texts)
        return [_tags(text, vector) for text, vector in zip(texts, vectors, strict=True)]


def _tags(text: str, vector: Vectors) -> KeywordTags:
    words = text.lower().split()
    at = text.lower().find("consent")
    codes: tuple[KeywordCode, ...] = ()
    if at >= 0:
        code = make_code("consent-treated-as-required")
        codes = (KeywordCode(code, 0.8, True, (Span(at, at + 7),), ("CON-001",)),)
    scores = {one.code.theme: one.score for one in codes}
    return KeywordTags(codes, "other-language" if "mae" in words else None, vector, scores)
