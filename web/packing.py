"""Answers packed with gzip for whoever takes it: a page of 10,000 passages is a tenth of its size.

Packed are texts that are whole in memory, and the styles and scripts of this package. A file
that is written while it is sent stays as it is: to pack it would be to wait for its end.

Nothing packed holds a secret. Length tells of content, and where a secret stands beside words
that a stranger can choose, many lengths give the secret away (the BREACH attack). Pages of the
coding desk hold tokens against forged forms, and pages behind a mailed link hold that link:
they go out plain. The others are the same for everybody.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

from web.desk.sessions import DESK

_TEXTS = frozenset(
    {
        "application/atom+xml",
        "application/json",
        "application/problem+json",
        "application/xml",
        "image/svg+xml",
        "text/css",
        "text/html",
        "text/javascript",
    }
)
_LEAST_BYTES = 600
"""Below this, packing saves no packet on the wire."""
_LEVEL = 5
"""Higher levels save a hundredth of the size, and take twice as long."""


def add_packing(app: Flask) -> None:
    """Pack the answers of an application; call it first, since what is added first runs last."""
    app.after_request(pack)


def pack(response: Response) -> Response:
    """Pack one answer, where it may be packed and the reader takes it."""
    if response.mimetype not in _TEXTS or _may_hold_a_secret(response):
        return response
    response.vary.add("Accept-Encoding")
    if response.status_code == 304:
        return _name_as_held(response)
    if not request.accept_encodings.quality("gzip") or "Content-Encoding" in response.headers:
        return response
    body = _whole_body(response)
    if body is None or len(body) < _LEAST_BYTES:
        return response
    response.set_data(_packed(body))
    response.headers["Content-Encoding"] = "gzip"
    response.headers.pop("Accept-Ranges", None)
    _weaken(response)
    return response


def _may_hold_a_secret(response: Response) -> bool:
    # The desk's cookie is written after this, and its "no-store" with it: so the address too.
    of_desk = request.path == DESK or request.path.startswith(f"{DESK}/")
    return of_desk or bool(response.cache_control.no_store)


def _whole_body(response: Response) -> bytes | None:
    """The bytes of an answer; ``None`` where only a part is asked for, or they come bit by bit."""
    if response.status_code == 206:
        return None
    if request.endpoint == "static":
        response.direct_passthrough = False  # a file of ours, read whole
    elif response.is_streamed:
        return None
    return response.get_data()


def _name_as_held(response: Response) -> Response:
    """Name an unchanged answer as the reader holds it: packed under a weak tag, plain else."""
    tag, _ = response.get_etag()
    if tag is not None and not request.if_none_match.is_strong(tag):
        _weaken(response)
    return response


def _weaken(response: Response) -> None:
    """Say that the tag names what is said, not its bytes; conditions compare it all the same."""
    tag, is_weak = response.get_etag()
    if tag is not None and not is_weak:
        response.set_etag(tag, weak=True)


# Pages are asked for again and again, and only a write changes them. Every process has its own.
@lru_cache(maxsize=64)
def _packed(body: bytes) -> bytes:
    """Pack bytes; equal bytes give equal bytes."""
    return gzip.compress(body, _LEVEL, mtime=0)
