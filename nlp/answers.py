"""What is asked of search, and what it answers."""

from dataclasses import dataclass, field

from corpus.filters import PassageFilter
from corpus.ids import PassageId
from corpus.model import Span
from nlp.found import Choose
from nlp.query_themes import QueryTheme
from nlp.understood import Understood


@dataclass(frozen=True, kw_only=True)
class SearchQuery:
    """What to search for, and which part of the answer to show."""

    text: str = ""
    """Anything; blank lists what passes the filter, in date order."""
    filter: PassageFilter = field(default_factory=PassageFilter)
    """What was chosen beside the text; where the text asks for another value of the same
    field, this one stands."""
    limit: int = 10
    offset: int = 0
    sentences: bool = True
    """Find each hit's nearest sentence; encoding them takes most of a search's time."""
    plain: bool = False
    """Read nothing into the text but quoted phrases: no filter, stance or theme."""
    ignore: tuple[str, ...] = ()
    """Keys of readings that the reader took back (``nation:Wales``): those of
    ``SearchAnswer.understood``, of any effect."""
    per_review: int | None = None
    """At most so many of one review among the first ten; the others follow after the tenth.
    A passage of no review counts with its document. ``None`` ranks by score alone."""
    fold: bool = False
    """Show near copies of a passage as one hit, which names the others."""
    paragraph: bool = False
    """The text is somebody's paragraph: it is read like a plain one, and its themes count."""
    choose: Choose | None = None
    """Narrows and sorts what was found, copies folded, before it is cut to a page."""


@dataclass(frozen=True, kw_only=True)
class Hit:
    """One passage found, with why."""

    passage_id: PassageId
    score: float
    """Of all sides together: only its order means anything; 0 in a list without a query."""
    words: tuple[Span, ...] = ()
    """The query's words in the passage, in any form; none overlap."""
    words_rank: int | None = None
    """Its place by words alone, from 1; ``None`` where words did not find it."""
    meaning_rank: int | None = None
    """Its place by meaning alone, from 1."""
    name_rank: int | None = None
    """Its place among passages of a case that the query calls by name."""
    theme_rank: int | None = None
    """Its place among passages whose themes agree best with what the query is about."""
    nearest_sentence: Span | None = None
    """The sentence nearest in meaning; ``None`` where meaning took no part, or where the
    passage is one sentence."""
    copies: tuple[PassageId, ...] = ()
    """Near copies that stand for no hit of their own (``SearchQuery.fold``), best first."""


@dataclass(frozen=True, kw_only=True)
class SearchAnswer:
    """One page of an answer; ``total`` is of the whole."""

    total: int
    """With a query: how many hits there are, of passages that pass the filter and were put
    forward by words, meaning, names or themes (each its best 300). Without: how many
    indexed passages pass."""
    hits: tuple[Hit, ...]
    index_name: str
    meaning: bool
    """``False`` where the encoder could not be loaded, so that words alone answered."""
    waiting: int = 0
    """Analysed passages that the index does not hold yet: an analysis is under way or was
    broken off. They cannot be found until it is done."""
    loosened: bool = False
    """A quoted phrase stands in no passage, so its words were looked for one by one."""
    themes: tuple[QueryTheme, ...] = ()
    """What the query was taken to be about, likeliest first; passages of it were preferred.
    They are among the readings of ``understood`` too."""
    understood: Understood = field(default_factory=Understood)
    """How the text was read: what to show beside the answer, with a way to take it back."""
    released: tuple[str, ...] = ()
    """Keys of readings that were filters and would have left nothing: they were set aside."""
    nothing_good: bool = False
    """Nothing found lies near enough to be an answer: what is listed are nearest misses."""
    found: tuple[PassageId, ...] = ()
    """With a query: every hit's passage, best first, whatever part is shown: ``total`` ids,
    for counts that agree with the list. Empty without a query."""
    filter: PassageFilter = field(default_factory=PassageFilter)
    """What passages had to be: the chosen filter and those read from the text, together."""
