"""``GET /passages`` (search and filters) and ``/passages/{id}``."""

from typing import Literal, Self

from flask import Response
from pydantic import Field, model_validator

from corpus.filters import select_passage_ids
from nlp.search import SearchQuery
from web.api.blueprint import api
from web.api.envelope import Answer, NoQuery, answer
from web.api.paging import page_of
from web.current import current_library
from web.passages import shape_answer, shape_passages
from web.questions import PassageQuestion


class PassagesQuery(PassageQuestion):
    """A question, the order of its answer and the page."""

    sort: Literal["relevance", "date", "-date"] | None = Field(
        default=None, description="relevance with q; date or -date without."
    )
    per_page: int = Field(default=25, ge=1, le=200)
    cursor: str | None = Field(default=None, description="Opaque; from meta.next_cursor.")

    @model_validator(mode="after")
    def _sort_fits_question(self) -> Self:
        by_relevance = bool(self.q.strip())
        if self.sort and (self.sort == "relevance") != by_relevance:
            raise ValueError("sort=relevance goes with q, sort=date and sort=-date without it")
        return self


@api.get("/passages")
@api.input(PassagesQuery, location="query")
@api.output(Answer)
def list_passages(query_data: PassagesQuery) -> Response:
    """Search passages, or list those that pass the filters."""
    library = current_library()
    page = page_of(library.snapshot, query_data)
    passage_filter = query_data.passage_filter(library.codebook)
    possible = query_data.possible
    if query_data.q.strip():
        found = library.searcher.search(
            SearchQuery(
                text=query_data.q,
                filter=passage_filter,
                limit=page.size,
                offset=page.offset,
            )
        )
        return answer(
            library,
            shape_answer(library, found, include_possible=possible),
            total=found.total,
            next_cursor=page.next_cursor(found.total),
            meaning_search=found.meaning,
            not_yet_searchable=found.waiting,
        )
    ids = select_passage_ids(library.store, passage_filter)
    if query_data.sort == "-date":
        ids.reverse()
    shown = ids[page.offset : page.offset + page.size]
    return answer(
        library,
        shape_passages(library, shown, include_possible=possible),
        total=len(ids),
        next_cursor=page.next_cursor(len(ids)),
    )


@api.get("/passages/<passage_id>")
@api.input(NoQuery, location="query")
@api.output(Answer)
def get_passage(passage_id: str, query_data: NoQuery) -> Response:  # noqa: ARG001 - as elsewhere
    """Read one passage with every finding on it, confident and possible."""
    library = current_library()
    passage = library.store.get_passage(passage_id)
    return answer(library, shape_passages(library, [passage.passage_id], include_possible=True)[0])
