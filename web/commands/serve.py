"""``throughline serve``: portal and API on a production WSGI server."""

import errno
import socket
from pathlib import Path

import click

from corpus.errors import InvalidInputError
from corpus.settings import Settings
from nlp.embed import set_threads
from web.app import create_app
from web.charts.warm import warm_in_background
from web.commands.options import data_dir_option, say, settings_for
from web.current import library_of
from web.server import make_server


@click.command("serve")
@click.option("--host", help="Address to listen on (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (default: 8000).")
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Requests answered at once (default: 4)."
)
@data_dir_option
def command(host: str | None, port: int | None, workers: int | None, data_dir: Path | None) -> None:
    """Serve the portal and the API."""
    serve(settings_for(data_dir, host=host, port=port, workers=workers))


def serve(settings: Settings) -> None:
    """Serve until interrupted; prints the address when the portal can be opened.

    Raises:
        InvalidInputError: the port is taken, or this machine has no such address.
    """
    require_free_port(settings)
    app = create_app(settings)
    warm_in_background(library_of(app))
    # One thread a query: with two, a busy machine answers ten times slower.
    set_threads(1)
    server = make_server(app, host=settings.host, port=settings.port, threads=settings.workers)
    say(f"Throughline is at http://{settings.host}:{server.effective_port} (stop it with Ctrl-C)")
    try:
        server.run()
    except KeyboardInterrupt:
        say("Stopped.")


def require_free_port(settings: Settings) -> None:
    """Find out before any work whether the address can be listened on.

    Raises:
        InvalidInputError: the port is taken, or this machine has no such address.
    """
    try:
        with socket.create_server((settings.host, settings.port)):
            pass
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise InvalidInputError(
                f"Port {settings.port} on {settings.host} is taken: stop what uses it, or choose "
                "another with --port."
            ) from error
        raise InvalidInputError(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}. "
            "Choose another with --host and --port."
        ) from error
