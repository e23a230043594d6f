"""Whether anything that was found is near enough to be called an answer."""

from nlp.query_themes import QueryAbout
from nlp.rank import Ranking

# Chosen on half of the queries of tests/evals and of those there that no passage answers.
NEAR = 0.40
"""From this cosine on, whatever else: the nearest passage says much the same."""
NEAR_ON_THEME = 0.28
"""From this cosine on, where the query is likely about a theme of the codebook."""
LIKELY = 0.3
COVERED = 0.85
"""The share of the query's words, by their weight, that one passage holds."""


def is_nothing_good(ranking: Ranking, about: QueryAbout, *, meaning: bool) -> bool:
    """Say whether what was found are nearest misses at best.

    A name that the query calls, and a quoted phrase that was found, are always good.
    Without meaning only the words can tell.
    """
    if not ranking.candidates:
        return True
    if ranking.held_phrases or any(one.name_rank for one in ranking.candidates):
        return False
    if ranking.covered >= COVERED:
        return False
    if not meaning:
        return ranking.covered < COVERED / 2
    least = NEAR_ON_THEME if about.strength >= LIKELY else NEAR
    return ranking.nearest < least
