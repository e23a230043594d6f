"""Columns of a search index: what its rows are filtered and counted by, in small numbers.

The files are written when the index is built and never change. What the store has learned
since (judgements, new readings, documents replaced or grouped otherwise) is laid over them,
so that filters and counts are always those of the store's present revision.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.columns import (
    DocumentFacts,
    PassageCode,
    PassagePlace,
    StoreState,
    current_documents,
    digest_grades,
    iter_machine_codes,
    iter_places,
    judged_codes,
    passages_waiting,
    stamped_since,
    store_state,
)
from corpus.filters import PassageFilter
from corpus.model import EvidenceGrade
from corpus.store import Store
from nlp.vectors import RowMask

COLUMNS = "columns"
VALUES = "values.json"
_ID_TYPE = "S17"
_NONE = -1
_CODE_FIELDS = ("theme", "stance", "level", "attribution")

Ints = npt.NDArray[np.int32]
RowsOf = Callable[[Sequence[str]], npt.NDArray[np.int64]]
"""Rows of passage ids, -1 for one that is not indexed: ``SearchIndex.rows_of``."""
Facet = Mapping[str, int]
"""How many passages hold each value; values that none holds are left out."""


@dataclass(frozen=True)
class Codes:
    """Findings as columns of one length: which row, and its code in numbers."""

    rows: Ints
    values: npt.NDArray[np.uint8]
    """Shape (n, 5): theme, stance, level and attribution as places in ``names``, confident."""
    names: tuple[tuple[str, ...], ...]
    """The values of theme, stance, level and attribution, by their numbers."""

    def without(self, rows: npt.NDArray[np.int64], n_rows: int) -> "Codes":
        """All but those of some rows."""
        dropped = np.zeros(n_rows, dtype=bool)
        dropped[rows] = True
        kept = ~dropped[self.rows]
        return Codes(self.rows[kept], self.values[kept], self.names)

    def plus(self, found: Sequence[PassageCode], rows_of: RowsOf) -> "Codes":
        """With more; those of passages that are not indexed are left out."""
        if not found:
            return self
        names = tuple(
            (*held, *sorted({getattr(one, field) for one in found} - set(held)))
            for field, held in zip(_CODE_FIELDS, self.names, strict=True)
        )
        rows = rows_of([one.passage_id for one in found])
        values = _code_values(found, names)
        known = rows >= 0
        return Codes(
            np.concatenate([self.rows, rows[known].astype(np.int32)]),
            np.concatenate([self.values, values[known]]),
            names,
        )


class ColumnFiles:
    """The columns as they were when the index was built, mapped into memory."""

    def __init__(self, folder: Path) -> None:
        """Map the folder.

        Raises:
            FileNotFoundError: a file is missing.
            ValueError: a file is broken.
        """
        values = json.loads((folder / VALUES).read_text(encoding="utf-8"))
        self.state = StoreState(values["revision"], values["held"])
        self.grade_names = tuple(values["grades"])
        self.document_ids: npt.NDArray[np.bytes_] = _map(folder, "documents")
        self.row_document: Ints = _map(folder, "row_document")
        """For each row its document's number; -1 where it was gone before it was read."""
        self.row_position: Ints = _map(folder, "row_position")
        self.row_grade: npt.NDArray[np.int8] = _map(folder, "row_grade")
        names = tuple(tuple(values[field]) for field in _CODE_FIELDS)
        self.codes = Codes(_map(folder, "code_rows"), _map(folder, "code_values"), names)


@dataclass(frozen=True)
class Documents:
    """What the store says of the documents now, in the order of the files' numbers."""

    held: int
    current: npt.NDArray[np.bool_]
    kind: Ints
    nation: Ints
    review_type: Ints
    publisher: Ints
    review: Ints
    year: Ints
    """Year of publication; 0 for none."""
    order: Ints
    """Its place by date, those without one last, then by id."""
    names: Mapping[str, tuple[str, ...]]
    """The values of kind, nation, review_type, publisher and review, by their numbers."""
    unindexed: tuple[str, ...]
    """Current documents of which the index holds nothing."""
    returned: tuple[str, ...]
    """Documents that became current after the index was built, though it knows of them."""


