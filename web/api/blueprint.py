"""The API's blueprint: what holds for every endpoint, whatever it answers."""

from apiflask import APIBlueprint
from flask import Response, request

from corpus.errors import InvalidInputError

api = APIBlueprint("api", __name__, url_prefix="/api/v1", tag="Throughline")


@api.before_request
def refuse_repeated_parameters() -> None:
    """Refuse a parameter given twice: taking one of them silently would mislead.

    Raises:
        InvalidInputError: naming the parameter.
    """
    for name, values in request.args.lists():
        if len(values) > 1:
            raise InvalidInputError(f"The parameter {name!r} was given {len(values)} times.")


@api.after_request
def allow_reading(response: Response) -> Response:
    """Let any page read; name the answer by its bytes; keep it out of search engines."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "no-cache"
    if request.method in {"GET", "HEAD"} and response.status_code == 200:
        response.add_etag()
        response.make_conditional(request)
    return response
