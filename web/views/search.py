"""The search page: a plain form, passages with their matched words, and pagination."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

from corpus.dates import PartialDate
from corpus.errors import InvalidInputError, ThemeNotFoundError
from corpus.filters import PassageFilter, select_passage_ids
from corpus.findings import findings_of
from corpus.model import Document, EvidenceGrade, Finding, Kind, Passage, Review, Span, Stance
from nlp.codebook import Codebook
from nlp.search import Hit, SearchQuery
from web.holdings import Library
from web.views.parts import (
    PassageView,
    ReviewLink,
    by_id,
    date_words,
    passage_view,
    review_link,
)
from web.views.whole import all_reviews
from web.words import GRADES, KINDS, STANCES, counted

PER_PAGE = 20
MAX_PAGE = 500
LONGEST_QUERY = 2000
"""Characters: room for a pasted paragraph, not for a whole document."""

_YEARS = range(1900, 2101)

Choice = TypeVar("Choice", Stance, Kind, EvidenceGrade)


@dataclass(frozen=True, kw_only=True)
class SearchForm:
    """What the reader asked for, as typed; empty fields ask for nothing."""

    q: str = ""
    theme: str = ""
    stance: str = ""
    kind: str = ""
    grade: str = ""
    nation: str = ""
    since: str = ""
    until: str = ""
    possible: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was asked."""
        return self == SearchForm(possible=self.possible)

    @property
    def has_filters(self) -> bool:
        """Whether anything beside the words was asked."""
        return SearchForm(q=self.q) != self

    def arguments(self) -> dict[str, str]:
        """The form as query parameters, without empty ones: pages link with these."""
        named = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "possible"}
        named["from"], named["to"] = named.pop("since"), named.pop("until")
        if self.possible:
            named["possible"] = "1"
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice in a list of the form."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class OptionGroup:
    """Choices under one heading: a top theme with its sub-themes."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Result:
    """One passage found, with what it belongs to and why it was found."""

    passage: PassageView
    document_id: str
    title: str
    date: str
    review: ReviewLink | None
    why: str
    """Such as ``found by its words and by its meaning``; empty without a query."""


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """What ``search.html`` shows."""

    form: SearchForm
    problems: tuple[str, ...]
    """What in the form could not be used; then nothing was searched."""
    themes: tuple[OptionGroup, ...]
    stances: tuple[Option, ...]
    kinds: tuple[Option, ...]
    grades: tuple[Option, ...]
    nations: tuple[Option, ...]
    searched: bool
    total: int
    heading: str
    results: tuple[Result, ...]
    meaning: bool
    """Whether search by meaning took part."""
    loosened: bool
    """Whether a quoted phrase stood nowhere, so that its words were sought one by one."""
    waiting: str
    """How many passages cannot be found yet, in words; empty where none waits."""
    page: int
    pages: int
    previous: dict[str, str] | None
    """Query parameters of the page before; ``None`` on the first."""
    following: dict[str, str] | None


def read_form(arguments: Mapping[str, str]) -> SearchForm:
    """Read the form's fields from query parameters; unknown ones are ignored."""

    def text(name: str) -> str:
        return arguments.get(name, "").strip()

    return SearchForm(
        q=text("q"),
        theme=text("theme"),
        stance=text("stance"),
        kind=text("kind"),
        grade=text("grade"),
        nation=text("nation"),
        since=text("from"),
        until=text("to"),
        possible=text("possible") == "1",
    )


