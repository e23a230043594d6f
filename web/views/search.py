"""The search page: a plain form, passages with their matched words, and pagination."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.filters import PassageFilter, select_passage_ids
from corpus.findings import findings_of
from corpus.model import Document, Finding, Passage, Review, Span
from nlp.codebook import Codebook
from nlp.search import Hit, SearchQuery
from web.alerts.mail import mail_is_on
from web.held import standing_review
from web.holdings import Library
from web.search_form import Choices, SearchForm, offer, read_filter, read_form
from web.views.downloads import FileLink, search_files
from web.views.parts import (
    PassageView,
    ReviewLink,
    by_id,
    date_words,
    passage_view,
    review_link,
)
from web.whole import all_reviews
from web.words import counted

PER_PAGE = 20
MAX_PAGE = 500


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
    choices: Choices
    review: ReviewLink | None
    """The one review that was asked for."""
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
    files: tuple[FileLink, ...]
    by_mail: bool
    """Whether this portal can send mail."""


def build(library: Library, arguments: Mapping[str, str]) -> SearchPage:
    """Search, or say what in the form cannot be used.

    Raises:
        StaleIndexError: there are words to search for and no index that fits the store.
    """
    form = read_form(arguments)
    if form.review:
        form = replace(form, review=standing_review(library, form.review))
    reviews = by_id(all_reviews(library))
    problems: list[str] = []
    wanted = read_filter(form, library.codebook, problems)
    asked = reviews.get(form.review)
    if form.review and asked is None:
        problems.append("That review is not held here: choose one from the list of reviews.")
    page = _page(arguments.get("page", ""), problems)
    searched = not problems and not form.is_empty
    found = _run(library, form, wanted, page) if searched else _Found()
    pages = max(1, min(MAX_PAGE, -(-found.total // PER_PAGE)))
    return SearchPage(
        form=form,
        problems=tuple(problems),
        choices=offer(form, library.codebook, (review.nation for review in reviews.values())),
        review=review_link(asked) if asked else None,
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
        files=search_files(form.arguments()),
        by_mail=mail_is_on(library.settings),
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


def _page(text: str, problems: list[str]) -> int:
    if not text:
        return 1
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MAX_PAGE:
        return int(text[:6])
    problems.append(f"There is no such page: pages run from 1 to {MAX_PAGE}.")
    return 1
