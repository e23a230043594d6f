"""``GET /status``: what is held, and what it was made with."""

from flask import Response

from web.api.blueprint import api
from web.api.envelope import Answer, NoQuery, answer
from web.current import current_library


@api.get("/status")
@api.input(NoQuery, location="query")
@api.output(Answer)
def get_status(query_data: NoQuery) -> Response:  # noqa: ARG001 - refuses unknown parameters
    """Count what is held: reviews, documents, passages, findings and judgements."""
    library = current_library()
    return answer(library, {"held": library.store.count_rows()})
