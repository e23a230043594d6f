"""``GET /passages`` (search, filters and samples) and ``/passages/{id}``."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from corpus.ids import short_digest
from nlp.rank import CANDIDATES
from nlp.search import SearchQuery
from web.api.envelope import ListMeta, Result
from web.api.operations import endpoint
from web.api.paging import Cursor, SnapshotMovedError, read_cursor, write_cursor
from web.api.query import ApiQuery, Paged
from web.api.schemas.common import PassageShape
from web.api.schemas.passages import CountedShape, FoundPassageShape, ReadingShape
from web.api.walks import sampled_page, walked_page
from web.coded import include_coding
from web.held import check_held, follow_merges
from web.holdings import Library
from web.passages import readings_shape, shape_answer, shape_passages
from web.questions import split_values
from web.search.asked import ListQuestion
from web.search.listing import Listing, Look, list_found
from web.search.narrowing import FACETS

Included = Annotated[tuple[Literal["judgements", "machine"], ...], BeforeValidator(split_values)]

_INCLUDE = Field(
    default=(),
    description="Add to each passage what its findings rest on: judgements (every one, by "
    "coder) and machine (what the machine found, judged or not).",
)


class PassagesQuery(ListQuestion, Paged):
    """A question, the order of its answer and the page."""

    facets: bool = Field(
        default=False,
        description="Count the whole list in meta.facets by theme, stance, kind, decade, nation, "
        "type and publisher. With q or like, a count is what within_theme and so on leave.",
    )
    sample: int | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="Draw so many at random of what passes the filters; not with q or sort.",
    )
    seed: int | None = Field(
        default=None,
        ge=0,
        le=2**31 - 1,
        description="With sample: the same seed draws the same passages; 0 without it.",
    )
    include: Included = _INCLUDE

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        if self.sort in ("relevance", "review") and not self.is_ranked:
            raise ValueError(f"sort={self.sort} goes with q or like")
        if self.sample is not None and (self.is_ranked or self.sort or self.facets):
            raise ValueError(
                "sample draws from what passes the filters: leave out q, like, sort and facets"
            )
        if self.is_narrowed and not self.is_ranked:
            raise ValueError("tab and within_… narrow what q or like found; use the filters")
        if self.seed is not None and self.sample is None:
            raise ValueError("seed goes with sample")
        return self


class PassagesMeta(ListMeta):
    """A page of passages; which keys stand here depends on how they were asked for."""

    snapshot_now: str | None = Field(
        default=None,
        description="Where the list is walked in the state it was begun in (snapshot), the "
        "name of what is held now, if that has changed.",
    )
    withdrawn: int | None = Field(
        default=None,
        description="On a walk's last page: how many of its total were taken down meanwhile "
        "and so were on no page.",
    )
    sampled_from: int | None = Field(default=None, description="How many the sample is of.")
    seed: int | None = Field(default=None, description="What the sample was drawn with.")
    meaning_search: bool | None = Field(
        default=None, description="With q: false where words alone answered."
    )
    not_yet_searchable: int | None = Field(
        default=None, description="With q: passages that are analysed and not indexed yet."
    )
    understood: list[ReadingShape] | None = Field(
        default=None, description="With q: what it was taken to mean, part by part."
    )
    nothing_good: bool | None = Field(
        default=None, description="With q or like: true where these are nearest misses at best."
    )
    loosened: bool | None = Field(
        default=None, description="With q: true where a quoted phrase stands nowhere as it is."
    )
    tabs: dict[str, int] | None = Field(
        default=None, description="With q or like: how many passages each tab has."
    )
    facets: dict[str, list[CountedShape]] | None = Field(
        default=None,
        description="With facets: by facet its values, most first. Without q, of what is held "
        "and indexed now.",
    )


@endpoint("/passages", query=PassagesQuery, data=list[FoundPassageShape], meta=PassagesMeta)
def list_passages(library: Library, query: PassagesQuery) -> Result:
    """Search passages, or list those that pass the filters.

    Theme, stance, level and attribution must hold together, of one finding. With q or
    like, passages are ranked by words, meaning, names and themes, and the best few hundred
    can be paged through; count_truncated says so. What q was taken to mean besides its words
    stands in meta.understood. Without q, every passage that passes is listed by
    date, and the cursor walks to the end of the list in the state it was begun in,
    whatever is added or taken down meanwhile. The id of a review that was merged into
    another stands for that one.
    """
    check_held(library, nation=query.nation, review_type=query.type)
    query = follow_merges(library, query)
    if query.review is not None:
        library.store.get_review(query.review)
    if query.is_ranked:
        return _searched(library, query)
    wanted = query.passage_filter(library.codebook)
    if query.sample is not None:
        page = sampled_page(library, query, wanted, size=query.sample, seed=query.seed or 0)
    else:
        page = walked_page(library, query, wanted, newest_first=query.sort == "-date")
    rows = shape_passages(
        library,
        page.passage_ids,
        include_possible=query.possible,
        judged_until=page.judged_until,
    )
    meta = dict(page.meta)
    if query.facets:
        counted = list_found(library, SearchQuery(filter=wanted, limit=0), Look())
        meta["facets"] = _facets(counted)
    return Result(data=include_coding(library, rows, query.include), meta=meta)


def _searched(library: Library, query: PassagesQuery) -> Result:
    query.check(library)
    cursor = read_cursor(query, tuple[int, str])
    offset = int(cursor.place[0] or 0) if cursor else 0
    listing = list_found(
        library, query.search_query(library, limit=query.per_page, offset=offset), query.look()
    )
    found = listing.answer
    state = short_digest(found.index_name, found.meaning)
    if cursor and (cursor.snapshot, cursor.place[1]) != (library.snapshot, state):
        why = "something was added, coded or indexed anew"
        raise SnapshotMovedError(cursor.snapshot, library.snapshot, why)
    rows = shape_answer(library, found, include_possible=query.possible)
    after = offset + query.per_page
    return Result(
        data=include_coding(library, rows, query.include),
        meta={
            "total": found.total,
            # Each way of ranking puts forward its best and stops.
            "count_truncated": found.total >= CANDIDATES,
            "next_cursor": write_cursor(query, Cursor(library.snapshot, (after, state)))
            if after < found.total
            else None,
            "meaning_search": found.meaning,
            "not_yet_searchable": found.waiting,
            "understood": readings_shape(found),
            "nothing_good": found.nothing_good,
            "loosened": found.loosened,
            "tabs": dict(listing.tabs),
        }
        | ({"facets": _facets(listing)} if query.facets else {}),
        # Once the encoder loads, the same question has a better answer.
        keep=found.meaning,
    )


def _facets(listing: Listing) -> dict[str, list[dict[str, object]]]:
    return {
        name: [
            {"value": value, "count": count}
            for value, count in listing.facets.get(column, {}).items()
        ]
        for name, column in FACETS.items()
    }


class PassageQuery(ApiQuery):
    """How much of a passage to read."""

    include: Included = _INCLUDE


@endpoint(
    "/passages/{passage_id}",
    query=PassageQuery,
    data=PassageShape,
    variables={"passage_id": "p and 16 characters; permanent."},
)
def get_passage(library: Library, query: PassageQuery, *, passage_id: str) -> Result:
    """Read one passage.

    With every standing finding on it, confident and possible. Where its text is cut to
    what its licence tier lets us show, text_cut is true; offsets, findings and the link
    to the source stand whatever is cut.
    """
    passage = library.store.get_passage(passage_id)
    rows = shape_passages(library, [passage.passage_id], include_possible=True)
    return Result(data=include_coding(library, rows, query.include)[0])
