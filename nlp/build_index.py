"""Building an index beside the one that is served, and switching to it in one step."""

import datetime as dt
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

import numpy as np

from corpus.analysed import AnalysedPassage
from corpus.errors import InvalidInputError, StorageError
from corpus.ids import short_digest
from nlp.embed import DIMENSION, MODEL_NAME, Vectors
from nlp.index import CURRENT, ID_TYPE, IDS, INDEX_FOLDER, WORDS, current_name
from nlp.manifest import FORMAT_VERSION, FileStamp, Manifest, hash_passage_ids, stamp_files
from nlp.vectors import PRECISION, VECTORS, write_vectors
from nlp.words import WordWriter

KnownVectors = Callable[[Sequence[str]], Mapping[str, Vectors]]
"""Vectors at hand for some of these passages, by id; nothing need be encoded for those."""

Encode = Callable[[Sequence[str]], Vectors]

WriteBeside = Callable[[Path, Sequence[str]], None]
"""Writes further files of an index into its folder, given the ids of its rows in order."""

STEPS = ("begun", "written", "synced", "renamed", "switched", "pruned")
"""What a build has done, in order; only ``switched`` changes what readers see."""

BUILDING = "building-"
"""How the name of a folder begins that is not finished."""
_LOCK = "LOCK"


@dataclass(frozen=True, kw_only=True)
class IndexStamp:
    """What an index is made with; an index with another stamp is out of date."""

    model_sha256: str
    tagger_version: str
    codebook_version: str
    names_sha256: str
    model_name: str = MODEL_NAME

    def made(self, manifest: Manifest) -> bool:
        """Whether this index was made with the same."""
        return (
            manifest.model_sha256 == self.model_sha256
            and manifest.tagger_version == self.tagger_version
            and manifest.codebook_version == self.codebook_version
            and manifest.names_sha256 == self.names_sha256
        )


def build_index(
    data_dir: Path,
    passages: Iterable[AnalysedPassage],
    *,
    stamp: IndexStamp,
    encode: Encode,
    known: Sequence[KnownVectors] = (),
    beside: Sequence[WriteBeside] = (),
    batch_size: int = 256,
    done: Callable[[str], None] | None = None,
) -> Manifest:
    """Build an index of these passages and serve it instead of the present one.

    Readers see the old index or the new one, whole: the new folder is written beside the
    old, forced to disk, renamed, and then named by ``CURRENT``. Killed at any point, the
    old one stays. The one it replaces is kept for readers that still open it; older ones
    are removed. A second builder waits for the first.

    Args:
        data_dir: where the index folder lies.
        passages: in ascending order of id, each once; read once, a batch at a time.
        stamp: what the index is made with.
        encode: turns texts into vectors, where none is known.
        known: asked in turn for each batch; their vectors must be of the stamp's model.
        beside: write what else belongs into the folder.
        batch_size: passages that are handled at a time.
        done: told each of :data:`STEPS` after it was taken.

    Raises:
        InvalidInputError: the passages are not in ascending order of id.
        StorageError: the folder cannot be written; what was served still is.
    """

    def fill(folder: Path) -> Manifest:
        ids = _write_parts(folder, in_batches(passages, batch_size), known, encode)
        for write in beside:
            write(folder, ids)
        return make_manifest(stamp, ids, folder)

    return replace_index(data_dir, fill, done=done)


def replace_index(
    data_dir: Path, fill: Callable[[Path], Manifest], *, done: Callable[[str], None] | None = None
) -> Manifest:
    """Let ``fill`` write a new folder, then serve it; see :func:`build_index`.

    Raises:
        StorageError: the folder cannot be written; what was served still is.
    """
    tell = done or (lambda _step: None)
    root = data_dir / INDEX_FOLDER
    try:
        with _new_folder(root) as folder:
            tell("begun")
            manifest = fill(folder)
            manifest.write(folder)
            tell("written")
            _sync_tree(folder)
            tell("synced")
            name = _free_name(root, manifest)
            folder.rename(root / name)
            _sync(root)
            tell("renamed")
            previous = current_name(data_dir)
            _point_at(root, name)
            tell("switched")
            _prune(root, keep={name, previous})
            tell("pruned")
    except OSError as error:
        raise StorageError(
            f"The search index in {root} could not be written: {error.strerror}. What was "
            "served before is untouched."
        ) from error
    return manifest


