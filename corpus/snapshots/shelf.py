"""Where snapshots are held: a folder each, switched to by a pointer, listed and found by name."""

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from corpus.errors import NotFoundError, StorageError
from corpus.snapshots.manifest import BrokenPackageError, Manifest, Redactions, read_json, read_sums

SHELF = "snapshots"
POINTER = "PACKAGE"
"""Holds the name of the package folder that is served; replaced atomically, never edited."""
COPY = "copy"
"""The folder with the store, index and codebook that the snapshot is answered from."""
PROVENANCE = "provenance.json"
MAKING = ".making-"
"""How the name of a folder begins that is not finished."""
_LOCK = ".lock"
_ORDER = ".order"
_NAME = re.compile(r"s[0-9a-z]{16}")


class SnapshotNotHeldError(NotFoundError):
    """No snapshot of this name is held: it was never published, or is no longer kept."""

    code = "snapshot-not-held"

    def __init__(self, name: str, held: tuple[str, ...], *, current: str | None = None) -> None:
        """Name what is held instead."""
        now = f" What is held now is {current}." if current else ""
        published = f"Published and held: {', '.join(held)}." if held else "None is published yet."
        super().__init__(
            f"No snapshot {name[:80]!r} is held here: it was never published, or is no longer "
            f"kept. {published}{now}"
        )
        self.name = name
        self.held = held


@dataclass(frozen=True)
class HeldSnapshot:
    """One snapshot on the shelf."""

    folder: Path

    @property
    def name(self) -> str:
        """The id that it is cited by and that answers give."""
        return self.folder.name

    @property
    def package(self) -> Path:
        """The folder with its public files, as it stands now.

        Raises:
            BrokenPackageError: the pointer is missing.
        """
        try:
            return self.folder / (self.folder / POINTER).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise BrokenPackageError(f"The snapshot {self.name} has no package.") from error

    @property
    def copy(self) -> Path:
        """The data directory that answers about it come from."""
        return self.folder / COPY

    @cached_property
    def manifest(self) -> Manifest:
        """What its package says of itself."""
        return Manifest.read(self.package)

    @cached_property
    def created_at(self) -> str:
        """When it was published: ISO 8601, UTC."""
        return str(read_json(self.package / PROVENANCE).get("created_at", ""))

    @property
    def redactions(self) -> Redactions:
        """What was withdrawn from it since."""
        return Redactions.read(self.package)

    def files(self) -> dict[str, str]:
        """Its public files that its sums name: name → SHA-256."""
        return read_sums(self.package)


def list_held(data_dir: Path) -> list[HeldSnapshot]:
    """List the snapshots on the shelf, newest first."""
    root = data_dir / SHELF
    if not root.is_dir():
        return []
    held = [HeldSnapshot(path) for path in root.iterdir() if (path / POINTER).is_file()]
    return sorted(held, key=lambda each: (_age(each), each.name), reverse=True)


def find_held(data_dir: Path, name: str, *, current: str | None = None) -> HeldSnapshot:
    """Find a snapshot by its id, or by the SHA-256 of its manifest.

    Raises:
        SnapshotNotHeldError: none of this name is on the shelf.
    """
    # A name from outside becomes a path only where it has the form of a name.
    if _NAME.fullmatch(name) and (data_dir / SHELF / name / POINTER).is_file():
        return HeldSnapshot(data_dir / SHELF / name)
    held = list_held(data_dir)
    wanted = name.removeprefix("sha256:")
    for each in held:
        if len(wanted) == 64 and _id_of(each) == wanted:
            return each
    raise SnapshotNotHeldError(name, tuple(each.name for each in held[:5]), current=current)


@contextmanager
def shelf_held(data_dir: Path) -> Iterator[None]:
    """Let nobody else publish or withdraw meanwhile.

    Publishing must hold it before it looks at the store: else a document that is withdrawn
    while a package is written would be missed by the withdrawal, and published after it.

    Raises:
        StorageError: the shelf cannot be made.
    """
    root = data_dir / SHELF
    with writing_files(root):
        root.mkdir(parents=True, exist_ok=True)
        lock = (root / _ORDER).open("w")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def new_folder(root: Path) -> Iterator[Path]:
    """Make a folder beside the finished ones; it is gone afterwards unless it was renamed.

    One at a time: a second caller waits. What a killed one left is removed first.
    """
    root.mkdir(parents=True, exist_ok=True)
    with (root / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in root.glob(f"{MAKING}*"):
            shutil.rmtree(leftover)
        folder = Path(tempfile.mkdtemp(prefix=MAKING, dir=root))
        try:
            yield folder
        finally:
            if folder.exists():
                shutil.rmtree(folder)


def point_at(folder: Path, package: str) -> None:
    """Serve another package folder of a snapshot, in one step."""
    aside = folder / f"{POINTER}.new"
    with aside.open("w", encoding="utf-8") as file:
        file.write(package + "\n")
        file.flush()
        os.fsync(file.fileno())
    aside.replace(folder / POINTER)
    sync(folder)


def sync_tree(folder: Path) -> None:
    """Force a folder and everything in it to disk."""
    for path in [*folder.rglob("*"), folder]:
        sync(path)


def sync(path: Path) -> None:
    """Force one file, or one folder's list of names, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def writing_files(root: Path) -> Iterator[None]:
    """Say in a sentence that a folder cannot be written.

    Raises:
        StorageError: instead of any ``OSError`` within.
    """
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"{root} could not be written: {error.strerror or error}. What was there before is "
            "untouched."
        ) from error


def _age(held: HeldSnapshot) -> str:
    try:
        return held.created_at
    except StorageError:
        return ""


def _id_of(held: HeldSnapshot) -> str:
    try:
        return held.manifest.sha256
    except StorageError:
        return ""
