"""A site that loses much at once is out of order until a person says otherwise."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_server import HOST, ORIGIN, FaultServer, Page, fault_server
from invented_publisher import html

from corpus.model import LicenceTier
from corpus.store import Store
from corpus.withdrawals import list_withdrawals
from ingest.crawl.run import CrawlOptions, crawl_source
from ingest.report import CrawlReport
from ingest.source import Source

SOURCE = Source(
    source_id="harbour",
    name="Harbour",
    publisher="Harbour Board",
    spider="feed",
    start=(f"{ORIGIN}/feed",),
    hosts=(HOST,),
    licence_tier=LicenceTier.OWNER,
    crawl_delay_s=0.0,
    robots_note="Invented.",
)
PATHS = [f"/review-{number}.html" for number in range(1, 9)]
LOST = PATHS[:6]


class Board:
    """A publisher of eight reviews, and what is held of it."""

    def __init__(self, server: FaultServer, store: Store, data_dir: Path) -> None:
        self.server, self.store, self.data_dir = server, store, data_dir
        self.pages = {path: Page(html(number)) for number, path in enumerate(PATHS, start=1)}
        items = "".join(
            f"<item><title>Review {path}</title><link>{ORIGIN}{path}</link></item>"
            for path in PATHS
        )
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'
        server.put("/feed", Page(feed.encode(), "application/rss+xml"))
        self.serve()

    def serve(self) -> None:
        for path in PATHS:
            self.server.put(path, self.pages[path])

    def lose(self, paths: list[str], status: int) -> None:
        for path in paths:
            self.server.put(path, Page(b"Nothing is here.", status=status))

    def crawl(self, *, accept_gone: bool = False) -> CrawlReport:
        options = CrawlOptions(
            stand_ins=self.server.stand_ins(), retries=0, accept_gone=accept_gone
        )
        return crawl_source(
            SOURCE, store=self.store, data_dir=self.data_dir, agent="T/1", options=options
        )

    def held(self) -> int:
        return sum(1 for _ in self.store.iter_documents())


@pytest.fixture
def board(store: Store, tmp_path: Path) -> Iterator[Board]:
    with fault_server() as server:
        made = Board(server, store, tmp_path / "data")
        assert len(made.crawl().of("new")) == len(PATHS)
        yield made


def test_an_outage_withdraws_nothing_and_is_over_when_the_pages_are_back(board: Board) -> None:
    board.lose(LOST[:3], 404)
    board.lose(LOST[3:], 410)
    for _ in range(3):  # however long it lasts
        report = board.crawl()
        assert {seen.address for seen in report.of("suspected")} == {ORIGIN + p for p in LOST}
        assert not report.passed
        assert "--accept-gone" in (report.outage or "")
        assert board.held() == len(PATHS)
    board.serve()
    assert board.crawl().passed
    board.lose(LOST[:1], 404)  # its misses are forgotten, so this is the first
    assert len(board.crawl().of("missing")) == 1
    assert list_withdrawals(board.store) == ()


def test_a_single_410_still_withdraws_at_once(board: Board) -> None:
    board.lose(LOST[:1], 410)
    report = board.crawl()
    assert len(report.of("gone")) == 1
    assert report.passed
    assert board.held() == len(PATHS) - 1


def test_what_stays_away_when_the_others_are_back_goes(board: Board) -> None:
    board.lose(LOST, 404)
    board.crawl()
    board.serve()
    board.lose(LOST[:2], 404)
    report = board.crawl()
    assert len(report.of("gone")) == 2
    assert report.passed
    assert board.held() == len(PATHS) - 2


def test_a_person_who_has_looked_lets_them_go(board: Board) -> None:
    board.lose(LOST, 404)
    board.crawl()
    report = board.crawl(accept_gone=True)
    assert len(report.of("gone")) == len(LOST)
    assert report.passed
    assert board.held() == len(PATHS) - len(LOST)
