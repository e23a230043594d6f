"""The home page: what this is, a search box, the reviews in time and the themes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from corpus.recurrence import Recurrence, is_failing
from nlp.codebook import Codebook
from web.holdings import Library
from web.views.parts import ReviewLink, decade_words, review_link
from web.whole import all_reviews, whole_recurrence

BAR_WIDTH = 100
_DOT = 6
"""Side of one review's square in the timeline, in the picture's own units."""


@dataclass(frozen=True, kw_only=True)
class ThemeCount:
    """A theme with the number of reviews held that found it failing."""

    theme_id: str
    label: str
    reviews: int
    of: int
    """Reviews held with usable text: the denominator."""
    bar: float
    """Width of the bar, 0 to BAR_WIDTH: the share of all reviews held."""


@dataclass(frozen=True, kw_only=True)
class Decade:
    """Reviews published in one decade, in date order; none is a gap in what we hold."""

    label: str
    anchor: str
    reviews: tuple[ReviewLink, ...]


@dataclass(frozen=True, kw_only=True)
class YearColumn:
    """One year in the timeline picture: a column of squares, one a review."""

    year: int
    x: int
    tops: tuple[int, ...]
    """The squares' upper edges, lowest square first."""


@dataclass(frozen=True, kw_only=True)
class YearLabel:
    """A year written under the timeline."""

    year: int
    x: int


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The picture of reviews by year of publication; sizes in the picture's own units."""

    width: int
    height: int
    base: int
    square: int
    columns: tuple[YearColumn, ...]
    labels: tuple[YearLabel, ...]
    sentence: str
    """What the picture shows, in one sentence."""


@dataclass(frozen=True, kw_only=True)
class HomePage:
    """What ``home.html`` shows."""

    reviews_held: int
    passages_held: int
    first_year: int | None
    last_year: int | None
    timeline: Timeline | None
    """``None`` while no dated review is held."""
    decades: tuple[Decade, ...]
    themes: tuple[ThemeCount, ...]
    """The top themes, in codebook order."""
    coverage: str
    snapshot: str


def build(library: Library) -> HomePage:
    """Gather the home page from what is held."""
    reviews = tuple(review_link(review) for review in all_reviews(library))
    years = [review.year for review in reviews if review.year is not None]
    found = whole_recurrence(library)
    return HomePage(
        reviews_held=len(reviews),
        passages_held=library.store.count_rows()["passages"],
        first_year=min(years, default=None),
        last_year=max(years, default=None),
        timeline=timeline(years) if years else None,
        decades=by_decade(reviews),
        themes=theme_counts(found, library.codebook),
        coverage=coverage_sentence(found),
        snapshot=library.snapshot,
    )


def theme_counts(found: Recurrence, codebook: Codebook) -> tuple[ThemeCount, ...]:
    """Count, for each top theme, the reviews held that found a failing in it.

    A review counts once a top theme, however many of its passages say so.
    """
    held = sum(period.reviews_held for period in found.coverage)
    failing = dict.fromkeys((top.theme_id for top in codebook.top_themes), 0)
    for entry in found.entries:
        tops = {
            codebook.rollup[item.finding.code.theme]
            for item in entry.evidence
            if is_failing(item.finding) and item.finding.code.theme in codebook.rollup
        }
        for top in tops:
            failing[top] += 1
    return tuple(
        ThemeCount(
            theme_id=top.theme_id,
            label=top.label,
            reviews=failing[top.theme_id],
            of=held,
            bar=round(BAR_WIDTH * failing[top.theme_id] / held, 1) if held else 0,
        )
        for top in codebook.top_themes
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


def timeline(years: Sequence[int]) -> Timeline:
    """Lay out one square a review, stacked by year of publication.

    Args:
        years: publication years, at least one; a year may recur.
    """
    first, last = min(years), max(years)
    per_year = {year: years.count(year) for year in range(first, last + 1)}
    step = _DOT + 2
    pitch = max(step, 800 // len(per_year))
    base = max(per_year.values()) * step + 4
    columns = tuple(
        YearColumn(
            year=year,
            x=(year - first) * pitch,
            tops=tuple(base - (number + 1) * step for number in range(count)),
        )
        for year, count in per_year.items()
        if count
    )
    labels = tuple(
        YearLabel(year=year, x=(year - first) * pitch)
        for year in range(first, last + 1)
        if year % 10 == 0
    )
    busiest = max(per_year, key=lambda year: (per_year[year], year))
    return Timeline(
        width=len(per_year) * pitch,
        height=base + 32,
        base=base,
        square=_DOT,
        columns=columns,
        labels=labels,
        sentence=(
            f"{len(years):,} dated reviews held, published {first} to {last}; "
            f"the most in one year is {per_year[busiest]}, in {busiest}."
        ),
    )
