"""One address at a time, against a publisher that goes wrong: F1 to F7, F9 and F14."""

import asyncio
import contextlib
import datetime as dt
import resource
import shutil
import ssl
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from fault_server import HOST, ORIGIN, FaultServer, Page, Raw, drop, fault_server, http_date
from self_signed import self_signed

from corpus.fetches import Fetch, get_fetch, iter_captures, iter_fetches
from corpus.store import DATABASE_NAME, Store, open_store
from ingest.crawl.exchange import Limits
from ingest.crawl.fetcher import ROBOTS_TRIES, Fetched, Fetcher
from ingest.crawl.guard import Guard, Resolver, is_public
from ingest.crawl.pace import Pace, retry_after_s
from ingest.crawl.recorder import Recorder
from ingest.crawl.robots import MAX_BYTES, read_robots

PAGE = "<html><body><p>1.1 The clinic never wrote to the school about it.</p></body></html>"


@pytest.fixture
def server() -> Iterator[FaultServer]:
    with fault_server() as made:
        yield made


@dataclass
class Desk:
    """Fetches from the fault server and keeps what comes, as a crawl does."""

    server: FaultServer
    store: Store
    data_dir: Path
    limits: Limits = field(default_factory=lambda: Limits(deadline_s=5.0, max_bytes=1_000_000))
    hosts: tuple[str, ...] = (HOST,)

    def fetch(self, *addresses: str) -> Fetched:
        """Fetch in order with one fetcher; the last one's result."""

        async def run() -> list[Fetched]:
            fetcher = self.fetcher()
            return [await fetcher.fetch(address) for address in addresses]

        return asyncio.run(run())[-1]

    def fetcher(self) -> Fetcher:
        recorder = Recorder(self.store, self.data_dir, "test", None)
        return Fetcher(
            guard=Guard(hosts=self.hosts, stand_ins=self.server.stand_ins(*self.hosts)),
            pace=Pace(0.0),
            agent="Throughline/test",
            record=recorder.record,
            validators=recorder.validators,
            limits=self.limits,
        )

    def recorded(self) -> list[Fetch]:
        """What was recorded, robots.txt left out."""
        return [f for f in iter_fetches(self.store) if not f.address.endswith("/robots.txt")]


