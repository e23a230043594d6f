"""Which HTTP status each family of errors means, and how a failure is answered."""

from http import HTTPStatus
from typing import Any

from apiflask import APIFlask, HTTPError
from flask import Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from corpus.errors import (
    InvalidInputError,
    ModelError,
    NotFoundError,
    SourceError,
    StaleIndexError,
    StorageError,
    ThroughlineError,
    WithdrawnError,
)

STATUS_BY_FAMILY: dict[type[ThroughlineError], HTTPStatus] = {
    NotFoundError: HTTPStatus.NOT_FOUND,
    WithdrawnError: HTTPStatus.GONE,
    InvalidInputError: HTTPStatus.BAD_REQUEST,
    SourceError: HTTPStatus.BAD_GATEWAY,
    StaleIndexError: HTTPStatus.SERVICE_UNAVAILABLE,
    ModelError: HTTPStatus.SERVICE_UNAVAILABLE,
    StorageError: HTTPStatus.SERVICE_UNAVAILABLE,
}

API_PREFIX = "/api/"


def status_of(error: type[ThroughlineError]) -> HTTPStatus:
    """Find the status of an error's family; an error without one is ours to mend: 500."""
    for family in error.__mro__:
        if family in STATUS_BY_FAMILY:
            return STATUS_BY_FAMILY[family]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem(
    status: HTTPStatus, *, code: str, detail: str, errors: list[dict[str, str]] | None = None
) -> Response:
    """Answer with RFC 9457 ``application/problem+json``; one shape for every failure."""
    body: dict[str, Any] = {
        "type": f"/about#error-{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        "instance": request.full_path.rstrip("?"),
    }
    if errors:
        body["errors"] = errors
    response = jsonify(body)
    response.status_code = status.value
    response.content_type = "application/problem+json"
    return response


def register_errors(app: APIFlask) -> None:
    """Answer every failure: problem documents under ``/api/``, pages elsewhere."""

    def refuse(error: ThroughlineError) -> Response:
        return _answer(status_of(type(error)), code=error.code, detail=str(error))

    def refuse_http(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < 400:
            return error
        return _answer_status(HTTPStatus(error.code))

    def refuse_input(error: HTTPError) -> Any:  # noqa: ANN401 - APIFlask's own return type
        if not error.detail:
            # Not about a parameter: APIFlask words routing failures this way too.
            return _answer_status(HTTPStatus(error.status_code))
        named = _named_errors(error.detail)
        detail = "; ".join(f"{item['parameter']}: {item['detail']}" for item in named)
        return problem(
            HTTPStatus(error.status_code),
            code="invalid-parameter",
            detail=detail or error.message or "",
            errors=named,
        )

    def refuse_unexpected(_error: Exception) -> Response:
        # The trace goes to the log, never to the reader.
        current_app.logger.exception("unexpected failure on %s", request.path)
        return _answer_status(HTTPStatus.INTERNAL_SERVER_ERROR)

    # First: it also takes over every HTTPException, which the next lines take back.
    app.error_processor(refuse_input)
    app.register_error_handler(ThroughlineError, refuse)
    app.register_error_handler(HTTPException, refuse_http)
    app.register_error_handler(Exception, refuse_unexpected)


_SENTENCES = {
    HTTPStatus.NOT_FOUND: "Nothing is at this address. It may have been mistyped or taken down.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address can only be read.",
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "Something went wrong on our side and has been logged. Nothing you sent was the cause."
    ),
}


def _answer_status(status: HTTPStatus) -> Response:
    code = status.name.lower().replace("_", "-")
    return _answer(status, code=code, detail=_SENTENCES.get(status, f"{status.phrase}."))


def _answer(status: HTTPStatus, *, code: str, detail: str) -> Response:
    if request.path.startswith(API_PREFIX):
        return problem(status, code=code, detail=detail)
    page = render_template("error.html", title=status.phrase, sentence=detail)
    return Response(page, status=status.value, content_type="text/html; charset=utf-8")


def _named_errors(detail: Any) -> list[dict[str, str]]:  # noqa: ANN401 - APIFlask gives any JSON
    fields = detail.get("query", detail) if isinstance(detail, dict) else {}
    return [
        {"parameter": str(name), "detail": "; ".join(str(message) for message in messages)}
        for name, messages in fields.items()
    ]
