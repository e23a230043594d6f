"""One list of passages: what was found, narrowed, in tabs by stance, counted and sorted."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from corpus.filters import PassageFilter
from corpus.model import Attribution, Kind, Stance
from corpus.recurrence import NO_REVIEW
from nlp.codebook import Codebook
from nlp.found import Found, Rows
from nlp.search import SearchAnswer, SearchQuery
from nlp.vectors import RowMask
from web.holdings import Library
from web.search.narrowing import narrow

Sort = Literal["relevance", "newest", "oldest", "review"]

ALL = "all"
"""The tab of everything that was found, whatever its stance."""
NEWS = "news"
"""What is listed of news reports: told apart, for what they report is no review's finding."""
STANCE_TABS: Mapping[str, Stance] = {
    stance.value: stance
    for stance in (
        Stance.FAILING,
        Stance.CHANGE_PROPOSED,
        Stance.GOOD_PRACTICE,
        Stance.NEGATED,
        Stance.BACKGROUND,
    )
}
PER_REVIEW = 3
"""So many of one review among the first ten, by relevance."""

_FOUND_BY_REVIEWS = (Stance.FAILING, Stance.GOOD_PRACTICE)
_A_REVIEWS_WORD = (Attribution.OWN_VOICE, Attribution.REPORTED)
"""What somebody else claims is no finding."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a reader looks at what was found."""

    within: Mapping[str, str] = field(default_factory=dict)
    """By facet the one value that the list is narrowed to; ``review`` may be there too."""
    tab: str = ALL
    """A stance, :data:`ALL`, or blank: the tab that the query itself asks for."""
    sort: Sort | None = None
    """``None``: relevance for a query, oldest first without."""
    like: str = ""
    """The passage whose like is sought: it and its copies are left out."""


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page of a list, with what counts and links are made of."""

    answer: SearchAnswer
    tab: str = ALL
    tabs: Mapping[str, int] = field(default_factory=dict)
    """How many hits each tab has, :data:`ALL` last; empty where nothing could be counted."""
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By facet, as the index's columns call it, the values with the number of their hits."""
    news: int = 0
    """How many passages of news reports were found, whatever the tab."""
    of_review: Mapping[str, int] = field(default_factory=dict)
    """How many hits of the list each review has."""
    can_sort: bool = False


def list_found(library: Library, query: SearchQuery, look: Look) -> Listing:
    """Search, and look at what was found.

    Raises:
        StaleIndexError: there is no index that fits the store.
        ValueError, ThemeNotFoundError: the list is narrowed by what means nothing.
    """
    chooser = _Chooser(look, library.codebook, paragraph=query.paragraph)
    ranked = look.sort in (None, "relevance")
    answer = library.searcher.search(
        replace(query, choose=chooser, fold=True, per_review=PER_REVIEW if ranked else None)
    )
    return replace(chooser.listing, answer=answer)


class _Chooser:
    """Chooses the rows of one list, and keeps what was counted on the way."""

    def __init__(self, look: Look, codebook: Codebook, *, paragraph: bool) -> None:
        self._look = look
        self._codebook = codebook
        self._paragraph = paragraph
        self.listing = Listing(answer=SearchAnswer(total=0, hits=(), index_name="", meaning=True))

    def __call__(self, found: Found) -> Rows:
        narrowed = narrow(found.filter, self._look.within, self._codebook)
        rows = found.rows if narrowed is not None else found.rows[:0]
        narrowed = narrowed or found.filter
        if self._look.like:
            rows = found.without_copies_of(rows, self._look.like)
        if self._look.within:
            rows = rows[found.mask(narrowed)[rows]]
        in_tab = {
            name: rows[_tab_mask(found, narrowed, stance)[rows]]
            for name, stance in STANCE_TABS.items()
        } | {ALL: rows}
        tab = self._tab(found, in_tab)
        shown = in_tab[tab]
        wanted = narrowed if tab == ALL else tab_filter(narrowed, STANCE_TABS[tab]) or narrowed
        self.listing = replace(
            self.listing,
            tab=tab,
            tabs={name: len(those) for name, those in in_tab.items()},
            facets=found.count(shown, wanted, rollup=self._codebook.rollup),
            news=int(found.mask(PassageFilter(kinds=(Kind.NEWS,)))[rows].sum()),
            of_review=found.review_counts(shown),
            can_sort=found.columns is not None,
        )
        return self._sorted(found, shown)

    def _tab(self, found: Found, in_tab: Mapping[str, Rows]) -> str:
        """The tab asked for; else that of the stance, or the findings on the theme, in the query.

        Somebody who looks for a phrase wants to see wherever it stands.
        """
        understood = found.understood
        if self._look.tab:
            return self._look.tab
        if self._paragraph or understood.words.phrases or not understood.asked:
            return ALL
        if understood.stances:
            asked = understood.stances[0].value
        else:
            asked = Stance.FAILING.value if found.themes else ALL
        return asked if len(in_tab[asked]) else ALL

    def _sorted(self, found: Found, rows: Rows) -> Rows:
        if self._look.sort in ("newest", "oldest"):
            return found.by_date(rows, newest_first=self._look.sort == "newest")
        return found.by_review(rows) if self._look.sort == "review" else rows


def tab_filter(wanted: PassageFilter, stance: Stance) -> PassageFilter | None:
    """What a passage of a stance's tab has besides; ``None`` where a filter rules it out."""
    if wanted.stances and stance not in wanted.stances:
        return None
    voices = wanted.attributions
    if stance in _FOUND_BY_REVIEWS and not voices:
        voices = _A_REVIEWS_WORD
    return replace(wanted, stances=(stance,), attributions=voices)


def _tab_mask(found: Found, narrowed: PassageFilter, stance: Stance) -> RowMask:
    """The rows of a stance's tab.

    What guidance says is no finding, nor is what a newspaper says that a review found, unless
    newspapers were asked for. A passage that speaks of what the query is about, and never in
    this stance, is not in its tab either: else what denies the one thing and finds another
    would stand there as a finding.
    """
    wanted, of_all = tab_filter(narrowed, stance), tab_filter(found.filter, stance)
    if wanted is None or of_all is None:
        return np.zeros(len(found.index), dtype=bool)
    mask = found.mask(wanted)
    if stance in _FOUND_BY_REVIEWS:
        mask = mask & ~_no_finding(found)
    asked = tuple(theme.theme_id for theme in found.themes)
    if not asked or found.filter.themes:
        return mask
    about = found.mask(replace(found.filter, themes=asked))
    meant = found.mask(replace(of_all, themes=asked))
    return mask & ~(about & ~meant)


def _no_finding(found: Found) -> RowMask:
    kinds = (Kind.GUIDANCE, *(() if Kind.NEWS in found.filter.kinds else (Kind.NEWS,)))
    mask: RowMask = found.mask(PassageFilter(kinds=kinds)) | found.mask(
        PassageFilter(review_type=NO_REVIEW)
    )
    return mask
