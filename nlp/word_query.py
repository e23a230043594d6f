"""What a person typed, as words to look for: any input is safe, none is an error."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from corpus.model import Span
from nlp.pseudonyms import find_pseudonyms
from nlp.synonyms import Stems, find_synonyms
from nlp.tokens import Token, stop_stems, tokenise

MAX_QUERY_CHARS = 200_000
"""What is read of a query; what comes after is passed over."""
MAX_PHRASES = 16
MAX_PHRASE_STEMS = 64
MAX_SYNONYM_STEMS = 64
"""Queries longer than this are pasted paragraphs: they hold their own synonyms."""

MAX_NAME_STEMS = 6

_FRAME_WORDS = "the review report inquiry national serious case audit"
QUOTED = re.compile(r'["“”]([^"“”]+)["“”]')


@dataclass(frozen=True)
class WordQuery:
    """A query's words as stems; every part may be empty."""

    terms: tuple[str, ...] = ()
    """Distinct stems in order of appearance, those of quoted phrases too; without stop
    words, unless there is nothing else."""
    phrases: tuple[Stems, ...] = ()
    """What stood between double quotes, to be found as it stands."""
    synonyms: tuple[tuple[Stems, ...], ...] = ()
    """For each glossary entry in the query, its other names."""
    names: tuple[str, ...] = ()
    """Runs of its words, in the form of :func:`name_key`, that a case may be called by."""
    pseudonyms: tuple[Stems, ...] = ()
    """Those of its words that stand for a child's name: "Child A"."""

    @property
    def is_empty(self) -> bool:
        """Whether there is no word to look for."""
        return not self.terms


def read_word_query(text: str) -> WordQuery:
    """Read a query as plain words: nothing in it is syntax but double quotes.

    A lone quote, brackets, operators and signs are passed over like any punctuation.
    """
    text = text[:MAX_QUERY_CHARS]
    stems = [token.stem for token in tokenise(text)]
    phrases = [
        tuple(token.stem for token in tokenise(match[1]))[:MAX_PHRASE_STEMS]
        for match in QUOTED.finditer(text)
    ]
    content = [stem for stem in stems if stem not in stop_stems()]
    short = len(stems) <= MAX_SYNONYM_STEMS
    unquoted = [token.stem for token in tokenise(QUOTED.sub(" ", text))] if short else []
    return WordQuery(
        terms=tuple(dict.fromkeys(content or stems)),
        phrases=tuple(dict.fromkeys(phrase for phrase in phrases if phrase))[:MAX_PHRASES],
        synonyms=tuple(find_synonyms(unquoted)),
        names=tuple(dict.fromkeys(_possible_names(stems))) if short else (),
        pseudonyms=_pseudonyms(text) if short else (),
    )


def _pseudonyms(text: str) -> tuple[Stems, ...]:
    found = (tokenise(text[span.start : span.end]) for span in find_pseudonyms(text))
    return tuple(dict.fromkeys(tuple(token.stem for token in run) for run in found))


def says_something(text: str) -> bool:
    """Whether a query has a word besides reviews, pseudonyms, numbers and stop words."""
    for span in find_pseudonyms(text):
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    passed_over = stop_stems() | frame_stems()
    stems = (token.stem for token in tokenise(text))
    return any(not stem.isdigit() and stem not in passed_over for stem in stems)


def name_key(name: str) -> str:
    """The form in which whole names are compared: stems, without "the ... review" around."""
    stems = [token.stem for token in tokenise(name)]
    while len(stems) > 1 and stems[-1] in frame_stems():
        stems.pop()
    while len(stems) > 1 and stems[0] in frame_stems():
        stems.pop(0)
    return " ".join(stems)


@cache
def frame_stems() -> frozenset[str]:
    """Stems that stand around a review's name: "the … serious case review"."""
    return frozenset(token.stem for token in tokenise(_FRAME_WORDS))


def _possible_names(stems: Sequence[str]) -> list[str]:
    stops = stop_stems()
    runs = [
        stems[start:end]
        for start in range(len(stems))
        for end in range(start + 1, min(start + MAX_NAME_STEMS, len(stems)) + 1)
    ]
    # "was the child a victim" does not ask for Child A, nor a lone letter for Child E.
    return [
        " ".join(run)
        for run in runs
        if run[0] not in stops and run[-1] not in stops and len(" ".join(run)) > 2
    ]


def matched_spans(query: WordQuery, text: str) -> tuple[Span, ...]:
    """Find where a text holds the query's words, their other forms and their synonyms.

    Returns:
        Half-open spans in reading order that do not overlap; a phrase is one span.
    """
    if query.is_empty:
        return ()
    tokens = tokenise(text)
    runs = [*query.phrases, *(other for found in query.synonyms for other in found)]
    single = set(query.terms) | {run[0] for run in runs if len(run) == 1}
    spans = [Span(token.start, token.end) for token in tokens if token.stem in single]
    for run in runs:
        if len(run) > 1:
            spans += _run_spans(tokens, run)
    return _merged(spans)


def _run_spans(tokens: Sequence[Token], run: Stems) -> list[Span]:
    length = len(run)
    return [
        Span(tokens[at].start, tokens[at + length - 1].end)
        for at in range(len(tokens) - length + 1)
        if tokens[at].stem == run[0]
        and all(tokens[at + step].stem == run[step] for step in range(1, length))
    ]


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged)
