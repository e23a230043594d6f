"""The list of themes, as the codebook orders them, with how many reviews found each and when."""

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.count_table import DateAxis
from corpus.recurrence import Recurrence, is_failing
from nlp.codebook_entries import Theme, TopTheme
from web.charts.figure import percent_words
from web.charts.gallery import is_blocked
from web.holdings import Library
from web.views.downloads import FileLink, codebook_files
from web.views.home import coverage_sentence
from web.views.parts import decade_words
from web.whole import whole_recurrence

TALLEST = 24
"""Height of the tallest bar of a strip, in the strip's own units."""

_Found = Mapping[tuple[str, int | None], int]
"""Theme or top theme, and decade → reviews held of it that found a failing in it."""


@dataclass(frozen=True, kw_only=True)
class DecadeBar:
    """One decade of a strip: the share of its reviews that found the theme."""

    label: str
    """Such as ``1970s``."""
    short: str
    """Such as ``70s``: what stands under the bar."""
    reviews: int
    of: int
    """Reviews held of the decade; none is a gap in what we hold."""
    height: float
    """Out of ``TALLEST``, which is the largest share on the page."""


@dataclass(frozen=True, kw_only=True)
class ThemeLine:
    """A theme or top theme: what it means, how many reviews found it, and when."""

    theme_id: str
    label: str
    definition: str
    reviews: int
    """Reviews held that found a failing in it, those without a date too."""
    of: int
    """Reviews held with usable text: the denominator."""
    share: str
    """In whole per cent."""
    decades: tuple[DecadeBar, ...]
    """In order of time."""

    @property
    def decades_words(self) -> str:
        """The strip in words."""
        return "; ".join(
            f"{bar.label}, {bar.reviews} of {bar.of}" if bar.of else f"{bar.label}, none held"
            for bar in self.decades
        )


@dataclass(frozen=True, kw_only=True)
class TopThemeGroup:
    """A top theme with its sub-themes."""

    top: ThemeLine
    themes: tuple[ThemeLine, ...]


@dataclass(frozen=True, kw_only=True)
class ThemesPage:
    """What ``themes.html`` shows."""

    groups: tuple[TopThemeGroup, ...]
    tallest: str
    """The share that the tallest bar stands for; empty while nothing dated was found."""
    coverage: str
    files: tuple[FileLink, ...]
    codebook_version: str


@dataclass(frozen=True, kw_only=True)
class _Ground:
    """What the lines of the page are counted from."""

    found: _Found
    held: Mapping[int | None, int]
    """Decade → reviews held with usable text; ``None`` for those without a date."""
    decades: range
    """Those of the strips, in order; none where no picture over time may be shown."""
    tallest: float
    """The largest share of any theme in any decade."""


def build(library: Library) -> ThemesPage:
    """List the codebook, with counts of reviews by decade."""
    recurrence = whole_recurrence(library)
    codebook = library.codebook
    ground = _ground(library, recurrence)
    return ThemesPage(
        groups=tuple(
            TopThemeGroup(
                top=_line(top, ground),
                themes=tuple(_line(codebook.theme(theme), ground) for theme in top.theme_ids),
            )
            for top in codebook.top_themes
        ),
        tallest=percent_words(ground.tallest) if ground.decades and ground.tallest else "",
        coverage=coverage_sentence(recurrence),
        files=codebook_files(),
        codebook_version=codebook.version,
    )


def _ground(library: Library, recurrence: Recurrence) -> _Ground:
    found = dict(_found(recurrence, library.codebook.rollup))
    for theme in library.codebook.themes:
        if theme.sort == "counter":
            # It never counts with the failures, so it is asked for by name and has no top theme.
            found |= _found(whole_recurrence(library, theme=theme.theme_id), {})
    held = {period.decade: period.reviews_held for period in recurrence.coverage}
    dated = [decade for decade in held if decade is not None]
    if is_blocked(library, DateAxis.PUBLICATION):
        dated = []
    shares = (n / held[decade] for (_, decade), n in found.items() if decade and held.get(decade))
    return _Ground(
        found=found,
        held=held,
        # A decade of which nothing is held stays, as a gap.
        decades=range(min(dated), max(dated) + 10, 10) if dated else range(0),
        tallest=max(shares, default=0.0),
    )


def _found(recurrence: Recurrence, rollup: Mapping[str, str]) -> _Found:
    """Count reviews; one counts once a theme and once a top theme, whatever it repeats."""
    reviews = {item.review.review_id for item in recurrence.held}
    found: dict[tuple[str, int | None], int] = {}
    for entry in recurrence.entries:
        if entry.review.review_id not in reviews:
            continue
        themes = {item.finding.code.theme for item in entry.evidence if is_failing(item.finding)}
        tops = {rollup[theme] for theme in themes if theme in rollup}
        decade = entry.date.year // 10 * 10 if entry.date else None
        for theme in themes | tops:
            found[theme, decade] = found.get((theme, decade), 0) + 1
    return found


def _line(entry: Theme | TopTheme, ground: _Ground) -> ThemeLine:
    reviews = sum(n for (theme, _), n in ground.found.items() if theme == entry.theme_id)
    of = sum(ground.held.values())
    return ThemeLine(
        theme_id=entry.theme_id,
        label=entry.label,
        definition=entry.definition,
        reviews=reviews,
        of=of,
        share=percent_words(reviews / of if of else None),
        decades=tuple(_bar(entry.theme_id, decade, ground) for decade in ground.decades),
    )


def _bar(theme_id: str, decade: int, ground: _Ground) -> DecadeBar:
    reviews, of = ground.found.get((theme_id, decade), 0), ground.held.get(decade, 0)
    return DecadeBar(
        label=decade_words(decade),
        short=f"{decade % 100:02d}s",
        reviews=reviews,
        of=of,
        height=round(TALLEST * reviews / of / ground.tallest, 1) if of and ground.tallest else 0,
    )
