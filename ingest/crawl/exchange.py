"""One question to one machine and its answer: HTTP/1.1 with a deadline and a size cap."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from time import monotonic

import h11

from ingest.crawl.guard import FetchFailedError, Guard, Target

_READ_BYTES = 1 << 16
_MAX_HEAD_BYTES = 1 << 16
# A server that announced too few bytes has mostly sent the rest by now.
_LINGER_S = 0.1


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long and how much, for one exchange."""

    deadline_s: float = 120.0
    """From the first packet to the last byte, however the bytes drip."""
    connect_s: float = 15.0
    max_bytes: int = 100_000_000
    """Of the body, as received and again as unpacked."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a server sent, as it sent it."""

    target: Target
    request_head: bytes
    response_head: bytes
    """Status line and headers to the last byte, the blank line included; chunking undone below."""
    status: int
    headers: Mapping[str, str]
    """Lower-case names; of a name that comes twice, the values joined by a comma."""
    body: bytes
    """Still packed, where ``Content-Encoding`` says so."""
    ip: str
    seconds: float
    cut: str | None = None
    """Why the body is not whole, in WARC's words: ``length``, ``time`` or ``disconnect``."""
    why_cut: str | None = None
    """The same as a sentence's end, to stand after the address."""
    over_cap: bool = False
    """Whether it was cut by us, for its size."""


async def ask(
    target: Target,
    headers: Sequence[tuple[str, str]],
    *,
    guard: Guard,
    limits: Limits,
    tls: ssl.SSLContext,
) -> Answer:
    """Ask for one page. Nothing of an earlier exchange is sent: no cookie, no authorization.

    Raises:
        FetchRefusedError: the host's name leads to a machine that may not be asked.
        FetchFailedError: no answer with a whole head came.
    """
    machines, port = await guard.locate(target)
    began = monotonic()
    try:
        async with asyncio.timeout(limits.deadline_s):
            reader, writer, ip = await _connect(target, machines, port, limits=limits, tls=tls)
    except TimeoutError as error:
        raise FetchFailedError("gave no answer in time (timeout)") from error
    try:
        left_s = limits.deadline_s - (monotonic() - began)
        talk = _Talk(target, ip, reader, limits)
        request = talk.begin(headers)
        writer.write(request)
        answer = await talk.listen(left_s)
        return replace(answer, seconds=monotonic() - began)
    finally:
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()


async def _connect(
    target: Target, machines: Sequence[str], port: int, *, limits: Limits, tls: ssl.SSLContext
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, str]:
    """Connect to a machine by its number, so that its name cannot come to mean another one."""
    secure = target.scheme == "https"
    problem = "cannot be reached"
    for ip in machines:
        try:
            async with asyncio.timeout(limits.connect_s):
                reader, writer = await asyncio.open_connection(
                    ip,
                    port,
                    ssl=tls if secure else None,
                    server_hostname=target.host if secure else None,
                )
        except ssl.SSLCertVerificationError as error:
            raise FetchFailedError(
                f"has a certificate that is not valid: {error.verify_message}", again=False
            ) from error
        except TimeoutError:
            problem = "cannot be reached in time (timeout)"
        except OSError as error:
            problem = f"cannot be reached: {error.strerror or error}"
        else:
            return reader, writer, ip
    raise FetchFailedError(problem)


class _Talk:
    """The reading of one answer, step by step, so that what came before a break is kept."""

    def __init__(
        self, target: Target, ip: str, reader: asyncio.StreamReader, limits: Limits
    ) -> None:
        self._target, self._ip, self._reader, self._limits = target, ip, reader, limits
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD_BYTES)
        self._request = b""
        self._received = bytearray()
        self._head: h11.Response | None = None
        self._body: list[bytes] = []
        self._size = 0

    def begin(self, headers: Sequence[tuple[str, str]]) -> bytes:
        """Write the request's head."""
        request = h11.Request(
            method="GET",
            target=self._target.path,
            headers=[("Host", self._target.host), *headers, ("Connection", "close")],
        )
        self._request = self._http.send(request) or b""
        return self._request + (self._http.send(h11.EndOfMessage()) or b"")

    async def listen(self, left_s: float) -> Answer:
        """Read to the end, the deadline or the cap.

        Raises:
            FetchFailedError: no whole head came.
        """
        try:
            async with asyncio.timeout(max(left_s, 0.001)):
                async for chunk in self._chunks():
                    self._body.append(chunk)
                    self._size += len(chunk)
                    if self._size > self._limits.max_bytes:
                        megabytes = self._limits.max_bytes // 1_000_000
                        answer = self._answer("length", f"is larger than {megabytes} MB")
                        return replace(answer, over_cap=True)
                async with self._late():
                    if self._http.trailing_data[0] or await self._reader.read(1):
                        return self._answer("length", "sent more than it announced")
        except TimeoutError as error:
            if self._head is None:
                raise FetchFailedError("gave no answer in time (timeout)") from error
            return self._answer("time", "was not sent in time (timeout)")
        except (h11.RemoteProtocolError, OSError) as error:
            if self._head is None:
                raise FetchFailedError(f"broke off or is no HTTP: {error}") from error
            return self._answer("disconnect", "was cut short (partial)")
        return self._answer(None, None)

    @asynccontextmanager
    async def _late(self) -> AsyncIterator[None]:
        """Wait a moment for bytes beyond the end, and take their absence for good."""
        try:
            async with asyncio.timeout(_LINGER_S):
                yield
        except (TimeoutError, OSError):
            return

    async def _chunks(self) -> AsyncIterator[bytes]:
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                data = await self._reader.read(_READ_BYTES)
                if self._head is None:
                    self._received += data
                self._http.receive_data(data)
            elif isinstance(event, h11.Response):
                self._head = event
            elif isinstance(event, h11.Data):
                yield bytes(event.data)
            elif isinstance(event, h11.InformationalResponse):
                continue
            else:  # the end of the message, or of the connection
                return

    def _answer(self, cut: str | None, why_cut: str | None) -> Answer:
        if self._head is None:
            raise FetchFailedError("broke off before it answered")
        headers: dict[str, str] = {}
        for raw_name, raw_value in self._head.headers:
            name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        return Answer(
            target=self._target,
            request_head=self._request,
            response_head=_head_bytes(bytes(self._received), self._head),
            status=self._head.status_code,
            headers=headers,
            body=b"".join(self._body),
            ip=self._ip,
            seconds=0.0,
            cut=cut,
            why_cut=why_cut,
        )


def _head_bytes(received: bytes, head: h11.Response) -> bytes:
    """Give the head as it came; put together again where informational heads preceded it."""
    end = received.find(b"\r\n\r\n")
    if end >= 0 and received[9:12] == str(head.status_code).encode():
        return received[: end + 4]
    lines = [b"HTTP/%s %d %s" % (head.http_version, head.status_code, head.reason)]
    lines += [name + b": " + value for name, value in head.headers.raw_items()]
    return b"\r\n".join(lines) + b"\r\n\r\n"
