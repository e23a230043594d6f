"""``GET /passages`` (search, filters and samples) and ``/passages/{id}``."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from nlp.rank import CANDIDATES
from nlp.search import SearchQuery
from web.api.envelope import ListMeta, Result
from web.api.operations import endpoint
from web.api.paging import next_offset, offset_of
from web.api.query import ApiQuery, Paged
from web.api.schemas.common import PassageShape
from web.api.schemas.passages import FoundPassageShape
from web.api.walks import sampled_page, walked_page
from web.coded import include_coding
from web.held import check_held, follow_merges
from web.holdings import Library
from web.passages import shape_answer, shape_passages
from web.questions import PassageQuestion, split_values

Included = Annotated[tuple[Literal["judgements", "machine"], ...], BeforeValidator(split_values)]

_INCLUDE = Field(
    default=(),
    description="Add to each passage what its findings rest on: judgements (every one, by "
    "coder) and machine (what the machine found, judged or not).",
)


class PassagesQuery(PassageQuestion, Paged):
    """A question, the order of its answer and the page."""

    sort: Literal["relevance", "date", "-date"] | None = Field(
        default=None, description="relevance with q; date or -date without."
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
        by_relevance = bool(self.q.strip())
        if self.sort and (self.sort == "relevance") != by_relevance:
            raise ValueError("sort=relevance goes with q, sort=date and sort=-date without it")
        if self.sample is not None and (by_relevance or self.sort):
            raise ValueError("sample draws from what passes the filters: leave out q and sort")
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


@endpoint("/passages", query=PassagesQuery, data=list[FoundPassageShape], meta=PassagesMeta)
def list_passages(library: Library, query: PassagesQuery) -> Result:
    """Search passages, or list those that pass the filters.

    Theme, stance, level and attribution must hold together, of one finding. With q,
    passages are ranked by words and by meaning, and the best few hundred can be paged
    through; count_truncated says so. Without q, every passage that passes is listed by
    date, and the cursor walks to the end of the list in the state it was begun in,
    whatever is added or taken down meanwhile. The id of a review that was merged into
    another stands for that one.
    """
    check_held(library, nation=query.nation)
    query = follow_merges(library, query)
    if query.review is not None:
        library.store.get_review(query.review)
    if query.q.strip():
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
    return Result(data=include_coding(library, rows, query.include), meta=page.meta)


def _searched(library: Library, query: PassagesQuery) -> Result:
    offset = offset_of(query, snapshot=library.snapshot)
    found = library.searcher.search(
        SearchQuery(
            text=query.q,
            filter=query.passage_filter(library.codebook),
            limit=query.per_page,
            offset=offset,
        )
    )
    rows = shape_answer(library, found, include_possible=query.possible)
    following = next_offset(query, snapshot=library.snapshot, offset=offset, total=found.total)
    return Result(
        data=include_coding(library, rows, query.include),
        meta={
            "total": found.total,
            # Each way of ranking puts forward its best and stops.
            "count_truncated": found.total >= CANDIDATES,
            "next_cursor": following,
            "meaning_search": found.meaning,
            "not_yet_searchable": found.waiting,
        },
        # Once the encoder loads, the same question has a better answer.
        keep=found.meaning,
    )


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
