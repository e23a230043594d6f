"""A crawl of a whole invented publisher: once, once more, and after being killed half-way."""

import datetime as dt
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from fault_server import ORIGIN, FaultServer, Page, fault_server
from invented_publisher import SOURCE, SUMMARISED, SUMMARY, put_publisher, title

from corpus.dates import PartialDate
from corpus.fetches import iter_fetches, last_crawls
from corpus.licence import COPY_DAMAGED
from corpus.store import Store, open_store
from corpus.withdrawals import begin_withdrawal
from ingest import derive
from ingest.crawl.job import CrawlJob
from ingest.crawl.run import CrawlOptions, crawl_source, dry_run
from ingest.extract.html import extract_html
from ingest.extracted import Extracted
from ingest.from_captures import ingest_captures
from ingest.overwrite import overwrite_withdrawn
from ingest.report import CrawlReport
from ingest.verify import verify_captures
from ingest.warc import read_records, split_http

DOCUMENTS = f"{ORIGIN}/documents"
EXPECTED = {
    "new": 40,
    "updated": 0,
    "unchanged": 1,
    "quarantined": 2,
    "withheld": 0,
    "gone": 1,
    "missing": 0,
    "suspected": 0,
    "refused": 2,
    "failed": 1,
}


@dataclass
class Harbour:
    """The publisher, and what we hold of it."""

    server: FaultServer
    data_dir: Path
    store: Store

    def crawl(self, **options: object) -> CrawlReport:
        chosen = CrawlOptions(
            stand_ins=self.server.stand_ins(),
            retries=0,
            **options,  # type: ignore[arg-type]  # the caller names real options
        )
        self.server.forget()
        return crawl_source(
            SOURCE, store=self.store, data_dir=self.data_dir, agent="T/1", options=chosen
        )

    def held(self) -> list[tuple[str, str]]:
        return sorted((d.identity, d.text_sha256) for d in self.store.iter_documents())


@pytest.fixture(scope="module")
def server() -> Iterator[FaultServer]:
    with fault_server() as made:
        put_publisher(made)
        yield made


@pytest.fixture(scope="module")
def crawled(
    server: FaultServer, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Harbour, CrawlReport]:
    """The publisher after its first crawl; tests that write take a copy."""
    data_dir = tmp_path_factory.mktemp("harbour")
    harbour = Harbour(server, data_dir, open_store(data_dir))
    return harbour, harbour.crawl()


@pytest.fixture
def copy(crawled: tuple[Harbour, CrawlReport], tmp_path: Path) -> Harbour:
    harbour, _ = crawled
    with harbour.store.writing(content=False) as connection:
        assert connection is not None  # no writer is half-way while the files are copied
    shutil.copytree(harbour.data_dir, tmp_path / "copy")
    return Harbour(harbour.server, tmp_path / "copy", open_store(tmp_path / "copy"))


def _counts(report: CrawlReport) -> dict[str, int]:
    return {outcome: len(seen) for outcome, seen in report.by_outcome.items()}


# -- the first crawl --------------------------------------------------------------------------


def test_every_document_comes_with_its_title_date_and_tier(
    crawled: tuple[Harbour, CrawlReport],
) -> None:
    harbour, report = crawled
    assert _counts(report) == EXPECTED
    assert report.collapses == ()
    documents = {document.title: document for document in harbour.store.iter_documents()}
    assert set(documents) == {title(number) for number in range(1, 41)}
    dates = {number: documents[title(number)].published for number in range(1, 41)}
    listed = {n: PartialDate(2010 + n % 13, 3, n) for n in range(1, 25)}
    fed = dict.fromkeys(range(25, 33), PartialDate(2025, 3, 3))
    posted = dict.fromkeys(range(33, 41), PartialDate(2024, 5, 6))
    assert dates == listed | fed | posted
    assert {document.licence_tier.value for document in documents.values()} == {"B"}
    assert {document.nation for n, document in documents.items()} <= {"England", None}


