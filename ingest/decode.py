"""Undo a response's compression without being flooded by it."""

import zlib
from collections.abc import Sequence

from corpus.errors import SourceError

_MAX_LAYERS = 2
_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 16


def decode_body(body: bytes, encodings: str, *, max_bytes: int) -> bytes:
    """Unpack a body by its ``Content-Encoding``.

    Only gzip is asked for. A body that is not what the header says is given back as it
    came: what it is, its own first bytes decide later.

    Args:
        body: as received, without chunking.
        encodings: the header's value; empty for none.
        max_bytes: the most that may come out.

    Raises:
        SourceError: more would come out, and reading stopped there; or an encoding that
            was not asked for, too many layers, a body that breaks off.
    """
    layers = [name.strip().lower() for name in encodings.split(",") if name.strip()]
    layers = [name for name in layers if name != "identity"]
    _check_layers(layers)
    for name in reversed(layers):
        if name == "deflate" or body.startswith(_GZIP_MAGIC):
            body = _unpack(body, name, max_bytes)
    return body


def _check_layers(layers: Sequence[str]) -> None:
    if len(layers) > _MAX_LAYERS:
        raise SourceError(f"is packed {len(layers)} times over")
    for name in layers:
        if name not in ("gzip", "x-gzip", "deflate"):
            raise SourceError(f"is packed as {name!r}, which was not asked for")


def _unpack(body: bytes, name: str, max_bytes: int) -> bytes:
    # 47 reads gzip and zlib heads; some servers' "deflate" has no head at all.
    headless = name == "deflate" and body[:1] not in (b"\x78", b"\x1f")
    unpacker = zlib.decompressobj(-15 if headless else 47)
    out = bytearray()
    rest = body
    try:
        while rest and not unpacker.eof:
            out += unpacker.decompress(rest, _CHUNK)
            rest = unpacker.unconsumed_tail
            if len(out) > max_bytes:
                raise SourceError(
                    f"unpacks to more than {max_bytes // 1_000_000} MB, the most that is taken in"
                )
    except zlib.error as error:
        raise SourceError("is packed wrongly and cannot be unpacked") from error
    if not unpacker.eof:
        raise SourceError("breaks off in the middle")
    return bytes(out)
