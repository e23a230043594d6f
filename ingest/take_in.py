"""Take in files: each is read, kept as a capture, and added to the store whole or not at all."""

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.damage import damaged_captures, note_kept_anew
from corpus.errors import SourceError
from corpus.model import Capture
from corpus.store import Store
from ingest.admit import admit
from ingest.archive import is_warc, read_archive
from ingest.build import BuiltDocument
from ingest.captures import describe_capture, keep_capture
from ingest.derive import derive_documents
from ingest.report import IngestReport, Refused, TakenIn, sum_up
from ingest.settle import DROPPED_DATES
from ingest.sniff import sniff
from ingest.spiders.listing import Sighting

# Two letters at least: "C:" is a drive, not a scheme.
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")


@dataclass
class _Found:
    """The files under the given paths, those that cannot be, and how many were hidden."""

    files: list[tuple[str, Path]]
    refused: list[Refused]
    hidden: int = 0


def ingest_paths(
    paths: Sequence[str],
    *,
    store: Store,
    data_dir: Path,
    max_file_mb: int,
    progress: Callable[[int, int], None] | None = None,
) -> IngestReport:
    """Take in files, and every file of folders, in sorted order.

    Each file stands alone: one that is refused touches neither the store nor the captures,
    and the others are taken in all the same. Taking in the same file again adds nothing.

    Args:
        paths: files and folders. Addresses are refused here; ``ingest.fetch_one`` fetches them.
        store: where documents go.
        data_dir: where captures go.
        max_file_mb: the largest file read, in megabytes.
        progress: called with files done and files in all, after each.

    Raises:
        StorageError: the store or the data directory cannot be written.
    """
    found = _find_files(paths)
    documents: list[TakenIn] = []
    dropped_dates = 0
    for done, (name, path) in enumerate(found.files, start=1):
        try:
            for piece in _read_file(name, path, found, max_file_mb=max_file_mb):
                documents.extend(_take_piece(store, data_dir, piece))
                dropped_dates += count_dropped_dates(piece.built)
        except SourceError as error:
            found.refused.append(Refused(name=name, reason=f"{name} {error}."))
        if progress:
            progress(done, len(found.files))
    return sum_up(documents, found.refused, hidden_files=found.hidden, dropped_dates=dropped_dates)


def _find_files(paths: Sequence[str]) -> _Found:
    found = _Found([], [])
    seen: set[Path] = set()
    for given in paths:
        path = Path(given)
        try:
            if path.is_dir():
                _walk_folder(path, found, seen)
            else:
                _check_argument(given, path)
                _note(given, path, found, seen)
        except SourceError as error:
            found.refused.append(Refused(name=given, reason=f"{given} {error}."))
    return found


def _check_argument(given: str, path: Path) -> None:
    try:
        exists = path.exists()
    except (OSError, ValueError) as error:  # a name too long, or with a NUL in it
        raise SourceError("is not the name of a file: check the spelling") from error
    if not exists and _SCHEME.match(given):
        raise SourceError(
            "is an address and not a file: give it to the command line, which fetches it, or save "
            "the page and give its path"
        )
    if not exists:
        raise SourceError("does not exist: check the spelling and the folder")
    if not path.is_file():
        raise SourceError("is neither a file nor a folder: give a file")


def _walk_folder(folder: Path, found: _Found, seen: set[Path]) -> None:
    files = list(_sorted_files(folder, found))
    if not files:
        raise SourceError("is a folder without files: give the folder that holds them")
    for path in files:
        _note(str(path), path, found, seen)


def _sorted_files(folder: Path, found: _Found) -> Iterator[Path]:
    for here, folders, names in os.walk(folder):
        found.hidden += sum(name.startswith(".") for name in names)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(here) / name
            if not name.startswith(".") and path.is_file():
                yield path


def _note(name: str, path: Path, found: _Found, seen: set[Path]) -> None:
    # The same file by two ways is read once.
    if path.resolve() not in seen:
        found.files.append((name, path))
    seen.add(path.resolve())


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """One capture of a file, most often the whole of it, with the documents in it."""

    name: str
    capture: Capture
    data: bytes
    built: tuple[BuiltDocument, ...]


def _read_file(given: str, path: Path, found: _Found, *, max_file_mb: int) -> Iterator[_Piece]:
    """Read a file; of a web archive, each page by itself, those that are refused too.

    Raises:
        SourceError: it cannot be read.
    """
    data = _read_bytes(path, max_file_mb=max_file_mb)
    now = dt.datetime.now(dt.UTC)
    if not is_warc(data):
        yield _read_piece(path.name, data, path.name, now)
        return
    for page in read_archive(data, max_bytes=max_file_mb * 1_000_000):
        try:
            yield _read_piece(path.name, page.data, page.address, page.captured_at or now)
        except SourceError as error:
            name = f"{given}: {page.address}"
            found.refused.append(Refused(name=name, reason=f"{name} {error}."))


def _read_piece(name: str, data: bytes, address: str, captured_at: dt.datetime) -> _Piece:
    capture = describe_capture(data, address, sniff(data, address).media_type, captured_at)
    built = tuple(derive_documents(data, capture, name=address))
    return _Piece(name=name, capture=capture, data=data, built=built)


def _read_bytes(path: Path, *, max_file_mb: int) -> bytes:
    try:
        size_bytes = path.stat().st_size
        if size_bytes > max_file_mb * 1_000_000:
            raise SourceError(
                f"is {size_bytes / 1_000_000:.0f} MB, more than the {max_file_mb} MB allowed: give "
                "a smaller copy, or raise the setting max_file_mb"
            )
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"cannot be read ({error.strerror}): check its permissions") from error


def _take_piece(store: Store, data_dir: Path, piece: _Piece) -> Iterator[TakenIn]:
    capture = piece.capture
    damaged = capture.capture_id in damaged_captures(store)
    keep_capture(
        data_dir,
        piece.data,
        capture.address,
        capture.media_type,
        capture.captured_at,
        again=damaged,
    )
    store.add_capture(capture)
    if damaged:
        note_kept_anew(store, capture.capture_id, record_id=None)
    for one in piece.built:
        yield admit_one(store, piece.name, one, capture)


def count_dropped_dates(built: Sequence[BuiltDocument]) -> int:
    """Count the documents that gave a date which cannot be."""
    return sum(bool(DROPPED_DATES & set(one.document.marks)) for one in built)


def admit_one(
    store: Store,
    file: str,
    built: BuiltDocument,
    capture: Capture,
    sighting: Sighting | None = None,
) -> TakenIn:
    """Let one document in at the door, and say what became of it."""
    document = built.document
    admission = admit(store, built, capture=capture, sighting=sighting)
    return TakenIn(
        file=file,
        document_id=document.document_id,
        title=document.title,
        outcome=admission.outcome,
        passages=len(built.passages),
        skipped=document.skipped,
        marks=document.marks,
        rules=admission.rules,
    )
