"""Look through the captures for bytes that are not what was kept."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from warcio.exceptions import ArchiveLoadFailed

from corpus.damage import note_damage
from corpus.errors import StorageError
from corpus.fetches import documents_from, iter_captures, iter_fetches
from corpus.model import Capture
from corpus.store import Store
from corpus.withdrawals import withdrawn_capture_ids
from ingest.captures import read_capture
from ingest.warc import block_id, is_whole, read_records


@dataclass(frozen=True, kw_only=True)
class DamagedCapture:
    """One file that no longer holds what was kept."""

    warc_path: str
    reason: str
    capture_ids: tuple[str, ...]
    document_ids: tuple[str, ...]
    """Documents, of whatever version, whose text rests on it."""


@dataclass(frozen=True, kw_only=True)
class CaptureCheck:
    """What was looked at, and what was found."""

    files: int
    damaged: tuple[DamagedCapture, ...]
    strays: tuple[str, ...]
    """Files that nothing in the store points to: left by a crash, and written over by the
    next fetch of the same bytes."""


@dataclass
class _Expected:
    """What the store says that a file holds."""

    captures: list[Capture]
    record_ids: set[str]


def verify_captures(
    store: Store, data_dir: Path, *, progress: Callable[[int, int], None] | None = None
) -> CaptureCheck:
    """Compare every capture on disk with its hashes, to the byte, and remember the damaged ones.

    The words of the documents that rest on a damaged capture are withheld from then on, until
    this finds it sound or the same bytes are kept anew. Captures that were withdrawn are
    passed over: their bytes are gone on purpose.
    """
    expected = _expected(store)
    damaged = []
    for done, (path, holds) in enumerate(sorted(expected.items()), start=1):
        reason = _why_damaged(data_dir, path, holds)
        if reason is not None:
            captures = tuple(one.capture_id for one in holds.captures)
            damaged.append(
                DamagedCapture(
                    warc_path=path,
                    reason=reason,
                    capture_ids=captures,
                    document_ids=tuple(documents_from(store, captures)),
                )
            )
        if progress:
            progress(done, len(expected))
    note_damage(
        store,
        {capture_id: one.reason for one in damaged for capture_id in one.capture_ids},
        at=dt.datetime.now(dt.UTC),
    )
    withdrawn = {f"{capture_id}.warc.gz" for capture_id in withdrawn_capture_ids(store)}
    strays = tuple(
        path
        for path in _files(data_dir)
        if path not in expected and Path(path).name not in withdrawn
    )
    return CaptureCheck(files=len(expected), damaged=tuple(damaged), strays=strays)


def _expected(store: Store) -> dict[str, _Expected]:
    withdrawn = withdrawn_capture_ids(store)
    expected: dict[str, _Expected] = defaultdict(lambda: _Expected([], set()))
    gone = set()
    for capture in iter_captures(store):
        if capture.capture_id in withdrawn:
            gone.add(capture.warc_path)
        else:
            expected[capture.warc_path].captures.append(capture)
    for fetch in iter_fetches(store):
        overwritten = fetch.warc_path in gone or fetch.record_id in withdrawn
        if fetch.warc_path and fetch.record_id and not overwritten:
            expected[fetch.warc_path].record_ids.add(fetch.record_id)
    return dict(expected)


def _why_damaged(data_dir: Path, path: str, holds: _Expected) -> str | None:
    try:
        data = (data_dir / path).read_bytes()
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    if not is_whole(data):
        return "is not as it was written"
    try:
        found = {
            block_id(record.block)
            for record in read_records(data)
            if record.kind in ("response", "revisit")
        }
        for capture in holds.captures:
            read_capture(data_dir, capture)
    except (StorageError, ArchiveLoadFailed, OSError, EOFError) as error:
        return f"does not hold the bytes that were kept ({type(error).__name__})"
    if not holds.record_ids <= found:
        return "does not hold the answer that was kept"
    return None


def _files(data_dir: Path) -> Iterator[str]:
    for path in sorted((data_dir / "captures").rglob("*.warc.gz")):
        yield path.relative_to(data_dir).as_posix()
