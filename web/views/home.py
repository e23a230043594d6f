"""The home page: what this is, a search box, the signature chart and what is held."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from corpus.count_table import DateAxis
from corpus.recurrence import Recurrence
from web.charts.figure import ChartFigure
from web.charts.gallery import is_blocked, time_figure
from web.counting import CountsQuestion, counted
from web.holdings import Library
from web.recurring import RecurrenceQuestion
from web.views.parts import ReviewLink, decade_words, review_link
from web.whole import all_reviews, whole_recurrence


@dataclass(frozen=True, kw_only=True)
class Decade:
    """Reviews published in one decade, in date order; none is a gap in what we hold."""

    label: str
    anchor: str
    reviews: tuple[ReviewLink, ...]


@dataclass(frozen=True, kw_only=True)
class Holding:
    """One line of what is held: a number, of how many, and what it counts."""

    number: int
    of: int | None
    """``None`` for what is no part of anything counted here."""
    words: str


@dataclass(frozen=True, kw_only=True)
class HomePage:
    """What ``home.html`` shows."""

    signature: ChartFigure | None
    """``None`` while no dated review is held, or where dates vanished from a source."""
    blocked: bool
    """Whether dates vanished from a source."""
    holdings: tuple[Holding, ...]
    decades: tuple[Decade, ...]
    coverage: str
    snapshot: str


def build(library: Library) -> HomePage:
    """Gather the home page from what is held."""
    reviews = tuple(review_link(review) for review in all_reviews(library))
    found = whole_recurrence(library)
    blocked = is_blocked(library, DateAxis.PUBLICATION)
    dated = any(review.year is not None for review in reviews)
    return HomePage(
        signature=time_figure(library, "strips", RecurrenceQuestion())
        if dated and not blocked
        else None,
        blocked=blocked,
        holdings=holdings(library),
        decades=by_decade(reviews),
        coverage=coverage_sentence(found),
        snapshot=library.snapshot,
    )


def holdings(library: Library) -> tuple[Holding, ...]:
    """Say what is held, each number with what it is a part of."""
    return _holdings(library, library.store.revision)


@lru_cache(maxsize=2)
def _holdings(library: Library, _revision: int) -> tuple[Holding, ...]:
    """Count once for as long as nothing is written: equal revisions mean equal content."""
    coverage = counted(library, CountsQuestion()).coverage
    with_text = coverage.reviews_held + coverage.undated
    on_register = with_text + coverage.without_text
    return (
        Holding(number=with_text, of=on_register, words="reviews on the register have text here"),
        Holding(
            number=coverage.reviews_held, of=with_text, words="of these have a date of publication"
        ),
        Holding(
            number=coverage.digest_only,
            of=coverage.reviews_held,
            words="dated ones are known through our own summaries alone",
        ),
        Holding(
            number=coverage.checked,
            of=coverage.reviews_held,
            words="dated ones were read whole and coded by a person",
        ),
        Holding(
            number=library.store.count_rows()["passages"],
            of=None,
            words="passages in all, news and other documents included",
        ),
    )


def by_decade(reviews: Iterable[ReviewLink]) -> tuple[Decade, ...]:
    """Group reviews by decade of publication, with empty decades between kept as gaps.

    Reviews without a date come last, under a heading of their own.
    """
    groups: dict[int | None, list[ReviewLink]] = {}
    for review in reviews:
        decade = review.year // 10 * 10 if review.year is not None else None
        groups.setdefault(decade, []).append(review)
    dated = [decade for decade in groups if decade is not None]
    wanted: list[int | None] = list(range(min(dated), max(dated) + 10, 10)) if dated else []
    if None in groups:
        wanted.append(None)
    return tuple(
        Decade(
            label=decade_words(decade),
            anchor=f"from-{decade}" if decade is not None else "no-date",
            reviews=tuple(groups.get(decade, ())),
        )
        for decade in wanted
    )


def coverage_sentence(found: Recurrence) -> str:
    """Say how little is held for the thinnest decades, so that counts are read with care."""
    dated = [period for period in found.coverage if period.decade is not None]
    if not dated:
        return "No dated review with usable text is held yet."
    thin = sorted(dated, key=lambda period: (period.reviews_held, period.decade or 0))[:2]
    parts = " and ".join(
        f"{period.reviews_held} for the {decade_words(period.decade)}" for period in thin
    )
    held = sum(period.reviews_held for period in found.coverage)
    return (
        f"These counts rest on {held:,} published reviews, and only {parts}: "
        "a rise in counts is not a rise in failure. Rapid reviews and unpublished "
        "reviews are not held at all."
    )
