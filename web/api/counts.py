"""``GET /counts``: how many reviews found each theme."""

from pydantic import Field

from corpus.counts import Grouping
from web.api.envelope import Result
from web.api.operations import endpoint
from web.api.query import ApiQuery
from web.api.schemas.counts import CountsShape
from web.counting import CountsQuestion, counted, counted_by, counts_shape
from web.grouped_counts import grouped_shape
from web.held import check_held
from web.holdings import Library


class CountsQuery(CountsQuestion, ApiQuery):
    """Which reviews are counted, by what, and whether in parts."""

    group_by: Grouping | None = Field(
        default=None,
        description="Add the same table for each nation, type or decade of reviews alone.",
    )

    def question(self) -> CountsQuestion:
        """The same without what only concerns the form of the answer."""
        asked = self.model_dump(exclude={"group_by", "select"})
        return CountsQuestion(**{name: asked[name] for name in CountsQuestion.model_fields})


@endpoint("/counts", query=CountsQuery, data=CountsShape)
def get_counts(library: Library, query: CountsQuery) -> Result:
    """Count the reviews that found each theme.

    Three figures side by side, never mixed: the machine's, those of reviews that people
    have checked whole, and the machine's corrected by what people found, each with its
    denominator, 95% interval, method and the reviews and passages behind it. No key is
    without a number's basis: read coverage and notes before comparing years.
    """
    check_held(library, nation=query.nation, review_type=query.type)
    question = query.question()
    if query.group_by is None:
        return Result(data=counts_shape(counted(library, question), library, question))
    table, parts = counted_by(library, question, by=query.group_by)
    return Result(data=grouped_shape(table, parts, library, question, by=query.group_by))
