"""One endpoint: its parameters, its answer and what the OpenAPI document says of it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from inspect import getdoc
from types import GenericAlias
from typing import Any, TypeVar, get_args

from flask import Response, request
from pydantic import BaseModel

from corpus.ids import short_digest
from corpus.store import DATABASE_NAME
from web.api.blueprint import api
from web.api.envelope import TOOL_VERSION, Meta, Result, envelope
from web.api.query import ApiQuery, check_selected, read_query
from web.current import current_library
from web.holdings import Library

Asked = TypeVar("Asked", bound=ApiQuery)

View = Callable[..., Result]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """What an endpoint takes and gives."""

    path: str
    """Under ``/api/v1``, with its variables in braces."""
    name: str
    query: type[ApiQuery]
    data: Any
    """The model of ``data``, or ``list[Model]``."""
    meta: type[Meta]
    summary: str
    description: str
    variables: Mapping[str, str] = field(default_factory=dict)
    """What each variable of the path is."""
    moves: str = ""
    """When it answers with a redirect; empty where it never does."""

    @property
    def item(self) -> type[BaseModel]:
        """The model of ``data``, or of each item of the list that it is."""
        found: type[BaseModel] = get_args(self.data)[0] if self.is_list else self.data
        return found

    @property
    def is_list(self) -> bool:
        """Whether ``data`` is a list."""
        return isinstance(self.data, GenericAlias)

    @property
    def keys(self) -> list[str]:
        """The keys that ``select`` can name."""
        return [each.alias or name for name, each in self.item.model_fields.items()]


OPERATIONS: list[Operation] = []
"""Every endpoint, in the order of the document."""


def endpoint(
    path: str,
    *,
    query: type[Asked],
    data: Any,  # noqa: ANN401 - a model, or a list of one
    meta: type[Meta] = Meta,
    variables: Mapping[str, str] | None = None,
    moves: str = "",
) -> Callable[[View], View]:
    """Make a function the answer to a path.

    The function is called as ``view(library, query, **variables)`` while the store stands
    still for it. Its docstring is what the document says: the first line the summary.

    Args:
        path: under ``/api/v1``, variables in braces.
        query: the model of its parameters.
        data: the model of ``data``, or ``list[Model]``.
        meta: the model of ``meta``.
        variables: what each variable of the path is.
        moves: when it answers with a redirect; empty where it never does.
    """

    def register(view: View) -> View:
        summary, _, description = (getdoc(view) or "").partition("\n")
        operation = Operation(
            path=path,
            name=view.__name__,
            query=query,
            data=data,
            meta=meta,
            summary=summary.strip(),
            description=" ".join(description.split()),
            variables=variables or {},
            moves=moves,
        )
        OPERATIONS.append(operation)
        rule = path.replace("{", "<").replace("}", ">")
        api.add_url_rule(rule, endpoint=operation.name, view_func=_answering(operation, view))
        return view

    return register


def _answering(operation: Operation, view: View) -> Callable[..., Response]:
    @wraps(view)
    def answer(**variables: str) -> Response:
        asked = read_query(operation.query, request.args)
        check_selected(asked.select, operation.keys)
        library = current_library().at(asked.snapshot)
        with library.store.pinned():
            etag = _etag(library)
            if _is_held(etag):
                return _named(Response(status=304), library, etag)
            result = view(library, asked, **variables)
            response = envelope(library, result, select=asked.select)
        if result.keep:
            return _named(response, library, etag)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def _named(response: Response, library: Library, etag: str) -> Response:
    response.set_etag(etag)
    response.make_conditional(request)
    # After: a second is too coarse to answer If-Modified-Since by, so only the tag decides.
    response.last_modified = last_changed(library)
    return response


def last_changed(library: Library) -> dt.datetime:
    """When the store's files were last written: no earlier than its last change."""
    store = library.settings.data_dir / DATABASE_NAME
    files = [store, store.with_name(DATABASE_NAME + "-wal")]
    written = max(path.stat().st_mtime for path in files if path.exists())
    return dt.datetime.fromtimestamp(int(written), dt.UTC)


def _etag(library: Library) -> str:
    """Name an answer by what it is made from and what was asked, before it is made.

    The store's revision is part of it: corrected records have no part in the snapshot's
    name, and what was taken down must never be answered from a browser's memory.
    """
    asked = sorted(request.args.items())
    made_from = library.snapshot, library.store.revision, library.versions.analysed_at
    return short_digest(TOOL_VERSION, made_from, request.path, asked)


def _is_held(etag: str) -> bool:
    held = request.if_none_match
    # A star asks whether there is anything at all: only the answer itself can tell.
    return not held.star_tag and held.contains_weak(etag)
