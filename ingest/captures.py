"""Captures: the bytes as they were published or given, kept as WARC records by their hash."""

import datetime as dt
import hashlib
import io
import os
import uuid
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.warcwriter import WARCWriter

from corpus.errors import SourceError, StorageError
from corpus.ids import CaptureId
from corpus.model import Capture
from ingest.decode import decode_body
from ingest.warc import (
    block_id,
    http_block,
    record_urn,
    split_http,
    write_record,
)

_SAME_BYTES = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True, kw_only=True)
class Message:
    """One answer of a server with the question, as they went over the wire."""

    address: str
    at: dt.datetime
    request_head: bytes
    response_head: bytes
    body: bytes
    """Without chunking, still packed."""
    status: int
    ip: str | None = None
    cut: str | None = None
    """Why the body is not whole, in WARC's words: ``length``, ``time`` or ``disconnect``."""


@dataclass(frozen=True, kw_only=True)
class KeptRecord:
    """Where a message is kept: the hash of its block, and the file that holds it."""

    record_id: str
    warc_path: str


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
        warc_path=_path_of(capture_id),
    )


def keep_capture(
    data_dir: Path,
    data: bytes,
    address: str,
    media_type: str,
    captured_at: dt.datetime,
    *,
    again: bool = False,
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
        again: write over a file that is there, because it is damaged.

    Raises:
        StorageError: the data directory cannot be written.
    """
    capture = describe_capture(data, address, media_type, captured_at)
    if again or not (data_dir / capture.warc_path).exists():
        _write_file(data_dir, capture.warc_path, address, _warc_record(capture, data))
    return capture


def keep_message(
    data_dir: Path, message: Message, *, capture: Capture | None = None, held: bool = False
) -> KeptRecord:
    """Keep an answer as a WARC record with its request beside it.

    Args:
        data_dir: the data directory.
        message: what went over the wire.
        capture: the bytes it brought, where it brought a page whole; its record then
            stands in the capture's own file. ``None`` for redirects, failures and so on,
            whose file has the name of the record.
        held: whether the store holds this capture already. Its bytes are then not kept a
            second time: the record is a ``revisit`` that points to it.

    Raises:
        StorageError: the data directory cannot be written.
    """
    head_only = held or message.status == 304
    block = http_block(message.response_head, b"" if head_only else message.body)
    record_id = block_id(block)
    warc_path = _path_of(record_id) if capture is None or held else capture.warc_path
    more = {"WARC-Payload-Digest": f"sha256:{capture.capture_id}"} if capture else {}
    if head_only:
        more["WARC-Profile"] = _NOT_MODIFIED if message.status == 304 else _SAME_BYTES
    if message.ip:
        more["WARC-IP-Address"] = message.ip
    if message.cut:
        more["WARC-Truncated"] = message.cut
    answer = write_record(
        "revisit" if head_only else "response",
        block,
        target=message.address,
        date=message.at,
        content_type="application/http; msgtype=response",
        record_id=record_urn("response", record_id),
        more=more,
    )
    question = write_record(
        "request",
        message.request_head,
        target=message.address,
        date=message.at,
        content_type="application/http; msgtype=request",
        record_id=record_urn("request", record_id),
        more={"WARC-Concurrent-To": record_urn("response", record_id)},
    )
    # Written over what may lie there: a file that the store does not know was left by a crash.
    _write_file(data_dir, warc_path, message.address, answer + question)
    return KeptRecord(record_id=record_id, warc_path=warc_path)


def read_capture(data_dir: Path, capture: Capture) -> bytes:
    """Read a capture's bytes back and check them against its hash.

    Raises:
        StorageError: the file is missing, cannot be read, or holds other bytes.
    """
    path = data_dir / capture.warc_path
    try:
        data = _payload(path, capture)
    except (OSError, EOFError, ArchiveLoadFailed, SourceError) as error:
        raise StorageError(
            f"The capture {path} cannot be read. "
            "Restore it from a backup, or take the file in again."
        ) from error
    if hashlib.sha256(data).hexdigest() != capture.capture_id:
        raise StorageError(
            f"The capture {path} no longer holds the bytes that were kept. Restore it from a "
            "backup, or delete it and take the file in again."
        )
    return data


def _payload(path: Path, capture: Capture) -> bytes:
    with path.open("rb") as file:
        for record in ArchiveIterator(file, no_record_parse=True):
            if record.rec_type == "resource":
                return bytes(record.raw_stream.read())
            if record.rec_type == "response":
                _, headers, body = split_http(record.raw_stream.read())
                encodings = headers.get("content-encoding", "")
                return decode_body(body, encodings, max_bytes=capture.size_bytes)
    return b""


def read_headers(data_dir: Path, capture: Capture) -> dict[str, str]:
    """Read the headers that a capture's bytes were served with, in lower case.

    Empty for what was given as a file, and where the capture cannot be read.
    """
    try:
        with (data_dir / capture.warc_path).open("rb") as file:
            for record in ArchiveIterator(file, no_record_parse=True):
                if record.rec_type == "response":
                    return split_http(record.raw_stream.read())[1]
    except (OSError, EOFError, ArchiveLoadFailed, SourceError):
        return {}
    return {}


def _path_of(name: str) -> str:
    return f"captures/{name[:2]}/{name}.warc.gz"


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


def _write_file(data_dir: Path, warc_path: str, address: str, data: bytes) -> None:
    try:
        _write_whole(data_dir / warc_path, data)
    except OSError as error:
        raise StorageError(
            f"The capture of {address} could not be kept in {data_dir}: {error.strerror}. "
            "Free the disk or its permissions, or choose another place with --data-dir."
        ) from error


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
