"""What a search found, before it is cut to a page: to be narrowed, counted and put in order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.filters import PassageFilter
from nlp.arrange import COPY_COSINE
from nlp.facet_columns import Facet, FacetColumns
from nlp.index import SearchIndex
from nlp.query_themes import QueryTheme
from nlp.understood import Understood
from nlp.vectors import RowMask

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Found:
    """Every hit of one answer, as rows of the index that gave it."""

    rows: Rows
    """Best first, near copies folded; by date where nothing was asked but filters."""
    filter: PassageFilter
    """What each of them passes."""
    understood: Understood
    themes: tuple[QueryTheme, ...]
    """What the query was taken to be about, likeliest first."""
    index: SearchIndex
    mask: Callable[[PassageFilter], RowMask]
    """The rows of the index that pass a filter; not to be written to."""
    columns: FacetColumns | None
    """``None`` in an index that was built without: then nothing is counted or sorted."""

    def count(
        self, rows: Rows, wanted: PassageFilter, *, rollup: Mapping[str, str]
    ) -> dict[str, Facet]:
        """Count some of the hits by what they could be narrowed to; see ``FacetColumns``."""
        return self.columns.count(rows, wanted, rollup=rollup) if self.columns else {}

    def review_counts(self, rows: Rows) -> dict[str, int]:
        """How many of some hits each review has; empty without columns."""
        if self.columns is None:
            return {}
        review = self.columns.documents.review[self.columns.files.row_document[rows]]
        numbers, counts = np.unique(review[review >= 0], return_counts=True)
        names = self.columns.documents.names["review"]
        return {names[at]: n for at, n in zip(numbers.tolist(), counts.tolist(), strict=True)}

    def by_date(self, rows: Rows, *, newest_first: bool) -> Rows:
        """Put hits in order of publication, those without a date last, then reading order."""
        if self.columns is None or not len(rows):
            return rows
        numbers = self.columns.files.row_document[rows]
        place = self.columns.documents.order[numbers].astype(np.int64)
        undated = self.columns.documents.year[numbers] == 0
        position = self.columns.files.row_position[rows]
        return rows[np.lexsort((position, -place if newest_first else place, undated))]

    def by_review(self, rows: Rows) -> Rows:
        """Put hits of one review together: reviews by their first hit, then reading order.

        What belongs to no review stands with its document.
        """
        if self.columns is None or not len(rows):
            return rows
        numbers = self.columns.files.row_document[rows].astype(np.int64)
        review = self.columns.documents.review[numbers]
        key = np.where(review >= 0, review, -1 - numbers)
        _, first, group = np.unique(key, return_index=True, return_inverse=True)
        place = self.columns.documents.order[numbers]
        position = self.columns.files.row_position[rows]
        return rows[np.lexsort((position, place, first[group]))]

    def without_copies_of(self, rows: Rows, passage_id: str) -> Rows:
        """Leave out a passage and what differs from it in a word or two."""
        own = int(self.index.rows_of([passage_id])[0])
        if own < 0 or not len(rows):
            return rows
        vectors = self.index.vectors
        cosines = vectors.rows(rows) @ vectors.rows(np.array([own]))[0]
        kept: Rows = rows[(cosines < COPY_COSINE) & (rows != own)]
        return kept


Choose = Callable[[Found], Rows]
"""Which of the hits an answer has, and in which order: some of the rows given, each once."""
