"""Crawls, what they fetched, and what they have still to visit."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from corpus import tables as t
from corpus.model import Capture
from corpus.store import Store

Role = Literal["list", "document", "inline"]
"""A list page, a document to fetch, or a document that its list page carried whole."""

FetchOutcome = Literal["fetched", "unchanged", "redirected", "gone", "refused", "failed"]


@dataclass(frozen=True, kw_only=True)
class Crawl:
    """One run over one source; it may have been interrupted and gone on with."""

    crawl_id: int
    source_id: str
    started_at: dt.datetime
    finished_at: dt.datetime | None
    options: Mapping[str, Any]
    report: Mapping[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """One exchange with a publisher, whatever came of it."""

    crawl_id: int | None
    source_id: str
    address: str
    fetched_at: dt.datetime
    outcome: FetchOutcome
    status: int | None = None
    reason: str | None = None
    redirected_to: str | None = None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    seconds: float | None = None
    partial: bool = False
    """Whether the body is known to have been cut short."""
    capture_id: str | None = None
    """The bytes it gave or, unchanged, those that were held already."""
    record_id: str | None = None
    """SHA-256 of the answer as it was received: head and body."""
    warc_path: str | None = None
    fetch_id: int = 0
    """Its place in the order of fetches, given by the store; dates may run backwards."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """An address that a crawl has to fetch, and what became of it."""

    address: str
    role: Role
    sighting: Mapping[str, Any] | None = None
    fetch_id: int | None = None
    outcome: str | None = None
    reason: str | None = None
    document_ids: tuple[str, ...] = ()
    visit_id: int = 0


# -- crawls ---------------------------------------------------------------------------------


def begin_crawl(
    store: Store, source_id: str, options: Mapping[str, Any], *, now: dt.datetime
) -> Crawl:
    """Begin a crawl, or go on with the one of the same options that was interrupted."""
    unfinished = (t.crawls.c.source_id == source_id, t.crawls.c.finished_at.is_(None))
    with store.writing(content=False) as connection:
        for row in connection.execute(sa.select(t.crawls).where(*unfinished)).mappings():
            if row["options"] == dict(options):
                return _crawl(row)
        connection.execute(sa.update(t.crawls).where(*unfinished).values(finished_at=now))
        values = {"source_id": source_id, "started_at": now, "options": dict(options)}
        inserted = connection.execute(sa.insert(t.crawls).values(values)).inserted_primary_key
        crawl_id = inserted[0] if inserted else 0
    return Crawl(crawl_id=crawl_id, **values, finished_at=None, report=None)  # type: ignore[arg-type]  # as the row's columns


def close_crawl(
    store: Store, crawl_id: int, report: Mapping[str, Any], *, now: dt.datetime
) -> None:
    """Keep a crawl's closing report; it is not gone on with any more."""
    with store.writing(content=False) as connection:
        connection.execute(
            sa.update(t.crawls)
            .where(t.crawls.c.crawl_id == crawl_id)
            .values(finished_at=now, report=dict(report))
        )


def last_crawls(store: Store) -> dict[str, Crawl]:
    """Read each source's newest crawl, finished or not, by source id."""
    query = sa.select(t.crawls).order_by(t.crawls.c.crawl_id)
    with store.reading() as connection:
        rows = connection.execute(query).mappings().all()
    return {row["source_id"]: _crawl(row) for row in rows}


def _crawl(row: RowMapping) -> Crawl:
    return Crawl(**row)


# -- visits ---------------------------------------------------------------------------------


def add_visits(store: Store, crawl_id: int, visits: Sequence[Visit]) -> None:
    """Put addresses on a crawl's list; those that stand there already stay as they are."""
    with store.writing(content=False) as connection:
        _put_visits(connection, crawl_id, visits)


def close_list(
    store: Store,
    crawl_id: int,
    visit_id: int,
    *,
    found: Sequence[Visit],
    passed_over: Mapping[str, str],
    refused_dates: Sequence[str] = (),
) -> None:
    """Finish a list page together with all that it leads to, in one transaction.

    Args:
        store: the store.
        crawl_id: the crawl.
        visit_id: the list page.
        found: further list pages, and documents.
        passed_over: address → why it was left alone.
        refused_dates: dates as written on the page that cannot be.
    """
    with store.writing(content=False) as connection:
        _put_visits(connection, crawl_id, found)
        held = set(
            connection.scalars(
                sa.select(t.passed_over.c.address).where(t.passed_over.c.crawl_id == crawl_id)
            )
        )
        rows = [
            {"crawl_id": crawl_id, "address": address, "reason": reason}
            for address, reason in passed_over.items()
            if address not in held
        ]
        if rows:
            connection.execute(sa.insert(t.passed_over), rows)
        notes = {"refused_dates": list(refused_dates)} if refused_dates else None
        _set_visit(connection, visit_id, outcome="read", sighting=notes)


