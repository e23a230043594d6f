"""What several pages ask of the whole library, worked out again only after a write."""

from functools import lru_cache

from corpus.model import Review
from corpus.recurrence import Recurrence, recurrence
from corpus.store import Store
from web.holdings import Library


def whole_recurrence(library: Library) -> Recurrence:
    """Give the recurrence over all failings; the counter-theme is none and takes no part."""
    return _recurrence(library.store, library.store.revision, library.codebook.expand_failures())


def all_reviews(library: Library) -> tuple[Review, ...]:
    """Give every review: by publication date, those without one last."""
    return _reviews(library.store, library.store.revision)


# The revision is a row of the store, so a write by another process is seen too. Two
# entries: the current answer, and the one that a request begun before a write still needs.
@lru_cache(maxsize=2)
def _recurrence(store: Store, _revision: int, themes: tuple[str, ...]) -> Recurrence:
    return recurrence(store, themes=themes)


@lru_cache(maxsize=2)
def _reviews(store: Store, _revision: int) -> tuple[Review, ...]:
    return tuple(store.iter_reviews())
