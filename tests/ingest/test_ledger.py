"""The coverage ledger: a field that vanishes is noticed, named, and forgotten when it is back."""

from collections.abc import Mapping

import pytest

from corpus.ledger import blocks_time, collapse_warnings, newest_weighings, open_collapses
from corpus.model import LicenceTier
from corpus.store import Store
from ingest.ledger import weigh
from ingest.source import Source


def _source(expect: Mapping[str, float] | None = None, **changes: object) -> Source:
    values: dict[str, object] = {
        "source_id": "an-invented-board",
        "name": "An invented board",
        "publisher": "An invented board",
        "spider": "partnership",
        "start": ("https://example.org/reviews",),
        "hosts": ("example.org",),
        "licence_tier": LicenceTier.OWNER,
        "crawl_delay_s": 2.0,
        "robots_note": "Invented.",
        "expect": expect or {},
    }
    return Source(**(values | changes))  # type: ignore[arg-type]  # the caller names real fields


def _rows(dated: int, of: int) -> list[dict[str, object]]:
    return [{"title": "A report", "published": number < dated} for number in range(of)]


def test_dates_that_vanish_from_nine_tenths_of_rows_are_a_collapse(store: Store) -> None:
    source = _source()
    assert weigh(store, source, "1", _rows(38, 40)) == ()
    assert weigh(store, source, "2", _rows(40, 40)) == ()
    (collapse,) = weigh(store, source, "3", _rows(5, 40))
    assert (collapse.source_id, collapse.field) == ("an-invented-board", "published")
    assert "5 of 40 documents have a publication date (published), usually 98%" in str(collapse)
    assert blocks_time(store)
    (warning,) = collapse_warnings(store)
    assert "figures by year" in warning
    assert "an-invented-board" in warning


def test_a_collapse_stays_until_the_field_is_back(store: Store) -> None:
    source = _source()
    weigh(store, source, "1", _rows(40, 40))
    weigh(store, source, "2", _rows(2, 40))
    # What is broken does not become what is usual.
    assert [one.field for one in weigh(store, source, "3", _rows(2, 40))] == ["published"]
    assert len(open_collapses(store)) == 1
    weigh(store, source, "4", _rows(39, 40))
    assert open_collapses(store) == ()
    assert not blocks_time(store)


@pytest.mark.parametrize(
    ("dated", "of", "collapses"),
    [(9, 10, False), (17, 20, False), (12, 20, True), (0, 4, False), (0, 6, True)],
)
def test_what_a_source_must_give_is_asked_of_its_first_crawl(
    store: Store, dated: int, of: int, collapses: bool
) -> None:
    found = weigh(store, _source({"published": 0.9}), "1", _rows(dated, of))
    assert bool(found) is collapses


def test_values_that_do_not_look_as_they_must_are_missing(store: Store) -> None:
    source = _source({"author": 0.8}, looks={"author": r"[A-Z][a-z]+ [A-Z][a-z]+"})
    rows: list[dict[str, object]] = [{"author": "Ann Example"} for _ in range(10)]
    assert weigh(store, source, "1", rows) == ()
    rows = [{"author": "admin"} for _ in range(10)]
    assert [one.field for one in weigh(store, source, "2", rows)] == ["author"]


def test_an_empty_list_is_a_collapse_unless_the_source_says_otherwise(store: Store) -> None:
    source = _source()
    assert weigh(store, source, "1", []) == ()
    weigh(store, source, "2", _rows(40, 40))
    assert [one.field for one in weigh(store, source, "3", [])] == ["documents"]
    allowed = _source(options={"may_be_empty": True})
    assert weigh(store, allowed, "4", []) == ()


def test_a_crawl_that_is_weighed_twice_counts_once(store: Store) -> None:
    source = _source()
    weigh(store, source, "1", _rows(40, 40))
    weigh(store, source, "1", _rows(40, 40))
    assert {one.crawl_id for one in newest_weighings(store)} == {"1"}
    assert len(newest_weighings(store)) == len({one.field for one in newest_weighings(store)})
