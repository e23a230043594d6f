"""How snapshots, checks and changes look in JSON: the same for API and command line."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from corpus.snapshots.card import cite
from corpus.snapshots.changes import FigureChange
from corpus.snapshots.manifest import SUMS, BrokenPackageError
from corpus.snapshots.shelf import HeldSnapshot, find_held, list_held
from web.api.envelope import how_to_cite
from web.holdings import Library
from web.shapes import Json


def snapshots_shape(library: Library) -> list[Json]:
    """What ``snapshot=`` can name: what is held now, then what was published, newest first.

    A snapshot whose package cannot be read is left out; ``throughline doctor`` names it.
    """
    library = library.current
    current = library.snapshot
    shaped = []
    for held in list_held(library.shelf_dir):
        try:
            shaped.append(snapshot_shape(held, current=current))
        except BrokenPackageError:
            continue
    if all(each["snapshot"] != current for each in shaped):
        shaped.insert(0, _unpublished(library))
    return shaped


def snapshot_shape(held: HeldSnapshot, *, current: str | None) -> Json:
    """One published snapshot.

    Raises:
        BrokenPackageError: its package cannot be read.
    """
    manifest = held.manifest
    return {
        "snapshot": held.name,
        "current": held.name == current,
        "published_at": held.created_at,
        "manifest_sha256": manifest.sha256,
        "codebook_version": manifest.codebook_version,
        "tagger_version": manifest.tagger_version,
        "rows": {name: table.rows for name, table in manifest.tables.items()},
        "withdrawn": [asdict(each) for each in held.redactions.documents],
        "how_to_cite": cite(manifest, datetime.fromisoformat(held.created_at).year),
    }


def snapshot_detail_shape(library: Library, name: str, *, files_at: str) -> Json:
    """One snapshot with its files; what is held now has none until it is published.

    Args:
        library: whose shelf.
        name: a snapshot's name, or the SHA-256 of its manifest.
        files_at: the address under which a snapshot's files are, ``{}`` standing for its name.

    Raises:
        SnapshotNotHeldError: it is neither current nor published here.
        BrokenPackageError: its package cannot be read.
    """
    library = library.current
    current = library.snapshot
    if name == current and all(each.name != name for each in list_held(library.shelf_dir)):
        return _unpublished(library) | {"files": []}
    held = find_held(library.shelf_dir, name, current=current)
    where = files_at.format(held.name)
    return snapshot_shape(held, current=current) | {"files": _files_shape(held, where)}


def changes_shape(before: str, after: str, changes: Sequence[FigureChange]) -> Json:
    """What changed between two snapshots, figure by figure, each split by its causes."""
    return {
        "before": before,
        "after": after,
        "changes": [
            {
                "key": change.key,
                "by": change.by,
                "figure": change.figure,
                "before": change.before,
                "after": change.after,
                "change": change.after - change.before,
                **change.parts,
            }
            for change in changes
        ],
    }


def _unpublished(library: Library) -> Json:
    versions = library.versions
    return {
        "snapshot": library.snapshot,
        "current": True,
        "published_at": None,
        "manifest_sha256": None,
        "codebook_version": versions.codebook,
        "tagger_version": versions.tagger,
        "rows": {},
        "withdrawn": [],
        "how_to_cite": how_to_cite(library, library.snapshot),
    }


def _files_shape(held: HeldSnapshot, where: str) -> list[Json]:
    package = held.package
    sums = held.files()
    return [
        {
            "name": name,
            "href": f"{where}{name}",
            "size_bytes": (package / name).stat().st_size,
            "sha256": sums.get(name),
        }
        for name in (*sums, SUMS)
        if (package / name).is_file()
    ]
