"""Captures: the bytes as they were published or given, kept as WARC records by their hash."""

import datetime as dt
import hashlib
import io
import os
import uuid
from pathlib import Path
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.warcwriter import WARCWriter

from corpus.errors import StorageError
from corpus.ids import CaptureId
from corpus.model import Capture


def describe_capture(
    data: bytes, address: str, media_type: str, captured_at: dt.datetime
) -> Capture:
    """Say what the capture of these bytes is, without keeping them; see :func:`keep_capture`."""
    capture_id = CaptureId(hashlib.sha256(data).hexdigest())
    return Capture(
        capture_id=capture_id,
        address=address,
        captured_at=captured_at,
        media_type=media_type,
        size_bytes=len(data),
        warc_path=f"captures/{capture_id[:2]}/{capture_id}.warc.gz",
    )


def keep_capture(
    data_dir: Path, data: bytes, address: str, media_type: str, captured_at: dt.datetime
) -> Capture:
    """Keep bytes as one WARC ``resource`` record, unless they are kept already.

    The file is written beside its place and renamed into it, so it is there whole or not
    at all.

    Args:
        data_dir: the data directory; the file goes under ``captures`` in it.
        data: the bytes.
        address: a web address, or the bare name of a file: no path of this machine is kept.
        media_type: as decided from the bytes.
        captured_at: when, with its zone.

    Raises:
        StorageError: the data directory cannot be written.
    """
    capture = describe_capture(data, address, media_type, captured_at)
    path = data_dir / capture.warc_path
    if not path.exists():
        try:
            _write_whole(path, _warc_record(capture, data))
        except OSError as error:
            raise StorageError(
                f"The capture of {address} could not be kept in {data_dir}: {error.strerror}. "
                "Free the disk or its permissions, or choose another place with --data-dir."
            ) from error
    return capture


def read_capture(data_dir: Path, capture: Capture) -> bytes:
    """Read a capture's bytes back and check them against its hash.

    Raises:
        StorageError: the file is missing, cannot be read, or holds other bytes.
    """
    path = data_dir / capture.warc_path
    try:
        with path.open("rb") as file:
            data = next(
                (
                    record.content_stream().read()
                    for record in ArchiveIterator(file)
                    if record.rec_type == "resource"
                ),
                b"",
            )
    except (OSError, EOFError, ArchiveLoadFailed) as error:
        raise StorageError(
            f"The capture {path} cannot be read: {error}. Restore it from a backup, or take the "
            "file in again."
        ) from error
    if hashlib.sha256(data).hexdigest() != capture.capture_id:
        raise StorageError(
            f"The capture {path} no longer holds the bytes that were kept. Restore it from a "
            "backup, or delete it and take the file in again."
        )
    return data


def _warc_record(capture: Capture, data: bytes) -> bytes:
    target = capture.address
    if "://" not in target:
        target = "file:///" + quote(target)
    written = io.BytesIO()
    writer = WARCWriter(written, gzip=True)
    record = writer.create_warc_record(
        target,
        "resource",
        payload=io.BytesIO(data),
        length=len(data),  # without it, warcio copies the bytes to a file that it leaves open
        warc_content_type=capture.media_type,
        warc_headers_dict={
            "WARC-Date": capture.captured_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            # Named by its content: the same bytes give the same record.
            "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, capture.capture_id)}>",
        },
    )
    writer.write_record(record)
    return written.getvalue()


def _write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
