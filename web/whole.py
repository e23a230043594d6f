"""What several pages ask of the whole library, worked out again only after a write."""

from functools import lru_cache

from corpus.count_table import DateAxis
from corpus.model import Review
from corpus.recurrence import Recurrence, recurrence
from corpus.store import Store
from web.holdings import Library


def whole_recurrence(
    library: Library, clock: DateAxis = DateAxis.PUBLICATION, theme: str | None = None
) -> Recurrence:
    """Give the recurrence over all failings, or over a theme's.

    The counter-theme is no failing: it takes part only where it is asked for by name.

    Raises:
        ThemeNotFoundError: the codebook has no such theme.
    """
    themes = library.codebook.expand_failures(theme)
    return _recurrence(library.store, library.store.revision, themes, clock)


def all_reviews(library: Library) -> tuple[Review, ...]:
    """Give every review: by publication date, those without one last."""
    return _reviews(library.store, library.store.revision)


# The revision is a row of the store, so a write by another process is seen too. Eight
# entries: three clocks, a few themes, and what a request begun before a write still needs.
@lru_cache(maxsize=8)
def _recurrence(
    store: Store, _revision: int, themes: tuple[str, ...], clock: DateAxis
) -> Recurrence:
    return recurrence(store, themes=themes, clock=clock)


@lru_cache(maxsize=2)
def _reviews(store: Store, _revision: int) -> tuple[Review, ...]:
    return tuple(store.iter_reviews())
