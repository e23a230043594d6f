"""Pages of a walk and of a sample: lists of passages that hold still to their end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from corpus.filters import PassageFilter
from corpus.ids import PassageId
from corpus.store import Store
from corpus.walk import (
    Place,
    WalkState,
    coding_digest,
    count_passages,
    read_page,
    sample_passages,
    walk_state,
)
from web.api.envelope import how_to_cite
from web.api.paging import (
    Cursor,
    SnapshotMovedError,
    next_offset,
    offset_of,
    read_cursor,
    write_cursor,
)
from web.api.query import Paged
from web.holdings import Library


@dataclass(frozen=True, kw_only=True)
class PassagePage:
    """The passages of one page, and what the answer's meta says of the list."""

    passage_ids: tuple[PassageId, ...]
    meta: Mapping[str, object]
    judged_until: int | None = None
    """Judgements after this one do not count on this page."""


@dataclass(frozen=True, kw_only=True)
class _Walk:
    """A walk on its way: what its cursor carries."""

    snapshot: str
    state: WalkState
    coding: str
    total: int
    seen: int = 0
    after: Place | None = field(default=None)


_CARRIED = tuple[int, int, str, int, int, str | None, str, int]


def walked_page(
    library: Library, query: Paged, wanted: PassageFilter, *, newest_first: bool
) -> PassagePage:
    """Read one page of every passage that passes, in the state the walk was begun in.

    Raises:
        CursorError: the cursor is not of this list.
        SnapshotMovedError: the machine has read anew since the walk was begun.
    """
    walk = _resume(library, query) or _begin(library, wanted)
    page = read_page(
        library.store,
        wanted,
        walk.state,
        after=walk.after,
        limit=query.per_page,
        newest_first=newest_first,
    )
    seen = walk.seen + len(page.passage_ids)
    meta: dict[str, object] = {
        "total": walk.total,
        "count_truncated": False,
        "next_cursor": page.last and _cursor(query, walk, seen, page.last),
    }
    if walk.snapshot != library.snapshot:
        meta |= {
            "snapshot": walk.snapshot,
            "how_to_cite": how_to_cite(library, walk.snapshot),
            "snapshot_now": library.snapshot,
        }
    if page.last is None and walk.after is not None:
        meta["withdrawn"] = max(walk.total - seen, 0)
    return PassagePage(
        passage_ids=page.passage_ids, meta=meta, judged_until=walk.state.judgement_id
    )


def sampled_page(
    library: Library, query: Paged, wanted: PassageFilter, *, size: int, seed: int
) -> PassagePage:
    """Read one page of a sample, in the order it was drawn.

    Raises:
        CursorError: the cursor is not of this sample.
        SnapshotMovedError: something has changed since its first page.
    """
    offset = offset_of(query, snapshot=library.snapshot)
    state = walk_state(library.store)
    drawn = _drawn(library.store, wanted, state, size, seed)
    following = next_offset(query, snapshot=library.snapshot, offset=offset, total=len(drawn))
    return PassagePage(
        passage_ids=drawn[offset : offset + query.per_page],
        meta={
            "total": len(drawn),
            "count_truncated": False,
            "next_cursor": following,
            "sampled_from": _total(library.store, wanted, state),
            "seed": seed,
        },
    )


@lru_cache(maxsize=256)
def _total(store: Store, wanted: PassageFilter, state: WalkState) -> int:
    """Count once for as long as nothing is written; ``state`` is the present one."""
    return count_passages(store, wanted, state)


@lru_cache(maxsize=16)
def _drawn(
    store: Store, wanted: PassageFilter, state: WalkState, size: int, seed: int
) -> tuple[PassageId, ...]:
    """Draw once for all pages of a sample."""
    return tuple(sample_passages(store, wanted, state, size=size, seed=seed))


@lru_cache(maxsize=256)
def _coding(store: Store, _revision: int, state: WalkState) -> str:
    return coding_digest(store, state)


def _begin(library: Library, wanted: PassageFilter) -> _Walk:
    state = walk_state(library.store)
    return _Walk(
        snapshot=library.snapshot,
        state=state,
        coding=_coding(library.store, library.store.revision, state),
        total=_total(library.store, wanted, state),
    )


def _resume(library: Library, query: Paged) -> _Walk | None:
    cursor = read_cursor(query, _CARRIED)
    if cursor is None:
        return None
    revision, judgement_id, coding, total, seen, published, document_id, position = cursor.place
    state = WalkState(int(revision or 0), int(judgement_id or 0))
    if _coding(library.store, library.store.revision, state) != coding:
        raise SnapshotMovedError(
            cursor.snapshot,
            library.snapshot,
            "passages have been tagged anew or a review's record was changed",
        )
    return _Walk(
        snapshot=cursor.snapshot,
        state=state,
        coding=str(coding),
        total=int(total or 0),
        seen=int(seen or 0),
        after=Place(
            None if published is None else str(published), str(document_id), int(position or 0)
        ),
    )


def _cursor(query: Paged, walk: _Walk, seen: int, last: Place) -> str:
    place = (
        walk.state.revision,
        walk.state.judgement_id,
        walk.coding,
        walk.total,
        seen,
        last.published,
        last.document_id,
        last.position,
    )
    return write_cursor(query, Cursor(walk.snapshot, place))