@pytest.fixture(scope="module")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty store: making its tables takes longer than most of these tests."""
    folder = tmp_path_factory.mktemp("empty")
    with open_store(folder).reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return folder / DATABASE_NAME


@pytest.fixture
def desk(server: FaultServer, empty_store: Path, tmp_path: Path) -> Desk:
    (tmp_path / "data").mkdir()
    shutil.copy(empty_store, tmp_path / "data" / DATABASE_NAME)
    return Desk(server, open_store(tmp_path / "data"), tmp_path / "data")


# -- F1: robots.txt ---------------------------------------------------------------------------


def test_f1_what_robots_disallows_is_never_fetched(desk: Desk) -> None:
    desk.server.put("/robots.txt", "User-agent: *\nDisallow: /private/\n")
    secret = desk.server.put("/private/a.html", PAGE)
    fetched = desk.fetch(secret)
    assert fetched.refused == "is not to be fetched, says the site's robots.txt"
    assert desk.server.paths() == []
    assert [fetch.outcome for fetch in desk.recorded()] == ["refused"]


@pytest.mark.parametrize("status", [500, 503])
def test_f1_a_site_whose_robots_fails_is_not_crawled(desk: Desk, status: int) -> None:
    desk.server.put("/robots.txt", Page(b"User-agent: *\nAllow: /\n", status=status))
    fetched = desk.fetch(desk.server.put("/a.html", PAGE))
    assert "robots.txt cannot be read" in (fetched.refused or "")
    assert desk.server.paths(robots=True) == ["/robots.txt"] * ROBOTS_TRIES


def test_f1_a_site_without_robots_is_open(desk: Desk) -> None:
    assert desk.fetch(desk.server.put("/a.html", PAGE)).status == 200


def test_f1_robots_is_read_to_its_cap_and_no_further() -> None:
    filler = b"# " + b"x" * 96 + b"\n"
    long = b"User-agent: *\nDisallow: /early\n" + filler * 110_000 + b"Disallow: /late\n"
    assert len(long) > 10_000_000 > MAX_BYTES
    robots = read_robots(200, long)
    assert robots.why_not(f"{ORIGIN}/early", "Throughline") is not None
    assert robots.why_not(f"{ORIGIN}/late", "Throughline") is None


def test_f1_robots_that_breaks_off_is_no_permission(desk: Desk) -> None:
    desk.server.put("/robots.txt", _announce(400, b"User-agent: *\n"))
    assert "cannot be read" in (desk.fetch(desk.server.put("/a.html", PAGE)).refused or "")


def test_f1_the_gap_that_robots_asks_for_is_kept(desk: Desk) -> None:
    desk.server.put("/robots.txt", "User-agent: throughline\nCrawl-delay: 0.4\n")
    first, second = desk.server.put("/a.html", PAGE), desk.server.put("/b.html", PAGE)
    desk.fetch(first, second)
    at = {asked.path: asked.at for asked in desk.server.asked}
    assert (at["/b.html"] - at["/a.html"]).total_seconds() >= 0.35


# -- F2: bodies that never end ----------------------------------------------------------------


def test_f2_a_dripping_body_ends_at_the_deadline(desk: Desk) -> None:
    desk.limits = Limits(deadline_s=0.6)
    desk.server.put("/drip", _drip)
    fetched = desk.fetch(f"{ORIGIN}/drip")
    assert "timeout" in (fetched.failed or "")
    assert fetched.payload is None
    assert [(f.outcome, f.partial) for f in desk.recorded()] == [("failed", True)]


def test_f2_an_endless_body_ends_at_the_cap(desk: Desk) -> None:
    desk.limits = Limits(deadline_s=20.0, max_bytes=2_000_000)
    desk.server.put("/endless", _endless)
    fetched = desk.fetch(f"{ORIGIN}/endless")
    assert fetched.failed == "is larger than 2 MB"
    assert not fetched.worth_retrying


def test_f2_other_hosts_are_served_meanwhile(desk: Desk) -> None:
    desk.hosts = (HOST, "other.example.org")
    desk.limits = Limits(deadline_s=1.5)
    desk.server.put("/drip", _drip)
    other = desk.server.put("http://other.example.org/a.html", PAGE)

    async def run() -> tuple[Fetched, Fetched]:
        fetcher = desk.fetcher()
        slow = asyncio.create_task(fetcher.fetch(f"{ORIGIN}/drip"))
        return await fetcher.fetch(other), await slow

    quick, slow = asyncio.run(run())
    assert quick.status == 200
    assert slow.failed is not None
    assert [fetch.address for fetch in desk.recorded()] == [other, f"{ORIGIN}/drip"]


# -- F3: where a redirect may not lead ---------------------------------------------------------

FORBIDDEN = {
    "file:///etc/passwd": "only http and https",
    "ftp://reviews.example.org/a": "only http and https",
    "gopher://reviews.example.org/": "only http and https",
    "data:text/html,a": "only http and https",
    "http://169.254.169.254/latest/meta-data/": "not on the source's list",
    "http://127.0.0.1/": "not on the source's list",
    "http://[::1]/": "not on the source's list",
    "http://0.0.0.0/": "not on the source's list",
    "http://2130706433/": "not on the source's list",
    "http://0x7f000001/": "not on the source's list",
    "http://0177.0.0.1/": "not on the source's list",
    "http://reviews.example.org@evil.example.net/": "user name",
    "http://evil.example.net@reviews.example.org/": "user name",
    "http://reviews.example.org./a": "not on the source's list",
    "http://reviews.example.org:8080/a": "usual ports",
    "http://evil.example.net/": "not on the source's list",
    "//evil.example.net/": "not on the source's list",
    "http://reviews.example.org.evil.example.net/": "not on the source's list",
    "https://reviews.example.org%2eevil.example.net/": "not on the source's list",
}


@pytest.mark.parametrize("target", FORBIDDEN)
@pytest.mark.parametrize("hops", [1, 3])
def test_f3_a_redirect_to_a_forbidden_place_is_refused_at_every_hop(
    desk: Desk, target: str, hops: int
) -> None:
    for hop in range(1, hops):
        desk.server.redirect(f"/{hop}", f"/{hop + 1}")
    desk.server.redirect(f"/{hops}", target)
    fetched = desk.fetch(f"{ORIGIN}/1")
    assert FORBIDDEN[target] in (fetched.refused or "")
    assert fetched.payload is None
    outcomes = [fetch.outcome for fetch in desk.recorded()]
    assert outcomes == ["redirected"] * hops + ["refused"]
    assert get_fetch(desk.store, fetched.fetch_id).reason == fetched.refused


def test_f3_a_backslash_does_not_move_the_host(desk: Desk) -> None:
    desk.server.redirect("/a", "http://evil.example.net\\@reviews.example.org/")
    assert desk.fetch(f"{ORIGIN}/a").refused is not None


# -- F4: names that change what they stand for ---------------------------------------------------


def _names(*answers: Sequence[str]) -> Resolver:
    waiting = list(answers)

    async def resolve(*_: object) -> Sequence[str]:
        return waiting.pop(0)

    return resolve


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["192.168.0.1"],
        ["169.254.169.254"],
        ["::1"],
        ["fe80::1%eth0"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["0.0.0.0"],
        ["100.64.0.1"],
        ["224.0.0.1"],
        ["93.184.216.34", "10.0.0.1"],
    ],
)
def test_f4_a_name_that_leads_inside_is_refused(desk: Desk, addresses: list[str]) -> None:
    fetcher = desk.fetcher()
    fetcher.guard = Guard(hosts=(HOST,), resolver=_names(*[addresses] * ROBOTS_TRIES, addresses))
    fetched = asyncio.run(fetcher.fetch(f"{ORIGIN}/a"))
    assert fetched.refused is not None
    assert desk.server.asked == []
    assert not all(is_public(address) for address in addresses)


def test_f4_the_connection_goes_to_the_address_that_was_checked(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[str] = []

    async def connect(host: str, *_: object, **__: object) -> None:
        connected.append(host)
        raise ConnectionRefusedError(111, "refused here")

    monkeypatch.setattr(asyncio, "open_connection", connect)
    fetcher = desk.fetcher()
    public, private = ["93.184.216.34"], ["127.0.0.1"]
    fetcher.guard = Guard(hosts=(HOST,), resolver=_names(public, private, private, private))
    asyncio.run(fetcher.fetch(f"{ORIGIN}/a"))
    # The name was turned inwards after the first look: it is never connected to by name.
    assert connected == ["93.184.216.34"]


# -- F5: redirects without end ------------------------------------------------------------------


def test_f5_a_loop_and_a_long_chain_end(desk: Desk) -> None:
    desk.server.redirect("/a", "/b")
    desk.server.redirect("/b", "/a")
    for hop in range(50):
        desk.server.redirect(f"/chain{hop}", f"/chain{hop + 1}")
    assert "redirected more than 10 times" in (desk.fetch(f"{ORIGIN}/a").failed or "")
    desk.server.forget()
    fetched = desk.fetch(f"{ORIGIN}/chain0")
    assert "redirected more than 10 times" in (fetched.failed or "")
    assert len(desk.server.paths()) == 11


# -- F6: bombs -----------------------------------------------------------------------------------


def _bomb(blocks: int) -> bytes:
    """Ten megabytes of nothing a block, packed to ten kilobytes each."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    return block + again * (blocks - 1) + packer.flush()


