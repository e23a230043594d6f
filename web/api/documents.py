"""``GET /documents/{id}``."""

from flask import Response

from web.api.blueprint import api
from web.api.envelope import Answer, NoQuery, answer
from web.current import current_library
from web.passages import shape_passages
from web.shapes import document_shape


@api.get("/documents/<document_id>")
@api.input(NoQuery, location="query")
@api.output(Answer)
def get_document(document_id: str, query_data: NoQuery) -> Response:  # noqa: ARG001 - as elsewhere
    """Read one document's record and its passages in reading order."""
    library = current_library()
    document = library.store.get_document(document_id)
    ids = [p.passage_id for p in library.store.iter_passages(document_id=document.document_id)]
    return answer(library, document_shape(document) | {"passages": shape_passages(library, ids)})