def gather_vectors(
    batch: Sequence[AnalysedPassage], *, known: Sequence[KnownVectors], encode: Encode
) -> Vectors:
    """Find each passage's vector where one is known, and encode the others in one call.

    Returns:
        float32, shape (n, DIMENSION), same order as ``batch``.
    """
    found: dict[str, Vectors] = {}
    for source in known:
        missing = [passage.passage_id for passage in batch if passage.passage_id not in found]
        if missing:
            found.update(source(missing))
    unknown = [passage for passage in batch if passage.passage_id not in found]
    if unknown:
        encoded = encode([passage.text for passage in unknown])
        found.update(zip((p.passage_id for p in unknown), encoded, strict=True))
    rows = [found[passage.passage_id] for passage in batch]
    return np.asarray(rows, dtype=np.float32).reshape(len(batch), DIMENSION)


def _write_parts(
    folder: Path,
    batches: Iterable[Sequence[AnalysedPassage]],
    known: Sequence[KnownVectors],
    encode: Encode,
) -> list[str]:
    """Write words, vectors and ids in one pass; returns the ids in row order."""
    ids: list[str] = []
    words = WordWriter(folder / WORDS)

    def vectors() -> Iterator[Vectors]:
        for batch in batches:
            words.add(batch)
            ids.extend(passage.passage_id for passage in batch)
            yield gather_vectors(batch, known=known, encode=encode)

    try:
        write_vectors(folder / VECTORS, vectors())
    finally:
        words.close()
    if any(one >= other for one, other in pairwise(ids)):
        raise InvalidInputError("Passages must be indexed in ascending order of id, each once.")
    np.save(folder / IDS, np.array(ids, dtype=ID_TYPE))
    return ids


def make_manifest(
    stamp: IndexStamp,
    ids: Sequence[str],
    folder: Path,
    *,
    linked: Mapping[str, FileStamp] | None = None,
) -> Manifest:
    """Say what was written into a folder; ``linked`` stamps files that were not written anew."""
    return Manifest(
        format_version=FORMAT_VERSION,
        model_name=stamp.model_name,
        model_sha256=stamp.model_sha256,
        precision=PRECISION,
        dimension=DIMENSION,
        passages=len(ids),
        passages_sha256=hash_passage_ids(ids),
        names_sha256=stamp.names_sha256,
        tagger_version=stamp.tagger_version,
        codebook_version=stamp.codebook_version,
        created_at=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        files=stamp_files(folder, linked),
    )


def in_batches(passages: Iterable[AnalysedPassage], size: int) -> Iterator[list[AnalysedPassage]]:
    """Cut passages into lists of at most ``size``."""
    rest = iter(passages)
    while batch := list(islice(rest, size)):
        yield batch


@contextmanager
def _new_folder(root: Path) -> Iterator[Path]:
    root.mkdir(parents=True, exist_ok=True)
    with (root / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Under the lock nobody else builds: these were left by builders that were killed.
        for leftover in root.glob(f"{BUILDING}*"):
            shutil.rmtree(leftover)
        folder = Path(tempfile.mkdtemp(prefix=BUILDING, dir=root))
        # mkdtemp lets nobody else read; an index may be served by another user.
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _free_name(root: Path, manifest: Manifest) -> str:
    moment = dt.datetime.fromisoformat(manifest.created_at)
    content = short_digest(manifest.passages_sha256, manifest.model_sha256, manifest.tagger_version)
    stem = name = f"{moment:%Y%m%dT%H%M%SZ}-{content[:8]}"
    number = 1
    while (root / name).exists():
        number += 1
        name = f"{stem}-{number}"
    return name


def _point_at(root: Path, name: str) -> None:
    pointer = root / f"{CURRENT}.new"
    with pointer.open("w", encoding="utf-8") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
    pointer.replace(root / CURRENT)
    _sync(root)


def _prune(root: Path, *, keep: set[str | None]) -> None:
    for folder in root.iterdir():
        if folder.is_dir() and folder.name not in keep:
            shutil.rmtree(folder)


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
    _sync(folder)


def _sync(path: Path) -> None:
    """Force a file or a folder's list of files to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
