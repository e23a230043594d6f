"""The sources page, and the warnings that a collapse puts beside every figure."""

import datetime as dt
import re
from pathlib import Path

import pytest
from admitting import admit_texts
from portal_world import PortalWorld, make_world
from samples import CAPTURED_AT
from shell import Shell

from corpus.fetches import begin_crawl, close_crawl
from corpus.ledger import Weighing, put_weighings
from corpus.store import Store
from web.current import current_library
from web.views.sources import build
from web.withdrawing import withdraw


@pytest.fixture
def own(tmp_path: Path) -> PortalWorld:
    return make_world(tmp_path / "data")


def _weigh(store: Store, *, collapsed: bool, crawl_id: str = "7") -> None:
    weighing = Weighing(
        crawl_id=crawl_id,
        source_id="an-invented-board",
        field="published",
        weighed_at=CAPTURED_AT,
        n_rows=40,
        n_found=5 if collapsed else 40,
        expected=None,
        usual=0.97,
        collapsed=collapsed,
    )
    put_weighings(store, [weighing])


def test_the_page_says_what_is_held_of_whom_and_of_which_decades(own: PortalWorld) -> None:
    page = own.get("/sources")
    assert "2 documents of their publishers’ own" in page
    assert "An Invented Partnership" in page
    assert "Community Care" in page
    assert '<th scope="col" class="number">2010s</th>' in page
    assert "Throughline</th>" not in page
    assert "Nothing is held back." in page
    assert "Nothing was withdrawn." in page
    assert 'href="/sources"' in own.get("/about")


def test_held_back_and_withdrawn_documents_are_counted_and_not_shown(
    own: PortalWorld, tmp_path: Path
) -> None:
    admit_texts(own.store, ["Sorry."], "https://example.org/x", title="Page not found")
    withdraw(
        own.store,
        tmp_path / "data",
        [own.news[0].document_id],
        reason="Its publisher asked.",
        by="test",
    )
    page = own.get("/sources")
    assert "Publisher not stated: 1" in page
    assert "Page not found" not in page
    assert '<td data-label="Of">Community Care</td><td data-label="What">1 document</td>' in page
    assert '<td data-label="Why">Its publisher asked.</td>' in page


def test_reviews_are_counted_by_decade_and_their_longest_gaps_are_told(own: PortalWorld) -> None:
    page = own.get("/sources")
    rows = re.findall(
        r'<th scope="row">(\d{4}s)</th><td class="number">([^<]+)</td><td class="number">([^<]+)<',
        page,
    )
    none = "–"
    assert rows == [
        ("1970s", "1", "1"),
        ("1980s", none, none),
        ("1990s", none, none),
        ("2000s", "1", "1"),
        ("2010s", "1", "1"),
    ]
    assert "1975 to 2002; 2004 to 2012" in page


@pytest.mark.parametrize(
    ("days", "age", "is_stale"), [(0, "today", False), (60, "60 days ago", False), (61, "61", True)]
)
def test_a_source_is_fresh_for_sixty_days_after_it_was_looked_through(
    own: PortalWorld, days: int, age: str, *, is_stale: bool
) -> None:
    crawl = begin_crawl(own.store, "ico", {}, now=CAPTURED_AT)
    close_crawl(own.store, crawl.crawl_id, {}, now=CAPTURED_AT)
    with own.app.app_context():
        page = build(current_library(), now=CAPTURED_AT + dt.timedelta(days=days))
    looked = [source for source in page.sources if source.age]
    assert [(source.age.startswith(age), source.is_stale) for source in looked] == [
        (True, is_stale)
    ]
    assert page.totals.fresh == (not is_stale)
    assert all(source.is_stale for source in page.sources if not source.age)


@pytest.mark.parametrize("address", ["/", "/recurrence", "/themes/siloed-decisions", "/sources"])
def test_a_collapse_is_named_beside_every_figure_until_it_is_over(
    own: PortalWorld, address: str
) -> None:
    assert "an-invented-board" not in own.get(address)
    _weigh(own.store, collapsed=True)
    page = own.get(address)
    assert "an-invented-board: 5 of 40 documents have a publication date (published)" in page
    assert "figures by year" in page
    _weigh(own.store, collapsed=False, crawl_id="8")
    assert "an-invented-board" not in own.get(address)


def test_pictures_over_time_are_not_shown_while_dates_are_missing(own: PortalWorld) -> None:
    addresses = ("/", "/recurrence", "/compare?a_from=1970&a_to=1999&b_from=2000&b_to=2020")
    assert all('<figure class="figure"' in own.get(address) for address in addresses)
    _weigh(own.store, collapsed=True)
    for address in addresses:
        page = own.get(address)
        assert "<figure" not in page
        assert "vanished from a source" in page
    assert '<table class="matrix">' not in own.get("/recurrence")
    own.get("/charts/share.csv", status=503)
    # When a text was taken in is known whatever publishers lose.
    assert '<table class="matrix">' in own.get("/recurrence?clock=capture")
    assert "<figure" in own.get("/compare?what=nations&a=England&b=Wales")


def test_counts_and_recurrence_carry_the_warning_in_json_and_in_the_shell(
    own: PortalWorld, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _weigh(own.store, collapsed=True)
    for address in ("/api/v1/counts", "/api/v1/themes/siloed-decisions/recurrence"):
        answer = own.client.get(address).get_json()
        (warning,) = answer["meta"]["warnings"]
        assert "an-invented-board" in warning
        assert "(published)" in warning
    assert warning in own.client.get("/api/v1/counts").get_json()["data"]["notes"]
    shell = Shell(capsys, str(tmp_path / "data"))
    assert warning in shell.on_data("counts", "--from", "1970", "--to", "2030").out
    assert warning in shell.on_data("recurrence").out
