"""The search page: what was understood, tabs by stance, facets, and passages with reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from corpus.errors import StaleIndexError
from corpus.filters import PassageFilter, select_passage_ids
from corpus.findings import findings_of
from corpus.ids import short_digest
from corpus.model import Review
from nlp.search import Hit, SearchAnswer, SearchQuery
from web.alerts.mail import mail_is_on
from web.held import check_held, standing_review
from web.holdings import Library
from web.parameters import ParameterError
from web.search.facet_links import (
    FacetList,
    Narrowed,
    Tab,
    facet_lists,
    narrowed_by,
    tab_links,
)
from web.search.listing import Listing, list_found
from web.search.looking import LookForm, look_problems, read_look
from web.search.page_links import PageLink, page_links, sort_links, to_page
from web.search.readings import Reading, readings_of
from web.search.results import Result, Source, results_of, source_of
from web.search.shorten import shorten
from web.search_form import Choices, SearchForm, offer, read_filter, read_form
from web.views.downloads import FileLink, search_files
from web.views.parts import ReviewLink, by_id, review_link
from web.whole import all_reviews
from web.words import counted

PER_PAGE = 20
MAX_PAGE = 500


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """What ``search.html`` shows."""

    form: SearchForm
    look: LookForm
    problems: tuple[str, ...]
    """What in the form could not be used; then nothing was searched."""
    choices: Choices
    review: ReviewLink | None
    """The one review that was asked for."""
    source: Source | None
    """The passage whose like is sought."""
    searched: bool
    total: int
    count_words: str
    """The total with its noun."""
    heading: str
    results: tuple[Result, ...]
    notes: tuple[Reading, ...]
    """What of the question was cut."""
    readings: tuple[Reading, ...]
    nothing_good: bool
    narrowed: tuple[Narrowed, ...]
    tabs: tuple[Tab, ...]
    facets: tuple[FacetList, ...]
    sorts: tuple[PageLink, ...]
    """Empty where the list cannot be put in another order."""
    ranked: bool
    """Whether anything was asked for besides filters."""
    by_relevance: bool
    meaning: bool
    """Whether search by meaning took part."""
    loosened: bool
    """Whether a quoted phrase stood nowhere, so that its words were sought one by one."""
    waiting: str
    """How many passages cannot be found yet, in words; empty where none waits."""
    restarted: bool
    """Whether what is held has changed since the list's first page, so that it starts anew."""
    page: int
    previous: Mapping[str, str] | None
    """Query parameters of the page before; ``None`` on the first."""
    following: Mapping[str, str] | None
    page_links: tuple[PageLink, ...]
    arguments: Mapping[str, str]
    """Query parameters of the list's first page."""
    files: tuple[FileLink, ...]
    by_mail: bool
    """Whether this portal can send mail."""


def build(library: Library, arguments: Mapping[str, str]) -> SearchPage:
    """Search, or say what in the form cannot be used.

    Raises:
        StaleIndexError: there are words to search for and no index that fits the store.
        PassageNotFoundError, WithdrawnError: the passage whose like is sought is not held.
    """
    form, look, notes = shorten(read_form(arguments), read_look(arguments))
    if form.review:
        form = replace(form, review=standing_review(library, form.review))
    reviews = by_id(all_reviews(library))
    problems: list[str] = []
    wanted = read_filter(form, library.codebook, problems)
    problems += look_problems(look, form.q, library.codebook)
    problems += _not_on_the_register(library, form)
    asked = reviews.get(form.review)
    if form.review and asked is None:
        problems.append("That review is not held here: choose one from the list of reviews.")
    page = _page(arguments.get("page", ""), problems)
    searched = not problems and not (form.is_empty and not look.is_paragraph)
    found = _NOTHING
    if searched:
        found = _run(library, form, look, wanted, page=page, at=arguments.get("at", ""))
    return _page_of(
        library,
        form,
        look,
        found,
        reviews=reviews,
        problems=problems,
        asked=asked,
        searched=searched,
        notes=notes,
    )


@dataclass(frozen=True, kw_only=True)
class _Found:
    listing: Listing
    mark: str = ""
    """Names the list: pages of one list have the same."""
    page: int = 1
    restarted: bool = False
    source: Source | None = None
    ranked: bool = False


_NOTHING = _Found(
    listing=Listing(answer=SearchAnswer(total=0, hits=(), index_name="", meaning=True))
)


def _run(
    library: Library,
    form: SearchForm,
    look: LookForm,
    wanted: PassageFilter,
    *,
    page: int,
    at: str,
) -> _Found:
    source = source_of(library, look.like) if look.like else None
    text = source.text if source else look.paragraph or form.q
    query = SearchQuery(
        text=text,
        filter=wanted,
        limit=PER_PAGE,
        plain=look.plain,
        ignore=look.ignore,
        paragraph=look.is_paragraph,
    )
    if not text and not look.tab:
        look = replace(look, tab="all")
    listing = _list(library, replace(query, offset=(page - 1) * PER_PAGE), look)
    # "In Wales" asks for nothing but a filter: what passes stands in order of publication.
    ranked = bool(listing.answer.understood.asked)
    found = _Found(listing=listing, page=page, source=source, ranked=ranked)
    found = replace(found, mark=_mark(library, found.listing))
    if page > 1 and at and at != found.mark:
        first = _list(library, query, look)
        return replace(found, listing=first, page=1, restarted=True, mark=_mark(library, first))
    return found


