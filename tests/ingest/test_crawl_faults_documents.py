"""What a crawl makes of pages that are not what they seem: F8, F11 and F12, and of one address."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from fault_server import HOST, ORIGIN, FaultServer, Page, fault_server
from files import report_pdf
from invented_publisher import html, paragraphs, title

from corpus.fetches import iter_fetches
from corpus.model import LicenceTier
from corpus.store import Store
from ingest.crawl import recorder as recorder_module
from ingest.crawl.fetch_one import FetchOptions, ingest_addresses
from ingest.crawl.run import CrawlOptions, crawl_source
from ingest.report import CrawlReport, IngestReport
from ingest.source import Source

SOURCE = Source(
    source_id="odd",
    name="Odd",
    publisher="Odd Board",
    spider="feed",
    start=(f"{ORIGIN}/feed",),
    hosts=(HOST,),
    licence_tier=LicenceTier.OWNER,
    crawl_delay_s=0.0,
    robots_note="Invented.",
)
LOGIN = """<html><head><title>Log in</title></head><body><main><h1>Log in</h1><form action="/login">
<label>User name</label><input name="user"><label>Password</label><input type="password"
name="password"><button>Log in</button></form><p>You must log in to see this page.</p></main></body>
</html>"""
CHALLENGE = """<html><head><title>Just a moment...</title></head><body>
<h1>Checking your browser before you go on</h1>
<p>Please enable JavaScript and cookies to continue.</p>
<div id="cf-challenge"></div></body></html>"""
COOKIES = """<html><head><title>Cookies</title></head><body><main><h1>We use cookies</h1><p>We use
cookies to make this site work. Accept all cookies to go on to the site.</p><button>Accept all
cookies</button></main></body></html>"""
NOT_FOUND = """<html><head><title>Page not found</title></head><body><main><h1>Page not found</h1>
<p>The page you were looking for cannot be found. It may have been moved.</p></main></body>
</html>"""


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with fault_server() as made:
        yield made


def _feed(addresses: list[str]) -> Page:
    items = "".join(
        f"<item><title>Review {n}</title><link>{escape(address)}</link></item>"
        for n, address in enumerate(addresses)
    )
    text = f'<rss version="2.0"><channel><title>Odd</title>{items}</channel></rss>'
    return Page(f'<?xml version="1.0"?>{text}'.encode(), "application/rss+xml")


def _crawl(
    server: FaultServer, store: Store, data_dir: Path, source: Source = SOURCE
) -> CrawlReport:
    options = CrawlOptions(stand_ins=server.stand_ins(), retries=1, deadline_s=5.0)
    return crawl_source(source, store=store, data_dir=data_dir, agent="T/1", options=options)


def test_f8_f11_pages_that_are_not_what_they_seem(
    server: FaultServer, store: Store, tmp_path: Path
) -> None:
    report_file = report_pdf(
        [("Title", title(1)), *(("BodyText", text) for text in paragraphs(1))], head="Board"
    )
    pages = {
        "/soft-404": Page(NOT_FOUND.encode()),
        "/wall": Page(LOGIN.encode()),
        "/cookies": Page(COOKIES.encode()),
        "/challenge": Page(CHALLENGE.encode()),
        "/report": Page(report_file, "text/html"),
        "/page.pdf": Page(html(2), "application/pdf"),
        "/picture.pdf": Page(b"\x89PNG\r\n\x1a\n" + bytes(400), "application/pdf"),
        "/cut.pdf": Page(report_file[: len(report_file) // 2], "application/pdf"),
        "/broken": Page(b"Out of order.", status=500),
        "/forbidden": Page(b"No.", status=403),
    }
    server.put("/feed", _feed([server.put(path, page) for path, page in pages.items()]))
    report = _crawl(server, store, tmp_path / "data")
    became = {
        seen.address.removeprefix(ORIGIN): outcome
        for outcome, all_seen in report.by_outcome.items()
        for seen in all_seen
    }
    rules = {seen.address: seen.reason for seen in report.of("quarantined")}
    for number, path in enumerate(("/soft-404", "/wall", "/cookies", "/challenge"), start=1):
        assert became.pop(path) == "quarantined", path
        assert f"TMP-00{number}" in (rules[ORIGIN + path] or "")
    assert became == {
        "/report": "new",
        "/page.pdf": "new",
        "/picture.pdf": "refused",
        "/cut.pdf": "refused",
        "/broken": "failed",
        "/forbidden": "failed",
    }
    reasons = {seen.address: seen.reason for seen in (*report.of("refused"), *report.of("failed"))}
    assert reasons[f"{ORIGIN}/forbidden"] == "answered with the status 403"
    assert "PNG picture" in (reasons[f"{ORIGIN}/picture.pdf"] or "")
    documents = {document.url: document for document in store.iter_documents()}
    assert "wrong-file-name" in documents[f"{ORIGIN}/page.pdf"].marks
    for path in ("/page.pdf", "/report"):
        assert "wrong-content-type" in documents[ORIGIN + path].marks
    assert server.paths().count("/broken") == 2  # asked again, as what passes may pass
    assert server.paths().count("/forbidden") == 1


def test_the_gate_fails_where_a_field_is_lost_and_a_broken_list_is_named(
    server: FaultServer, store: Store, tmp_path: Path
) -> None:
    server.put("/feed", _feed([server.put(f"/undated/{n}", html(n)) for n in range(20, 28)]))
    server.put("/other", "<html><body>No feed at all.</body></html>")
    source = replace(SOURCE, start=(f"{ORIGIN}/feed", f"{ORIGIN}/other"), expect={"published": 0.9})
    report = _crawl(server, store, tmp_path / "data", source)
    assert len(report.of("new")) == 8
    assert not report.passed
    assert report.collapses[0].startswith("odd: 0 of 8 documents have a publication date")
    assert [seen.address for seen in report.of("failed")] == [f"{ORIGIN}/other"]


def test_f12_a_clock_that_is_set_back_changes_no_order(
    server: FaultServer, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class SetBack(dt.datetime):
        """Each look at the clock finds it an hour earlier, over a leap day and a change of time."""

        looks = 0

        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "SetBack":
            cls.looks += 1
            first = cls(2024, 3, 31, 2, 30, tzinfo=dt.UTC)
            moment = first - dt.timedelta(days=16, hours=cls.looks)
            return cls.fromtimestamp(moment.timestamp(), tz or dt.UTC)

    class Clock:
        datetime = SetBack
        UTC = dt.UTC

    monkeypatch.setattr(recorder_module, "dt", Clock)
    address = server.put("/clock.html", html(3))
    first = _ingest(server, store, tmp_path / "data", address)
    server.put("/clock.html", html(4))
    second = _ingest(server, store, tmp_path / "data", address)
    assert [one.outcome for one in first.documents] == ["new"]
    assert [one.outcome for one in second.documents] == ["new-version"]
    fetches = [fetch for fetch in iter_fetches(store) if fetch.address == address]
    assert fetches[0].fetched_at > fetches[1].fetched_at  # the clock says so
    assert fetches[0].fetch_id < fetches[1].fetch_id
    (document,) = [one for one in store.iter_documents() if one.url == address]
    assert document.title == title(4)
    third = _ingest(server, store, tmp_path / "data", address)
    assert [one.outcome for one in third.documents] == ["unchanged"]
    assert server.asked[-1].status == 304  # by the newest ETag, not by that of the latest date


# -- one address ----------------------------------------------------------------------------------


def _ingest(
    server: FaultServer, store: Store, data_dir: Path, *addresses: str, source_id: str | None = None
) -> IngestReport:
    return ingest_addresses(
        addresses,
        store=store,
        data_dir=data_dir,
        sources={"odd": SOURCE},
        options=FetchOptions(agent="T/1", stand_ins=server.stand_ins()),
        source_id=source_id,
    )


def test_single_addresses_are_taken_in_or_named(
    server: FaultServer, store: Store, tmp_path: Path
) -> None:
    good = server.put("/good page.html".replace(" ", "%20"), html(5))
    gone = f"{ORIGIN}/nothing.html"
    report = _ingest(
        server,
        store,
        tmp_path / "data",
        f"{ORIGIN}/good page.html",
        gone,
        "http://169.254.169.254/latest/",
        "http://127.0.0.1:9/x",
        "file:///etc/passwd",
        "http://[::1",
    )
    assert [one.title for one in report.documents] == [title(5)]
    assert [one.file for one in report.documents] == [good]
    reasons = [one.reason for one in report.refused]
    assert reasons[0] == f"{gone} is not found (status 404)."
    assert all("no configured publisher has" in reason for reason in reasons[1:3])
    assert "only http and https are fetched" in reasons[3]
    assert "is not an address" in reasons[4]
    assert len(reasons) == 5
    away = _ingest(
        server, store, tmp_path / "data", "http://127.0.0.1:9/x", source_id="odd"
    ).refused
    assert "not on the source's list" in away[0].reason
