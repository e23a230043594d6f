"""Take in files: each is read, kept as a capture, and added to the store whole or not at all."""

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import SourceError
from corpus.model import Capture
from corpus.store import Store
from ingest.admit import admit
from ingest.build import BuiltDocument, build_documents
from ingest.captures import describe_capture, keep_capture
from ingest.extract.docx import extract_docx
from ingest.extract.feed import extract_feed
from ingest.extract.html import extract_html
from ingest.extract.pdf import extract_pdf
from ingest.extract.txt import extract_txt
from ingest.extracted import Extracted
from ingest.report import IngestReport, Refused, TakenIn, sum_up
from ingest.settle import DROPPED_DATES
from ingest.sniff import DOCX, FEED, HTML, PDF, WRONG_NAME, Sniffed, sniff

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
        paths: files and folders. Web addresses are refused: this version takes in files.
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
            capture, data, built = _read_file(path, max_file_mb=max_file_mb)
        except SourceError as error:
            found.refused.append(Refused(name=name, reason=f"{name} {error}."))
        else:
            keep_capture(data_dir, data, capture.address, capture.media_type, capture.captured_at)
            store.add_capture(capture)
            documents.extend(_admit(store, path.name, one, capture) for one in built)
            dropped_dates += sum(bool(DROPPED_DATES & set(one.document.marks)) for one in built)
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
            "is an address, and this version takes in files: save the page and give its path"
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


def _read_file(path: Path, *, max_file_mb: int) -> tuple[Capture, bytes, list[BuiltDocument]]:
    data = _read_bytes(path, max_file_mb=max_file_mb)
    sniffed = sniff(data, path.name)
    capture = describe_capture(data, path.name, sniffed.media_type, dt.datetime.now(dt.UTC))
    marks = (WRONG_NAME,) if sniffed.wrong_name else ()
    return capture, data, build_documents(_extract(sniffed, data), capture, marks=marks)


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


def _extract(sniffed: Sniffed, data: bytes) -> list[Extracted]:
    if sniffed.media_type == FEED:
        return extract_feed(data)
    if sniffed.media_type == PDF:
        return [extract_pdf(data)]
    if sniffed.media_type == DOCX:
        return [extract_docx(data)]
    if sniffed.media_type == HTML:
        return [extract_html(sniffed.text or "")]
    return [extract_txt(sniffed.text or "")]


def _admit(store: Store, file: str, built: BuiltDocument, capture: Capture) -> TakenIn:
    document = built.document
    admission = admit(store, built, capture=capture)
    return TakenIn(
        file=file,
        document_id=document.document_id,
        title=document.title,
        outcome=admission.outcome,
        passages=len(built.passages),
        skipped=document.skipped,
        marks=document.marks,
    )
