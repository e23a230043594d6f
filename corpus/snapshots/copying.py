"""The copy of the store that a published snapshot is answered from."""

from pathlib import Path

import sqlalchemy as sa

from corpus import tables as t
from corpus.store import Store, open_store

_AT_A_TIME = 1000

KEPT = (
    t.reviews,
    t.captures,
    t.documents,
    t.passages,
    t.findings,
    t.judgements,
    t.judgement_codes,
    # They decide the order of echoes, so that an answer under a snapshot needs those of its time.
    t.echo_answers,
    t.draws,
    t.drawn_reviews,
    t.draw_items,
    t.codings,
    t.adjudications,
    t.adjudicated,
    t.found_reviews,
    t.withdrawals,
    t.tombstones,
    t.withheld,
    t.weighings,
    t.revisions,
)
"""What answers are made of. Whatever else the store holds stays out: people's addresses and
accounts, what is held back, what was fetched when."""


def copy_store(store: Store, folder: Path) -> None:
    """Copy what answers are made of into a new store in a folder, a few rows at a time.

    Within :meth:`Store.pinned` it is the pinned state. Read and written through
    SQLAlchemy, so that what is copied may be in any database.
    """
    copy = open_store(folder)
    try:
        with store.reading() as source, copy.writing(content=False) as target:
            target.execute(sa.delete(t.revisions))
            for table in t.metadata.sorted_tables:
                if table in KEPT:
                    _copy_table(source, target, table)
    finally:
        copy.close()


def _copy_table(source: sa.Connection, target: sa.Connection, table: sa.Table) -> None:
    found = source.execute(sa.select(table), execution_options={"yield_per": _AT_A_TIME})
    for rows in found.mappings().partitions():
        target.execute(sa.insert(table), [dict(row) for row in rows])
