"""A publisher on this machine that can go wrong in every way a real one does.

Invented hosts such as ``reviews.example.org`` lead here through the guard's stand-ins;
nothing beyond 127.0.0.1 is ever asked.
"""

import datetime as dt
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import format_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "reviews.example.org"
ORIGIN = f"http://{HOST}"


@dataclass(frozen=True)
class Page:
    """What is served at one address."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    conditional: bool = True
    """Whether it has an ETag and answers 304 to those who hold it."""

    @property
    def etag(self) -> str:
        return f'"{sha256(self.body).hexdigest()[:16]}"'


Raw = Callable[[BaseHTTPRequestHandler], None]
"""Writes what it likes to ``handler.wfile``."""


@dataclass(frozen=True)
class Asked:
    """One request, as it came in."""

    host: str
    path: str
    headers: Mapping[str, str]
    at: dt.datetime
    status: int = 0


class FaultServer:
    """Serves pages by host and path, and remembers who asked for what."""

    def __init__(self) -> None:
        self.pages: dict[str, Page | Raw] = {}
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.port = int(self._server.server_address[1])

    def put(self, address: str, page: Page | Raw | bytes | str) -> str:
        """Serve something at an address, or at a path of the usual host; returns the address."""
        address = address if "://" in address else ORIGIN + address
        if isinstance(page, str):
            page = page.encode()
        self.pages[address] = Page(page) if isinstance(page, bytes) else page
        return address

    def redirect(self, address: str, target: str, status: int = 302) -> str:
        return self.put(address, Page(status=status, headers={"Location": target}))

    def stand_ins(self, *hosts: str) -> dict[str, int]:
        return {f"http://{host}": self.port for host in hosts or (HOST,)}

    def paths(self, *, robots: bool = False) -> list[str]:
        with self._lock:
            return [a.path for a in self.asked if robots or a.path != "/robots.txt"]

    def note(self, asked: Asked) -> None:
        with self._lock:
            self.asked.append(asked)

    def forget(self) -> None:
        with self._lock:
            self.asked.clear()

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def fault_server() -> Iterator[FaultServer]:
    """A server for the time of a test."""
    server = FaultServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _handler_for(server: FaultServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            host = self.headers.get("Host", "")
            page = server.pages.get(f"http://{host}{self.path}")
            asked = Asked(host, self.path, dict(self.headers), dt.datetime.now(dt.UTC))
            if callable(page):
                server.note(asked)
                page(self)
                return
            page = page or Page(b"Nothing is here.", status=404)
            if page.conditional and self.headers.get("If-None-Match") == page.etag:
                page = replace(page, status=304)
            server.note(replace(asked, status=page.status))
            self.send_response(page.status)
            if page.status == 200 and page.conditional:
                self.send_header("ETag", page.etag)
            for name, value in page.headers.items():
                self.send_header(name, value)
            body = b"" if page.status == 304 else page.body
            if page.status != 304:
                self.send_header("Content-Type", page.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            try:
                super().handle()
            except (ConnectionError, BrokenPipeError):
                self.close_connection = True

    return Handler


def drop(handler: BaseHTTPRequestHandler) -> None:
    """End a connection as a crash would: with a reset."""
    handler.connection.setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00"
    )
    handler.connection.close()


def http_date(moment: dt.datetime) -> str:
    return format_datetime(moment.astimezone(dt.UTC), usegmt=True)
