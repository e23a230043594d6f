"""Counts of reviews per theme: three figures side by side, each with what it rests on."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

from corpus.coding_items import undecided_reviews
from corpus.count_rows import (
    Evidence,
    HeldReview,
    Mention,
    Register,
    held_reviews,
    human_evidence,
    machine_evidence,
    mentions,
)
from corpus.count_table import (
    Cell,
    CountCoverage,
    CountQuestion,
    CountTable,
    GroupCount,
    PlainFigure,
    ReviewSample,
    ThemeGroup,
    YearCount,
)
from corpus.drawn import review_sample
from corpus.errors import InvalidInputError
from corpus.estimate import Bools, Estimate, Labels, Refusal, estimate_share, wilson_interval
from corpus.model import Level
from corpus.recurrence import NO_REVIEW
from corpus.store import Store

Grouping = Literal["nation", "type", "decade"]


def count_reviews(
    store: Store,
    groups: Sequence[ThemeGroup],
    question: CountQuestion | None = None,
    *,
    sample: ReviewSample | None = None,
) -> CountTable:
    """Count the reviews that find each theme failing (codebook, section 8).

    A review finds a theme where one of its passages has a failing in the review's own
    voice. Where its own text is held, its digest is not read. Documents of other kinds
    are mentions, and never add to a count. Nine queries, however many groups,
    and two more where coders differ.

    Args:
        store: what is held.
        groups: what to count; the caller expands top themes and leaves out the
            counter-theme of totals.
        question: which reviews; all by default.
        sample: how the checked reviews were drawn; the coding desk's draws by default.
            Without any, only a census is estimated.

    Raises:
        InvalidInputError: the period ends before it begins.
    """
    question = question or CountQuestion()
    read = _read(store, question)
    return _count(read, groups, question, sample or read.sample)


def count_grouped(
    store: Store,
    groups: Sequence[ThemeGroup],
    question: CountQuestion,
    *,
    by: Grouping,
) -> tuple[CountTable, dict[str, CountTable]]:
    """Count all reviews asked about, then those of each nation, type or decade alone.

    Returns:
        The whole table, and one for each value that a review counted has, sorted.

    Raises:
        InvalidInputError: the period ends before it begins.
    """
    read = _read(store, question)
    first, last = _period(read.asked(question), question)
    inside = [r for r in read.asked(question) if r.year and first <= r.year <= last]
    parts: dict[str, CountQuestion] = {}
    if by == "nation":
        parts = {r.nation: replace(question, nation=r.nation) for r in inside}
    elif by == "type":
        parts = {r.review_type: replace(question, review_type=r.review_type) for r in inside}
    else:
        for decade in {r.year // 10 * 10 for r in inside if r.year}:
            parts[f"{decade}s"] = replace(
                question, from_year=max(first, decade), to_year=min(last, decade + 9)
            )
    tables = {key: _count(read, groups, parts[key], read.sample) for key in sorted(parts)}
    return _count(read, groups, question, read.sample), tables


@dataclass(frozen=True, kw_only=True)
class _Read:
    """What counting needs of the store, read once for any number of tables."""

    held: Sequence[HeldReview]
    register: Register
    machine: Sequence[Evidence]
    human: Sequence[Evidence]
    mentioned: Sequence[Mention]
    sample: ReviewSample | None
    undecided: frozenset[str]

    def asked(self, question: CountQuestion) -> list[HeldReview]:
        return [review for review in self.held if _is_asked(review, question)]


def _read(store: Store, question: CountQuestion) -> _Read:
    return _read_at(store, store.revision, question.date_axis.value)


@lru_cache(maxsize=4)
def _read_at(store: Store, _revision: int, axis: str) -> _Read:
    """Read once for as long as nothing is written: equal revisions mean equal content."""
    held, register = held_reviews(store, axis=axis)
    return _Read(
        held=held,
        register=register,
        machine=machine_evidence(store),
        human=human_evidence(store),
        mentioned=mentions(store),
        sample=review_sample(store),
        undecided=undecided_reviews(store),
    )


def _count(
    read: _Read,
    groups: Sequence[ThemeGroup],
    question: CountQuestion,
    sample: ReviewSample | None,
) -> CountTable:
    asked = read.asked(question)
    first, last = _period(asked, question)
    inside = [review for review in asked if review.year and first <= review.year <= last]
    by_id = {review.review_id: review for review in inside}
    excluded = question.exclude_passages
    tally = _Tally(
        reviews=inside,
        years=range(first, last + 1) if inside or question.from_year else range(0),
        machine=_index(read.machine, by_id, excluded),
        human=_index(read.human, by_id, excluded),
        sample=sample,
    )
    mentioned = [
        item
        for item in read.mentioned
        if first <= item.year <= last and question.nation in {None, item.nation}
    ]
    return CountTable(
        question=question,
        coverage=_coverage(read, inside, (first, last), question),
        rows=tuple(tally.row(group, _mentioned(mentioned, group, excluded)) for group in groups),
    )


def _is_asked(review: HeldReview, question: CountQuestion) -> bool:
    return _is_of(review.nation, review.review_type, question)


def _is_of(nation: str, review_type: str, question: CountQuestion) -> bool:
    if question.nation not in {None, nation}:
        return False
    if question.review_type is None:
        return review_type != NO_REVIEW
    return review_type == question.review_type


def _period(asked: Iterable[HeldReview], question: CountQuestion) -> tuple[int, int]:
    years = [review.year for review in asked if review.year]
    first = question.from_year or min(years, default=0)
    last = question.to_year or max(years, default=0)
    if question.from_year and question.to_year and first > last:
        raise InvalidInputError(f"The period ends in {last}, before it begins in {first}.")
    return first, last


def _coverage(
    read: _Read, inside: Sequence[HeldReview], period: tuple[int, int], question: CountQuestion
) -> CountCoverage:
    asked, register = read.asked(question), read.register
    on_register = sum(_is_of(nation, kind, question) for _, nation, kind in register.reviews)
    stated = [review.n_children for review in inside if review.n_children is not None]
    guidance = read.asked(replace(question, review_type=NO_REVIEW))
    return CountCoverage(
        from_year=period[0] or None,
        to_year=period[1] or None,
        reviews_held=len(inside),
        cases=len({review.case_id for review in inside}),
        digest_only=sum(review.digest_only for review in inside),
        children=sum(stated),
        children_stated=len(stated),
        guidance=0
        if question.review_type
        else sum(period[0] <= (review.year or 0) <= period[1] for review in guidance),
        undated=sum(review.year is None for review in asked),
        without_text=on_register - len(asked),
        not_analysed=sum(review.n_unread > 0 for review in inside),
        checked=sum(review.checked for review in inside),
        part_checked=sum(0 < review.n_judged < review.n_passages for review in inside),
        undecided=sum(review.review_id in read.undecided for review in inside),
        unregistered=register.unregistered,
        excluded_passages=len(question.exclude_passages),
    )


_Index = Mapping[str, Sequence[Evidence]]


def _index(
    evidence: Iterable[Evidence], reviews: Mapping[str, HeldReview], excluded: Collection[str]
) -> _Index:
    """Keep what is about these reviews, in the kind of text that is counted, by theme."""
    by_theme: dict[str, list[Evidence]] = {}
    for item in evidence:
        review = reviews.get(item.review_id)
        if review and review.kind is item.kind and item.passage_id not in excluded:
            by_theme.setdefault(item.theme, []).append(item)
    return by_theme


def _mentioned(
    mentioned: Iterable[Mention], group: ThemeGroup, excluded: Collection[str]
) -> tuple[str, ...]:
    found = {
        item.document_id
        for item in mentioned
        if item.theme in group.themes and item.passage_id not in excluded
    }
    return tuple(sorted(found))


class _Tally:
    """The reviews of one period with the evidence on them, ready to be counted."""

    def __init__(
        self,
        *,
        reviews: Sequence[HeldReview],
        years: range,
        machine: _Index,
        human: _Index,
        sample: ReviewSample | None,
    ) -> None:
        # By id: the order of adding must not move a figure, not even by a rounding.
        self._reviews = sorted(reviews, key=lambda review: review.review_id)
        self._by_id = {review.review_id: review for review in self._reviews}
        self._read = {r.review_id for r in self._reviews if r.n_unread == 0}
        self._checked = {r.review_id for r in self._reviews if r.checked}
        self._years = years
        self._held_in = Counter(review.year for review in self._reviews)
        self._machine = machine
        self._human = human
        self._sample = sample

    def row(self, group: ThemeGroup, mention_ids: tuple[str, ...]) -> GroupCount:
        return GroupCount(
            group=group,
            either=self._cell(group, None),
            case=self._cell(group, Level.CASE),
            system=self._cell(group, Level.SYSTEM),
            mention_ids=mention_ids,
        )

    def _cell(self, group: ThemeGroup, level: Level | None) -> Cell:
        machine = self._figure(self._machine, self._read, group, level)
        human = self._figure(self._human, self._checked, group, level)
        return Cell(
            machine=machine,
            human=human,
            corrected=self._corrected(machine, human),
            years=tuple(self._year_counts(machine, human)),
        )

    def _figure(
        self, index: _Index, among: Collection[str], group: ThemeGroup, level: Level | None
    ) -> PlainFigure:
        found = [
            item
            for theme in group.themes
            for item in index.get(theme, ())
            if level in {None, item.level} and item.review_id in among
        ]
        review_ids = tuple(sorted({item.review_id for item in found}))
        n, of = len(review_ids), len(among)
        children = [self._by_id[each].n_children for each in review_ids]
        stated = [number for number in children if number is not None]
        low, high = wilson_interval(n, of) if of else (None, None)
        return PlainFigure(
            n=n,
            denominator=of,
            share=n / of if of else None,
            ci_low=low,
            ci_high=high,
            n_digest_only=sum(self._by_id[review_id].digest_only for review_id in review_ids),
            n_children=sum(stated),
            n_children_stated=len(stated),
            review_ids=review_ids,
            passage_ids=tuple(sorted({item.passage_id for item in found})),
        )

    def _year_counts(self, machine: PlainFigure, human: PlainFigure) -> Iterator[YearCount]:
        found, judged, read, checked = (
            Counter(self._by_id[review_id].year for review_id in ids)
            for ids in (machine.review_ids, human.review_ids, self._read, self._checked)
        )
        for year in self._years:
            yield YearCount(
                year=year,
                reviews_held=self._held_in[year],
                n_read=read[year],
                machine=found[year] if read[year] else None,
                human=judged[year] if checked[year] else None,
                n_human_checked=checked[year],
            )

    def _corrected(self, machine: PlainFigure, human: PlainFigure) -> Estimate | Refusal:
        census = len(self._checked) == len(self._reviews)
        refusal = None if census and self._reviews else self._refuse_sample()
        if refusal:
            return refusal
        ids = list(self._by_id)
        _, case = np.unique([review.case_id for review in self._reviews], return_inverse=True)
        if census or self._sample is None:
            drawn, chances = self._checked, dict.fromkeys(ids, 1.0)
        else:
            drawn, chances = set(self._sample.drawn), dict(self._sample.probability)
        return estimate_share(
            Labels(
                machine=_among(ids, machine.review_ids),
                human=_among(ids, human.review_ids),
                checked=_among(ids, drawn),
                probability=np.array([chances.get(review_id, np.nan) for review_id in ids]),
                period=np.array([(review.year or 0) // 10 for review in self._reviews]),
                case=case,
            )
        )

    def _refuse_sample(self) -> Refusal | None:
        """Refuse where the checked reviews cannot be weighed: no design, or not finished."""
        n, checked = len(self._reviews), len(self._checked)
        if not n:
            return Refusal(
                code="no-reviews",
                reason="No review with usable text is held for this period.",
            )
        if self._sample is None:
            return Refusal(
                code="no-sample",
                reason=f"{checked} of {n} reviews were checked by hand, and not as a sample with "
                "known chances: they cannot speak for the others.",
            )
        if len(self._read) < n:
            return Refusal(
                code="not-analysed",
                reason=f"The machine has not read {n - len(self._read)} of {n} reviews whole. "
                "Run: throughline analyse",
            )
        open_ = (self._sample.drawn & set(self._by_id)) - self._checked
        if open_:
            return Refusal(
                code="sample-unfinished",
                reason=f"{len(open_)} of the reviews drawn for checking are not yet checked; "
                "those that are left may differ from those that are done.",
            )
        return None


def _among(review_ids: Sequence[str], some: Collection[str]) -> Bools:
    some = frozenset(some)
    return np.array([review_id in some for review_id in review_ids], dtype=np.bool_)
