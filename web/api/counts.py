"""``GET /counts``: how many reviews found each theme."""

from flask import Response

from web.api.blueprint import api
from web.api.envelope import Answer, answer
from web.counting import CountsQuestion, counted, counts_shape
from web.current import current_library


@api.get("/counts")
@api.input(CountsQuestion, location="query")
@api.output(Answer)
def get_counts(query_data: CountsQuestion) -> Response:
    """Count reviews per theme: machine, human-checked and corrected, with what is behind each."""
    library = current_library()
    table = counted(library, query_data)
    return answer(library, counts_shape(table, library, query_data))
