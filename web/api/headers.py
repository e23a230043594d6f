"""Headers that every answer under ``/api/`` has, failures too."""

from flask import Flask, Response, request

from web.errors import API_PREFIX

_EXPOSED = (
    "ETag, Last-Modified, Link, RateLimit, RateLimit-Policy, Retry-After, "
    "X-Throughline-Rows, X-Throughline-Snapshot"
)


def add_api_headers(app: Flask) -> None:
    """Apply :func:`open_to_readers` to every answer under ``/api/``."""
    app.after_request(open_to_readers)


def open_to_readers(response: Response) -> Response:
    """Let any page read; keep answers out of search engines; let caches ask again."""
    if not request.path.startswith(API_PREFIX):
        return response
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
        # A browser asks first whether it may send a conditional request.
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers.setdefault("Cache-Control", "no-cache")
    return response