def close_visit(
    store: Store,
    visit_id: int,
    outcome: str,
    *,
    reason: str | None = None,
    document_ids: Sequence[str] = (),
) -> None:
    """Say what became of an address; of what was withdrawn, its title is not kept either."""
    values: dict[str, object] = {"outcome": outcome, "reason": reason}
    if outcome in ("gone", "withheld"):
        values["sighting"] = sa.null()
    with store.writing(content=False) as connection:
        _set_visit(connection, visit_id, document_ids=list(document_ids), **values)


def iter_visits(store: Store, crawl_id: int) -> Iterator[Visit]:
    """Read a crawl's visits, in the order they were found."""
    query = sa.select(t.visits).where(t.visits.c.crawl_id == crawl_id).order_by(t.visits.c.visit_id)
    with store.reading() as connection:
        rows = connection.execute(query).mappings().all()
    yield from map(_visit, rows)


def get_visit(store: Store, visit_id: int) -> Visit:
    """Read one visit, which must be there."""
    query = sa.select(t.visits).where(t.visits.c.visit_id == visit_id)
    with store.reading() as connection:
        return _visit(connection.execute(query).mappings().one())


def get_passed_over(store: Store, crawl_id: int) -> dict[str, str]:
    """Read the links that a crawl left alone, with why, by address."""
    query = sa.select(t.passed_over).where(t.passed_over.c.crawl_id == crawl_id)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(t.passed_over.c.address)).mappings().all()
    return {row["address"]: row["reason"] for row in rows}


def held_addresses(store: Store, source_id: str) -> list[str]:
    """List the addresses whose documents a source gave and that have not gone since."""
    query = (
        sa.select(t.visits.c.address, t.visits.c.outcome)
        .join_from(t.visits, t.crawls)
        .where(
            t.crawls.c.source_id == source_id,
            t.visits.c.role == "document",
            t.visits.c.outcome.in_(("new", "updated", "unchanged", "gone", "withheld")),
        )
        .order_by(t.visits.c.visit_id)
    )
    with store.reading() as connection:
        newest = {row.address: row.outcome for row in connection.execute(query)}
    return sorted(one for one, outcome in newest.items() if outcome not in ("gone", "withheld"))


def _put_visits(connection: Connection, crawl_id: int, visits: Sequence[Visit]) -> None:
    known = connection.execute(
        sa.select(t.visits.c.address, t.visits.c.role).where(t.visits.c.crawl_id == crawl_id)
    )
    held = {(row.address, row.role) for row in known}
    for visit in visits:
        if (visit.address, visit.role) in held:
            continue
        held.add((visit.address, visit.role))
        connection.execute(
            sa.insert(t.visits).values(
                crawl_id=crawl_id,
                address=visit.address,
                role=visit.role,
                fetch_id=visit.fetch_id,
                sighting=None if visit.sighting is None else dict(visit.sighting),
            )
        )


def _set_visit(connection: Connection, visit_id: int, **values: object) -> None:
    connection.execute(sa.update(t.visits).where(t.visits.c.visit_id == visit_id).values(**values))


def _visit(row: Mapping[str, Any] | RowMapping) -> Visit:
    values = {name: value for name, value in row.items() if name != "crawl_id"}
    return Visit(**{**values, "document_ids": tuple(row["document_ids"] or ())})


# -- fetches --------------------------------------------------------------------------------


def record_fetch(
    store: Store, fetch: Fetch, *, capture: Capture | None = None, visit_id: int | None = None
) -> int:
    """Index a fetch with the capture it made, in one transaction; returns its number.

    Args:
        store: the store.
        fetch: what happened.
        capture: what it made, whose record is on disk already.
        visit_id: the visit that it answers for good; ``None`` for a redirect on the way.
    """
    values = {name: value for name, value in asdict(fetch).items() if name != "fetch_id"}
    with store.writing(content=False) as connection:
        if capture is not None and not _holds(connection, capture.capture_id):
            connection.execute(sa.insert(t.captures).values(asdict(capture)))
        inserted = connection.execute(sa.insert(t.fetches).values(values)).inserted_primary_key
        fetch_id = int(inserted[0]) if inserted else 0
        if visit_id is not None:
            _set_visit(connection, visit_id, fetch_id=fetch_id)
    return fetch_id


def get_fetch(store: Store, fetch_id: int) -> Fetch:
    """Read one fetch, which must be there."""
    query = sa.select(t.fetches).where(t.fetches.c.fetch_id == fetch_id)
    with store.reading() as connection:
        return Fetch(**connection.execute(query).mappings().one())


