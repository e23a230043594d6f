"""The WSGI server that the portal and the API are served by."""

from typing import Any

from flask import Flask
from waitress import create_server

_MOST_HEAD_BYTES = 400_000
"""Of a request. A question of 100 kB in letters that an address must escape is three times as
long there, and the server's own limit of 262,144 would answer it with a bare 431."""


def make_server(app: Flask, *, host: str, port: int, threads: int) -> Any:  # noqa: ANN401 - waitress has no types
    """Listen on an address; the server's ``run`` answers until it is closed.

    Args:
        app: what answers.
        host: the address to listen on.
        port: 0 for a free one; ``effective_port`` tells which.
        threads: requests answered at once.

    Raises:
        OSError: the address is taken, or is not this machine's.
    """
    return create_server(
        app,
        host=host,
        port=port,
        threads=threads,
        ident=None,
        max_request_header_size=_MOST_HEAD_BYTES,
    )
