"""Packed files whose bytes say nothing of when they were written."""

import io
import re
import zipfile
from collections.abc import Callable

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_DATES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")


def without_clock(data: bytes, *, stated_at: str) -> bytes:
    """Pack an office file anew: equal content gives equal bytes, whenever it is written.

    Args:
        data: the file as its library wrote it.
        stated_at: what its properties say of when it was made: ISO 8601, UTC, with ``Z``.
    """

    def restated(name: str, part: bytes) -> bytes:
        if name != _CORE:
            return part
        return _DATES.sub(rb"\g<1>" + stated_at.encode() + rb"\g<3>", part)

    return packed(_parts(data, restated))


def packed(parts: dict[str, bytes]) -> bytes:
    """Pack parts in the order given, each with the same date and rights."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # else the system that writes it stands in the bytes
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, part)
    return written.getvalue()


def _parts(data: bytes, restated: Callable[[str, bytes], bytes]) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: restated(name, archive.read(name)) for name in archive.namelist()}