def test_two_documents_of_one_review_stand_under_it_and_no_other_two(
    crawled: tuple[Harbour, CrawlReport],
) -> None:
    harbour, _ = crawled
    reviews = {document.title: document.review_id for document in harbour.store.iter_documents()}
    assert reviews[title(SUMMARISED)] == reviews[title(SUMMARY)]
    assert sorted(Counter(reviews.values()).values()) == [1] * 38 + [2]


def test_each_trap_is_named_with_its_reason(crawled: tuple[Harbour, CrawlReport]) -> None:
    _, report = crawled
    reasons = {
        seen.address.removeprefix(ORIGIN): (outcome, seen.reason)
        for outcome in ("unchanged", "quarantined", "gone", "refused", "failed")
        for seen in report.of(outcome)
    }
    said = {path: f"{outcome}: {reason}" for path, (outcome, reason) in reasons.items()}
    assert said.pop("/documents/moved.html").startswith("quarantined: rules: TMP-")
    assert said.pop("/documents/spam.html").startswith("quarantined: rules: TMP-")
    assert said == {
        "/documents/copy-of-5.html": f"unchanged: has the very bytes of {DOCUMENTS}/review-5.html",
        "/documents/gone.html": "gone: Taken down by its publisher for good (status 410). "
        "It was not held here.",
        "/private/draft.pdf": "refused: is not to be fetched, says the site's robots.txt",
        "/documents/leads-away.html": "refused: is on the host 'copies.example.net', which is not "
        "on the source's list",
        "/documents/never-there.pdf": "failed: is not found (status 404)",
    }
    assert list(report.passed_over) == ["http://copies.example.net/documents/review-10.html"]


def test_every_exchange_is_a_record_with_its_request(crawled: tuple[Harbour, CrawlReport]) -> None:
    harbour, report = crawled
    fetches = [fetch for fetch in iter_fetches(harbour.store) if fetch.status is not None]
    assert len(fetches) == report.requests == 36
    assert {fetch.status for fetch in fetches} == {200, 302, 404, 410}
    for fetch in fetches:
        data = (harbour.data_dir / (fetch.warc_path or "")).read_bytes()
        answer, question = read_records(data)
        same_bytes = fetch.address.endswith("copy-of-5.html")
        assert answer.kind == ("revisit" if same_bytes else "response")
        assert question.kind == "request"
        assert answer.target == question.target == fetch.address
        assert split_http(answer.block)[0] == fetch.status
        assert b"User-Agent: T/1" in question.block
    assert verify_captures(harbour.store, harbour.data_dir).damaged == ()


# -- the second -------------------------------------------------------------------------------


def test_further_crawls_ask_conditionally_and_change_nothing(copy: Harbour) -> None:
    held = copy.held()
    for _ in range(2):  # the 304s of the first, which repeat no ETag, are gone by in the second
        report = copy.crawl()
        assert _counts(report) == EXPECTED | {"new": 0, "unchanged": 41}
        assert copy.held() == held
        assert report.not_modified == 32
        good = [asked for asked in copy.server.asked if asked.status in (200, 304)]
        unconditional = [asked.path for asked in good if "If-None-Match" not in asked.headers]
        assert unconditional == ["/robots.txt"]
        assert {asked.status for asked in good if asked.path != "/robots.txt"} == {304}
    assert verify_captures(copy.store, copy.data_dir).strays == ()


def test_f10_a_page_that_was_replaced_is_a_new_version_beside_the_old_one(copy: Harbour) -> None:
    address = f"{DOCUMENTS}/review-5.html"
    before = copy.server.pages[address]
    assert isinstance(before, Page)
    (old,) = [d for d in copy.store.iter_documents() if d.url == address]
    copy.server.put(address, before.body.replace(b"days went by", b"long days went by"))
    try:
        report = copy.crawl()
    finally:
        copy.server.put(address, before)
    assert [seen.address for seen in report.of("updated")] == [address]
    (new,) = [d for d in copy.store.iter_documents() if d.url == address]
    assert "long days" in new.text
    assert copy.store.get_document(old.document_id).text == old.text
    assert copy.store.get_capture(old.capture_id or "") is not None


