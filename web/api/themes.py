"""``GET /themes``, ``/themes/{id}`` and ``/themes/{id}/recurrence``."""

from flask import Response

from corpus.recurrence import recurrence
from nlp.codebook import TopTheme
from web.api.blueprint import api
from web.api.envelope import Answer, NoQuery, answer
from web.current import current_library
from web.shapes import recurrence_shape, theme_shape, top_theme_shape


@api.get("/themes")
@api.input(NoQuery, location="query")
@api.output(Answer)
def list_themes(query_data: NoQuery) -> Response:  # noqa: ARG001 - refuses unknown parameters
    """List the codebook: top themes in order, each with its sub-themes."""
    library = current_library()
    codebook = library.codebook
    return answer(library, [top_theme_shape(top, codebook) for top in codebook.top_themes])


@api.get("/themes/<theme_id>")
@api.input(NoQuery, location="query")
@api.output(Answer)
def get_theme(theme_id: str, query_data: NoQuery) -> Response:  # noqa: ARG001 - refuses parameters
    """Read one theme, top or sub; a retired id answers with its successor."""
    library = current_library()
    entry = library.codebook.entry(theme_id)
    if isinstance(entry, TopTheme):
        return answer(library, top_theme_shape(entry, library.codebook))
    return answer(library, theme_shape(entry))


@api.get("/themes/<theme_id>/recurrence")
@api.input(NoQuery, location="query")
@api.output(Answer)
def get_recurrence(theme_id: str, query_data: NoQuery) -> Response:  # noqa: ARG001 - as above
    """Follow a theme from review to review, in the order of publication."""
    library = current_library()
    codebook = library.codebook
    found = recurrence(library.store, themes=codebook.expand_failures(theme_id))
    return answer(library, recurrence_shape(found, codebook, theme=theme_id))
