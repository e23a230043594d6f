"""Reviews that a query calls by a name: only by names that the publisher shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from corpus.known_names import shown_names
from corpus.model import Review, Span
from nlp.pseudonyms import find_pseudonyms, pseudonyms_of
from nlp.tokens import Token, stems_of, stop_stems, tokenise
from nlp.word_query import MAX_NAME_STEMS, frame_stems, name_key

_SHORTEST_SURNAME = 3
_LONGEST_FRAME = 4


@dataclass(frozen=True)
class NamedReviews:
    """Reviews that a run of a query's words names."""

    span: Span
    """The name, and the frame after it: "Arthur and Star review"."""
    name: str
    """As the query writes it, without the frame."""
    review_ids: tuple[str, ...]
    framed: bool
    """It is followed by "review", "inquiry", "report" or "case"."""


@dataclass(frozen=True)
class KnownNames:
    """What the reviews held are called, by :func:`nlp.word_query.name_key`.

    A review whose publisher kept the child anonymous is known by its title alone: a
    search for the child's name must not lead to it.
    """

    by_name: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Whole names and titles, and pseudonyms within them: key → review ids."""
    by_surname: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The last word of a case's names; counts only before a frame: "Climbié inquiry"."""

    @classmethod
    def of(cls, reviews: Iterable[Review]) -> "KnownNames":
        """Gather the names that may be shown."""
        by_name: dict[str, dict[str, None]] = {}
        by_surname: dict[str, dict[str, None]] = {}
        for review in reviews:
            shown = shown_names(review)
            for name in (review.title, *shown):
                for one in (name, *pseudonyms_of(name)):
                    by_name.setdefault(name_key(one), {})[review.review_id] = None
            for name in (name for name in shown if name in review.case_names):
                surname = name_key(name).rpartition(" ")[2]
                if len(surname) >= _SHORTEST_SURNAME:
                    by_surname.setdefault(surname, {})[review.review_id] = None
        return cls(
            {key: tuple(ids) for key, ids in by_name.items() if key},
            {key: tuple(ids) for key, ids in by_surname.items()},
        )

    def called(self, name: str) -> tuple[str, ...]:
        """The ids of the reviews that a whole name, a surname or an id stands for."""
        ids = {one for found in self.by_name.values() for one in found}
        if name in ids:
            return (name,)
        key = name_key(name)
        return self.by_name.get(key, ()) or self.by_surname.get(key, ())

    def find(self, text: str) -> list[NamedReviews]:
        """Find the names in a text: the longest at each place, left to right."""
        tokens = tokenise(text)
        pseudonyms = find_pseudonyms(text)
        found: list[NamedReviews] = []
        start = 0
        while start < len(tokens):
            named = self._longest(text, tokens, start, pseudonyms)
            if named is None:
                start += 1
                continue
            found.append(named[0])
            start = named[1]
        return found

    def _longest(
        self, text: str, tokens: Sequence[Token], start: int, pseudonyms: Sequence[Span]
    ) -> tuple[NamedReviews, int] | None:
        for end in range(min(len(tokens), start + MAX_NAME_STEMS), start, -1):
            run = tokens[start:end]
            key = " ".join(token.stem for token in run)
            after = _frame_end(tokens, end)
            framed = after > end
            if Span(run[0].start, run[-1].end) in pseudonyms:
                ids = self.by_name.get(key, ())
            else:
                ids = self._ids(key, run, framed=framed)
            if ids:
                span = Span(run[0].start, tokens[after - 1].end)
                name = text[run[0].start : run[-1].end]
                return NamedReviews(span, name, ids, framed), after
        return None

    def _ids(self, key: str, run: Sequence[Token], *, framed: bool) -> tuple[str, ...]:
        if run[0].stem in stop_stems() or run[-1].stem in stop_stems():
            return ()
        # A lone letter or a common word is a name only where a review is spoken of.
        if len(key) > 2 and (framed or _is_telling(run)):
            exact = self.by_name.get(key, ())
            if exact:
                return exact
        return self.by_surname.get(key, ()) if framed and len(run) == 1 else ()


def _is_telling(run: Sequence[Token]) -> bool:
    # "Child A" in the midst of a sentence is hardly ever the one review of that name.
    return len(run) > 1 or len(run[0].stem) > 4


def _frame_end(tokens: Sequence[Token], at: int) -> int:
    """Where the frame after a name ends: "national review"; ``at`` where there is none."""
    for end in range(at, min(len(tokens), at + _LONGEST_FRAME)):
        if tokens[end].stem in _frame_heads():
            return end + 1
        if tokens[end].stem not in frame_stems():
            break
    return at


@cache
def _frame_heads() -> frozenset[str]:
    return frozenset(stems_of("review inquiry enquiry report case reviews"))