class FacetColumns:
    """Filters and counts over the rows of one index, at one revision of the store.

    Made by :func:`read_columns`; never changes, may be shared by threads.
    """

    def __init__(
        self,
        files: ColumnFiles,
        *,
        state: StoreState,
        documents: Documents,
        machine: Codes,
        standing: Codes,
        grade: npt.NDArray[np.int8],
        waiting: int,
    ) -> None:
        """Take what was read; see :func:`read_columns`."""
        self.files = files
        self.state = state
        self.documents = documents
        self.machine = machine
        self.standing = standing
        self.grade = grade
        self.waiting = waiting
        """Analysed passages that the index does not hold."""
        self.held = self._of_documents(documents.current)
        """The rows that the store still holds as current."""
        self.gone = int(len(self.held) - np.count_nonzero(self.held))
        """Rows that it does not."""
        self._order: npt.NDArray[np.int64] | None = None

    def mask(self, wanted: PassageFilter) -> RowMask:
        """The rows that pass a filter and that the store still holds: a new array."""
        mask = self._of_documents(self._documents_passing(wanted))
        if wanted.grades:
            names = [grade.value for grade in wanted.grades]
            mask &= np.isin(self.grade, _numbers(self.files.grade_names, names))
        if wanted.asks_for_findings:
            found = np.zeros(len(mask), dtype=bool)
            found[self.standing.rows[self._codes_passing(wanted)]] = True
            mask &= found
        return mask

    def in_date_order(self, mask: RowMask) -> npt.NDArray[np.int64]:
        """The rows of a mask: by their documents' dates, none last, then in reading order."""
        if self._order is None:
            place = np.where(
                self.files.row_document >= 0, self.documents.order[self.files.row_document], 0
            )
            self._order = np.lexsort((self.files.row_position, place))
        return self._order[mask[self._order]]

    def count(
        self,
        rows: npt.NDArray[np.int64],
        wanted: PassageFilter,
        *,
        rollup: Mapping[str, str] | None = None,
    ) -> dict[str, Facet]:
        """Count a list's rows by what they could be narrowed to, each value's passages once.

        The count of a value is how many of the rows a filter with that value besides would
        leave: themes and stances are counted among the findings that satisfy ``wanted``.

        Args:
            rows: the list, each row once; all of them pass ``wanted``.
            wanted: the filter that the list was made with.
            rollup: sub-theme to top theme, to count ``top_theme`` too.

        Returns:
            By facet (theme, stance, kind, decade, nation, review_type, publisher, and
            top_theme) the values with their counts, most first, then by name. A decade is
            named by its first year: ``2010``.
        """
        numbers = self.files.row_document[rows]
        of = self.documents
        counted = {
            name: _tally(getattr(of, name)[numbers], of.names[name])
            for name in ("kind", "nation", "review_type", "publisher")
        }
        years = of.year[numbers]
        decades, n = np.unique(years[years > 0] // 10 * 10, return_counts=True)
        counted["decade"] = _most_first(zip(map(str, decades), n.tolist(), strict=True))
        return counted | self._count_codes(rows, wanted, rollup)

    def _count_codes(
        self,
        rows: npt.NDArray[np.int64],
        wanted: PassageFilter,
        rollup: Mapping[str, str] | None,
    ) -> dict[str, Facet]:
        listed = np.zeros(len(self.held), dtype=bool)
        listed[rows] = True
        chosen = np.flatnonzero(self._codes_passing(wanted) & listed[self.standing.rows])
        at, values = self.standing.rows[chosen], self.standing.values[chosen]
        themes, stances = self.standing.names[:2]
        counted = {
            "theme": _tally_once(at, values[:, 0], themes),
            "stance": _tally_once(at, values[:, 1], stances),
        }
        if rollup is not None:
            tops = tuple(sorted({rollup.get(theme, theme) for theme in themes}))
            top_of = np.array([tops.index(rollup.get(theme, theme)) for theme in themes], np.int64)
            top = top_of[values[:, 0]] if len(top_of) else values[:, 0].astype(np.int64)
            counted["top_theme"] = _tally_once(at, top, tops)
        return counted

    def _of_documents(self, chosen: npt.NDArray[np.bool_]) -> RowMask:
        # The last one stands for -1: rows whose document is not known.
        return np.append(chosen, False)[self.files.row_document]

    def _documents_passing(self, wanted: PassageFilter) -> npt.NDArray[np.bool_]:
        of = self.documents
        passing = of.current.copy()
        for name, values in (
            ("kind", [kind.value for kind in wanted.kinds]),
            ("nation", [wanted.nation] if wanted.nation else []),
            ("review", [wanted.review_id] if wanted.review_id else []),
            ("review_type", [wanted.review_type] if wanted.review_type else []),
            ("publisher", [wanted.publisher] if wanted.publisher else []),
        ):
            if values:
                passing &= np.isin(getattr(of, name), _numbers(of.names[name], values))
        if wanted.from_year is not None:
            passing &= (of.year >= wanted.from_year) & (of.year > 0)
        if wanted.to_year is not None:
            passing &= (of.year <= wanted.to_year) & (of.year > 0)
        return passing

    def _codes_passing(self, wanted: PassageFilter) -> npt.NDArray[np.bool_]:
        values = self.standing.values
        passing = np.ones(len(values), dtype=bool)
        if not wanted.include_possible:
            passing &= values[:, 4] > 0
        asked = (wanted.themes, wanted.stances, wanted.levels, wanted.attributions)
        for column, (names, chosen) in enumerate(zip(self.standing.names, asked, strict=True)):
            if chosen:
                numbers = _numbers(names, [str(value) for value in chosen])
                allowed = np.zeros(256, dtype=bool)
                allowed[numbers] = True
                passing &= allowed[values[:, column]]
        return passing


def columns_writer(store: Store) -> Callable[[Path, Sequence[str]], None]:
    """Write the columns of the rows of an index into its folder (``WriteBeside``).

    To be made before the index's passages are read: what is written to the store from then
    on is read again by whoever opens the columns.
    """
    state = store_state(store)

    def write(folder: Path, ids: Sequence[str]) -> None:
        rows_of = _rows_among(np.array(ids, dtype=_ID_TYPE))
        (folder / COLUMNS).mkdir()
        grades = _write_places(folder / COLUMNS, iter_places(store), len(ids), rows_of)
        codes = Codes(np.empty(0, np.int32), np.empty((0, 5), np.uint8), ((), (), (), ()))
        parts = [codes]
        for found in iter_machine_codes(store):
            # One by one: the names grow, and with them what the numbers mean.
            empty = Codes(codes.rows, codes.values, parts[-1].names)
            parts.append(empty.plus(found, rows_of))
        rows = np.concatenate([part.rows for part in parts])
        order = np.argsort(rows, kind="stable")
        np.save(folder / COLUMNS / "code_rows.npy", rows[order])
        values = np.concatenate([part.values for part in parts])[order]
        np.save(folder / COLUMNS / "code_values.npy", values)
        said = {
            **dict(zip(_CODE_FIELDS, parts[-1].names, strict=True)),
            "grades": grades,
            "revision": state.revision,
            "held": state.held,
        }
        (folder / COLUMNS / VALUES).write_text(json.dumps(said), encoding="utf-8")

    return write


def read_columns(
    files: ColumnFiles, rows_of: RowsOf, store: Store, before: FacetColumns | None = None
) -> FacetColumns:
    """Bring columns to the store's present revision.

    Args:
        files: what was written when the index was built.
        rows_of: rows of passage ids.
        store: what is held; read in one state.
        before: columns of the same files at an earlier revision: only what was written
            since is read then.
    """
    with store.pinned():
        state = store_state(store)
        if before is not None and before.state == state:
            return before
        if before is not None and before.state.revision > state.revision:
            before = None  # somebody reads an older state than we did last
        since = before.state.revision if before else files.state.revision
        if before is not None and before.documents.held == state.held:
            documents, grade = before.documents, before.grade
        else:
            documents = _read_documents(files, current_documents(store), state.held)
            grade = _read_grades(files, digest_grades(store), rows_of)
        machine = _read_again(
            before.machine if before else files.codes, files, rows_of, store, since
        )
        judged, codes = judged_codes(store)
        rows = rows_of(judged)
        standing = machine.without(rows[rows >= 0], len(files.row_document)).plus(codes, rows_of)
        may_wait = passages_waiting(
            store, files.state.revision, [*documents.unindexed, *documents.returned]
        )
        waiting = int(np.count_nonzero(rows_of(may_wait) < 0))
    return FacetColumns(
        files,
        state=state,
        documents=documents,
        machine=machine,
        standing=standing,
        grade=grade,
        waiting=waiting,
    )


def _read_again(
    codes: Codes, files: ColumnFiles, rows_of: RowsOf, store: Store, since: int
) -> Codes:
    stamped = stamped_since(store, since)
    if not stamped:
        return codes
    rows = rows_of(stamped)
    codes = codes.without(rows[rows >= 0], len(files.row_document))
    for found in iter_machine_codes(store, since=since):
        codes = codes.plus(found, rows_of)
    return codes


def _read_documents(files: ColumnFiles, facts: Sequence[DocumentFacts], held: int) -> Documents:
    number_of = {raw.decode(): at for at, raw in enumerate(files.document_ids.tolist())}
    count = len(number_of)
    names: dict[str, dict[str, int]] = {
        name: {} for name in ("kind", "nation", "review_type", "publisher", "review")
    }
    columns = {name: np.full(count, _NONE, dtype=np.int32) for name in names}
    year, order = np.zeros(count, dtype=np.int32), np.zeros(count, dtype=np.int32)
    current = np.zeros(count, dtype=bool)
    unindexed, returned = [], []
    for place, one in enumerate(facts):
        number = number_of.get(one.document_id)
        if number is None:
            unindexed.append(one.document_id)
            continue
        if one.held_from > files.state.revision:
            returned.append(one.document_id)
        current[number], order[number] = True, place
        year[number] = int(one.published[:4]) if one.published else 0
        for name, value in (
            ("kind", one.kind),
            ("nation", one.nation),
            ("review_type", one.review_type),
            ("publisher", one.publisher),
            ("review", one.review_id),
        ):
            if value is not None:
                columns[name][number] = names[name].setdefault(value, len(names[name]))
    return Documents(
        held=held,
        current=current,
        year=year,
        order=order,
        names={name: tuple(values) for name, values in names.items()},
        unindexed=tuple(unindexed),
        returned=tuple(returned),
        **columns,
    )


def _read_grades(
    files: ColumnFiles, grades: Sequence[tuple[str, str]], rows_of: RowsOf
) -> npt.NDArray[np.int8]:
    rows = rows_of([passage_id for passage_id, _ in grades])
    number = {name: at for at, name in enumerate(files.grade_names)}
    column = files.row_grade.copy()
    for row, (_, name) in zip(rows.tolist(), grades, strict=True):
        if row >= 0:
            column[row] = number[name]
    return column


def _write_places(
    folder: Path, pages: Iterable[Sequence[PassagePlace]], count: int, rows_of: RowsOf
) -> list[str]:
    """Write what never changes of each row; returns the names of the grades."""
    grades = [grade.value for grade in EvidenceGrade]
    document_of = np.full(count, b"", dtype=_ID_TYPE)
    position = np.zeros(count, dtype=np.int32)
    grade = np.full(count, _NONE, dtype=np.int8)
    for page in pages:
        rows = rows_of([one.passage_id for one in page])
        held = rows >= 0
        document_of[rows[held]] = np.array([one.document_id for one in page], _ID_TYPE)[held]
        position[rows[held]] = np.array([one.position for one in page], np.int32)[held]
        for row, one in zip(rows.tolist(), page, strict=True):
            if row >= 0 and one.evidence_grade:
                grade[row] = grades.index(one.evidence_grade)
    ids, numbers = np.unique(document_of, return_inverse=True)
    if len(ids) and ids[0] == b"":
        ids, numbers = ids[1:], numbers - 1
    np.save(folder / "documents.npy", ids)
    np.save(folder / "row_document.npy", numbers.astype(np.int32))
    np.save(folder / "row_position.npy", position)
    np.save(folder / "row_grade.npy", grade)
    return grades


def _rows_among(ids: npt.NDArray[np.bytes_]) -> RowsOf:
    def rows_of(passage_ids: Sequence[str]) -> npt.NDArray[np.int64]:
        if not len(passage_ids) or not len(ids):
            return np.full(len(passage_ids), _NONE, dtype=np.int64)
        wanted = np.array([one.encode() for one in passage_ids], dtype=_ID_TYPE)
        rows = np.searchsorted(ids, wanted).clip(max=len(ids) - 1)
        return np.where(ids[rows] == wanted, rows, _NONE).astype(np.int64)

    return rows_of


def _code_values(
    found: Sequence[PassageCode], names: tuple[tuple[str, ...], ...]
) -> npt.NDArray[np.uint8]:
    numbers = [{name: at for at, name in enumerate(of)} for of in names]
    return np.array(
        [
            (
                numbers[0][one.theme],
                numbers[1][one.stance],
                numbers[2][one.level],
                numbers[3][one.attribution],
                bool(one.confident),
            )
            for one in found
        ],
        dtype=np.uint8,
    ).reshape(len(found), 5)


def _numbers(names: Sequence[str], values: Iterable[str]) -> list[int]:
    return [names.index(value) for value in values if value in names]


def _tally(numbers: Ints, names: Sequence[str]) -> Facet:
    values, n = np.unique(numbers[numbers >= 0], return_counts=True)
    return _most_first(zip((names[at] for at in values.tolist()), n.tolist(), strict=True))


def _tally_once(rows: Ints, values: npt.NDArray[np.integer], names: Sequence[str]) -> Facet:
    """Count each row once a value, however many of its findings hold it."""
    pairs = np.unique(rows.astype(np.int64) * 256 + values)
    return _tally((pairs % 256).astype(np.int32), names)


def _most_first(pairs: Iterable[tuple[str, int]]) -> Facet:
    return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _map(folder: Path, name: str) -> Any:  # noqa: ANN401 - arrays of several types
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))
