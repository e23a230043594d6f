"""Whole lists as files, beside the JSON routes: ``/passages.csv``, ``/reviews.ris`` and so on."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from flask import Response, request
from pydantic import BaseModel, create_model

from corpus.ids import short_digest
from web.api.blueprint import api
from web.api.envelope import TOOL_VERSION
from web.api.query import ApiQuery, read_query
from web.current import current_library
from web.exports.formats import EXPORTS, Format
from web.held import check_held, follow_merges

ROWS_HEADER = "X-Throughline-Rows"
SNAPSHOT_HEADER = "X-Throughline-Snapshot"

_PATHS = {"codebook": "themes"}
"""Where an export's path differs from its name: beside the JSON list of the same."""


def _of_snapshot(question: type[BaseModel]) -> type[BaseModel]:
    field: Any = (str | None, ApiQuery.model_fields["snapshot"])
    name = f"{question.__name__}Query"
    made: type[BaseModel] = create_model(name, __base__=question, snapshot=field)
    return made


_QUERIES = {what: _of_snapshot(each.question) for what, each in EXPORTS.items()}


def export_path(what: str, format_: Format) -> str:
    """Name an export's path under ``/api/v1``, such as ``passages.csv``."""
    return f"{_PATHS.get(what, what)}.{format_.suffix}"


def export_endpoint(what: str, name: str) -> str:
    """Name the endpoint that gives an export in a format, for ``url_for``."""
    return f"api.{_function_name(what, name)}"


def export_query(what: str) -> type[BaseModel]:
    """What an export's address takes: its filters, and which snapshot it is of."""
    return _QUERIES[what]


def send_export(
    what: str, name: str, question: BaseModel, *, snapshot: str | None = None
) -> Response:
    """Answer with a file, written as it is sent; its headers say how many rows are coming.

    Every row is read from one state of the store, whatever is written meanwhile, or from
    a published snapshot.

    Raises:
        SnapshotNotHeldError: there is none of this name.
    """
    library, format_ = current_library().at(snapshot), EXPORTS[what].formats[name]
    check_held(
        library,
        nation=getattr(question, "nation", None),
        review_type=getattr(question, "type", None),
    )
    one_state = ExitStack()
    with ExitStack() as on_failure:
        on_failure.push(one_state)
        one_state.enter_context(library.store.pinned())
        question = follow_merges(library, question)
        written = format_.write(library, question)
        # By what it is made from: hashing the bytes would need all of them at once.
        etag = short_digest(TOOL_VERSION, written.snapshot, library.store.revision, what, name)
        on_failure.pop_all()

    def body() -> Iterator[bytes]:
        with one_state:
            yield from written.chunks()

    response = Response(body(), content_type=_content_type(format_.media_type))
    # Also where nothing is sent, as for HEAD and 304.
    response.call_on_close(one_state.close)
    name_of_file = f"throughline-{what}-{written.snapshot}.{format_.suffix}"
    response.headers.update(
        {
            ROWS_HEADER: str(written.rows),
            SNAPSHOT_HEADER: written.snapshot,
            "Content-Disposition": f'attachment; filename="{name_of_file}"',
        }
    )
    response.set_etag(short_digest(etag, question.model_dump(mode="json")))
    response.make_conditional(request)
    return response


def _function_name(what: str, name: str) -> str:
    return f"export_{what}_{name.replace('-', '_')}"


def _content_type(media_type: str) -> str:
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _view(what: str, name: str) -> Callable[[], Response]:
    model: Any = export_query(what)

    def export() -> Response:
        asked = read_query(model, request.args)
        return send_export(what, name, asked, snapshot=asked.snapshot)

    return export


for _what, _each in EXPORTS.items():
    for _name, _format in _each.formats.items():
        api.add_url_rule(
            f"/{export_path(_what, _format)}",
            endpoint=_function_name(_what, _name),
            view_func=_view(_what, _name),
        )
