"""Echoes: where earlier and later reviews found the same failing, and in what they agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.dates import PartialDate
from corpus.echo_answers import Opinion, opinions_on
from corpus.failings import get_reviews, lead_ins, speaks_for_itself
from corpus.findings import findings_of
from corpus.ids import PassageId
from corpus.model import Attribution, Finding, Review, Stance
from corpus.recurrence import REVIEW_KINDS
from corpus.store import Store
from nlp.codebook import load_codebook
from nlp.echo_agreement import (
    Agreement,
    Shared,
    Weights,
    load_weights,
    read_text,
    shared,
)
from nlp.echo_candidates import (
    DIRECTIONS,
    Compared,
    Direction,
    Subject,
    VectorsOf,
    compare,
    find_candidates,
    year_of,
)
from nlp.echo_quotes import LaterText, restates, same_events, same_people

Basis = Literal["same-theme", "sibling-theme", "other-theme"]
"""How the two findings' themes stand to each other; siblings share their top theme."""

Absence = Literal[
    "not-of-a-review", "undated", "no-failing", "restated", "not-indexed", "nothing-near"
]
"""Why there is no echo: one word for programs; :data:`WHY` has the sentence."""

WHY: Mapping[Absence, str] = {
    "not-of-a-review": "Only findings of reviews echo, and this passage is of no review: news, "
    "guidance and research mention what others found.",
    "undated": "It is not known when this review was published, so nothing is earlier or later.",
    "no-failing": "No failing was found in this passage in the review's own voice.",
    "restated": "This passage tells what another review found; ask for the echoes of that one.",
    "not-indexed": "This passage is not indexed yet. Run: throughline analyse",
    "nothing-near": "No earlier or later review held here found anything near enough.",
}

DEFAULT_LIMIT = 3
LARGEST_LIMIT = 20
"""Echoes in each direction."""


@dataclass(frozen=True, kw_only=True)
class Echo:
    """One finding of another review, with what it has in common with the one asked about."""

    theme: str
    """The theme of the finding asked about that it echoes."""
    basis: Basis
    direction: Direction
    years_between: int
    similarity: float
    """Cosine of the two passages' vectors."""
    score: float
    """The weighted sum of the agreements; only its order means anything."""
    agreement: Agreement
    actors: tuple[Shared, ...]
    objects: tuple[Shared, ...]
    mechanisms: tuple[Shared, ...]
    opinion: Opinion
    """How people answered when asked whether the two are the same failing."""
    finding: Finding
    review_id: str

    @property
    def passage_id(self) -> PassageId:
        """The passage that echoes."""
        return self.finding.passage_id


@dataclass(frozen=True, kw_only=True)
class Echoes:
    """The failings of a passage and their echoes: the earlier before the later, best first."""

    themes: tuple[str, ...]
    echoes: tuple[Echo, ...]
    absence: Absence | None
    """Why there is none; ``None`` where there is one."""
    published: PartialDate | None = None
    """When the review asked about was published, where the passage is of one."""

    def of(self, direction: Direction) -> tuple[Echo, ...]:
        """Those in one direction, best first."""
        return tuple(echo for echo in self.echoes if echo.direction == direction)


def find_echoes(
    store: Store,
    vectors_of: VectorsOf,
    passage_id: str,
    *,
    theme: str | None = None,
    limit: int = DEFAULT_LIMIT,
    rollup: Mapping[str, str] | None = None,
    weights: Weights | None = None,
) -> Echoes:
    """Find the echoes of one passage: by direction, best first, one of each case.

    Only failings echo that a review found in its own voice, or our digest reports of it; in a
    review of another case, published in another year. A passage that quotes or restates the
    earlier review, or tells of one, is no echo. What more people call different than same or
    related stands behind the others. Some ten queries, however much is held.

    Args:
        store: what is held.
        vectors_of: :meth:`nlp.search.Searcher.vectors_of`.
        passage_id: the passage.
        theme: only echoes of the passage's finding on this theme.
        limit: most in each direction.
        rollup: sub-theme to top theme; the shipped codebook's if absent.
        weights: what each agreement counts for; those that ship if absent.

    Raises:
        PassageNotFoundError: there is none with this id.
        WithdrawnError: there was one.
        StaleIndexError: there is no index.
    """
    rollup = load_codebook().rollup if rollup is None else rollup
    subject = _subject(store, passage_id, theme)
    if not isinstance(subject, Subject):
        return subject
    themes = tuple(sorted(subject.text.themes))
    candidates = find_candidates(store, vectors_of, subject, rollup)
    if candidates is None:
        return Echoes(themes=themes, echoes=(), absence="not-indexed")
    near = compare(store, subject, candidates, rollup, weights or load_weights())
    echoes = _choose(store, subject, near, limit, rollup)
    return Echoes(
        themes=themes,
        echoes=tuple(echoes),
        absence=None if echoes else "nothing-near",
        published=subject.review.published,
    )


