"""``GET /passages/{id}/echoes``."""

from pydantic import Field

from nlp.echoes import DEFAULT_LIMIT, LARGEST_LIMIT
from web.api.envelope import Result
from web.api.operations import endpoint
from web.api.query import ApiQuery
from web.api.schemas.passages import EchoesShape
from web.echoes import echoes_of, echoes_shape
from web.holdings import Library


class EchoesQuery(ApiQuery):
    """Which echoes of a passage."""

    theme: str | None = Field(
        default=None,
        max_length=80,
        description="Only echoes of the passage's finding on this theme.",
    )
    limit: int = Field(
        default=DEFAULT_LIMIT, ge=1, le=LARGEST_LIMIT, description="Most in each direction."
    )


@endpoint(
    "/passages/{passage_id}/echoes",
    query=EchoesQuery,
    data=EchoesShape,
    variables={"passage_id": "p and 16 characters; permanent."},
)
def get_echoes(library: Library, query: EchoesQuery, *, passage_id: str) -> Result:
    """Find where other reviews found the same failing.

    For the failings that a review found in this passage, the passages of earlier and of
    later reviews of other cases that agree with it most, best first, with what agrees;
    where there is none, why.
    """
    found = echoes_of(library, passage_id, theme=query.theme, limit=query.limit)
    return Result(data=echoes_shape(library, passage_id, found))