def test_f6_a_bomb_is_not_unpacked(desk: Desk) -> None:
    desk.limits = Limits(deadline_s=30.0, max_bytes=100_000_000)
    bomb = _bomb(1000)
    assert len(bomb) < 12_000_000
    desk.server.put("/bomb", Page(bomb, headers={"Content-Encoding": "gzip"}))
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    fetched = desk.fetch(f"{ORIGIN}/bomb")
    grown_mb = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb) / 1024
    assert "unpacks to more than 100 MB" in (fetched.failed or "")
    assert not fetched.worth_retrying
    assert grown_mb < 300
    assert list(iter_captures(desk.store)) == []


@pytest.mark.parametrize(
    ("encoding", "body", "said"),
    [
        ("br", b"\x00" * 50, "not asked for"),
        ("gzip, gzip, gzip", b"\x1f\x8b\x08", "packed 3 times"),
        ("gzip", zlib.compress(b"a" * 900, wbits=31)[:-20], "breaks off"),
        ("gzip", zlib.compress(zlib.compress(bytes(9_000_000), wbits=31), wbits=31), None),
    ],
)
def test_f6_odd_packings(desk: Desk, encoding: str, body: bytes, said: str | None) -> None:
    desk.server.put("/odd", Page(body, headers={"Content-Encoding": encoding}))
    fetched = desk.fetch(f"{ORIGIN}/odd")
    if said:
        assert said in (fetched.failed or "")
    else:  # packed twice and named once: the inner one is left packed, and is no document
        assert fetched.payload is not None
        assert fetched.payload.startswith(b"\x1f\x8b")


