"""Which HTTP status each family of errors means, and how a failure is answered."""

import math
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask_limiter import RateLimitExceeded
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from corpus.errors import (
    GoneError,
    InvalidInputError,
    ModelError,
    NotFoundError,
    SourceError,
    StaleIndexError,
    StorageError,
    ThroughlineError,
    WithdrawnError,
)
from web.charts.errors import DatesLostError
from web.parameters import ParameterError

STATUS_BY_FAMILY: dict[type[ThroughlineError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    GoneError: HTTPStatus.GONE,
    WithdrawnError: HTTPStatus.GONE,
    InvalidInputError: HTTPStatus.BAD_REQUEST,
    SourceError: HTTPStatus.BAD_GATEWAY,
    # The next good crawl mends it.
    DatesLostError: HTTPStatus.SERVICE_UNAVAILABLE,
    StaleIndexError: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelError: HTTPStatus.SERVICE_UNAVAILABLE,
    StorageError: HTTPStatus.SERVICE_UNAVAILABLE,
}

API_PREFIX = "/api/"

PROBLEM_PAGES = "/api/v1/errors/"
"""Where each kind of failure has its page; its code follows."""

WINDOW_SECONDS = 60
"""What requests are counted over."""

RETRY_SECONDS = 30
"""What a 503 asks a program to wait: an index is switched or a disk freed in about that."""

HTTP_PROBLEMS: Mapping[HTTPStatus, str] = MappingProxyType(
    {
        HTTPStatus.BAD_REQUEST: "The request could not be read.",
        HTTPStatus.NOT_FOUND: (
            "Nothing is at this address. It may have been mistyped or taken down."
        ),
        HTTPStatus.METHOD_NOT_ALLOWED: "This address can only be read.",
        HTTPStatus.GONE: "What was here has been taken down.",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "What you sent is larger than is taken here.",
        HTTPStatus.REQUEST_URI_TOO_LONG: "The address is longer than is read here. Shorten it.",
        HTTPStatus.TOO_MANY_REQUESTS: (
            "Too many requests came from your address. Wait as many seconds as Retry-After says. "
            "If you want everything, do not page through it: the files of a published snapshot "
            "hold it whole, at /api/v1/snapshots"
        ),
        HTTPStatus.INTERNAL_SERVER_ERROR: (
            "Something went wrong on our side and has been logged. Nothing you sent was the cause."
        ),
        HTTPStatus.SERVICE_UNAVAILABLE: "Not ready just now. Try again in half a minute.",
    }
)
"""Failures that no error of ours stands for, with the sentence a reader gets."""


SHELL_HINTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "List them with: throughline themes": (
            "They are listed at /api/v1/themes",
            "They are listed at /themes",
        ),
        "List them with: throughline recurrence": (
            "They are listed at /api/v1/reviews",
            "They are listed at /reviews",
        ),
        "Find one with: throughline search": (
            "Find one at /api/v1/passages",
            "Find one at /search",
        ),
    }
)
"""What an error advises in the shell → what it advises in the API, and on a page."""


def status_of(error: type[ThroughlineError]) -> HTTPStatus:
    """Find the status of an error's family; an error without one is ours to mend: 500."""
    for family in error.__mro__:
        if family in STATUS_BY_FAMILY:
            return STATUS_BY_FAMILY[family]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem(
    status: HTTPStatus, *, code: str, detail: str, errors: Sequence[dict[str, str]] = ()
) -> Response:
    """Answer with RFC 9457 ``application/problem+json``; one shape for every failure."""
    body: dict[str, Any] = {
        "type": PROBLEM_PAGES + code,
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        "instance": _instance(),
    }
    if errors:
        body["errors"] = list(errors)
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        body["snapshots"] = "/api/v1/snapshots"
    response = jsonify(body)
    response.status_code = status.value
    response.content_type = "application/problem+json"
    return response


def code_of(status: HTTPStatus) -> str:
    """The code of a failure that no error of ours stands for."""
    return status.name.lower().replace("_", "-")


def _instance() -> str:
    asked = request.query_string.decode("ascii", "replace")
    return quote(request.path) + (f"?{quote(asked, safe='=&%+,*~:/')}" if asked else "")


def register_errors(app: Flask) -> None:
    """Answer every failure: problem documents under ``/api/``, pages elsewhere."""

    def refuse(error: ThroughlineError) -> Response:
        named = error.problems if isinstance(error, ParameterError) else ()
        return _answer(
            status_of(type(error)),
            code=error.code,
            detail=_sentence_of(error),
            errors=[{"parameter": name, "detail": sentence} for name, sentence in named],
        )

    def refuse_http(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < 400:
            return error
        response = _answer_status(HTTPStatus(error.code))
        if isinstance(error, MethodNotAllowed) and error.valid_methods:
            response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
        if isinstance(error, RateLimitExceeded):
            response.headers["Retry-After"] = str(_seconds_to_wait())
        return response

    def refuse_unexpected(_error: Exception) -> Response:
        # The trace goes to the log, never to the reader.
        current_app.logger.exception("unexpected failure on %s", request.path)
        return _answer_status(HTTPStatus.INTERNAL_SERVER_ERROR)

    app.register_error_handler(ThroughlineError, refuse)
    app.register_error_handler(HTTPException, refuse_http)
    app.register_error_handler(Exception, refuse_unexpected)


def seconds_left(reset_at: float) -> int:
    """Whole seconds until a rate limit starts anew; at least one, at most the window."""
    return min(max(1, math.ceil(reset_at - time.time())), WINDOW_SECONDS)


def _sentence_of(error: ThroughlineError) -> str:
    sentence = _advice_here(str(error))
    if isinstance(error, ParameterError) and not request.path.startswith(API_PREFIX):
        # The names are those in the address, which a reader of a page may never have looked at.
        return f"Part of the address cannot be used. {sentence}."
    return sentence


def _advice_here(sentence: str) -> str:
    """The sentence of an error, with an address where the shell names a command."""
    in_api = request.path.startswith(API_PREFIX)
    for shell, (api, page) in SHELL_HINTS.items():
        sentence = sentence.replace(shell, api if in_api else page)
    return sentence


def _seconds_to_wait() -> int:
    limit = current_app.extensions["throughline_limiter"].current_limit
    return seconds_left(limit.reset_at) if limit else 1


def _answer_status(status: HTTPStatus) -> Response:
    detail = HTTP_PROBLEMS.get(status, f"{status.phrase}.")
    return _answer(status, code=code_of(status), detail=detail)


def _answer(
    status: HTTPStatus, *, code: str, detail: str, errors: Sequence[dict[str, str]] = ()
) -> Response:
    if request.path.startswith(API_PREFIX):
        response = problem(status, code=code, detail=detail, errors=errors)
        if status is HTTPStatus.SERVICE_UNAVAILABLE:
            response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    page = render_template("error.html", title=status.phrase, sentence=detail)
    return Response(page, status=status.value, content_type="text/html; charset=utf-8")