def test_what_is_gone_is_withdrawn_at_once_and_what_is_missing_after_two_crawls(
    copy: Harbour,
) -> None:
    gone, missing = f"{DOCUMENTS}/review-10.html", f"{DOCUMENTS}/review-15.html"
    pages = {address: copy.server.pages[address] for address in (gone, missing)}
    copy.server.put(gone, Page(status=410))
    del copy.server.pages[missing]
    try:
        first = copy.crawl()
        copy.server.put(gone, pages[gone])  # as if nothing had been
        second = copy.crawl()
    finally:
        copy.server.pages.update(pages)
    assert gone in [seen.address for seen in first.of("gone")]
    assert [seen.address for seen in first.of("missing")] == [missing]
    assert [seen.address for seen in second.of("withheld")] == [gone]
    assert missing in [seen.address for seen in second.of("gone")]
    assert not {gone, missing} & {document.url for document in copy.store.iter_documents()}


def test_a_page_withdrawn_by_hand_stays_out_with_whatever_words_it_has_now(copy: Harbour) -> None:
    address = f"{DOCUMENTS}/review-5.html"
    before = copy.server.pages[address]
    assert isinstance(before, Page)
    (document,) = [d for d in copy.store.iter_documents() if d.url == address]
    now = dt.datetime.now(dt.UTC)
    begin_withdrawal(copy.store, document.document_id, reason="Asked for.", by="Test", at=now)
    overwrite_withdrawn(copy.store, copy.data_dir, at=now)
    changed = before.body.replace(b"days went by", b"long days went by")
    copy.server.put(address, changed)
    try:
        reports = [copy.crawl(), copy.crawl()]
    finally:
        copy.server.put(address, before)
    for report in reports:
        assert address in [seen.address for seen in report.of("withheld")]
    overwrite_withdrawn(copy.store, copy.data_dir, at=now)  # as the command does at its end
    assert document.title not in {d.title for d in copy.store.iter_documents()}
    files = [path for path in copy.data_dir.rglob("*.gz") if path.is_file()]
    assert files
    assert not [path for path in files if b"long days" in gzip.decompress(path.read_bytes())]
    assert verify_captures(copy.store, copy.data_dir).damaged == ()


# -- killed half-way ----------------------------------------------------------------------------

_CRAWL = (
    "import sys\n"
    "from corpus.store import open_store\n"
    "from ingest.crawl.job import CrawlJob\n"
    "from ingest.crawl.run import CrawlOptions, crawl_source\n"
    "job = CrawlJob.from_json(sys.stdin.readline())\n"
    "crawl_source(job.source, store=open_store(job.data_dir), data_dir=job.data_dir,\n"
    "    agent='T/1', options=CrawlOptions(stand_ins=job.stand_ins, retries=0))\n"
)


def test_f13_a_crawl_that_was_killed_is_gone_on_with(
    crawled: tuple[Harbour, CrawlReport], tmp_path: Path
) -> None:
    at = "/documents/review-13.odt"
    server = crawled[0].server
    server.forget()
    reached = threading.Event()
    page = server.pages[ORIGIN + at]

    def hold(handler: BaseHTTPRequestHandler) -> None:
        reached.set()
        handler.rfile.read(1)  # until the one who asks is gone

    server.put(at, hold)
    job = CrawlJob(
        crawl_id=0, source=SOURCE, data_dir=tmp_path, agent="", stand_ins=server.stand_ins()
    )
    killed = subprocess.Popen([sys.executable, "-c", _CRAWL], stdin=subprocess.PIPE, text=True)
    assert killed.stdin is not None
    killed.stdin.write(job.to_json() + "\n")
    killed.stdin.flush()
    assert reached.wait(60)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    killed.stdin.close()
    server.put(at, page)
    before = Counter(server.paths())
    harbour = Harbour(server, tmp_path, open_store(tmp_path))
    report = harbour.crawl()
    assert _counts(report) == EXPECTED  # as if it had never been killed
    assert harbour.held() == crawled[0].held()
    again = Counter(server.paths()) & before
    assert set(again) <= {at}  # what had answered was not asked for again
    assert verify_captures(harbour.store, tmp_path).damaged == ()
    assert last_crawls(harbour.store)["harbour-board"].crawl_id == 1


