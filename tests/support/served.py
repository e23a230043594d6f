"""The real server on a free port of this machine, for as long as a test needs it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from web.server import make_server


@contextmanager
def serve_app(app: Flask) -> Iterator[str]:
    """Serve an application; gives its address."""
    server = make_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        # Workers first, then the sockets in the loop's own thread: closed from here, a socket
        # that is being waited on or written to would end in an error there.
        server.task_dispatcher.shutdown(cancel_pending=False)
        server.trigger.pull_trigger(server.close)
        thread.join(timeout=10)