def test_f6_a_page_that_is_not_packed_though_it_says_so_is_read_as_it_is(desk: Desk) -> None:
    desk.server.put("/plain", Page(PAGE.encode(), headers={"Content-Encoding": "gzip"}))
    assert desk.fetch(f"{ORIGIN}/plain").payload == PAGE.encode()


# -- F7: lengths that lie, and resets ------------------------------------------------------------


def _announce(length: int, body: bytes) -> Raw:
    def write(handler: BaseHTTPRequestHandler) -> None:
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n\r\n"
        handler.wfile.write(head.encode() + body)

    return write


@pytest.mark.parametrize("length", [40, 5000])
def test_f7_a_length_that_lies_makes_a_partial_capture(desk: Desk, length: int) -> None:
    desk.server.put("/lies", _announce(length, PAGE.encode()))
    fetched = desk.fetch(f"{ORIGIN}/lies")
    assert fetched.failed is not None
    assert fetched.payload is None
    assert fetched.worth_retrying
    (fetch,) = desk.recorded()
    assert fetch.partial
    assert fetch.capture_id is None
    assert fetch.warc_path is not None


def test_f7_a_reset_is_a_failure_that_is_tried_again(desk: Desk) -> None:
    desk.server.put("/reset", drop)
    fetched = desk.fetch(f"{ORIGIN}/reset")
    assert fetched.failed is not None
    assert fetched.worth_retrying


# -- F9: asked to wait ---------------------------------------------------------------------------


def test_f9_both_forms_of_retry_after_are_read() -> None:
    now = dt.datetime(2026, 3, 29, 0, 59, 30, tzinfo=dt.UTC)
    assert retry_after_s("120", now=now) == 120
    assert retry_after_s(http_date(now + dt.timedelta(seconds=120)), now=now) == 120
    assert retry_after_s(http_date(now - dt.timedelta(days=1)), now=now) == 0
    assert retry_after_s("soon", now=now) == retry_after_s(None, now=now) == 30


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_f9_a_host_that_asks_us_to_wait_is_waited_for(desk: Desk, form: str) -> None:
    until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
    said = "1" if form == "seconds" else http_date(until)
    desk.server.put("/busy", Page(status=429, headers={"Retry-After": said}))
    calm = desk.server.put("/calm", PAGE)
    fetched = desk.fetch(f"{ORIGIN}/busy", calm)
    assert fetched.status == 200
    busy, after = [asked for asked in desk.server.asked if asked.path != "/robots.txt"]
    # A date has whole seconds only: up to one of the two may have been cut off.
    assert (after.at - busy.at).total_seconds() >= (0.95 if form == "seconds" else 0.5)


