"""Illustrative passages: short, within licence, without withheld names, from many reviews."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from corpus.licence import SHOWN_WORDS
from corpus.model import Finding, Stance
from web.report.model import PassageFacts, Quote, ReviewFacts, Scope, ThemeQuotes

LONGEST_WORDS = 60
PER_THEME = 3
PER_PROPOSAL = 2

_SENTENCE_END = re.compile(r"[.!?][”’\"')\]]*(?=\s|$)")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A passage that could be shown for a theme."""

    passage: PassageFacts
    review: ReviewFacts
    by_people: bool
    evidence_end: int
    """Where the words that a machine's finding rests on end; 0 where none are named."""


class Chooser:
    """Chooses passages so that no review speaks for everything; the same ones each time."""

    def __init__(self) -> None:
        """Begin with every review unheard."""
        self._heard: Counter[str] = Counter()

    def choose(self, candidates: Iterable[Candidate], most: int) -> tuple[Quote, ...]:
        """Take passages of as many reviews: the least heard first, then the best to read."""
        usable = {
            one.passage.passage_id: (one, extract)
            for one in candidates
            if (extract := _extract(one)) is not None
        }
        chosen: list[Quote] = []
        while usable and len(chosen) < most:
            one, (text, cut) = min(usable.values(), key=self._rank)
            self._heard[one.review.review_id] += 1
            chosen.append(
                Quote(
                    passage=one.passage,
                    review=one.review,
                    text=text,
                    cut=cut,
                    by_people=one.by_people,
                )
            )
            usable = {
                key: other
                for key, other in usable.items()
                if other[0].review.review_id != one.review.review_id
            }
        return tuple(chosen)

    def _rank(self, usable: tuple[Candidate, tuple[str, bool]]) -> tuple[object, ...]:
        one, (_, cut) = usable
        return (
            self._heard[one.review.review_id],
            one.passage.whose_words != "publisher",
            not one.by_people,
            cut,
            one.passage.passage_id,
        )


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Passages with their reviews and standing findings, to choose from."""

    passages: Mapping[str, PassageFacts]
    reviews: Mapping[str, ReviewFacts]
    findings: Mapping[str, Sequence[Finding]]

    def candidates(
        self, passage_ids: Iterable[str], themes: Sequence[str], stance: Stance
    ) -> list[Candidate]:
        """Those that stand with a stance on the themes: what people overturned is left out."""
        found = []
        for one in passage_ids:
            standing = [
                finding
                for finding in self.findings.get(one, ())
                if finding.code.theme in themes and finding.code.stance is stance
            ]
            if standing:
                ends = (span.end for finding in standing for span in finding.evidence)
                passage = self.passages[one]
                found.append(
                    Candidate(
                        passage=passage,
                        review=self.reviews[passage.review_id],
                        by_people=any(finding.coder is not None for finding in standing),
                        evidence_end=max(ends, default=0),
                    )
                )
        return found


def theme_quotes(scope: Scope, shelf: Shown) -> tuple[ThemeQuotes, ...]:
    """Choose passages for each top theme in which a failing stands."""
    chooser = Chooser()
    chosen = []
    for row in scope.rows:
        if row.sort != "top-theme":
            continue
        cell = row.count.either
        behind = sorted({*cell.human.passage_ids, *cell.machine.passage_ids})
        standing = shelf.candidates(behind, row.count.group.themes, Stance.FAILING)
        quotes = chooser.choose(standing, PER_THEME)
        chosen.append(
            ThemeQuotes(
                key=row.key,
                label=row.label,
                quotes=quotes,
                why_none=None if quotes else _why_none(behind, standing, scope.name),
            )
        )
    return tuple(chosen)


def _extract(one: Candidate) -> tuple[str, bool] | None:
    """A short beginning of the passage that still has the words a finding rests on."""
    text = one.passage.text
    words = list(_WORD.finditer(text))
    if not words:
        return None
    if len(words) <= LONGEST_WORDS:
        short = text
    else:
        short = text[: words[LONGEST_WORDS - 1].end()]
        ends = [match.end() for match in _SENTENCE_END.finditer(short)]
        if ends and ends[-1] >= max(one.evidence_end, len(short) // 3):
            short = short[: ends[-1]]
    if not one.by_people and one.evidence_end > len(short):
        return None
    return short, one.passage.cut or len(short) < len(text)


def _why_none(behind: Sequence[str], standing: Sequence[Candidate], year: str) -> str:
    if not behind:
        return f"No review of {year} held here was found to have a failing of this kind."
    if not standing:
        return "What the machine found was not confirmed by the people who checked it."
    if not any(SHOWN_WORDS[one.passage.licence_tier] != 0 for one in standing):
        return (
            "The licences of the documents in which it was found let none of their words be shown."
        )
    return (
        "The words that the findings rest on lie beyond what may be shown, or would name a child "
        "whom the publisher kept anonymous."
    )
