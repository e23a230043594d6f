"""Adding a few passages to a large index without writing again what it holds."""

import os
import shutil
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from corpus.analysed import AnalysedPassage, name_digests
from corpus.errors import InvalidInputError
from corpus.store import Store
from nlp.build_index import (
    Encode,
    IndexStamp,
    KnownVectors,
    WriteBeside,
    gather_vectors,
    in_batches,
    make_manifest,
    replace_index,
)
from nlp.cells import EXACT_MOST
from nlp.embed import Vectors
from nlp.index import ID_TYPE, IDS, ROW_OF, WORDS, SearchIndex, current_name
from nlp.manifest import FileStamp, Manifest
from nlp.vectors import ADDED, CELLS, VECTORS, write_vectors
from nlp.words import WordWriter

MOST_ADDED = 0.2
"""How many may be added for each passage of the index as it was built, before it is built anew."""
_BATCH = 256


NAMES = "names.npy"
_NAMES_TYPE = np.dtype([("document_id", "S17"), ("names", "S32")])


class MovedError(Exception):
    """Another index is served than the one that was to grow."""


def can_grow(served: SearchIndex, new: int) -> bool:
    """Whether an index can take this many more: they are all compared with every query."""
    whole = served.vectors.n_first
    added = len(served) - whole + new
    crosses = not served.vectors.has_cells and whole + added > EXACT_MOST
    return 0 < added <= min(MOST_ADDED * whole, EXACT_MOST) and not crosses


def names_writer(store: Store) -> WriteBeside:
    """Note what each document's passages are found by besides their text (``WriteBeside``)."""
    rows = sorted((one.encode(), names.encode()) for one, names in name_digests(store).items())

    def write(folder: Path, _ids: Sequence[str]) -> None:
        np.save(folder / NAMES, np.array(rows, dtype=_NAMES_TYPE))

    return write


def names_stayed(served: SearchIndex, store: Store) -> bool:
    """Whether no document that was current has another title, or its review other names."""
    if NAMES not in served.manifest.files:
        return False
    noted = np.load(served.folder / NAMES)
    now = name_digests(store)
    held = dict(zip(noted["document_id"].tolist(), noted["names"].tolist(), strict=True))
    return all(
        held.get(document_id.encode(), names.encode()) == names.encode()
        for document_id, names in now.items()
    )


def grow_index(
    data_dir: Path,
    served: SearchIndex,
    passages: Sequence[AnalysedPassage],
    *,
    stamp: IndexStamp,
    encode: Encode,
    known: Sequence[KnownVectors] = (),
    beside: Sequence[WriteBeside] = (),
    done: Callable[[str], None] | None = None,
) -> Manifest:
    """Serve an index with these passages besides those of the one that is served.

    Files that stay as they were are linked, not copied; the new folder is as immutable as
    any, and answers as one that was built at once. Switched to as by ``build_index``.

    Args:
        data_dir: where the index folder lies.
        served: the index to grow.
        passages: none of which it holds; in ascending order of id.
        stamp: what the index is made with; of the same model, and names that stayed.
        encode: turns texts into vectors, where none is known.
        known: as for ``build_index``.
        beside: as for ``build_index``; told the ids of every row, old and new.
        done: as for ``build_index``.

    Raises:
        InvalidInputError: the passages are not in ascending order of id.
        MovedError: another builder has switched to an index of its own meanwhile.
        StorageError: the folder cannot be written; what was served still is.
    """
    new_ids = [str(passage.passage_id) for passage in passages]
    if any(one >= other for one, other in pairwise(new_ids)):
        raise InvalidInputError("Passages must be indexed in ascending order of id, each once.")

    def fill(folder: Path) -> Manifest:
        if current_name(data_dir) != served.name:
            raise MovedError
        _add_words(folder, served, passages)
        _add_vectors(folder, served, _encoded(passages, known, encode))
        ids = _merge_ids(folder, served, new_ids)
        for write in beside:
            write(folder, ids)
        return make_manifest(stamp, ids, folder, linked=_linked(served))

    return replace_index(data_dir, fill, done=done)


def _add_words(folder: Path, served: SearchIndex, passages: Sequence[AnalysedPassage]) -> None:
    (folder / WORDS).mkdir()
    for path in (served.folder / WORDS).iterdir():
        if path.suffix == ".json":  # the lists of files: these change
            shutil.copyfile(path, folder / WORDS / path.name)
        elif not path.name.startswith("."):
            _link(path, folder / WORDS / path.name)
    words = WordWriter(folder / WORDS, held=len(served))
    try:
        words.add(passages)
    finally:
        words.close()


def _add_vectors(folder: Path, served: SearchIndex, vectors: Vectors) -> None:
    for name in (VECTORS, CELLS):
        if (served.folder / name).exists():
            _link(served.folder / name, folder / name)
    write_vectors(folder / ADDED, [served.vectors.added(), vectors], exact_most=len(served))


def _encoded(
    passages: Sequence[AnalysedPassage], known: Sequence[KnownVectors], encode: Encode
) -> Vectors:
    batches = in_batches(passages, _BATCH)
    return np.concatenate([gather_vectors(batch, known=known, encode=encode) for batch in batches])


def _merge_ids(folder: Path, served: SearchIndex, new_ids: Sequence[str]) -> list[str]:
    """Write ids in their order, and which of these rows lies at each place."""
    held = np.array(list(served.iter_ids()), dtype=ID_TYPE)
    new = np.array(new_ids, dtype=ID_TYPE)
    ids = np.sort(np.concatenate([held, new]))
    placed = np.concatenate([held if served.row_of is None else held[served.row_of], new])
    np.save(folder / ROW_OF, np.searchsorted(ids, placed).astype(np.int32))
    np.save(folder / IDS, ids)
    return [raw.decode() for raw in ids.tolist()]


def _linked(served: SearchIndex) -> dict[str, FileStamp]:
    """Stamps of what is linked: tantivy never gives two files one name."""
    return {
        name: stamp
        for name, stamp in served.manifest.files.items()
        if name in (VECTORS, CELLS) or (name.startswith(f"{WORDS}/") and ".json" not in name)
    }


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except FileNotFoundError:
        raise
    except OSError:
        # A file system without links.
        shutil.copyfile(path, target)
