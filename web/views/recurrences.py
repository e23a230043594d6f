"""A theme's reviews as its page shows them: by stance, in date order, with gaps and proposals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from corpus.count_table import DateAxis
from corpus.licence import shown_words
from corpus.model import Kind, Stance
from corpus.recurrence import DatedReview, Evidence
from web.holdings import Library
from web.recurring import Ground
from web.views.parts import PassageView, ReviewLink, date_words, passage_view, review_link
from web.words import STANCES, StanceWords, counted

PER_PAGE = 30
"""Reviews on one page."""


_FIRST_WORDS: Mapping[DateAxis, str] = MappingProxyType(
    {
        DateAxis.PUBLICATION: "published",
        DateAxis.INCIDENT: "about what happened:",
        DateAxis.CAPTURE: "taken in here:",
    }
)
"""What stands before the earliest date, by the clock that it goes by."""


@dataclass(frozen=True, kw_only=True)
class FirstHeld:
    """The earliest review held that found something, by the clock asked for."""

    review: ReviewLink
    date: str
    """Such as ``published 2 September 1974``."""


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A change that a review proposed, between two reviews that found the failing."""

    review: ReviewLink
    passage_id: str
    text: str
    """As far as its licence lets us show it."""
    is_digest: bool


@dataclass(frozen=True, kw_only=True)
class EntryView:
    """One review, with its passages of the stance asked for."""

    review: ReviewLink
    date: str
    """By the clock asked for."""
    found_failing: bool
    """Whether the stance shown is the failing, so that it is marked as one."""
    gap: str
    """Years since the one before; empty for the first and for one without a date."""
    passages: tuple[PassageView, ...]
    proposals: tuple[Proposal, ...]
    """Failings only: what was proposed after the failing before and ahead of this one."""


@dataclass(frozen=True, kw_only=True)
class StanceTab:
    """One stance: how many reviews speak of the theme in this way."""

    stance: StanceWords
    number: int
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class ReviewsView:
    """A theme's reviews of one stance, a page of them."""

    tabs: tuple[StanceTab, ...]
    stance: StanceWords
    entries: tuple[EntryView, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class Spoken:
    """One review's evidence on a theme, whatever its stance, in reading order."""

    dated: DatedReview
    evidence: tuple[Evidence, ...]

    def of(self, stance: Stance) -> tuple[Evidence, ...]:
        """The evidence of one stance."""
        return tuple(item for item in self.evidence if item.finding.code.stance is stance)


def first_held(ground: Ground, theme: str) -> FirstHeld | None:
    """Find the earliest dated review held with a finding on a theme; ``None`` where none has."""
    ids = ground.found.get(theme, frozenset())
    dated = (one for one in ground.held if one.date and one.review.review_id in ids)
    first = next(dated, None)
    if first is None:
        return None
    words = _FIRST_WORDS[ground.question.clock]
    return FirstHeld(review=review_link(first.review), date=f"{words} {date_words(first.date)}")


def spoken(ground: Ground, themes: Iterable[str]) -> tuple[Spoken, ...]:
    """List the reviews that speak of these sub-themes: by date, those without one last."""
    wanted = frozenset(themes)
    found = (
        Spoken(
            row.dated,
            tuple(
                item
                for item in ground.evidence.get(str(row.dated.review.review_id), ())
                if item.finding.code.theme in wanted
            ),
        )
        for row in ground.rows
    )
    return tuple(one for one in found if one.evidence)


def reviews_view(
    library: Library,
    found: Sequence[Spoken],
    stance: Stance,
    *,
    page: int,
    clock: DateAxis = DateAxis.PUBLICATION,
    also: Sequence[Spoken] = (),
) -> ReviewsView:
    """Prepare a page of a theme's reviews, with one query however many there are.

    Args:
        library: for documents and the codebook.
        found: the reviews that speak of the theme, in order.
        stance: which of their passages are shown.
        page: from 1; one past the last shows the last.
        clock: what the reviews are in the order of. What was recommended in between is told
            by publication alone: before that nobody can have heeded it.
        also: evidence on another theme of the same reviews, shown with it.
    """
    chosen = _linked(found, stance, proposals=clock is DateAxis.PUBLICATION)
    pages = max(1, -(-len(chosen) // PER_PAGE))
    page = min(page, pages)
    shown = chosen[(page - 1) * PER_PAGE : page * PER_PAGE]
    return ReviewsView(
        tabs=tuple(
            StanceTab(
                stance=words,
                number=sum(bool(one.of(each)) for one in found),
                is_open=each is stance,
            )
            for each, words in STANCES.items()
        ),
        stance=STANCES[stance],
        entries=_entries(library, shown, stance, also),
        page=page,
        pages=pages,
    )


@dataclass(frozen=True)
class _Linked:
    one: Spoken
    years: int | None
    proposals: tuple[tuple[DatedReview, Evidence], ...]


def _linked(found: Sequence[Spoken], stance: Stance, *, proposals: bool) -> list[_Linked]:
    """Choose the reviews of a stance; give each the years since, and what was proposed since."""
    linked: list[_Linked] = []
    previous: int | None = None
    waiting: list[tuple[DatedReview, Evidence]] = []
    for one in found:
        date = one.dated.date
        if one.of(stance):
            years = date.year - previous if date and previous is not None else None
            between = tuple(waiting) if proposals and stance is Stance.FAILING and date else ()
            linked.append(_Linked(one, years, between))
            if date:
                previous, waiting = date.year, []
        if date:
            waiting += [(one.dated, item) for item in one.of(Stance.CHANGE_PROPOSED)]
    return linked


def _entries(
    library: Library, shown: Sequence[_Linked], stance: Stance, also: Sequence[Spoken]
) -> tuple[EntryView, ...]:
    more = {one.dated.review.review_id: one.of(stance) for one in also}
    by_review = [
        (each, _in_reading_order([*each.one.of(stance), *more.get(review.review_id, ())]))
        for each in shown
        for review in [each.one.dated.review]
    ]
    documents = library.store.get_documents(
        {item.passage.document_id for _, items in by_review for item in items}
    )
    return tuple(
        EntryView(
            review=review_link(each.one.dated.review),
            date=date_words(each.one.dated.date),
            found_failing=stance is Stance.FAILING,
            gap=_gap(each.years),
            passages=tuple(
                passage_view(
                    passage,
                    documents[passage.document_id],
                    [item.finding for item in items if item.passage == passage],
                    library.codebook,
                )
                for passage in dict.fromkeys(item.passage for item in items)
            ),
            proposals=tuple(_proposal(dated, item) for dated, item in each.proposals),
        )
        for each, items in by_review
    )


def _in_reading_order(items: Iterable[Evidence]) -> list[Evidence]:
    return sorted(items, key=lambda item: (item.passage.document_id, item.passage.position))


def _proposal(dated: DatedReview, item: Evidence) -> Proposal:
    text, cut = shown_words(item.passage, item.licence_tier, item.marks)
    return Proposal(
        review=review_link(dated.review),
        passage_id=item.passage.passage_id,
        text=f"{text}…" if cut and text else text,
        is_digest=item.kind is Kind.DIGEST,
    )


def _gap(years: int | None) -> str:
    if years is None:
        return ""
    if years == 0:
        return "in the same year as the one before"
    return f"{counted(years, 'year')} after the one before"
