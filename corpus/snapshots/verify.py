"""Checking a package: every hash is worked out again, and what differs is named."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.export_files import read_csv_cells
from corpus.snapshots.describe import DATAPACKAGE, restate_rows
from corpus.snapshots.manifest import (
    MANIFEST,
    SUMS,
    BrokenPackageError,
    Manifest,
    Redactions,
    RowsHash,
    SealedTable,
    file_sha256,
    read_sums,
    row_cells,
    row_sha256,
)
from corpus.snapshots.table_files import csv_name, csv_rows, parquet_name, parquet_rows
from corpus.snapshots.tables import TABLES, Table


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check found."""

    snapshot: str
    manifest_sha256: str
    faults: tuple[str, ...]
    """A sentence for each thing that is off, naming the file; empty where nothing is."""
    rows: int
    """Rows whose hashes were worked out again, each in both of its files."""
    redacted_documents: int
    redacted_rows: int

    @property
    def ok(self) -> bool:
        """Whether the package is what its manifest says."""
        return not self.faults


def verify_package(folder: Path, *, expected: str | None = None) -> Verdict:
    """Work every hash of a package out again: of files, of tables and of each row.

    Rows that were withdrawn stand by the hashes that ``redactions.json`` has of them, and
    ``datapackage.json`` by its sealed bytes once the sealed numbers of rows are put back.

    Args:
        folder: the package's files.
        expected: the name or the manifest's SHA-256 that it should have.

    Raises:
        BrokenPackageError: it has no manifest that could be read.
    """
    manifest = Manifest.read(folder)
    digest = file_sha256(folder / MANIFEST)
    faults = list(_identity_faults(manifest, digest, expected))
    try:
        redactions = Redactions.read(folder)
    except BrokenPackageError as error:
        redactions = Redactions()
        faults.append(str(error))
    faults += _file_faults(folder, manifest, redactions)
    for table in TABLES:
        faults += _table_faults(folder, table, manifest, redactions)
    return Verdict(
        snapshot=manifest.snapshot,
        manifest_sha256=digest,
        faults=tuple(dict.fromkeys(faults)),
        rows=sum(table.rows for table in manifest.tables.values()),
        redacted_documents=len(redactions.documents),
        redacted_rows=sum(len(rows) for rows in redactions.rows.values()),
    )


def _identity_faults(manifest: Manifest, digest: str, expected: str | None) -> Iterator[str]:
    if manifest.sha256 != digest:
        yield f"{MANIFEST}: it is not written as a manifest of this format is."
    if expected is not None and expected not in {manifest.snapshot, digest}:
        yield f"{MANIFEST}: it is of {manifest.snapshot} ({digest}), not of {expected}."


def _file_faults(folder: Path, manifest: Manifest, redactions: Redactions) -> Iterator[str]:
    try:
        sums = read_sums(folder)
    except BrokenPackageError as error:
        yield str(error)
        sums = {}
    needed = {MANIFEST, *manifest.files}
    needed |= {name for table in TABLES for name in (csv_name(table), parquet_name(table))}
    for name in sorted(needed - set(sums)):
        yield f"{name}: {SUMS} does not name it."
    for name, digest in sums.items():
        yield from _differs(folder, name, digest, SUMS)
    for name, digest in manifest.files.items():
        if name != DATAPACKAGE or not _restates(folder / name, digest, manifest, redactions):
            yield from _differs(folder, name, digest, MANIFEST)
    for path in sorted(folder.iterdir()):
        if path.name not in sums and path.name != SUMS:
            yield f"{path.name}: {SUMS} does not name it."


def _restates(path: Path, digest: str, manifest: Manifest, redactions: Redactions) -> bool:
    """Whether a file is the sealed one but for the rows that a withdrawal left."""
    sealed = {name: table.rows for name, table in manifest.tables.items()}
    try:
        encoded = path.read_bytes()
        stands = restate_rows(encoded, redactions.rows_left(manifest)) == encoded
        return stands and hashlib.sha256(restate_rows(encoded, sealed)).hexdigest() == digest
    except (OSError, BrokenPackageError):
        return False


def _differs(folder: Path, name: str, digest: str, says: str) -> Iterator[str]:
    path = folder / name
    if Path(name).name != name or not path.is_file():
        yield f"{name}: it is missing."
    elif file_sha256(path) != digest:
        yield f"{name}: its bytes are not those that {says} says."


def _table_faults(
    folder: Path, table: Table, manifest: Manifest, redactions: Redactions
) -> Iterator[str]:
    sealed = manifest.tables.get(table.name)
    if sealed is None:
        yield f"{MANIFEST}: it does not name the table {table.name}."
        return
    lacking = redactions.rows.get(table.name, {})
    try:
        names = next(read_csv_cells(folder / csv_name(table)), [])
        if tuple(names) != sealed.columns:
            yield f"{csv_name(table)}: its columns are not those that {MANIFEST} says."
        if not _agrees(csv_rows(folder, table), sealed, lacking):
            yield f"{csv_name(table)}: its rows are not those that {MANIFEST} says."
    except (OSError, UnicodeDecodeError, ValueError) as error:
        yield f"{csv_name(table)}: it cannot be read ({error})."
    try:
        cells = (row_cells(row) for row in parquet_rows(folder, table))
        if not _agrees(cells, sealed, lacking):
            yield f"{parquet_name(table)}: its rows are not those that {MANIFEST} says."
    except (OSError, ValueError) as error:
        yield f"{parquet_name(table)}: it cannot be read ({error})."


def _agrees(rows: Iterable[Sequence[str]], sealed: SealedTable, lacking: Mapping[int, str]) -> bool:
    """Whether rows, with the hashes of those withdrawn in their places, hash as sealed."""
    hashed, rest = RowsHash(), iter(rows)
    for place in range(sealed.rows):
        withdrawn = lacking.get(place)
        if withdrawn is not None:
            hashed.add(bytes.fromhex(withdrawn))
            continue
        row = next(rest, None)
        if row is None:
            return False
        hashed.add(row_sha256(row))
    return next(rest, None) is None and hashed.hexdigest() == sealed.rows_sha256
