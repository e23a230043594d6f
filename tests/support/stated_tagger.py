"""A tagger that says what it was told to say of each text, with real vectors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.model import Code, Kind, Span
from nlp.codebook import load_codebook
from nlp.embed import Vectors, shared_encoder


@dataclass(frozen=True)
class _Found:
    code: Code
    evidence: tuple[Span, ...]
    support: tuple[str, ...]
    score: float = 0.87
    confident: bool = True


@dataclass(frozen=True)
class _Tags:
    codes: tuple[_Found, ...]
    theme_scores: Mapping[str, float]
    vector: Vectors
    untagged: None = None


class StatedTagger:
    """Gives each text its codes, each on the first cue of its theme that stands there."""

    version = "stated-1"

    def __init__(self, stated: Mapping[str, Sequence[Code]]) -> None:
        self._stated = stated

    def tag(self, texts: Sequence[str], kinds: Sequence[Kind]) -> list[_Tags]:
        """Tag passages; same order."""
        assert len(texts) == len(kinds)
        vectors = shared_encoder().encode(texts)
        return [self._tags(text, vector) for text, vector in zip(texts, vectors, strict=True)]

    def _tags(self, text: str, vector: Vectors) -> _Tags:
        codes = self._stated.get(text, ())
        return _Tags(
            codes=tuple(_found(code, text) for code in codes),
            theme_scores={code.theme: 0.9 for code in codes},
            vector=vector,
        )


def _found(code: Code, text: str) -> _Found:
    cues = load_codebook().theme(code.theme).cues
    cue = next((one for one in cues if one.phrase in text), None)
    if cue is None:
        return _Found(code, (), ())
    at = text.index(cue.phrase)
    return _Found(code, (Span(at, at + len(cue.phrase)),), (cue.cue_id,))
