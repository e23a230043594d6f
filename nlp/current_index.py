"""The index that is served now: opened once, compared with the store, never behind it."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import overload

import numpy as np
import numpy.typing as npt

from corpus.analysed import analysed_passage_ids
from corpus.filters import PassageFilter, select_passage_ids
from corpus.ids import PassageId
from corpus.store import Store
from nlp.facet_columns import FacetColumns, read_columns
from nlp.index import SearchIndex, current_name, open_index
from nlp.manifest import hash_passage_ids
from nlp.vectors import RowMask

Rows = npt.NDArray[np.int64]

KEPT_MASKS = 32
"""Filters whose rows are kept between searches, one byte a passage each."""


@dataclass(frozen=True)
class Drift:
    """How an index differs from the passages analysed in the store."""

    gone: int
    """Passages that it holds and the store does not, or no longer as current."""
    waiting: int
    """Passages that the store holds analysed and it does not."""


def find_drift(store: Store, index: SearchIndex) -> Drift:
    """Compare the passages of an index with those analysed in the store."""
    held = analysed_passage_ids(store)
    if hash_passage_ids(held) == index.manifest.passages_sha256:
        return Drift(gone=0, waiting=0)
    indexed = set(index.iter_ids())
    return Drift(gone=len(indexed.difference(held)), waiting=len(set(held) - indexed))


@dataclass(frozen=True)
class Served:
    """One index with what was found of it in the store; answers one question throughout."""

    index: SearchIndex
    drift: Drift
    revision: int
    """The store's, when the two were compared."""
    columns: FacetColumns | None
    """What its rows are filtered and counted by; ``None`` where it was built without."""


class CurrentIndex:
    """Gives the index that ``CURRENT`` names, and the rows that a filter lets through.

    What the store no longer holds is in no mask and in no list; what the index does not
    hold yet is counted in the drift. May be shared by threads.
    """

    def __init__(self, store: Store, data_dir: Path) -> None:
        """Open nothing yet."""
        self._store = store
        self._data_dir = data_dir
        self._served: Served | None = None
        self._opening = threading.Lock()
        self._masks: OrderedDict[tuple[str, int, PassageFilter], RowMask] = OrderedDict()
        self._masking = threading.Lock()

    def get(self) -> Served:
        """Open the index where it changed, and compare it with the store where that changed.

        Raises:
            StaleIndexError: there is no index, or it is broken.
        """
        with self._opening:
            name = current_name(self._data_dir)
            served = self._served
            index = served.index if served else None
            if index is None or index.name != name:
                index, served = open_index(self._data_dir), None
            revision = self._store.revision
            if served is None or served.revision != revision:
                served = self._compare(index, revision, served)
            self._served = served
            return served

    def _compare(self, index: SearchIndex, revision: int, before: Served | None) -> Served:
        if index.columns is None:
            # The revision was read before the ids: a write between is then looked at again.
            return Served(index, find_drift(self._store, index), revision, None)
        known = before.columns if before else None
        columns = read_columns(index.columns, index.rows_of, self._store, known)
        drift = Drift(gone=columns.gone, waiting=columns.waiting)
        return Served(index, drift, columns.state.revision, columns)

    def rows(self, served: Served, passage_filter: PassageFilter) -> RowMask | None:
        """The rows that may be answered with: ``None`` where every one may.

        An empty filter passes every passage that the store still holds.
        """
        if passage_filter.is_empty and not served.drift.gone:
            return None
        return self.mask(served, passage_filter)

    def mask(self, served: Served, passage_filter: PassageFilter) -> RowMask:
        """The rows that pass a filter and the store still holds; not to be written to."""
        key = (served.index.name, served.revision, passage_filter)
        with self._masking:
            mask = self._masks.get(key)
        if mask is None:
            if served.columns is not None:
                mask = served.columns.mask(passage_filter)
            else:
                mask = served.index.mask_of(select_passage_ids(self._store, passage_filter))
            with self._masking:
                self._masks[key] = mask
                while len(self._masks) > KEPT_MASKS:
                    self._masks.popitem(last=False)
        return mask

    def in_date_order(self, served: Served, passage_filter: PassageFilter) -> "IdsOfRows":
        """The passages that pass a filter, ordered as :func:`select_passage_ids` does."""
        if served.columns is not None:
            mask = self.mask(served, passage_filter)
            return IdsOfRows(served.index, served.columns.in_date_order(mask))
        rows = served.index.rows_of(select_passage_ids(self._store, passage_filter))
        return IdsOfRows(served.index, rows[rows >= 0])


class IdsOfRows(Sequence[PassageId]):
    """Passage ids of rows, in their order; read only where they are looked at."""

    def __init__(self, index: SearchIndex, rows: Rows) -> None:
        """Take rows of an index."""
        self._index = index
        self.rows = rows

    def __len__(self) -> int:
        """How many there are."""
        return len(self.rows)

    @overload
    def __getitem__(self, at: int) -> PassageId: ...

    @overload
    def __getitem__(self, at: slice) -> "IdsOfRows": ...

    def __getitem__(self, at: int | slice) -> "PassageId | IdsOfRows":
        """One id, or a part of them."""
        if isinstance(at, slice):
            return IdsOfRows(self._index, self.rows[at])
        return self._index.id_of(int(self.rows[at]))
