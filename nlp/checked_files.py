"""Which large files were hashed and found good, so that not every search hashes them again.

A note holds for as long as the file's size, times and place on its disk stay what they were.
What changes bytes but none of these, such as a failing disk, is found by ``throughline doctor``
and ``throughline analyse``, which hash in full.
"""

import json
import tempfile
import time
from pathlib import Path

_NOTES = "checked.json"
_SETTLED_SECONDS = 2
"""A file that was written just now may be written to again within one tick of its clock."""


def checked_before(path: Path, sha256: str, folder: Path) -> bool:
    """Say whether a file, as it lies there now, was found to have this hash."""
    try:
        notes = json.loads((folder / _NOTES).read_text(encoding="utf-8"))
        return bool(notes[str(path)] == [sha256, *_stamp(path)])
    except (OSError, ValueError, KeyError, TypeError):
        return False


def note_checked(path: Path, sha256: str, folder: Path) -> None:
    """Note that a file has this hash; nothing is noted where the folder cannot be written."""
    try:
        stamp = _stamp(path)
        if time.time() - max(stamp[1], stamp[2]) / 1e9 < _SETTLED_SECONDS:
            return
        with tempfile.NamedTemporaryFile(
            "w", dir=folder, suffix=".new", delete=False, encoding="utf-8"
        ) as file:
            json.dump({str(path): [sha256, *stamp]}, file)
        Path(file.name).replace(folder / _NOTES)
    except OSError:
        # A data directory that is only read, or not made yet: the next start hashes again.
        return


def _stamp(path: Path) -> list[int]:
    held = path.stat()
    # The inode's time moves with every write, and cannot be set back as the file's own can.
    return [held.st_size, held.st_mtime_ns, held.st_ctime_ns, held.st_ino, held.st_dev]