# -- options, and captures -----------------------------------------------------------------------


def test_a_limit_a_date_and_a_dry_run(server: FaultServer, tmp_path: Path) -> None:
    harbour = Harbour(server, tmp_path, open_store(tmp_path))
    listed = dry_run(
        SOURCE,
        store=harbour.store,
        agent="T/1",
        options=CrawlOptions(stand_ins=server.stand_ins(), retries=0),
    )
    assert len(listed.would_fetch) == 47
    assert harbour.store.count_rows()["captures"] == 0
    limited = harbour.crawl(limit=3, since=dt.date(2015, 1, 1))
    assert len(limited.of("new")) == 3 + 8  # those in the feed came with its page
    fetched = [path for path in server.paths() if path.startswith("/documents/")]
    assert [number for number in range(1, 25) if any(f"-{number}." in p for p in fetched)] == [
        5,
        6,
        7,
    ]
    assert limited.passed_over[f"{DOCUMENTS}/review-4.txt"] == "was published before 2015-01-01"


def test_documents_are_made_again_from_captures_without_a_network(
    copy: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    held = copy.held()
    report = ingest_captures(
        store=copy.store, data_dir=copy.data_dir, sources={SOURCE.source_id: SOURCE}
    )
    assert report.refused == ()
    assert Counter(one.outcome for one in report.documents)["unchanged"] >= 40
    assert copy.held() == held


def test_what_is_extracted_otherwise_now_is_a_new_version_beside_the_old_one(
    copy: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    def extract_less(markup: str) -> Extracted:
        found = extract_html(markup)
        return replace(found, blocks=found.blocks[:-1])

    monkeypatch.setattr(derive, "extract_html", extract_less)
    before = {d.identity: d for d in copy.store.iter_documents()}
    report = ingest_captures(
        store=copy.store, data_dir=copy.data_dir, sources={SOURCE.source_id: SOURCE}
    )
    assert report.refused == ()
    assert len(report.new_version) == 4 + 8 + 8  # pages, items of the feed, posts
    after = {d.identity: d for d in copy.store.iter_documents()}
    assert set(after) == set(before)
    for identity, new in after.items():
        old = before[identity]
        assert old.text.startswith(new.text)
        assert (new.capture_id, new.review_id) == (old.capture_id, old.review_id)
        assert copy.store.get_document(old.document_id).text == old.text
    changed = [identity for identity, new in after.items() if new.text != before[identity].text]
    assert len(changed) == len(report.new_version)


def test_a_flipped_byte_is_found_with_the_documents_that_rest_on_it(copy: Harbour) -> None:
    document = next(d for d in copy.store.iter_documents() if (d.url or "").endswith("-5.html"))
    capture = copy.store.get_capture(document.capture_id or "")
    assert capture is not None
    path = copy.data_dir / capture.warc_path
    data = path.read_bytes()
    for place in (3, 9, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        (damaged,) = verify_captures(copy.store, copy.data_dir).damaged
        assert damaged.warc_path == capture.warc_path
        assert damaged.document_ids == (document.document_id,)
    path.unlink()
    (damaged,) = verify_captures(copy.store, copy.data_dir).damaged
    assert "cannot be read" in damaged.reason
    assert COPY_DAMAGED in copy.store.get_document(document.document_id).marks
    copy.crawl()  # asks for it without a condition, and keeps it anew
    assert verify_captures(copy.store, copy.data_dir).damaged == ()
    assert copy.store.get_document(document.document_id) == document


def test_the_report_is_kept_and_is_json(crawled: tuple[Harbour, CrawlReport]) -> None:
    harbour, _ = crawled
    kept = last_crawls(harbour.store)["harbour-board"].report
    assert kept is not None
    assert json.loads(json.dumps(kept))["counts"]["new"] == 40
