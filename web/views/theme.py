"""A page a theme: its codebook entry, its reviews by stance, and what stands near it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from corpus.count_table import DateAxis
from corpus.ledger import blocks_time
from corpus.model import Stance
from corpus.shares import share_of
from nlp.codebook import Codebook, Theme, TopTheme
from web.charts.figure import ChartFigure, share_words
from web.charts.gallery import is_blocked, time_figure
from web.holdings import Library
from web.parameters import ParameterError
from web.recurring import CLOCKS, Ground, RecurrenceQuestion, ground
from web.views.crosswalk import CrosswalkView, crosswalk_view
from web.views.downloads import FileLink, search_files
from web.views.found_again import AgainView, found_again_view
from web.views.parts import theme_label
from web.views.recurrences import FirstHeld, ReviewsView, first_held, reviews_view, spoken

SORTS = {
    "mechanism": "What went wrong with the information",
    "reason": "Why it went wrong",
    "counter": "The opposite fault; never added to the failings",
}

_MOST_BESIDE = 10
"""Other themes that are listed."""

_LAST_PAGE = 10_000


@dataclass(frozen=True, kw_only=True)
class ThemeLink:
    """Another theme, in a line."""

    theme_id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of a codebook sentence: plain text, or a theme that it names."""

    text: str
    theme_id: str | None


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """What a theme does not cover, and what to code instead."""

    when: str
    then: tuple[Run, ...]


