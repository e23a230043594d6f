"""Web archives that somebody gives us: the pages in a WARC file, one by one."""

import datetime as dt
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from warcio.exceptions import ArchiveLoadFailed

from corpus.errors import SourceError
from ingest.decode import decode_body
from ingest.warc import WarcRecord, ends_whole, read_records, split_http

_GZIP_MAGIC = b"\x1f\x8b"
_START = b"WARC/"
# What a page is dressed with; a document that is called so by its server is one all the same.
_TRIMMINGS = (
    "image/",
    "font/",
    "audio/",
    "video/",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/x-javascript",
    "application/font",
)
_DOCUMENT_MAGIC = (b"%PDF-", b"PK\x03\x04")


@dataclass(frozen=True, kw_only=True)
class ArchivedPage:
    """A page as an archive holds it."""

    address: str
    captured_at: dt.datetime | None
    data: bytes


def is_warc(data: bytes) -> bool:
    """Whether a file is a web archive, packed or not, by its first bytes."""
    if data.startswith(_GZIP_MAGIC):
        try:
            return zlib.decompressobj(31).decompress(data[:4096], len(_START)) == _START
        except zlib.error:
            return False
    return data.startswith(_START)


def read_archive(data: bytes, *, max_bytes: int) -> Iterator[ArchivedPage]:
    """Read the pages that an archive holds whole, in its order, the same bytes once.

    Questions, redirects, failures and answers that were cut short are no pages, nor are
    the pictures, styles and scripts that were kept with them.

    Raises:
        SourceError: it is damaged, or holds no page; the pages before the damage were given.
    """
    seen: set[str] = set()
    try:
        for record in read_records(data):
            page = _read_page(record, max_bytes)
            if page is None or sha256(page.data).hexdigest() in seen:
                continue
            seen.add(sha256(page.data).hexdigest())
            yield page
        if not ends_whole(data):  # warcio reads such a file up to there and says nothing
            raise EOFError
    except (ArchiveLoadFailed, OSError, EOFError, zlib.error, ValueError) as error:
        raise SourceError("is a web archive that breaks off or is damaged: get it anew") from error
    if not seen:
        raise SourceError("is a web archive without a page in it: give one that holds pages")


def _read_page(record: WarcRecord, max_bytes: int) -> ArchivedPage | None:
    if "warc-truncated" in record.headers:
        return None
    if record.kind == "resource":
        body = record.block
    elif record.kind == "response" and record.target.startswith("http"):
        status, headers, packed = split_http(record.block)
        if status != 200:
            return None
        if headers.get("transfer-encoding", "").lower() == "chunked":
            packed = _unchunk(packed)
        body = decode_body(packed, headers.get("content-encoding", ""), max_bytes=max_bytes)
        kind = headers.get("content-type", "").strip().lower()
        if kind.startswith(_TRIMMINGS) and not body.startswith(_DOCUMENT_MAGIC):
            return None
    else:
        return None
    address = record.target.removeprefix("file:///")
    return ArchivedPage(address=address, captured_at=_date(record), data=body)


def _unchunk(body: bytes) -> bytes:
    """Undo the chunking of an answer that was archived as it went over the wire."""
    out, rest = bytearray(), body
    while True:
        size_line, found, rest = rest.partition(b"\r\n")
        size = int(size_line.split(b";")[0].strip() or b"0", 16)
        if not found or size == 0:
            return bytes(out)
        out += rest[:size]
        rest = rest[size + 2 :]


def _date(record: WarcRecord) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(record.headers.get("warc-date", ""))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
