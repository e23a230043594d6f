"""``GET /themes``, ``/themes/{id}`` and ``/themes/{id}/recurrence``."""

from corpus.recurrence import recurrence
from nlp.codebook import TopTheme
from web.api.envelope import Result
from web.api.operations import endpoint
from web.api.query import ApiQuery
from web.api.schemas.themes import RecurrenceShape, ThemeEntryShape, TopThemeShape
from web.holdings import Library
from web.shapes import recurrence_shape, theme_shape, top_theme_shape

_THEME = {"theme_id": "Permanent id of a theme or a top theme, such as siloed-decisions."}


@endpoint("/themes", query=ApiQuery, data=list[TopThemeShape])
def list_themes(library: Library, query: ApiQuery) -> Result:  # noqa: ARG001 - takes nothing
    """List the codebook.

    Top themes in order, each with its themes: definition, what it includes and excludes,
    other names, cues and invented examples.
    """
    codebook = library.codebook
    return Result(data=[top_theme_shape(top, codebook) for top in codebook.top_themes])


@endpoint("/themes/{theme_id}", query=ApiQuery, data=ThemeEntryShape, variables=_THEME)
def get_theme(library: Library, query: ApiQuery, *, theme_id: str) -> Result:  # noqa: ARG001 - as above
    """Read one theme.

    A top theme answers with its themes; a retired id answers with its successor.
    """
    entry = library.codebook.entry(theme_id)
    if isinstance(entry, TopTheme):
        return Result(data=top_theme_shape(entry, library.codebook))
    return Result(data=theme_shape(entry))


@endpoint("/themes/{theme_id}/recurrence", query=ApiQuery, data=RecurrenceShape, variables=_THEME)
def get_recurrence(library: Library, query: ApiQuery, *, theme_id: str) -> Result:  # noqa: ARG001 - as above
    """Follow a theme from review to review.

    In the order of publication, with the years since the last review that found the same
    failing and what was recommended in between. News and briefings are no part of it.
    """
    codebook = library.codebook
    found = recurrence(library.store, themes=codebook.expand_failures(theme_id))
    return Result(data=recurrence_shape(found, codebook, theme=theme_id))