def _list(library: Library, query: SearchQuery, look: LookForm) -> Listing:
    try:
        return list_found(library, query, look.look())
    except StaleIndexError:
        if query.text:
            raise
        ids = select_passage_ids(library.store, query.filter)
        shown = ids[query.offset : query.offset + query.limit]
        hits = tuple(Hit(passage_id=one, score=0.0) for one in shown)
        return Listing(answer=SearchAnswer(total=len(ids), hits=hits, index_name="", meaning=True))


def _mark(library: Library, listing: Listing) -> str:
    return short_digest(library.snapshot, listing.answer.index_name, listing.answer.meaning)


def _page_of(
    library: Library,
    form: SearchForm,
    look: LookForm,
    found: _Found,
    *,
    reviews: Mapping[str, Review],
    problems: list[str],
    asked: Review | None,
    searched: bool,
    notes: tuple[Reading, ...],
) -> SearchPage:
    listing, answer = found.listing, found.listing.answer
    own = form.arguments()
    kept = own | look.arguments()
    pages = max(1, min(MAX_PAGE, -(-answer.total // PER_PAGE)))
    of_review = reviews.get(look.within.get("review", ""))
    return SearchPage(
        form=form,
        look=look,
        problems=tuple(problems),
        choices=offer(form, library.codebook, reviews.values()),
        review=review_link(asked) if asked else None,
        source=found.source,
        searched=searched,
        total=answer.total,
        count_words=counted(answer.total, "passage"),
        heading=_heading(answer, ranked=found.ranked),
        results=_results(library, found, form, look, reviews),
        notes=notes,
        readings=(*notes, *readings_of(listing, look, own)),
        nothing_good=found.ranked and answer.nothing_good,
        narrowed=narrowed_by(
            look,
            own,
            library.codebook,
            review=of_review.title if of_review else "a review that is not held here",
        )
        if searched
        else (),
        tabs=tab_links(listing, look, own),
        facets=facet_lists(listing, look, own, library.codebook),
        sorts=sort_links(own, look, listing.tab, ranked=found.ranked)
        if listing.can_sort and answer.total > 1
        else (),
        ranked=found.ranked,
        by_relevance=found.ranked and look.sort in ("", "relevance"),
        meaning=answer.meaning,
        loosened=answer.loosened,
        waiting=counted(answer.waiting, "passage") if answer.waiting else "",
        restarted=found.restarted,
        page=found.page,
        previous=to_page(kept, found.mark, found.page - 1) if 1 < found.page <= pages + 1 else None,
        following=to_page(kept, found.mark, found.page + 1) if found.page < pages else None,
        page_links=page_links(kept, found.mark, found.page, pages),
        arguments=kept,
        files=search_files(own | look.asked(listing.tab)) if not look.paragraph else (),
        by_mail=mail_is_on(library.settings),
    )


def _results(
    library: Library,
    found: _Found,
    form: SearchForm,
    look: LookForm,
    reviews: Mapping[str, Review],
) -> tuple[Result, ...]:
    hits = found.listing.answer.hits
    findings = findings_of(
        library.store, [hit.passage_id for hit in hits], include_possible=form.possible
    )
    base = form.arguments() | replace(look, tab=found.listing.tab).without("review").arguments()
    themes = (
        found.source.themes
        if found.source
        else frozenset(theme.theme_id for theme in found.listing.answer.themes)
        if look.paragraph
        else frozenset()
    )
    return results_of(
        library,
        found.listing,
        findings,
        reviews,
        shared_with=themes,
        more={} if "review" in look.within or form.review else base,
    )


def _heading(answer: SearchAnswer, *, ranked: bool) -> str:
    if not answer.total:
        return "Nothing found"
    if ranked and answer.nothing_good:
        return "Nothing good found; the nearest misses are below"
    # Meaning always has a nearest passage: the number is not one of matches.
    passages = counted(answer.total, "passage")
    return f"The nearest {passages}" if ranked and answer.meaning else passages


def _not_on_the_register(library: Library, form: SearchForm) -> list[str]:
    """Name a nation or type that no review can be of: nothing found would say another thing."""
    try:
        check_held(library, nation=form.nation or None, review_type=form.type or None)
    except ParameterError as error:
        return [
            f"No review of that {name} is held: choose one from the list."
            for name, _ in error.problems
        ]
    return []


def _page(text: str, problems: list[str]) -> int:
    if not text:
        return 1
    if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= MAX_PAGE:
        return int(text[:6])
    problems.append(f"There is no such page: pages run from 1 to {MAX_PAGE}.")
    return 1
