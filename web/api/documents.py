"""``GET /documents/{id}``."""

from web.api.envelope import Result
from web.api.operations import endpoint
from web.api.query import ApiQuery
from web.api.schemas.passages import DocumentDetailShape
from web.holdings import Library
from web.passages import shape_passages
from web.shapes import document_shape


@endpoint(
    "/documents/{document_id}",
    query=ApiQuery,
    data=DocumentDetailShape,
    variables={"document_id": "d and 16 characters; a new text is a new document."},
)
def get_document(library: Library, query: ApiQuery, *, document_id: str) -> Result:  # noqa: ARG001 - takes nothing
    """Read one document.

    Its record, where its text came from with hashes, and its passages in reading order,
    each cut to what the document's licence tier lets us show.
    """
    document = library.store.get_document(document_id)
    ids = [p.passage_id for p in library.store.iter_passages(document_id=document.document_id)]
    return Result(data=document_shape(document) | {"passages": shape_passages(library, ids)})
