"""A report where dates vanished from a source: no year stands beside another."""

import datetime as dt
from pathlib import Path

from report_world import catalogue_store, library_of

from corpus.ledger import Weighing, put_weighings
from web.report.blocks import Table
from web.report.document import readable
from web.report.gather import gather
from web.report.tables import data_tables


def test_no_year_stands_beside_another_while_dates_are_missing(tmp_path: Path) -> None:
    store = catalogue_store(tmp_path)
    put_weighings(
        store,
        [
            Weighing(
                crawl_id="1",
                source_id="an-invented-source",
                field="published",
                weighed_at=dt.datetime(2026, 5, 1, tzinfo=dt.UTC),
                n_rows=40,
                n_found=5,
                expected=0.9,
                usual=1.0,
                collapsed=True,
            )
        ],
    )
    report = gather(library_of(tmp_path), 2022)
    assert report.time_blocked
    assert "an-invented-source" in report.time_blocked
    tables = {table.name: table for table in data_tables(report)}
    assert not tables["years"].rows
    assert not tables["period"].rows
    assert tables["themes"].rows
    said = [block for leaf in readable(report).leaves for block in leaf.blocks]
    captions = [one.caption for one in said if isinstance(one, Table)]
    assert captions
    assert not [one for one in captions if "found each" in one or "same years" in one]
