"""Weighing a crawl: has a field vanished from what a source gives?"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence

from corpus.estimate import wilson_interval
from corpus.ledger import (
    DOCUMENTS,
    Collapse,
    Weighing,
    is_partial,
    put_weighings,
    usual_rows,
    usual_share,
)
from corpus.store import Store
from ingest.source import FIELDS, Source

LEAST_ROWS = 5
"""Fewer documents than this say nothing: one without a date is no collapse."""
HALVED = 0.5
"""A field has collapsed where fewer than this part of the usual share is left."""
MAY_BE_EMPTY = "may_be_empty"
"""The option of a source that can rightly list nothing."""


def weigh(
    store: Store, source: Source, crawl_id: str, rows: Sequence[Mapping[str, object]]
) -> tuple[Collapse, ...]:
    """Compare what a crawl found with what its source must give and usually gives.

    A field has collapsed where its share lies below what the source's file expects, or
    below half of what is usual, further than chance explains (95 % interval of Wilson).

    Args:
        store: where the ledger is kept.
        source: its ``expect`` holds the least shares; ``looks`` a pattern for values.
        crawl_id: the crawl; weighed once more, its figures are replaced.
        rows: one for each document that the crawl saw, new or not: field → value. What is
            empty or false is missing.

    Returns:
        The fields that collapsed, in the order of the ledger; the crawl's gate fails
        where there are any.
    """
    now = dt.datetime.now(dt.UTC)
    weighings = list(_weigh_fields(store, source, crawl_id, rows, now))
    if not rows:
        weighings = [_weigh_nothing(store, source, crawl_id, now)]
    put_weighings(store, weighings)
    return tuple(
        Collapse(source_id=one.source_id, field=one.field, weighing=one)
        for one in weighings
        if one.collapsed
    )


def _weigh_fields(
    store: Store,
    source: Source,
    crawl_id: str,
    rows: Sequence[Mapping[str, object]],
    now: dt.datetime,
) -> Iterator[Weighing]:
    for field in (DOCUMENTS, *FIELDS):
        found = sum(field == DOCUMENTS or _has(row, field, source.looks.get(field)) for row in rows)
        expected = source.expect.get(field)
        usual = usual_share(store, source.source_id, field, before=crawl_id)
        yield Weighing(
            crawl_id=crawl_id,
            source_id=source.source_id,
            field=field,
            weighed_at=now,
            n_rows=len(rows),
            n_found=found,
            expected=expected,
            usual=usual,
            collapsed=_has_collapsed(found, len(rows), expected, usual),
        )


def _weigh_nothing(store: Store, source: Source, crawl_id: str, now: dt.datetime) -> Weighing:
    usual = usual_rows(store, source.source_id, before=crawl_id)
    rightly = bool(source.options.get(MAY_BE_EMPTY)) or is_partial(store, crawl_id)
    return Weighing(
        crawl_id=crawl_id,
        source_id=source.source_id,
        field=DOCUMENTS,
        weighed_at=now,
        n_rows=0,
        n_found=0,
        expected=None,
        usual=None,
        collapsed=not rightly and usual >= LEAST_ROWS,
    )


def _has_collapsed(found: int, of: int, expected: float | None, usual: float | None) -> bool:
    if of < LEAST_ROWS:
        return False
    _, high = wilson_interval(found, of)
    if expected is not None and high < expected:
        return True
    return usual is not None and found / of < HALVED * usual and high < usual


def _has(row: Mapping[str, object], field: str, pattern: str | None) -> bool:
    value = row.get(field)
    if not value:
        return False
    return pattern is None or not isinstance(value, str) or bool(re.fullmatch(pattern, value))
