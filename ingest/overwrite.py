"""Captures of what was withdrawn: their bytes go, and a WARC record says that they went."""

import datetime as dt
import io
import os
import uuid
from pathlib import Path

from warcio.warcwriter import WARCWriter

from corpus.errors import StorageError
from corpus.store import Store
from corpus.withdrawals import captures_to_overwrite, mark_overwritten

_NOTE = (
    "withdrawn: yes\r\n"
    "note: The bytes that were kept here were withdrawn. When and why is in the store.\r\n"
)
_CHUNK = 1 << 20


def overwrite_withdrawn(store: Store, data_dir: Path, *, at: dt.datetime) -> int:
    """Overwrite every capture that a withdrawal named and that still holds its bytes.

    The old bytes are zeroed where they lie before the file is replaced by one that holds
    a WARC ``metadata`` record alone. Interrupted anywhere, it can be run again.

    Returns:
        How many captures were overwritten.

    Raises:
        StorageError: a file cannot be written; those before it are done.
    """
    waiting = captures_to_overwrite(store)
    for capture_id, warc_path in waiting:
        path = data_dir / warc_path
        try:
            _zero(path)
            _replace(path, _withdrawal_record(capture_id, at))
        except OSError as error:
            raise StorageError(
                f"The capture {warc_path} could not be overwritten: {error.strerror}. Free its "
                "permissions or the disk, and run the same command again."
            ) from error
        mark_overwritten(store, capture_id, at)
    return len(waiting)


def _withdrawal_record(capture_id: str, at: dt.datetime) -> bytes:
    body = _NOTE.encode("ascii")
    written = io.BytesIO()
    writer = WARCWriter(written, gzip=True)
    record = writer.create_warc_record(
        f"urn:sha256:{capture_id}",
        "metadata",
        payload=io.BytesIO(body),
        length=len(body),
        warc_content_type="application/warc-fields",
        warc_headers_dict={
            "WARC-Date": at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, 'gone ' + capture_id)}>",
        },
    )
    writer.write_record(record)
    return written.getvalue()


def _zero(path: Path) -> None:
    if not path.exists():
        return  # killed after the capture was noted and before it was kept
    with path.open("r+b") as file:
        left = path.stat().st_size
        while left > 0:
            left -= file.write(b"\0" * min(left, _CHUNK))
        file.flush()
        os.fsync(file.fileno())


def _replace(path: Path, data: bytes) -> None:
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
