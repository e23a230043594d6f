"""Fetch an address: every hop checked, allowed by robots.txt, paced, and recorded."""

import datetime as dt
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from w3lib.url import safe_url_string

from corpus.errors import SourceError
from ingest.crawl.exchange import Answer, Limits, ask
from ingest.crawl.guard import FetchFailedError, FetchRefusedError, Guard, Target
from ingest.crawl.pace import Pace, retry_after_s
from ingest.crawl.robots import Robots, read_robots
from ingest.decode import decode_body

MAX_HOPS = 10
ROBOTS_TRIES = 3
ROBOT = "Throughline"
"""The name that robots.txt may address us by."""
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ASK_LATER = frozenset({429, 503})
PASSING = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that say nothing of the page, only of the moment."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One hop: what was asked, and the answer or why there is none."""

    address: str
    answer: Answer | None = None
    payload: bytes | None = None
    """The body, unpacked; ``None`` where it is not whole or cannot be unpacked."""
    refused: str | None = None
    failed: str | None = None
    again: bool = True
    """Whether what failed may go better in a moment."""
    redirected_to: str | None = None


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """Where an address led in the end."""

    address: str
    """The last hop's."""
    fetch_id: int
    """The number it was recorded under."""
    status: int | None
    headers: Mapping[str, str]
    payload: bytes | None
    refused: str | None = None
    failed: str | None = None
    again: bool = True
    """Whether what failed may go better in a moment."""
    seconds: float = 0.0

    @property
    def worth_retrying(self) -> bool:
        """Whether the same question may get a better answer in a moment."""
        if self.refused is not None or not self.again:
            return False
        return self.failed is not None or self.status in PASSING


Record = Callable[[Exchange, int | None], int]
"""Keeps one hop, with the visit that it answers for good; returns the record's number."""
Validators = Callable[[str], Mapping[str, str]]
"""Address → the conditional headers that the copy held allows."""


def tidy_address(address: str, base: str = "") -> str:
    """Write an address as it is sent: absolute, without fragment, odd characters escaped."""
    absolute = urljoin(base, address.strip()) if base else address.strip()
    try:
        return safe_url_string(absolute.partition("#")[0])
    except ValueError:  # no address at all; the guard says so
        return absolute


