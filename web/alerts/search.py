"""A search that is followed: its filters, the words it needs, and how it is called."""

from collections.abc import Mapping
from dataclasses import dataclass

from corpus.alerts import search_name
from corpus.errors import InvalidInputError, ThroughlineError
from corpus.filters import PassageFilter
from corpus.first_matches import Holds
from nlp.codebook import Codebook
from nlp.tokens import tokenise
from nlp.word_query import read_word_query
from web.holdings import Library
from web.search_form import SearchForm, read_filter, read_form
from web.words import ATTRIBUTIONS, GRADES, KINDS, LEVELS, STANCES

MOST_WORDS = 8
"""A passage needs all of a search's words or, of more than these, as many."""


@dataclass(frozen=True, kw_only=True)
class FollowedSearch:
    """What is followed. Words must stand in a passage: nearness in meaning is no news."""

    form: SearchForm
    search_id: str
    wanted: PassageFilter
    holds: Holds | None
    """Whether a text has the words; ``None`` where none were asked."""
    title: str
    """The search in words, such as ``“letter”; stance: Failing found``."""

    @property
    def arguments(self) -> dict[str, str]:
        """The search page's parameters."""
        return self.form.arguments()


def read_search(library: Library, arguments: Mapping[str, str]) -> FollowedSearch:
    """Read the search page's parameters.

    Raises:
        InvalidInputError: one of them cannot be used; the sentence says which.
        ReviewNotFoundError: there is no such review.
    """
    form = read_form(arguments)
    problems: list[str] = []
    wanted = read_filter(form, library.codebook, problems)
    if problems:
        raise InvalidInputError(" ".join(problems))
    if form.review:
        library.store.get_review(form.review)
    return FollowedSearch(
        form=form,
        search_id=search_name(form.arguments()),
        wanted=wanted,
        holds=words_needed(form.q) if form.q else None,
        title=title_of(form, library.codebook),
    )


def title_or_not(library: Library, arguments: Mapping[str, str]) -> str:
    """A search in words, also where what it asks for is no longer there."""
    try:
        return read_search(library, arguments).title
    except ThroughlineError:
        return f"a search that can no longer be made ({', '.join(arguments.values())})"


def words_needed(query: str) -> Holds:
    """Make the test for a query's words: in any form, all in one passage.

    Quoted phrases must stand as they are. Of a query of more than :data:`MOST_WORDS` words,
    so many are enough. A query without any word is in no text.
    """
    words = read_word_query(query)
    needed = min(len(words.terms), MOST_WORDS)

    def holds(text: str) -> bool:
        stems = [token.stem for token in tokenise(text)]
        there = set(stems)
        enough = needed > 0 and sum(term in there for term in words.terms) >= needed
        return enough and all(_has_run(stems, phrase) for phrase in words.phrases)

    return holds


def title_of(form: SearchForm, codebook: Codebook) -> str:
    """Put a search in words."""
    named = {
        "theme": codebook.entry(form.theme).label if form.theme else "",
        "stance": {s.value: words.label for s, words in STANCES.items()}.get(form.stance, ""),
        "level": {level.value: label for level, label in LEVELS.items()}.get(form.level, ""),
        "said by": {a.value: label for a, label in ATTRIBUTIONS.items()}.get(form.attribution, ""),
        "kind": {kind.value: label for kind, label in KINDS.items()}.get(form.kind, ""),
        "evidence": {grade.value: label for grade, label in GRADES.items()}.get(form.grade, ""),
        "nation": form.nation,
        "type of review": form.type,
        "source": form.publisher,
        "review": form.review,
        "published from": form.since,
        "published up to": form.until,
    }
    parts = [f"“{' '.join(form.q.split())}”"] if form.q else []
    parts += [f"{name}: {value}" for name, value in named.items() if value]
    if form.possible:
        parts.append("with tags that the machine is unsure of")
    return "; ".join(parts) or "everything"


def _has_run(stems: list[str], run: tuple[str, ...]) -> bool:
    return any(
        tuple(stems[start : start + len(run)]) == run for start in range(len(stems) - len(run) + 1)
    )
