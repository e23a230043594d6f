"""Which findings can echo one, and how far each agrees with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from corpus.failings import Failing, failings_of_reviews
from corpus.ids import PassageId
from corpus.model import Passage, Review
from corpus.store import Store
from nlp.echo_agreement import Agreement, Text, Weights, agree, rarity, read_text
from nlp.embed import Vectors

Direction = Literal["earlier", "later"]
DIRECTIONS: tuple[Direction, ...] = ("earlier", "later")

_OF_KIN = 80
_OF_OTHERS = 40
"""Candidates in each direction whose texts are read: of the same top theme, and of others."""

VectorsOf = Callable[[Sequence[str]], Mapping[str, Vectors]]


@dataclass(frozen=True)
class Subject:
    """The passage asked about."""

    passage: Passage
    review: Review
    text: Text


@dataclass(frozen=True)
class Candidate:
    """A passage that could echo."""

    failing: Failing
    """One of the passage's; they differ in theme only."""
    themes: frozenset[str]
    similarity: float
    direction: Direction


@dataclass(frozen=True)
class Compared:
    """A candidate with its text, compared with the subject's."""

    candidate: Candidate
    passage: Passage
    text: Text
    agreement: Agreement
    score: float


def find_candidates(
    store: Store, vectors_of: VectorsOf, subject: Subject, rollup: Mapping[str, str]
) -> list[Candidate] | None:
    """Choose whose texts are worth reading, by meaning; ``None`` without a vector of our own."""
    here = subject.review
    themes: dict[PassageId, set[str]] = {}
    failings: dict[PassageId, Failing] = {}
    for failing in failings_of_reviews(store, rollup):
        # Within one year no finding is earlier or later by enough to have been learned from.
        if failing.case_id != here.case_id and failing.published.year != year_of(here):
            failings[failing.passage_id] = failing
            themes.setdefault(failing.passage_id, set()).add(failing.theme)
    vectors = vectors_of([subject.passage.passage_id, *failings])
    own = vectors.get(subject.passage.passage_id)
    if own is None:
        return None
    held = [passage_id for passage_id in failings if passage_id in vectors]
    cosines = np.stack([vectors[each] for each in held]) @ own if held else np.empty(0)
    found = [
        Candidate(
            failings[passage_id],
            frozenset(themes[passage_id]),
            float(cosine),
            "earlier" if failings[passage_id].published.year < year_of(here) else "later",
        )
        for passage_id, cosine in zip(held, cosines, strict=True)
    ]
    return _nearest(found, {rollup.get(each) for each in subject.text.themes}, rollup)


def _nearest(
    found: Iterable[Candidate], tops: set[str | None], rollup: Mapping[str, str]
) -> list[Candidate]:
    room = {
        (direction, kin): _OF_KIN if kin else _OF_OTHERS
        for direction in DIRECTIONS
        for kin in (True, False)
    }
    kept = []
    for candidate in sorted(found, key=lambda each: (-each.similarity, each.failing.passage_id)):
        kin = any(rollup.get(theme) in tops for theme in candidate.themes)
        if room[candidate.direction, kin]:
            room[candidate.direction, kin] -= 1
            kept.append(candidate)
    return kept


def compare(
    store: Store,
    subject: Subject,
    candidates: Sequence[Candidate],
    rollup: Mapping[str, str],
    weights: Weights,
) -> list[Compared]:
    """Read the candidates' texts, and keep those that agree enough, in no order."""
    ids = [candidate.failing.passage_id for candidate in candidates]
    passages = {passage.passage_id: passage for passage in store.get_passages(ids)}
    texts = {
        candidate.failing.passage_id: read_text(
            passages[candidate.failing.passage_id].text, candidate.themes
        )
        for candidate in candidates
        if candidate.failing.passage_id in passages
    }
    rare = rarity([subject.text, *texts.values()])
    compared = []
    for candidate in candidates:
        passage_id = candidate.failing.passage_id
        if passage_id not in texts:
            continue
        agreement = agree(
            subject.text,
            texts[passage_id],
            similarity=candidate.similarity,
            rollup=rollup,
            rare=rare,
        )
        score = agreement.score(weights)
        if score >= weights.least:
            compared.append(
                Compared(candidate, passages[passage_id], texts[passage_id], agreement, score)
            )
    return compared


def year_of(review: Review) -> int:
    """The year of publication; 0 where it is not known."""
    return review.published.year if review.published else 0
