"""``GET /status``: what is held, and what it was made with."""

from web.api.envelope import Result
from web.api.operations import endpoint
from web.api.query import ApiQuery
from web.api.schemas.reviews import StatusShape
from web.holdings import Library


@endpoint("/status", query=ApiQuery, data=StatusShape)
def get_status(library: Library, query: ApiQuery) -> Result:  # noqa: ARG001 - takes nothing
    """Count what is held.

    Reviews, captures, documents, passages, findings and judgements: documents as they are
    now, without versions that another has replaced.
    """
    return Result(data={"held": library.store.count_rows()})
