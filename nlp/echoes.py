"""Echoes: where an earlier or later review found the same failing in the likest words."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.dates import PartialDate
from corpus.findings import findings_of
from corpus.ids import PassageId
from corpus.model import Finding
from corpus.recurrence import Evidence, is_failing, recurrence
from corpus.store import Store
from nlp.embed import Vectors

Direction = Literal["earlier", "later"]

VectorsOf = Callable[[Sequence[str]], Mapping[str, Vectors]]


@dataclass(frozen=True, kw_only=True)
class Echo:
    """One finding of another review, nearest in meaning in its direction."""

    theme: str
    direction: Direction
    years_between: int
    similarity: float
    """Cosine of the two passages' vectors."""
    finding: Finding

    @property
    def passage_id(self) -> PassageId:
        """The passage that echoes."""
        return self.finding.passage_id


@dataclass(frozen=True, kw_only=True)
class Echoes:
    """The failings of a passage, and at most one echo of each in each direction."""

    themes: tuple[str, ...]
    echoes: tuple[Echo, ...]


@dataclass(frozen=True)
class _Candidate:
    date: PartialDate
    evidence: Evidence


def find_echoes(store: Store, vectors_of: VectorsOf, passage_id: str) -> Echoes:
    """Find the echoes of one passage: by theme, the earlier before the later.

    Only failings that a review found in its own voice echo, in another review that looks
    at another case and is dated another day. A passage of a document that belongs to no
    dated review, or that is not indexed, has none.

    Args:
        store: what is held.
        vectors_of: :meth:`nlp.search.Searcher.vectors_of`.
        passage_id: the passage.

    Raises:
        PassageNotFoundError: there is none with this id.
        StaleIndexError: there is no index.
    """
    passage = store.get_passage(passage_id)
    found = findings_of(store, [passage.passage_id]).get(passage.passage_id, [])
    themes = tuple(sorted({finding.code.theme for finding in found if is_failing(finding)}))
    review_id = store.get_document(passage.document_id).review_id
    here = store.get_review(review_id) if review_id else None
    if here is None or here.published is None or not themes:
        return Echoes(themes=themes, echoes=())
    candidates = [
        _Candidate(entry.review.published, item)
        for entry in recurrence(store, themes=themes).entries
        if entry.review.published and entry.review.case_id != here.case_id
        for item in entry.evidence
        if is_failing(item.finding)
    ]
    ids = sorted({candidate.evidence.passage.passage_id for candidate in candidates})
    vectors = vectors_of([passage.passage_id, *ids])
    if passage.passage_id not in vectors:
        return Echoes(themes=themes, echoes=())
    likeness = {
        each: float(vector @ vectors[passage.passage_id]) for each, vector in vectors.items()
    }
    return Echoes(
        themes=themes,
        echoes=tuple(
            echo
            for theme in themes
            for echo in _of_theme(theme, here.published, candidates, likeness)
        ),
    )


def _of_theme(
    theme: str,
    date: PartialDate,
    candidates: Iterable[_Candidate],
    likeness: Mapping[str, float],
) -> list[Echo]:
    best: dict[Direction, Echo] = {}
    for candidate in candidates:
        finding = candidate.evidence.finding
        if finding.code.theme != theme or finding.passage_id not in likeness:
            continue
        if str(candidate.date) == str(date):
            continue
        direction: Direction = "earlier" if str(candidate.date) < str(date) else "later"
        echo = Echo(
            theme=theme,
            direction=direction,
            years_between=abs(candidate.date.year - date.year),
            similarity=likeness[finding.passage_id],
            finding=finding,
        )
        held = best.get(direction)
        if held is None or (-echo.similarity, echo.passage_id) < (
            -held.similarity,
            held.passage_id,
        ):
            best[direction] = echo
    return [best[direction] for direction in ("earlier", "later") if direction in best]
