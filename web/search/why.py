"""Why a passage was found, in a line."""

from nlp.search import Hit


def why_found(hit: Hit) -> str:
    """Say in a line what found a passage; empty in a list without a query."""
    ways = [
        words
        for words, rank in (
            ("by the name of its case", hit.name_rank),
            ("by its words", hit.words_rank),
            ("by its meaning", hit.meaning_rank),
            ("by its themes", hit.theme_rank),
        )
        if rank is not None
    ]
    if not ways:
        return ""
    *first, last = ways
    return f"Found {', '.join(first)} and {last}" if first else f"Found {last}"
