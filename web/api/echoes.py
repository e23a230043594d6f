"""``GET /passages/{id}/echoes``."""

from nlp.echoes import find_echoes
from web.api.envelope import Result
from web.api.operations import endpoint
from web.api.query import ApiQuery
from web.api.schemas.passages import EchoesShape
from web.holdings import Library
from web.passages import shape_passages
from web.shapes import finding_shape

NOTE = (
    "Nearest in wording among the reviews held here; a likeness of two passages says "
    "nothing of one case having led to the other."
)


@endpoint(
    "/passages/{passage_id}/echoes",
    query=ApiQuery,
    data=EchoesShape,
    variables={"passage_id": "p and 16 characters; permanent."},
)
def get_echoes(library: Library, query: ApiQuery, *, passage_id: str) -> Result:  # noqa: ARG001 - takes nothing
    """Find where other reviews found the same failing.

    For each failing that a review found in this passage, the passage of an earlier and of
    a later review of another case that is nearest to it in meaning.
    """
    found = find_echoes(library.store, library.searcher.vectors_of, passage_id)
    ids = list(dict.fromkeys(echo.passage_id for echo in found.echoes))
    passages = {row["passage_id"]: row for row in shape_passages(library, ids)}
    echoes = [
        {
            "theme": echo.theme,
            "direction": echo.direction,
            "years_between": echo.years_between,
            "similarity": round(echo.similarity, 4),
            "finding": finding_shape(echo.finding, library.rollup),
            "passage": passages[echo.passage_id],
        }
        for echo in found.echoes
    ]
    return Result(
        data={
            "passage_id": passage_id,
            "themes": list(found.themes),
            "echoes": echoes,
            "note": NOTE,
        }
    )