@dataclass(frozen=True, kw_only=True)
class Known:
    """A statement of the codebook about when a theme was first found."""

    runs: tuple[Run, ...]
    confidence: str


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Another theme that the same reviews found failing."""

    theme_id: str
    label: str
    here: str
    """Of the reviews that found this theme, such as ``12 of 40 reviews (30%)``."""
    everywhere: str
    """Of all reviews held, in the same words: without it the other says little."""


@dataclass(frozen=True, kw_only=True)
class ReformLink:
    """A proposed answer to this theme, from the codebook."""

    reform_id: str
    label: str
    definition: str


@dataclass(frozen=True, kw_only=True)
class ThemeQuestion:
    """Which of a theme's reviews are shown."""

    stance: Stance = Stance.FAILING
    with_: str | None = None
    """Only reviews that speak of this theme, in the same stance, too."""
    clock: DateAxis = DateAxis.PUBLICATION
    """The date that puts reviews in order and into periods."""
    page: int = 1

    def arguments(self, **changes: str | None) -> dict[str, str]:
        """The question as query parameters, without defaults and page; ``changes`` replace."""
        default = ThemeQuestion()
        given = {
            "stance": self.stance.value if self.stance is not default.stance else None,
            "with": self.with_,
            "clock": self.clock.value if self.clock is not default.clock else None,
        }
        return {name: value for name, value in (given | changes).items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class ClockTab:
    """One of the dates that the page can go by."""

    label: str
    arguments: Mapping[str, str]
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class ThemePage:
    """What ``theme.html`` shows, for a top theme or a sub-theme."""

    theme_id: str
    label: str
    definition: str
    parent: ThemeLink | None
    """The top theme of a sub-theme."""
    children: tuple[ThemeLink, ...]
    """The sub-themes of a top theme, in codebook order."""
    theme: Theme | None
    """A sub-theme's codebook entry."""
    sort: str | None
    left_out: tuple[LeftOut, ...]
    first_known: tuple[Known, ...]
    examples: tuple[str, ...]
    """Invented sentences: never from a review."""
    reforms: tuple[ReformLink, ...]
    """Reforms that answer this theme."""
    found: str
    """Such as ``12 of 96 reviews (13%)``."""
    first: FirstHeld | None
    """``None`` where no dated review did."""
    clocks: tuple[ClockTab, ...]
    figure: ChartFigure | None
    """Its share by period; ``None`` where dates vanished from a source."""
    reviews: ReviewsView
    shared_with: ThemeLink | None
    """The other theme that the reviews shown have in common with this one."""
    question: ThemeQuestion
    beside: tuple[Beside, ...]
    """Most reviews first."""
    again: AgainView | None
    """What was recommended; ``None`` where dates vanished from a source."""
    crosswalk: CrosswalkView
    files: tuple[FileLink, ...]
    codebook_version: str
    snapshot: str


def read_theme_question(library: Library, arguments: Mapping[str, str]) -> ThemeQuestion:
    """Read what is shown from query parameters; those that mean nothing here are passed over.

    Raises:
        ParameterError: a stance, a clock or a page number cannot be used.
        ThemeNotFoundError: the codebook lacks the other theme.
    """
    stance, clock, other, page = (
        arguments.get(name, "").strip() for name in ("stance", "clock", "with", "page")
    )
    if stance and stance not in set(Stance):
        raise ParameterError([("stance", f"is one of {', '.join(Stance)}")])
    if clock and clock not in set(DateAxis):
        raise ParameterError([("clock", f"is one of {', '.join(CLOCKS)}")])
    return ThemeQuestion(
        stance=Stance(stance) if stance else Stance.FAILING,
        with_=library.codebook.entry(other).theme_id if other else None,
        clock=DateAxis(clock) if clock else DateAxis.PUBLICATION,
        page=_read_page(page) if page else 1,
    )


def _read_page(page: str) -> int:
    # Python refuses to read a number of thousands of digits, so their count is looked at first.
    if page.isascii() and page.isdigit() and len(page) <= len(str(_LAST_PAGE)):
        number = int(page)
        if 1 <= number <= _LAST_PAGE:
            return number
    raise ParameterError([("page", "is a number from 1")])


def build(library: Library, theme_id: str, arguments: Mapping[str, str]) -> ThemePage:
    """Gather one theme's page.

    Raises:
        ThemeNotFoundError: the codebook has no such theme; the sentence names near ones.
        ParameterError: a parameter cannot be used.
    """
    entry = library.codebook.entry(theme_id)
    question = read_theme_question(library, arguments)
    blocked = blocks_time(library.store)
    return _build(library, library.store.revision, entry.theme_id, question, blocked)


@lru_cache(maxsize=32)
def _build(
    library: Library, _revision: int, theme_id: str, question: ThemeQuestion, _blocked: bool
) -> ThemePage:
    """Build once for as long as nothing is written: equal revisions mean equal content."""
    codebook = library.codebook
    entry = codebook.entry(theme_id)
    theme = entry if isinstance(entry, Theme) else None
    asked = RecurrenceQuestion(theme=theme_id, clock=question.clock)
    rests_on = ground(library, asked)
    # What was recommended goes by publication, so it is shown only where those dates are whole.
    datable = not is_blocked(library, DateAxis.PUBLICATION)
    share = rests_on.share(theme_id)
    return ThemePage(
        theme_id=theme_id,
        label=entry.label,
        definition=entry.definition,
        parent=_link(codebook, theme.top_theme) if theme else None,
        children=tuple(_link(codebook, child) for child in entry.theme_ids)
        if isinstance(entry, TopTheme)
        else (),
        theme=theme,
        sort=SORTS[theme.sort] if theme else None,
        left_out=_left_out(theme, codebook) if theme else (),
        first_known=_first_known(theme, codebook) if theme else (),
        examples=tuple(example.text for example in theme.examples) if theme else (),
        reforms=_reforms(codebook, theme_id),
        found=share_words(share) if share.n else "",
        first=first_held(rests_on, theme_id),
        clocks=_clocks(question),
        figure=None
        if is_blocked(library, question.clock)
        else time_figure(library, "share", asked),
        reviews=_reviews(library, rests_on, theme_id, question),
        shared_with=_link(codebook, question.with_) if question.with_ else None,
        question=question,
        beside=_beside(rests_on, codebook, theme_id),
        again=found_again_view(library, asked) if datable else None,
        crosswalk=crosswalk_view(codebook, theme_id),
        files=search_files({"theme": theme_id}),
        codebook_version=codebook.version,
        snapshot=library.snapshot,
    )


def _reviews(
    library: Library, rests_on: Ground, theme_id: str, question: ThemeQuestion
) -> ReviewsView:
    """A page of its reviews; with another theme, those that speak of both in this stance."""
    codebook = library.codebook
    found = spoken(rests_on, codebook.expand_failures(theme_id))
    if question.with_ is None:
        return reviews_view(
            library, found, question.stance, page=question.page, clock=question.clock
        )
    other = spoken(rests_on, codebook.expand_failures(question.with_))
    both = {one.dated.review.review_id for one in other if one.of(question.stance)}
    both &= {one.dated.review.review_id for one in found if one.of(question.stance)}
    return reviews_view(
        library,
        [one for one in found if one.dated.review.review_id in both],
        question.stance,
        page=question.page,
        clock=question.clock,
        also=other,
    )


def _clocks(question: ThemeQuestion) -> tuple[ClockTab, ...]:
    return tuple(
        ClockTab(
            label=label,
            arguments=question.arguments(
                clock=None if clock is DateAxis.PUBLICATION else clock.value
            ),
            is_open=clock is question.clock,
        )
        for clock, label in CLOCKS.items()
    )


def _beside(rests_on: Ground, codebook: Codebook, theme_id: str) -> tuple[Beside, ...]:
    """Count the other sub-themes that were found failing by the reviews that found this one."""
    held = {str(one.review.review_id) for one in rests_on.held}
    mine = rests_on.found.get(theme_id, frozenset()) & held
    of_mine = [one for one in rests_on.held if one.review.review_id in mine]
    own = set(codebook.expand_failures(theme_id))
    counted = [
        (len(found & mine), other, found)
        for other in codebook.expand_failures()
        if other not in own and (found := rests_on.found.get(other, frozenset())) & mine
    ]
    counted.sort(key=lambda each: -each[0])
    return tuple(
        Beside(
            theme_id=other,
            label=theme_label(codebook, other),
            here=share_words(share_of(of_mine, found)),
            everywhere=share_words(rests_on.share(other)),
        )
        for _, other, found in counted[:_MOST_BESIDE]
    )


def _reforms(codebook: Codebook, theme_id: str) -> tuple[ReformLink, ...]:
    """The reforms that answer a theme, its top theme or, for a top theme, any sub-theme."""
    mine = {theme_id, *codebook.expand(theme_id), codebook.top_theme_of(theme_id)}
    return tuple(
        ReformLink(reform_id=reform.reform_id, label=reform.label, definition=reform.definition)
        for reform in codebook.reforms
        if mine & set(reform.answers)
    )


def runs(text: str, codebook: Codebook) -> tuple[Run, ...]:
    """Split a sentence of the codebook at the theme ids that it writes between backticks.

    An id becomes its label; backticks around anything else are dropped.
    """
    found = []
    for number, part in enumerate(re.split(r"`([^`]*)`", text)):
        known = number % 2 == 1 and theme_label(codebook, part) != part
        if part:
            label = theme_label(codebook, part) if known else part
            found.append(Run(text=label, theme_id=part if known else None))
    return tuple(found)


def _left_out(theme: Theme, codebook: Codebook) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(when=item.when, then=runs(item.then, codebook)) for item in theme.exclude)


def _first_known(theme: Theme, codebook: Codebook) -> tuple[Known, ...]:
    return tuple(
        Known(runs=runs(item.text, codebook), confidence=codebook.confidence[item.confidence])
        for item in theme.first_known
    )


def _link(codebook: Codebook, theme_id: str) -> ThemeLink:
    return ThemeLink(theme_id=theme_id, label=codebook.entry(theme_id).label)