def test_f9_a_wait_beyond_reason_closes_the_host_and_slows_it_down(desk: Desk) -> None:
    desk.server.put("/busy", Page(status=429, headers={"Retry-After": "86400"}))
    fetched = desk.fetch(f"{ORIGIN}/busy", desk.server.put("/calm", PAGE))
    assert "asked us to wait 86400 seconds" in (fetched.refused or "")
    assert desk.server.paths() == ["/busy"]
    pace = Pace(2.0)
    pace.pause("http://a", 1.0)
    assert pace.gap_s("http://a") == 4.0
    assert pace.gap_s("http://b") == 2.0


def test_f9_a_robots_that_asks_for_a_day_is_not_waited_for(desk: Desk) -> None:
    desk.server.put("/robots.txt", Page(status=429, headers={"Retry-After": "86400"}))
    assert desk.fetch(desk.server.put("/calm", PAGE)).refused is not None
    assert desk.server.paths(robots=True) == ["/robots.txt"]


# -- F14: nothing is carried along ---------------------------------------------------------------


def test_f14_no_cookie_or_authorization_is_sent_anywhere(desk: Desk) -> None:
    desk.hosts = (HOST, "other.example.org")
    cookie = {"Set-Cookie": "session=secret; Path=/", "WWW-Authenticate": "Basic realm=a"}
    other = desk.server.put("http://other.example.org/b", PAGE)
    desk.server.put("/a", Page(status=302, headers={**cookie, "Location": other}))
    same = desk.server.put("/c", PAGE)
    desk.fetch(f"{ORIGIN}/a", same)
    for asked in desk.server.asked:
        names = {name.lower() for name in asked.headers}
        assert not names & {"cookie", "authorization", "referer", "proxy-authorization"}
        assert asked.headers["User-Agent"] == "Throughline/test"


# -- TLS -----------------------------------------------------------------------------------------


def test_a_certificate_that_nobody_vouches_for_is_refused(desk: Desk, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path, HOST)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    async def run() -> Fetched:
        async def answer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        served = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
        port = served.sockets[0].getsockname()[1]
        fetcher = desk.fetcher()
        fetcher.guard = Guard(hosts=(HOST,), stand_ins={f"https://{HOST}": port})
        async with served:
            return await fetcher.fetch(f"https://{HOST}/a")

    fetched = asyncio.run(run())
    assert "robots.txt cannot be read" in (fetched.refused or "")
    assert "certificate" in (next(iter_fetches(desk.store)).reason or "")


def test_a_redirect_does_not_leave_tls() -> None:
    guard = Guard(hosts=(HOST,))
    with pytest.raises(Exception, match="would leave the encrypted connection"):
        guard.check_hop(guard.check(f"https://{HOST}/a"), f"http://{HOST}/b")


# -- what may be reached at all ------------------------------------------------------------------


def test_no_door_stands_open_into_a_crawl() -> None:
    from ingest.crawl.settings import scrapy_settings

    settings = scrapy_settings(crawl_delay_s=1.0, retries=2)
    assert not settings["TELNETCONSOLE_ENABLED"]
    assert not settings["REMOTE_CONTROL_ENABLED"]
    handlers = settings["DOWNLOAD_HANDLERS"]
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}


def test_no_option_or_setting_reaches_the_stand_ins() -> None:
    from dataclasses import fields

    from corpus.settings import Settings
    from web.commands.crawl import command as crawl
    from web.commands.ingest import command as ingest

    names = {str(option.name) for one in (crawl, ingest) for option in one.params}
    names |= {setting.name for setting in fields(Settings)}
    assert not [name for name in names if "stand" in name or "loopback" in name]


def test_the_command_line_starts_without_scrapy() -> None:
    code = (
        "import sys, web.cli, web.commands.crawl, web.commands.ingest\n"
        "sys.exit('scrapy' in sys.modules or 'twisted' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _drip(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    with contextlib.suppress(OSError):
        for _ in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.05)


def _endless(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    with contextlib.suppress(OSError):
        while True:
            handler.wfile.write(b"10000\r\n" + bytes(0x10000) + b"\r\n")
