"""The search index: one immutable folder of ids, words and vectors, switched atomically."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from corpus.errors import StaleIndexError
from corpus.ids import PassageId
from nlp.embed import Vectors
from nlp.facet_columns import COLUMNS, VALUES, ColumnFiles
from nlp.manifest import Manifest, stamp_files
from nlp.vectors import Places, RowMask, VectorIndex
from nlp.words import WordIndex

INDEX_FOLDER = "index"
CURRENT = "CURRENT"
"""Holds the name of the folder that is served; replaced atomically, never edited."""
IDS = "ids.npy"
ROW_OF = "row_of.npy"
"""The row at each place of words and vectors; only where passages were added to an index."""
WORDS = "words"
ID_TYPE = "S17"

_Read = TypeVar("_Read")


class SearchIndex:
    """One index folder, mapped into memory; row numbers follow the order of passage ids.

    Any number of readers may hold one; the folder never changes, and what is mapped
    stays readable after the folder was pruned.
    """

    def __init__(self, folder: Path) -> None:
        """Map a folder and compare its parts with its manifest.

        Raises:
            FileNotFoundError: the folder is not there, or no longer.
            StaleIndexError: a part is missing or broken, or the parts do not agree.
        """
        self.name = folder.name
        self.folder = folder
        self.manifest = Manifest.read(folder)
        _check_sizes(folder, self.manifest)
        self._ids: npt.NDArray[np.bytes_] = self._array(IDS)
        self.row_of: Places | None = self._array(ROW_OF) if ROW_OF in self.manifest.files else None
        self.words = WordIndex(folder / WORDS, row_of=self.row_of)
        self.vectors = VectorIndex(folder, row_of=self.row_of)
        self.columns = self._columns()
        counts = {len(self._ids), len(self.words), len(self.vectors), self.manifest.passages}
        if self.row_of is not None:
            counts.add(len(self.row_of))
        if len(counts) > 1:
            raise StaleIndexError(_broken(folder.name, "its parts"))
        # Ids are of one length: the array's bytes are what hash_passage_ids() hashes.
        if hashlib.sha256(self._ids.tobytes()).hexdigest() != self.manifest.passages_sha256:
            raise StaleIndexError(_broken(folder.name, IDS))

    def _columns(self) -> ColumnFiles | None:
        """What rows are filtered by; ``None`` in an index of passages that no store holds."""
        if f"{COLUMNS}/{VALUES}" not in self.manifest.files:
            return None
        try:
            return ColumnFiles(self.folder / COLUMNS)
        except (ValueError, KeyError, EOFError) as error:
            raise StaleIndexError(_broken(self.name, COLUMNS)) from error

    def _array(self, name: str) -> Any:  # noqa: ANN401 - arrays of several types
        try:
            # As a plain array: numpy's own kind for maps costs more at every look.
            return np.asarray(np.load(self.folder / name, mmap_mode="r"))
        except (ValueError, EOFError) as error:
            raise StaleIndexError(_broken(self.name, name)) from error

    def __len__(self) -> int:
        """How many passages it holds."""
        return len(self._ids)

    def iter_ids(self) -> Iterable[str]:
        """The ids of its passages, sorted."""
        return (raw.decode() for raw in self._ids.tolist())

    def id_of(self, row: int) -> PassageId:
        """The passage that a row is."""
        return PassageId(bytes(self._ids[row]).decode())

    def ids_of(self, rows: Sequence[int]) -> list[PassageId]:
        """The passages that rows are, in the order given."""
        # Read from ids that were checked when they were made: the pattern need not be tried.
        return [
            str.__new__(PassageId, raw.decode())
            for raw in self._ids[np.asarray(rows, dtype=np.int64)].tolist()
        ]

    def rows_of(self, passage_ids: Sequence[str]) -> npt.NDArray[np.int64]:
        """The rows of passages, in the order given; -1 for one that is not indexed."""
        if not passage_ids or not len(self):
            return np.full(len(passage_ids), -1, dtype=np.int64)
        wanted = np.array([passage_id.encode() for passage_id in passage_ids], dtype=ID_TYPE)
        rows = np.searchsorted(self._ids, wanted).clip(max=len(self) - 1)
        return np.where(self._ids[rows] == wanted, rows, -1).astype(np.int64)

    def mask_of(self, passage_ids: Sequence[str]) -> RowMask:
        """The rows of these passages as a mask; those that are not indexed are left out."""
        mask = np.zeros(len(self), dtype=bool)
        rows = self.rows_of(passage_ids)
        mask[rows[rows >= 0]] = True
        return mask

    def vectors_of(self, passage_ids: Sequence[str]) -> Mapping[str, Vectors]:
        """The vectors of those passages that are indexed, each of shape (DIMENSION,)."""
        rows = self.rows_of(passage_ids)
        held = np.flatnonzero(rows >= 0)
        found = self.vectors.rows(rows[held])
        return {passage_ids[at]: vector for at, vector in zip(held.tolist(), found, strict=True)}


def current_name(data_dir: Path) -> str | None:
    """The name of the index that is served; ``None`` where none was built yet."""
    try:
        return (data_dir / INDEX_FOLDER / CURRENT).read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def read_manifest(data_dir: Path) -> Manifest | None:
    """Read what the served index says of itself, without mapping it.

    Returns:
        ``None`` where there is no index, or one that this Throughline cannot read.
    """
    try:
        return _of_current(data_dir, Manifest.read)
    except StaleIndexError:
        return None


def open_index(data_dir: Path) -> SearchIndex:
    """Open the index that is served.

    Raises:
        StaleIndexError: there is none, or it is broken or of another format.
    """
    return _of_current(data_dir, SearchIndex)


def damaged_files(index: SearchIndex) -> list[str]:
    """Read every file of an index and name those that are not as they were written, sorted.

    Reads everything: a second or two for a million passages.
    """
    found = stamp_files(index.folder)
    return sorted(name for name, stamp in index.manifest.files.items() if found.get(name) != stamp)


def _check_sizes(folder: Path, manifest: Manifest) -> None:
    for name, stamp in manifest.files.items():
        if (folder / name).stat().st_size != stamp.size_bytes:
            raise StaleIndexError(_broken(folder.name, name))


def _of_current(data_dir: Path, read: Callable[[Path], _Read]) -> _Read:
    name = current_name(data_dir)
    while name is not None:
        try:
            return read(data_dir / INDEX_FOLDER / name)
        except FileNotFoundError as error:
            # Pruned between reading the name and opening it: there is a newer one then.
            newer = current_name(data_dir)
            if newer == name:
                raise StaleIndexError(_broken(name, "a file of it")) from error
            name = newer
    raise StaleIndexError("There is no search index yet. Build it with: throughline analyse")


def _broken(name: str, part: str) -> str:
    return (
        f"The search index {name} is broken ({part} cannot be used). "
        "Rebuild it with: throughline analyse"
    )
