"""``/charts/``: each figure as SVG, PNG, CSV and as the specification that a browser draws."""

from collections.abc import Callable, Mapping
from functools import lru_cache

from flask import Blueprint, Response, abort, request
from werkzeug.datastructures import MultiDict

from corpus.ids import short_digest
from corpus.ledger import blocks_time
from web.charts.draw import bundle, bundle_name, png, spec_text, svg
from web.charts.figure import ChartFigure, Look
from web.charts.gallery import figure_for
from web.current import current_library
from web.holdings import Library
from web.parameters import ParameterError
from web.spreadsheet import csv_text

charts = Blueprint("charts", __name__, url_prefix="/charts")

_A_YEAR = 365 * 24 * 3600

_DRAWN: Mapping[str, tuple[str, Callable[[ChartFigure, Look], str | bytes]]] = {
    "svg": ("image/svg+xml", svg),
    "json": ("application/json", spec_text),
    "png": ("image/png", lambda figure, _look: png(figure)),
    "csv": ("text/csv; charset=utf-8", lambda figure, _look: figure_csv(figure)),
}
_DOWNLOADED = frozenset({"png", "csv"})


def figure_csv(figure: ChartFigure) -> str:
    """The figure's table as CSV: the same cells under the same headings."""
    names = [column.name for column in figure.columns]
    return csv_text(names, (dict(zip(names, row, strict=True)) for row in figure.rows))


@charts.get("/<name>.<any(svg, png, csv, json):form>")
def chart_file(name: str, form: str) -> Response:
    """Give one figure in one form, with the filters of the address."""
    library = current_library()
    arguments, look = _split(request.args)
    blocked = blocks_time(library.store)
    answer = Response()
    # Whatever is drawn follows from these; a reader who has it costs nothing but this line.
    etag = short_digest(name, form, library.snapshot, bundle_name(), arguments, repr(look), blocked)
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    if request.if_none_match.contains_weak(etag):
        answer.status_code = 304
        return answer
    asked = tuple(sorted(arguments.items()))
    answer.set_data(_written(library, library.store.revision, name, form, asked, look, blocked))
    answer.headers["Content-Type"] = _DRAWN[form][0]
    if form in _DOWNLOADED:
        answer.headers["Content-Disposition"] = f'attachment; filename="throughline-{name}.{form}"'
    return answer


@lru_cache(maxsize=256)
def _written(
    library: Library,
    _revision: int,
    name: str,
    form: str,
    arguments: tuple[tuple[str, str], ...],
    look: Look,
    _blocked: bool,
) -> str | bytes:
    """Write a file once for as long as nothing is written to the store."""
    return _DRAWN[form][1](figure_for(library, name, dict(arguments)), look)


@charts.get("/script/<name>")
def script(name: str) -> Response:
    """Give the script that draws in the browser; its name changes with its content."""
    if name != bundle_name():
        abort(404)
    plain, packed = bundle()
    answer = Response(content_type="text/javascript; charset=utf-8")
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip"):
        answer.set_data(packed)
        answer.headers["Content-Encoding"] = "gzip"
    else:
        answer.set_data(plain)
    answer.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    return answer


@charts.app_template_global()
def chart_script() -> str:
    """The name of the script, for figures that a browser can make answer."""
    return bundle_name()


def _split(arguments: MultiDict[str, str]) -> tuple[dict[str, str], Look]:
    """Take the look apart from the figure's own filters."""
    twice = [(name, "was given more than once") for name, v in arguments.lists() if len(v) > 1]
    given = arguments.to_dict()
    scheme, narrow = given.pop("scheme", "light"), given.pop("narrow", "0")
    if scheme not in {"light", "dark"}:
        twice.append(("scheme", "is light or dark"))
    if narrow not in {"0", "1"}:
        twice.append(("narrow", "is 0 or 1"))
    if twice:
        raise ParameterError(twice)
    return given, Look(scheme="dark" if scheme == "dark" else "light", narrow=narrow == "1")
