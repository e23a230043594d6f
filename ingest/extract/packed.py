"""Documents that are ZIP archives inside: what they may unpack to."""

import io
import zipfile

from ingest.extracted import ExtractFailedError

_MAX_UNPACKED_BYTES = 300_000_000
_MAX_PART_BYTES = 60_000_000
"""For one part of text: a parsed tree takes many times its size. Pictures are not parsed."""
_MAX_PARTS = 20_000
_TEXT_PARTS = (".xml", ".rels")


def open_packed(data: bytes) -> zipfile.ZipFile:
    """Open a document's archive, after adding up what its parts would unpack to.

    An archive that lies about a part's size is found out when that part is read: no more
    than the stated size is unpacked, and its checksum fails.

    Raises:
        ExtractFailedError: it unpacks to more than any document holds.
        zipfile.BadZipFile: it is no archive, or is cut short.
    """
    archive = zipfile.ZipFile(io.BytesIO(data))
    parts = archive.infolist()
    largest = max((p.file_size for p in parts if p.filename.endswith(_TEXT_PARTS)), default=0)
    unpacked = sum(part.file_size for part in parts)
    if unpacked > _MAX_UNPACKED_BYTES or largest > _MAX_PART_BYTES or len(parts) > _MAX_PARTS:
        raise ExtractFailedError(
            "limit", "unpacks to more than any document holds: save it again, or as PDF"
        )
    return archive