def _subject(store: Store, passage_id: str, theme: str | None) -> Subject | Echoes:
    passage = store.get_passage(passage_id)
    document = store.get_document(passage.document_id)
    found = findings_of(store, [passage.passage_id]).get(passage.passage_id, [])
    own = {
        finding.code.theme
        for finding in found
        if speaks_for_itself(finding, document.kind) and theme in (None, finding.code.theme)
    }
    themes = tuple(sorted(own))
    if document.review_id is None or document.kind not in REVIEW_KINDS:
        return Echoes(themes=(), echoes=(), absence="not-of-a-review")
    if not own:
        absence: Absence = "restated" if any(map(_is_restated, found)) else "no-failing"
        return Echoes(themes=(), echoes=(), absence=absence)
    review = store.get_review(document.review_id)
    if review.published is None:
        return Echoes(themes=themes, echoes=(), absence="undated")
    return Subject(passage, review, read_text(passage.text, own))


def _is_restated(finding: Finding) -> bool:
    return (
        finding.code.stance is Stance.FAILING and finding.code.attribution is Attribution.REPORTED
    )


def _choose(
    store: Store,
    subject: Subject,
    near: Sequence[Compared],
    limit: int,
    rollup: Mapping[str, str],
) -> list[Echo]:
    reviews = get_reviews(store, {each.candidate.failing.review_id for each in near})
    around = lead_ins(store, [subject.passage, *(each.passage for each in near)])
    ids = [each.passage.passage_id for each in near]
    opinions = opinions_on(store, subject.passage.passage_id, ids)
    chosen: list[Compared] = []
    for direction in DIRECTIONS:
        cases: set[str] = set()
        for each in sorted(near, key=lambda one: _rank(one, opinions)):
            failing = each.candidate.failing
            if each.candidate.direction != direction or failing.case_id in cases:
                continue
            if _is_echo(subject, each, reviews[failing.review_id], around):
                cases.add(failing.case_id)
                chosen.append(each)
                if len(cases) == limit:
                    break
    findings = findings_of(store, [each.passage.passage_id for each in chosen])
    return [
        _echo(subject, each, findings[each.passage.passage_id], opinions, rollup) for each in chosen
    ]


def _rank(each: Compared, opinions: Mapping[str, Opinion]) -> tuple[bool, float, str]:
    opinion = opinions.get(each.passage.passage_id, Opinion())
    return opinion.speaks_against, -each.score, each.passage.passage_id


def _is_echo(
    subject: Subject, each: Compared, review: Review, around: Mapping[PassageId, str]
) -> bool:
    if same_people(subject.review, review) or same_events(subject.review, review):
        return False
    later, earlier, of_earlier = (
        (subject.passage, each.passage, review)
        if each.candidate.direction == "earlier"
        else (each.passage, subject.passage, subject.review)
    )
    told = LaterText(text=later.text, around=around.get(later.passage_id, ""))
    return restates(told, earlier.text, of_earlier) is None


def _echo(
    subject: Subject,
    each: Compared,
    findings: Sequence[Finding],
    opinions: Mapping[str, Opinion],
    rollup: Mapping[str, str],
) -> Echo:
    here, there = subject.text, each.text
    theme, theirs, basis = _themes_that_meet(here.themes, there.themes, rollup)
    failing = each.candidate.failing
    return Echo(
        theme=theme,
        basis=basis,
        direction=each.candidate.direction,
        years_between=abs(failing.published.year - year_of(subject.review)),
        similarity=each.candidate.similarity,
        score=each.score,
        agreement=each.agreement,
        actors=shared(here.actors, there.actors),
        objects=shared(here.objects, there.objects),
        mechanisms=shared(here.mechanisms, there.mechanisms),
        opinion=opinions.get(each.passage.passage_id, Opinion()),
        finding=next(
            finding
            for finding in findings
            if finding.code.theme == theirs and finding.code.stance is Stance.FAILING
        ),
        review_id=failing.review_id,
    )


def _themes_that_meet(
    here: frozenset[str], there: frozenset[str], rollup: Mapping[str, str]
) -> tuple[str, str, Basis]:
    for theme in sorted(here & there):
        return theme, theme, "same-theme"
    for theme in sorted(here):
        for other in sorted(there):
            if rollup.get(theme) == rollup.get(other):
                return theme, other, "sibling-theme"
    return min(here), min(there), "other-theme"
