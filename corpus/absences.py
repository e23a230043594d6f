"""Addresses that went missing: one 404 is an accident, two crawls in a row are not."""

import datetime as dt
from collections.abc import Collection

import sqlalchemy as sa

from corpus import tables as t
from corpus.ids import sha256_text
from corpus.store import Store

MISSES = 2
"""How many crawls in a row must find an address missing (404) before its document goes."""


def note_missing(store: Store, address: str, *, crawl_id: str, at: dt.datetime) -> bool:
    """Record that an address answered 404 in this crawl.

    Returns:
        Whether it did so in enough crawls in a row (:data:`MISSES`) to be withdrawn.
    """
    key = sha256_text(address)
    this = t.absences.c.sha256 == key
    with store.writing() as connection:
        held = connection.execute(sa.select(t.absences).where(this)).first()
        if held is None:
            connection.execute(
                sa.insert(t.absences).values(
                    sha256=key, crawl_id=crawl_id, times=1, first_at=at, last_at=at
                )
            )
            return MISSES <= 1
        # Asked twice in one crawl is one miss.
        times = held.times + (held.crawl_id != crawl_id)
        connection.execute(
            sa.update(t.absences).where(this).values(crawl_id=crawl_id, times=times, last_at=at)
        )
        return bool(times >= MISSES)


def note_answering(store: Store, addresses: Collection[str]) -> None:
    """Forget the misses of addresses that answered again."""
    keys = [sha256_text(address) for address in addresses]
    query = sa.select(t.absences.c.sha256).where(t.absences.c.sha256.in_(keys))
    with store.reading() as connection:
        missed = list(connection.scalars(query))
    if missed:
        with store.writing() as connection:
            connection.execute(sa.delete(t.absences).where(t.absences.c.sha256.in_(missed)))