def build(library: Library, arguments: Mapping[str, str]) -> SearchPage:
    """Search, or say what in the form cannot be used.

    Raises:
        StaleIndexError: there are words to search for and no index that fits the store.
    """
    form = read_form(arguments)
    reviews = by_id(all_reviews(library))
    problems: list[str] = []
    wanted = _filter(form, library.codebook, problems)
    page = _page(arguments.get("page", ""), problems)
    if len(form.q) > LONGEST_QUERY:
        problems.append(f"Search for at most {LONGEST_QUERY:,} characters; these are more.")
    searched = not problems and not form.is_empty
    found = _run(library, form, wanted, page) if searched else _Found()
    pages = max(1, min(MAX_PAGE, -(-found.total // PER_PAGE)))
    return SearchPage(
        form=form,
        problems=tuple(problems),
        themes=_theme_options(library.codebook, form.theme),
        stances=tuple(_option(s.value, words.label, form.stance) for s, words in STANCES.items()),
        kinds=tuple(_option(kind.value, label, form.kind) for kind, label in KINDS.items()),
        grades=tuple(_option(grade.value, label, form.grade) for grade, label in GRADES.items()),
        nations=tuple(
            _option(nation, nation, form.nation)
            for nation in sorted({review.nation for review in reviews.values()})
        ),
        searched=searched,
        total=found.total,
        heading=_heading(found, ranked=bool(form.q)),
        results=_results(library, found.hits, reviews, include_possible=form.possible),
        meaning=found.meaning,
        loosened=found.loosened,
        waiting=counted(found.waiting, "passage") if found.waiting else "",
        page=page,
        pages=pages,
        previous=form.arguments() | {"page": str(page - 1)} if 1 < page <= pages + 1 else None,
        following=form.arguments() | {"page": str(page + 1)} if page < pages else None,
    )


@dataclass(frozen=True, kw_only=True)
class _Found:
    total: int = 0
    hits: tuple[tuple[str, Hit | None], ...] = ()
    meaning: bool = True
    loosened: bool = False
    waiting: int = 0


def _run(library: Library, form: SearchForm, wanted: PassageFilter, page: int) -> _Found:
    offset = (page - 1) * PER_PAGE
    if form.q:
        query = SearchQuery(
            text=form.q, filter=wanted, limit=PER_PAGE, offset=offset, sentences=False
        )
        answer = library.searcher.search(query)
        return _Found(
            total=answer.total,
            hits=tuple((hit.passage_id, hit) for hit in answer.hits),
            meaning=answer.meaning,
            loosened=answer.loosened,
            waiting=answer.waiting,
        )
    ids = select_passage_ids(library.store, wanted)
    return _Found(
        total=len(ids),
        hits=tuple((passage_id, None) for passage_id in ids[offset : offset + PER_PAGE]),
    )


def _results(
    library: Library,
    hits: Sequence[tuple[str, Hit | None]],
    reviews: Mapping[str, Review],
    *,
    include_possible: bool,
) -> tuple[Result, ...]:
    hit_of = dict(hits)
    passages = library.store.get_passages(list(hit_of))
    documents = library.store.get_documents({passage.document_id for passage in passages})
    findings = findings_of(library.store, list(hit_of), include_possible=include_possible)
    return tuple(
        _result(
            passage,
            documents[passage.document_id],
            findings.get(passage.passage_id, ()),
            hit_of[passage.passage_id],
            reviews=reviews,
            codebook=library.codebook,
        )
        for passage in passages
    )


def _result(
    passage: Passage,
    document: Document,
    findings: Sequence[Finding],
    hit: Hit | None,
    *,
    reviews: Mapping[str, Review],
    codebook: Codebook,
) -> Result:
    review = reviews.get(document.review_id) if document.review_id else None
    matched: tuple[Span, ...] = hit.words if hit else ()
    return Result(
        passage=passage_view(passage, document, findings, codebook, matched=matched),
        document_id=document.document_id,
        title=document.title,
        date=date_words(document.published),
        review=review_link(review) if review else None,
        why=_why(hit),
    )


def _heading(found: _Found, *, ranked: bool) -> str:
    passages = counted(found.total, "passage")
    # Meaning always has a nearest passage: the number is not one of matches.
    nearest = ranked and found.meaning
    return (f"The nearest {passages}" if nearest else passages) if found.total else "Nothing found"


def _why(hit: Hit | None) -> str:
    if hit is None:
        return ""
    ways = []
    if hit.words_rank is not None:
        ways.append("by its words")
    if hit.meaning_rank is not None:
        ways.append("by its meaning")
    return f"Found {' and '.join(ways)}" if ways else ""


def _filter(form: SearchForm, codebook: Codebook, problems: list[str]) -> PassageFilter:
    since = _year(form.since, "Published from", problems)
    until = _year(form.until, "Published up to", problems)
    if since is not None and until is not None and since > until:
        problems.append(f"Published from {since} is later than up to {until}: swap the two years.")
    return PassageFilter(
        themes=_themes(form.theme, codebook, problems),
        stances=_choice(form.stance, Stance, "stance", problems),
        kinds=_choice(form.kind, Kind, "kind of document", problems),
        grades=_choice(form.grade, EvidenceGrade, "kind of evidence", problems),
        nation=form.nation or None,
        from_year=since,
        to_year=until,
        include_possible=form.possible,
    )


def _themes(theme: str, codebook: Codebook, problems: list[str]) -> tuple[str, ...]:
    if not theme:
        return ()
    try:
        return codebook.expand(theme)
    except ThemeNotFoundError:
        problems.append("That theme is not in the codebook: choose one from the list.")
        return ()


def _choice(text: str, choices: type[Choice], name: str, problems: list[str]) -> tuple[Choice, ...]:
    if not text:
        return ()
    try:
        return (choices(text),)
    except ValueError:
        problems.append(f"There is no such {name}: choose one from the list.")
        return ()


def _year(text: str, name: str, problems: list[str]) -> int | None:
    if not text:
        return None
    try:
        year = PartialDate.parse(text).year
    except InvalidInputError:
        year = 0
    if year in _YEARS:
        return year
    problems.append(f"“{name}” should be a year in four digits, such as 2003.")
    return None


def _page(text: str, problems: list[str]) -> int:
    if not text:
        return 1
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MAX_PAGE:
        return int(text[:6])
    problems.append(f"There is no such page: pages run from 1 to {MAX_PAGE}.")
    return 1


def _option(value: str, label: str, chosen: str) -> Option:
    return Option(value=value, label=label, chosen=value == chosen)


def _theme_options(codebook: Codebook, chosen: str) -> tuple[OptionGroup, ...]:
    return tuple(
        OptionGroup(
            label=top.label,
            options=(
                _option(top.theme_id, f"{top.label}: all", chosen),
                *(
                    _option(theme_id, codebook.theme(theme_id).label, chosen)
                    for theme_id in top.theme_ids
                ),
            ),
        )
        for top in codebook.top_themes
    )
