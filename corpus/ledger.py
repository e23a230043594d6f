"""The coverage ledger: how many of a source's documents had each field, crawl by crawl."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import sqlalchemy as sa
from sqlalchemy.engine import RowMapping

from corpus import tables as t
from corpus.store import Store

DOCUMENTS = "documents"
"""Stands for a field where a crawl listed nothing at all."""

HISTORY = 10
"""How many earlier weighings the usual share is the median of."""

_FIELDS = {
    "published": ("a publication date", "figures by year, gaps between reviews, and their order"),
    "incident": ("a date of what happened", "figures by the year of what happened"),
    "nation": ("a nation", "figures by nation"),
    "review_type": ("a type of review", "figures by type of review"),
    "title": ("a title", "what documents are called and found by"),
    "publisher": ("a publisher", "figures by publisher"),
    "partnership": ("a partnership", "which documents are put under one review"),
    "pseudonym": ("the name a publisher gives the child", "which documents are of one review"),
    "author": ("an author", "citations"),
    "page_count": ("a number of pages", "citations"),
    "passages": ("passages", "every figure and every search"),
    "paragraph_numbers": ("numbered paragraphs", "citations of paragraphs"),
    DOCUMENTS: ("been listed", "every figure and every search"),
}
TIME_FIELDS = frozenset({"published", "incident"})


@dataclass(frozen=True, kw_only=True)
class Weighing:
    """What one crawl of a source found of one field."""

    crawl_id: str
    source_id: str
    field: str
    weighed_at: dt.datetime
    n_rows: int
    """Documents that the crawl saw."""
    n_found: int
    """Those of them that had the field."""
    expected: float | None
    """The least share that the source's file asks for."""
    usual: float | None
    """The median share of earlier crawls; ``None`` for the first."""
    collapsed: bool

    @property
    def share(self) -> float:
        """What part had the field; 0 of nothing."""
        return self.n_found / self.n_rows if self.n_rows else 0.0


@dataclass(frozen=True, kw_only=True)
class Collapse:
    """A field that vanished from a source's documents, and what rests on it."""

    source_id: str
    field: str
    weighing: Weighing

    @property
    def affects(self) -> str:
        """Which figures rest on the field, in words."""
        return _FIELDS.get(self.field, ("", f"what rests on {self.field}"))[1]

    def __str__(self) -> str:
        """A sentence that names source and field."""
        seen = self.weighing
        if self.field == DOCUMENTS:
            return f"{self.source_id}: no document was listed, where documents usually are."
        name = _FIELDS.get(self.field, (self.field, ""))[0]
        usual = f", usually {seen.usual:.0%}" if seen.usual is not None else ""
        wanted = f", at least {seen.expected:.0%} expected" if seen.expected is not None else ""
        return (
            f"{self.source_id}: {seen.n_found} of {seen.n_rows} documents have {name} "
            f"({self.field}){usual}{wanted}."
        )


def usual_share(store: Store, source_id: str, field: str, *, before: str) -> float | None:
    """Find the median share of a field in a source's earlier crawls; collapses are left out.

    Args:
        store: what is held.
        source_id: the source.
        field: the field.
        before: the crawl that is being weighed, which does not count.
    """
    query = (
        sa.select(t.weighings.c.n_found, t.weighings.c.n_rows)
        .where(
            t.weighings.c.source_id == source_id,
            t.weighings.c.field == field,
            t.weighings.c.crawl_id != before,
            ~t.weighings.c.collapsed,
            t.weighings.c.n_rows > 0,
        )
        .order_by(t.weighings.c.weighing_id.desc())
        .limit(HISTORY)
    )
    with store.reading() as connection:
        shares = [found / rows for found, rows in connection.execute(query)]
    return median(shares) if shares else None


def usual_rows(store: Store, source_id: str, *, before: str) -> int:
    """How many documents a source's earlier crawls usually saw: the median, 0 without any."""
    query = (
        sa.select(sa.func.max(t.weighings.c.n_rows))
        .where(t.weighings.c.source_id == source_id, t.weighings.c.crawl_id != before)
        .group_by(t.weighings.c.crawl_id)
        .order_by(sa.func.max(t.weighings.c.weighing_id).desc())
        .limit(HISTORY)
    )
    with store.reading() as connection:
        rows = list(connection.scalars(query))
    return int(median(rows)) if rows else 0


def put_weighings(store: Store, weighings: Sequence[Weighing]) -> None:
    """Keep what a crawl found; weighed once more, a crawl's new figures replace the old."""
    if not weighings:
        return
    with store.writing() as connection:
        for one in {(each.crawl_id, each.source_id) for each in weighings}:
            connection.execute(
                sa.delete(t.weighings).where(
                    t.weighings.c.crawl_id == one[0], t.weighings.c.source_id == one[1]
                )
            )
        connection.execute(
            sa.insert(t.weighings),
            [{name: getattr(one, name) for name in one.__dataclass_fields__} for one in weighings],
        )


def newest_weighings(store: Store) -> tuple[Weighing, ...]:
    """Read each source's newest weighing of each field, by source, then field."""
    newest = sa.select(sa.func.max(t.weighings.c.weighing_id)).group_by(
        t.weighings.c.source_id, t.weighings.c.field
    )
    query = (
        sa.select(t.weighings)
        .where(t.weighings.c.weighing_id.in_(newest))
        .order_by(t.weighings.c.source_id, t.weighings.c.field)
    )
    with store.reading() as connection:
        return tuple(_weighing(row) for row in connection.execute(query).mappings())


def open_collapses(store: Store) -> tuple[Collapse, ...]:
    """List what collapsed and has not come back since, by source, then field."""
    return tuple(
        Collapse(source_id=one.source_id, field=one.field, weighing=one)
        for one in newest_weighings(store)
        if one.collapsed
    )


def collapse_warnings(store: Store, fields: frozenset[str] | None = None) -> tuple[str, ...]:
    """Say what readers of figures must know: a sentence a collapse, naming source and field.

    Args:
        store: what is held.
        fields: only collapses of these; all by default.
    """
    return tuple(
        f"Take care with {one.affects}. At the last look, {one}"
        for one in open_collapses(store)
        if fields is None or one.field in fields
    )


def blocks_time(store: Store) -> bool:
    """Whether dates collapsed, so that no chart over time may be shown."""
    return any(one.field in TIME_FIELDS for one in open_collapses(store))


def is_partial(store: Store, crawl_id: str) -> bool:
    """Whether a crawl was asked for a part of its source only: since a date, or so many."""
    query = sa.select(t.crawls.c.options).where(sa.cast(t.crawls.c.crawl_id, sa.String) == crawl_id)
    with store.reading() as connection:
        options = connection.scalar(query) or {}
    return any(options.get(name) for name in ("since", "limit"))


def _weighing(row: RowMapping) -> Weighing:
    return Weighing(**{name: value for name, value in row.items() if name != "weighing_id"})