def last_held_fetch(store: Store, address: str) -> Fetch | None:
    """Find the newest fetch of an address whose bytes are still held."""
    query = (
        sa.select(t.fetches)
        .join(t.captures, t.captures.c.capture_id == t.fetches.c.capture_id)
        .where(
            t.fetches.c.address == address,
            t.fetches.c.outcome.in_(("fetched", "unchanged")),
            t.fetches.c.partial.is_(False),
            t.fetches.c.capture_id.not_in(sa.select(t.withdrawn_captures.c.capture_id)),
        )
        .order_by(t.fetches.c.fetch_id.desc())
        .limit(1)
    )
    with store.reading() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else Fetch(**row)


def first_fetch_of(store: Store, capture_id: str) -> Fetch | None:
    """Find the fetch that brought these bytes first."""
    query = (
        sa.select(t.fetches)
        .where(t.fetches.c.capture_id == capture_id)
        .order_by(t.fetches.c.fetch_id)
        .limit(1)
    )
    with store.reading() as connection:
        row = connection.execute(query).mappings().first()
    return None if row is None else Fetch(**row)


def iter_fetches(store: Store, *, crawl_id: int | None = None) -> Iterator[Fetch]:
    """Read fetches in the order they were made, of all crawls or of one."""
    query = sa.select(t.fetches).order_by(t.fetches.c.fetch_id)
    if crawl_id is not None:
        query = query.where(t.fetches.c.crawl_id == crawl_id)
    with store.reading() as connection:
        rows = connection.execute(query).mappings().all()
    for row in rows:
        yield Fetch(**row)


# -- captures -------------------------------------------------------------------------------


def iter_captures(store: Store) -> Iterator[Capture]:
    """Read every capture, by id."""
    query = sa.select(t.captures).order_by(t.captures.c.capture_id)
    with store.reading() as connection:
        rows = connection.execute(query).mappings().all()
    for row in rows:
        yield Capture(**row)


def documents_from(store: Store, capture_ids: Iterable[str], *, current: bool = False) -> list[str]:
    """List the documents that were made of these captures: all versions, or only current ones."""
    query = (
        sa.select(t.documents.c.document_id)
        .where(t.documents.c.capture_id.in_(list(capture_ids)))
        .order_by(t.documents.c.document_id)
    )
    if current:
        query = query.where(t.documents.c.superseded_by.is_(None))
    with store.reading() as connection:
        return list(connection.scalars(query))


def _holds(connection: Connection, capture_id: str) -> bool:
    query = sa.select(t.captures.c.capture_id).where(t.captures.c.capture_id == capture_id)
    return connection.scalar(query) is not None


def is_withdrawn(store: Store, capture_id: str) -> bool:
    """Whether these very bytes were withdrawn, and are not to be kept again."""
    query = sa.select(t.withdrawn_captures.c.capture_id).where(
        t.withdrawn_captures.c.capture_id == capture_id
    )
    with store.reading() as connection:
        return connection.scalar(query) is not None


def documents_at(store: Store, names: Sequence[str]) -> list[str]:
    """List the current documents that one of these addresses gave, or whose identity it is."""
    of_visits = sa.select(t.visits.c.document_ids).where(
        t.visits.c.address.in_(names), t.visits.c.document_ids.is_not(None)
    )
    current = sa.select(t.documents.c.document_id).where(t.documents.c.superseded_by.is_(None))
    with store.reading() as connection:
        seen = {one for ids in connection.scalars(of_visits) for one in ids or ()}
        here = sa.or_(
            t.documents.c.document_id.in_(seen),
            t.documents.c.identity.in_(names),
            t.documents.c.url.in_(names),
        )
        return list(connection.scalars(current.where(here).order_by(t.documents.c.document_id)))


def has_older_version(store: Store, document_id: str) -> bool:
    """Whether a document took the place of another one."""
    query = sa.select(t.documents.c.document_id).where(t.documents.c.superseded_by == document_id)
    with store.reading() as connection:
        return connection.scalar(query.limit(1)) is not None


def iter_latest_visits(store: Store) -> Iterator[tuple[str, Visit]]:
    """Read each source's newest visit of every document that gave bytes, oldest fetch first.

    Yields:
        The source's id, and the visit.
    """
    gave = (
        sa.select(t.crawls.c.source_id, t.visits)
        .join_from(t.visits, t.crawls)
        .join(t.fetches, t.fetches.c.fetch_id == t.visits.c.fetch_id)
        .where(t.visits.c.role != "list", t.fetches.c.capture_id.is_not(None))
        .order_by(t.visits.c.visit_id)
    )
    with store.reading() as connection:
        rows = connection.execute(gave).mappings().all()
    newest = {(row["source_id"], row["address"]): row for row in rows}
    for row in sorted(newest.values(), key=lambda one: int(one["fetch_id"])):
        yield row["source_id"], _visit({k: v for k, v in row.items() if k != "source_id"})
