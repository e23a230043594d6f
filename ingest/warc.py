"""WARC 1.1 records with blocks of our own bytes: written exactly, read back through warcio.

warcio writes HTTP heads anew from what it parsed; a capture must hold what was received.
"""

import datetime as dt
import gzip
import io
import re
import uuid
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from warcio.archiveiterator import ArchiveIterator

from corpus.errors import SourceError

_CHUNKED = re.compile(rb"^transfer-encoding(?=\s*:)", re.IGNORECASE | re.MULTILINE)
# Without a name or a time in it, the same record makes the same file.
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_START = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02"
_GZIP_SYSTEMS = b"\x03\xff\x00\x0a\x0b\x07"


@dataclass(frozen=True, kw_only=True)
class WarcRecord:
    """One record: its kind, its headers in lower case, and its block as it stands."""

    kind: str
    headers: Mapping[str, str]
    block: bytes

    @property
    def target(self) -> str:
        """The address that it is of."""
        return self.headers.get("warc-target-uri", "").strip("<>")


def http_block(head: bytes, body: bytes) -> bytes:
    """Join an HTTP message from its head as received and its body without chunking.

    So that no reader undoes the chunking again, its header is renamed as archives do.
    """
    return _CHUNKED.sub(b"X-Archive-Orig-Transfer-Encoding", head) + body


def split_http(block: bytes) -> tuple[int, dict[str, str], bytes]:
    """Take an HTTP answer apart: status, headers in lower case, body.

    Raises:
        SourceError: it has no status line.
    """
    head, _, body = block.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split()
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
        raise SourceError("holds an answer without a status line: it is damaged")
    headers: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers.setdefault(name.strip().lower(), value.strip())
    return int(words[1]), headers, body


def block_id(block: bytes) -> str:
    """Name a block by its content: SHA-256, in hexadecimal."""
    return sha256(block).hexdigest()


def record_urn(kind: str, name: str) -> str:
    """Make a record's id from what names it, so that the same record has the same one."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, f'{kind}:{name}')}>"


def write_record(
    kind: str,
    block: bytes,
    *,
    target: str,
    date: dt.datetime,
    content_type: str,
    record_id: str,
    more: Mapping[str, str] | None = None,
) -> bytes:
    """Write one record as one gzip member."""
    headers = {
        "WARC-Type": kind,
        "WARC-Record-ID": record_id,
        "WARC-Target-URI": re.sub(r"\s", "%20", target),
        "WARC-Date": date.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "WARC-Block-Digest": f"sha256:{block_id(block)}",
        **(more or {}),
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    }
    head = "WARC/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return gzip.compress(head.encode() + b"\r\n" + block + b"\r\n\r\n", mtime=0)


def read_records(data: bytes) -> Iterator[WarcRecord]:
    """Read the records of a WARC file, packed or not, in its order.

    Raises:
        ArchiveLoadFailed: it is no WARC, or damaged.
        OSError, EOFError: it breaks off, or its packing is damaged.
    """
    for record in ArchiveIterator(io.BytesIO(data), no_record_parse=True):
        yield WarcRecord(
            kind=record.rec_type,
            headers={name.lower(): value for name, value in record.rec_headers.headers},
            block=record.raw_stream.read(),
        )


def is_whole(data: bytes) -> bool:
    """Whether a file of ours is as it was written, to the byte, as far as it checks itself."""
    rest = data
    while rest:
        if not rest.startswith(_GZIP_START) or rest[9] not in _GZIP_SYSTEMS:
            return False
        rest = _after_member(rest)
    return bool(data)


def ends_whole(data: bytes) -> bool:
    """Whether a packed file ends where a record ends; what is not packed is taken for whole."""
    rest = data
    while rest.startswith(_GZIP_MAGIC):
        rest = _after_member(rest)
    return not rest.strip(b"\0") or not data.startswith(_GZIP_MAGIC)


def _after_member(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(31)
    try:
        unpacker.decompress(data)
    except zlib.error:
        return b"damaged"
    return unpacker.unused_data if unpacker.eof else b"damaged"
