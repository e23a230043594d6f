"""Taking documents out of a published package: rows go, their hashes stay, the id stands."""

import os
import shutil
from collections.abc import Collection
from pathlib import Path

from corpus.snapshots.captures import CAPTURES, write_captures
from corpus.snapshots.describe import DATAPACKAGE, restate_rows
from corpus.snapshots.manifest import (
    REDACTIONS,
    SUMS,
    Manifest,
    Redaction,
    Redactions,
    row_cells,
    row_sha256,
    write_sums,
)
from corpus.snapshots.shelf import (
    HeldSnapshot,
    new_folder,
    point_at,
    sync,
    sync_tree,
    writing_files,
)
from corpus.snapshots.table_files import TableFiles, csv_rows, parquet_rows
from corpus.snapshots.tables import DOCUMENTS, TABLES, Table


def redact_package(
    held: HeldSnapshot,
    document_ids: Collection[str],
    *,
    review_ids: Collection[str] = (),
    reason: str,
    at: str,
) -> bool:
    """Take the rows of documents, and records of reviews, out of a held package.

    A new package folder is written beside the present one and switched to in one step;
    then the present one is removed. Killed at any point, one of the two stands whole.

    Args:
        held: the snapshot.
        document_ids: documents to take out; those it does not hold are passed over.
        review_ids: reviews whose own records go too.
        reason: a sentence that readers will see.
        at: when, ISO 8601.

    Returns:
        Whether it held any of them.

    Raises:
        BrokenPackageError: the package cannot be read.
        StorageError: it cannot be written; what was there stands.
    """
    present = held.package
    mine = {row[0] for row in csv_rows(present, DOCUMENTS)} & set(document_ids)
    if not mine:
        _remove_others(held)
        return False
    before = Redactions.read(present)
    doomed = {"document_id": mine, "review_id": set(review_ids)}
    with writing_files(held.folder), new_folder(held.folder) as folder:
        gone = {
            table.name: dict(before.rows.get(table.name, {})) | removed
            for table in TABLES
            if (removed := _rewrite(present, folder, table, doomed, before))
            or before.rows.get(table.name)
        }
        write_captures(folder, (row for row in csv_rows(present, CAPTURES) if row[0] not in mine))
        stones = [
            Redaction(document_id=one, reason=reason, withdrawn_at=at) for one in sorted(mine)
        ]
        after = Redactions(documents=(*before.documents, *stones), rows=gone)
        (folder / REDACTIONS).write_bytes(after.encode(held.name))
        left = after.rows_left(Manifest.read(present))
        described = restate_rows((present / DATAPACKAGE).read_bytes(), left)
        (folder / DATAPACKAGE).write_bytes(described)
        _carry_over(present, folder)
        write_sums(folder)
        sync_tree(folder)
        name = f"package-{int(present.name.rpartition('-')[2]) + 1}"
        # Left by one that was killed before it was pointed at.
        shutil.rmtree(held.folder / name, ignore_errors=True)
        folder.chmod(0o755)
        folder.rename(held.folder / name)
        sync(held.folder)
        point_at(held.folder, name)
        _remove_others(held)
    return True


def _rewrite(
    present: Path,
    folder: Path,
    table: Table,
    doomed: dict[str, set[str]],
    before: Redactions,
) -> dict[int, str]:
    """Write a table without the doomed rows; returns place and hash of each that went.

    A table without any is left for :func:`_carry_over`.
    """
    # Only a review's own record goes with the review: its other documents stay.
    column = "review_id" if table.name == "reviews" else "document_id"
    at, ids = table.place_of(column), doomed[column]
    if at is None or not ids:
        return {}
    gone: dict[int, str] = {}
    place, lacking = 0, before.rows.get(table.name, {})
    with TableFiles(folder, table) as files:
        for row in parquet_rows(present, table):
            while place in lacking:
                place += 1
            if row[at] in ids:
                gone[place] = row_sha256(row_cells(row)).hex()
            else:
                files.add(row)
            place += 1
    return gone


def _carry_over(present: Path, folder: Path) -> None:
    """Link every file that was not written anew: it is the same."""
    for path in present.iterdir():
        if not (folder / path.name).exists() and path.name != SUMS:
            os.link(path, folder / path.name)


def _remove_others(held: HeldSnapshot) -> None:
    """Remove package folders that are no longer, or never were, pointed at."""
    served = held.package.name
    for path in held.folder.glob("package-*"):
        if path.name != served:
            shutil.rmtree(path)