@dataclass(kw_only=True)
class Fetcher:
    """Fetches one address after another for one crawl; it keeps no cookies."""

    guard: Guard
    pace: Pace
    agent: str
    """The whole user agent, with an address to write to."""
    record: Record
    validators: Validators = field(default=lambda _: {})
    limits: Limits = field(default_factory=Limits)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _robots: dict[str, Robots] = field(default_factory=dict)

    async def fetch(self, address: str, *, visit_id: int | None = None) -> Fetched:
        """Fetch an address through its redirects. It never raises for what a site does."""
        before: Target | None = None
        for _ in range(MAX_HOPS + 1):
            exchange = await self._hop(address, before)
            if exchange.redirected_to is None or exchange.answer is None:
                return self._close(exchange, visit_id)
            self.record(exchange, None)
            before, address = exchange.answer.target, exchange.redirected_to
        circle = f"is redirected more than {MAX_HOPS} times"
        return self._close(Exchange(address=address, failed=circle, again=False), visit_id)

    def _close(self, exchange: Exchange, visit_id: int | None) -> Fetched:
        fetched = Fetched(
            address=exchange.address,
            fetch_id=0,
            status=exchange.answer.status if exchange.answer else None,
            headers=exchange.answer.headers if exchange.answer else {},
            payload=exchange.payload,
            refused=exchange.refused,
            failed=exchange.failed,
            again=exchange.again,
            seconds=exchange.answer.seconds if exchange.answer else 0.0,
        )
        fetch_id = self.record(exchange, None if fetched.worth_retrying else visit_id)
        return Fetched(**{**vars(fetched), "fetch_id": fetch_id})

    async def _hop(self, address: str, before: Target | None) -> Exchange:
        try:
            target = self.guard.check_hop(before, address) if before else self.guard.check(address)
            await self._ask_leave(target)
            answer = await self._ask(target, self.validators(target.address))
        except FetchRefusedError as error:
            return Exchange(address=address, refused=str(error))
        except FetchFailedError as error:
            return Exchange(address=address, failed=str(error), again=error.again)
        return self._read(target, answer)

    def _read(self, target: Target, answer: Answer) -> Exchange:
        location = answer.headers.get("location")
        redirected_to = None
        if answer.status in _REDIRECTS and location:
            redirected_to = tidy_address(location, target.address)
        again = not answer.over_cap
        try:
            payload, failed = self._unpack(answer), answer.why_cut
        except SourceError as error:
            payload, failed, again = None, str(error), False
        if redirected_to is not None:
            failed = None  # where it leads is all that a redirect is for
        return Exchange(
            address=target.address,
            answer=answer,
            payload=payload,
            failed=failed,
            again=again,
            redirected_to=redirected_to,
        )

    def _unpack(self, answer: Answer) -> bytes | None:
        if answer.cut is not None:
            return None
        encodings = answer.headers.get("content-encoding", "")
        return decode_body(answer.body, encodings, max_bytes=self.limits.max_bytes)

    async def _ask(self, target: Target, extra: Mapping[str, str]) -> Answer:
        await self.pace.turn(target.origin)
        headers = [
            ("User-Agent", self.agent),
            ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"),
            ("Accept-Language", "en-GB,en;q=0.9,cy;q=0.5"),
            ("Accept-Encoding", "gzip"),
            *extra.items(),
        ]
        answer = await ask(target, headers, guard=self.guard, limits=self.limits, tls=self.tls)
        if answer.status in _ASK_LATER and (
            answer.status == 429 or "retry-after" in answer.headers
        ):
            now = dt.datetime.now(dt.UTC)
            wait_s = retry_after_s(answer.headers.get("retry-after"), now=now)
            self.pace.pause(target.origin, wait_s)
        return answer

    async def _ask_leave(self, target: Target) -> None:
        """Let pass what robots.txt allows on a host that has not sent us away.

        Raises:
            FetchRefusedError: it does not, or cannot be read.
        """
        if target.origin not in self._robots:
            self._robots[target.origin] = await self._fetch_robots(target)
        robots = self._robots[target.origin]
        self.pace.slow_down(target.origin, robots.delay_s(ROBOT))
        reason = robots.why_not(target.address, ROBOT) or self.pace.why_closed(target.origin)
        if reason is not None:
            raise FetchRefusedError(reason)

    async def _fetch_robots(self, target: Target) -> Robots:
        """Read the rules; a site that fails for a moment is asked again."""
        robots = read_robots(None, b"")
        for _ in range(ROBOTS_TRIES):
            status, body = await self._robots_answer(f"{target.origin}/robots.txt")
            robots = read_robots(status, body)
            settled = status is not None and status < 500 and status != 429
            if settled or self.pace.why_closed(target.origin):
                break
        return robots

    async def _robots_answer(self, address: str) -> tuple[int | None, bytes]:
        """Follow the redirects that stay on listed hosts to a status and a body.

        A body that is not whole is no answer: what it lacks may be what it forbids.
        """
        before: Target | None = None
        for _ in range(6):  # RFC 9309, 2.3.1.2: five redirects at least
            exchange = await self._robots_hop(address, before)
            self.record(exchange, None)
            answer = exchange.answer
            if answer is None:
                return None, b""
            if exchange.redirected_to is None:
                over_cap = answer.body if answer.cut == "length" else None
                body = over_cap if exchange.payload is None else exchange.payload
                whole = body is not None or answer.status != 200
                return (answer.status if whole else None), body or b""
            before, address = answer.target, exchange.redirected_to
        return None, b""

    async def _robots_hop(self, address: str, before: Target | None) -> Exchange:
        try:
            target = self.guard.check_hop(before, address) if before else self.guard.check(address)
            answer = await self._ask(target, {})
        except FetchRefusedError as error:
            return Exchange(address=address, refused=str(error))
        except FetchFailedError as error:
            return Exchange(address=address, failed=str(error), again=error.again)
        return self._read(target, answer)
