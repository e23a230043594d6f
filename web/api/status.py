"""``GET /status``: what is held, and what it was made with."""

from functools import lru_cache

from corpus.store import Store
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
    return Result(data={"held": _counted(library.store, library.store.revision)})


@lru_cache(maxsize=8)
def _counted(store: Store, _revision: int) -> dict[str, int]:
    """Count once for as long as nothing is written."""
    return store.count_rows()
