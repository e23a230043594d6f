"""A watched folder: nothing is fetched, and the files in it are taken in where they lie.

A crawl asks hosts, never files. What takes in files from the command line walks a folder of
this source too; this module only says which of its files are meant.
"""

import datetime as dt
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from corpus.errors import SourceError
from ingest.source import Source
from ingest.spiders.listing import FetchedPage, Listing, PassedOver

OPTIONS = {
    "names": "patterns such as *.pdf, one of which a file's name must match; else every file",
}


@dataclass(frozen=True, kw_only=True)
class FolderListing:
    """What a watched folder holds, in the order of its paths."""

    files: tuple[Path, ...]
    passed_over: tuple[PassedOver, ...]
    """``address`` is the path below the folder."""


def start(source: Source, since: dt.date | None) -> Sequence[str]:  # noqa: ARG001 - nothing to ask
    """Give no address: a watched folder is walked and not fetched."""
    return ()


def read(source: Source, page: FetchedPage) -> Listing:  # noqa: ARG001 - it is never asked
    """Refuse a page: no address can belong to a watched folder.

    Raises:
        SourceError: always.
    """
    raise SourceError(f"was fetched for {source.source_id!r}, which is a folder and asks no host")


def list_files(source: Source, data_dir: Path, since: dt.date | None = None) -> FolderListing:
    """List the files of a watched folder.

    Args:
        source: ``start`` names its folders, each absolute or below ``data_dir``; of the
            latter, one that is not there is one that nothing was put into yet.
        data_dir: where the store is.
        since: only files that were changed on this day or later, by the clock of this machine.

    Raises:
        SourceError: a folder is not there or cannot be read.
    """
    files: list[Path] = []
    passed_over: list[PassedOver] = []
    for named in source.start:
        path_named = Path(named).expanduser()
        folder = data_dir / path_named
        if not path_named.is_absolute() and not folder.exists():
            continue
        if not folder.is_dir():
            raise SourceError(
                f"The folder {folder} of the source {source.source_id!r} is not there: make it, "
                "or mend the source's file."
            )
        for path in _walk(folder):
            reason = _refusal(source, folder, path, since)
            if reason:
                below = path.relative_to(folder).as_posix()
                passed_over.append(PassedOver(address=below, reason=reason))
            else:
                files.append(path)
    return FolderListing(files=tuple(files), passed_over=tuple(passed_over))


def _walk(folder: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise SourceError(f"The folder {folder} cannot be read: {error}.") from error

    for root, folders, names in os.walk(folder, onerror=refuse):
        folders.sort()  # os.walk goes on in this order
        yield from (Path(root, name) for name in sorted(names))


def _refusal(source: Source, folder: Path, path: Path, since: dt.date | None) -> str | None:
    if any(part.startswith(".") for part in path.relative_to(folder).parts):
        return "is hidden: its name begins with a dot"
    if not path.resolve().is_relative_to(folder.resolve()):
        return "is a link that leads out of the folder"
    if not path.is_file():
        return "is no file, or a link that leads nowhere"
    names = source.options.get("names")
    if names and not any(fnmatchcase(path.name.lower(), name.lower()) for name in names):
        return "has none of the names that this source keeps"
    changed = dt.datetime.fromtimestamp(path.stat().st_mtime).astimezone().date()
    if since and changed < since:
        return f"was last changed before {since.isoformat()}"
    return None
