"""Pages of a filtered list that hold still while the store changes."""

import hashlib
import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.filters import PassageFilter, passage_conditions
from corpus.ids import PassageId, short_digest
from corpus.store import Store


@dataclass(frozen=True)
class WalkState:
    """The state that a walk reads from its first page to its last."""

    revision: int
    """Documents that came later are not seen; versions replaced later still are."""
    judgement_id: int
    """Judgements with a higher number do not count."""


@dataclass(frozen=True)
class Place:
    """Where a page ended: a passage's date, document and position."""

    published: str | None
    document_id: str
    position: int


@dataclass(frozen=True, kw_only=True)
class WalkPage:
    """Some passages of a list, in order."""

    passage_ids: tuple[PassageId, ...]
    last: Place | None
    """The place of the last of them; ``None`` where nothing follows it."""


def walk_state(store: Store) -> WalkState:
    """Name the present state, for a walk that begins now."""
    with store.reading() as connection:
        revision = connection.scalar(sa.select(t.revisions.c.value))
        judgement_id = connection.scalar(sa.select(sa.func.max(t.judgements.c.judgement_id)))
    return WalkState(int(revision or 0), int(judgement_id or 0))


def coding_digest(store: Store, state: WalkState) -> str:
    """Hash what a walk cannot keep: the machine's readings and the reviews' records.

    Equal digests mean that of the documents held in ``state`` the machine has read as many
    as then, with the same taggers. A withdrawal does not change it, unless what was
    withdrawn had not been read.
    """
    stamps = sa.select(t.passages.c.tagger_version).distinct().order_by(t.passages.c.tagger_version)
    unread = (
        sa.select(sa.func.count())
        .select_from(t.passages.join(t.documents))
        .where(t.passages.c.tagger_version.is_(None), *_held_in(state))
    )
    reviews = sa.select(
        t.reviews.c.review_id, t.reviews.c.nation, t.reviews.c.review_type, t.reviews.c.published
    ).order_by(t.reviews.c.review_id)
    with store.reading() as connection:
        versions = [stamp for stamp in connection.scalars(stamps) if stamp is not None]
        records = [list(row) for row in connection.execute(reviews)]
        return short_digest(versions, connection.scalar(unread), records)


def count_passages(store: Store, wanted: PassageFilter, state: WalkState) -> int:
    """Count the passages that a walk in this state is to see."""
    query = (
        sa.select(sa.func.count())
        .select_from(t.passages.join(t.documents))
        .where(*_all(wanted, state))
    )
    with store.reading() as connection:
        return int(connection.scalar(query) or 0)


def read_page(
    store: Store,
    wanted: PassageFilter,
    state: WalkState,
    *,
    after: Place | None,
    limit: int,
    newest_first: bool = False,
) -> WalkPage:
    """Read the next passages of a list: by date, those without one last, then reading order.

    Each page is found by where the last one ended, never by counting from the start, so
    that what is withdrawn before it cannot shift it.

    Args:
        store: what is held.
        wanted: which passages.
        state: from :func:`walk_state`, the same for all pages of a walk.
        after: where the page before ended; ``None`` for the first.
        limit: at most so many passages.
        newest_first: the whole order turned round, those without a date first.
    """
    parts = _parts(after, newest_first=newest_first)
    rows: list[sa.Row[Any]] = []
    with store.reading() as connection:
        for dated in parts:
            begin = after if after and (after.published is not None) == dated else None
            query = _page_query(wanted, state, begin, dated=dated, newest_first=newest_first)
            # One more than asked for tells whether anything follows.
            rows += _fetch(connection, query, limit + 1 - len(rows))
            if len(rows) > limit:
                break
    shown = rows[:limit]
    more = len(rows) > limit and bool(shown)
    return WalkPage(
        passage_ids=tuple(PassageId(row.passage_id) for row in shown),
        last=_place(shown[-1]) if more else None,
    )


def sample_passages(
    store: Store, wanted: PassageFilter, state: WalkState, *, size: int, seed: int
) -> list[PassageId]:
    """Draw passages that pass: each equally likely, the same for the same seed and content.

    Drawn by a hash of the seed and each id, so that a passage that is added changes a
    sample by at most one passage.
    """
    query = (
        sa.select(t.passages.c.passage_id)
        .select_from(t.passages.join(t.documents))
        .where(*_all(wanted, state))
    )
    with store.reading() as connection:
        ids = connection.scalars(query).all()
    drawn = heapq.nsmallest(size, ((_lot(seed, passage_id), passage_id) for passage_id in ids))
    return [PassageId(passage_id) for _, passage_id in drawn]


def _lot(seed: int, passage_id: str) -> bytes:
    return hashlib.sha256(f"{seed} {passage_id}".encode()).digest()


def _parts(after: Place | None, *, newest_first: bool) -> Sequence[bool]:
    """Read the dated and the undated apart: databases disagree on where nulls sort."""
    order = (False, True) if newest_first else (True, False)
    if after is not None and (after.published is not None) != order[0]:
        return order[1:]
    return order


def _page_query(
    wanted: PassageFilter,
    state: WalkState,
    after: Place | None,
    *,
    dated: bool,
    newest_first: bool,
) -> sa.Select[Any]:
    published, document_id = t.documents.c.published, t.documents.c.document_id
    position = t.passages.c.position
    keys: tuple[sa.ColumnElement[Any], ...] = (published, document_id, position)
    query = (
        sa.select(t.passages.c.passage_id, *keys)
        .select_from(t.passages.join(t.documents))
        .where(published.is_not(None) if dated else published.is_(None), *_all(wanted, state))
        .order_by(*(key.desc() if newest_first else key.asc() for key in keys))
    )
    if after is None:
        return query
    # Of the page's own document what comes after; of all others those that come after it.
    here = document_id == after.document_id
    rest = position < after.position if newest_first else position > after.position
    # One bound that the index can use, then the exact condition.
    if not dated:
        place: sa.ColumnElement[Any] = document_id
        end: sa.ColumnElement[Any] = sa.literal(after.document_id)
    else:
        place = sa.tuple_(published, document_id)
        end = sa.tuple_(sa.literal(after.published), sa.literal(after.document_id))
    bound = place <= end if newest_first else place >= end
    return query.where(bound, sa.or_(~here, rest))


def _place(row: sa.Row[Any]) -> Place:
    return Place(row.published, row.document_id, row.position)


def _fetch(connection: Connection, query: sa.Select[Any], limit: int) -> Sequence[sa.Row[Any]]:
    return connection.execute(query.limit(limit)).all()


def _all(wanted: PassageFilter, state: WalkState) -> list[sa.ColumnElement[bool]]:
    return [*_held_in(state), *passage_conditions(wanted, judged_until=state.judgement_id)]


def _held_in(state: WalkState) -> list[sa.ColumnElement[bool]]:
    until = t.documents.c.held_until
    return [
        t.documents.c.held_from <= state.revision,
        sa.or_(
            t.documents.c.superseded_by.is_(None),
            # A version that was replaced before this was recorded has no number.
            sa.func.coalesce(until, 0) > state.revision,
        ),
    ]
