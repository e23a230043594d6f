"""The page of published snapshots: what can be cited, downloaded and named."""

from dataclasses import dataclass
from datetime import datetime

from corpus.snapshots.card import cite
from corpus.snapshots.manifest import SUMS, BrokenPackageError, Redaction
from corpus.snapshots.shelf import HeldSnapshot, list_held
from corpus.snapshots.tables import TABLES
from web.api.snapshots import FILES
from web.holdings import Library
from web.words import counted


@dataclass(frozen=True, kw_only=True)
class FileRow:
    """One file that can be downloaded."""

    name: str
    href: str
    size: str
    """In words, such as ``1.2 MB``."""


@dataclass(frozen=True, kw_only=True)
class TableRow:
    """One table, with its files."""

    name: str
    title: str
    rows: int
    files: tuple[FileRow, ...]


@dataclass(frozen=True, kw_only=True)
class SnapshotEntry:
    """One published snapshot."""

    name: str
    is_current: bool
    published: str
    """The day, in words."""
    manifest_sha256: str
    citation: str
    tables: tuple[TableRow, ...]
    others: tuple[FileRow, ...]
    """Files that are no tables."""
    withdrawn: tuple[Redaction, ...]
    withdrawn_words: str


@dataclass(frozen=True, kw_only=True)
class SnapshotsPage:
    """What ``snapshots.html`` shows."""

    current: str
    current_published: bool
    entries: tuple[SnapshotEntry, ...]
    broken: int
    """Snapshots whose files cannot be read."""


def build(library: Library) -> SnapshotsPage:
    """Gather the page, newest first."""
    current = library.snapshot
    entries, broken = [], 0
    for held in list_held(library.shelf_dir):
        try:
            entries.append(_entry(held, current))
        except BrokenPackageError:
            broken += 1
    return SnapshotsPage(
        current=current,
        current_published=any(entry.is_current for entry in entries),
        entries=tuple(entries),
        broken=broken,
    )


def _entry(held: HeldSnapshot, current: str) -> SnapshotEntry:
    manifest, withdrawn = held.manifest, held.redactions.documents
    published = datetime.fromisoformat(held.created_at)
    files = {name: _file(held, name) for name in (*held.files(), SUMS)}
    tables = tuple(
        TableRow(
            name=table.name,
            title=table.title,
            rows=manifest.tables[table.name].rows,
            files=tuple(
                files.pop(name)
                for name in (f"{table.name}.csv", f"{table.name}.parquet")
                if name in files
            ),
        )
        for table in TABLES
    )
    return SnapshotEntry(
        name=held.name,
        is_current=held.name == current,
        published=f"{published.day} {published:%B %Y}",
        manifest_sha256=manifest.sha256,
        citation=cite(manifest, published.year),
        tables=tables,
        others=tuple(files.values()),
        withdrawn=withdrawn,
        withdrawn_words=counted(len(withdrawn), "document"),
    )


def _file(held: HeldSnapshot, name: str) -> FileRow:
    try:
        size = (held.package / name).stat().st_size
    except OSError as error:
        raise BrokenPackageError(f"{held.name}/{name} is missing.") from error
    return FileRow(name=name, href=FILES.format(held.name) + name, size=_size(size))


def _size(size_bytes: int) -> str:
    if size_bytes < 1_000:
        return f"{size_bytes} bytes"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1_000:.1f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"
