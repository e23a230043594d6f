"""What a package says of itself: the manifest whose hash seals it, sums and redactions."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from corpus.errors import StorageError
from corpus.export_files import Cell, as_json, cell_text

FORMAT = 1
"""Raised whenever tables, columns or the way rows are hashed change."""

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
REDACTIONS = "redactions.json"


class BrokenPackageError(StorageError):
    """A snapshot's package is not what its manifest says, or cannot be read."""

    code = "broken-snapshot"


@dataclass(frozen=True, kw_only=True)
class SealedTable:
    """A table as it was when the package was written."""

    rows: int
    rows_sha256: str
    """Hash of the rows' own hashes, one after the other (:class:`RowsHash`)."""
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The identity of a package: its bytes' SHA-256 is the package's id."""

    format: int
    snapshot: str
    """The name of the content that the package holds, as answers give it."""
    codebook_version: str
    tagger_version: str
    model: str
    model_sha256: str
    tables: Mapping[str, SealedTable]
    files: Mapping[str, str]
    """Sealed files that are no tables → SHA-256."""

    def encode(self) -> bytes:
        """The bytes of ``manifest.json``: no clock, no machine, one order."""
        return (json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n").encode()

    @property
    def sha256(self) -> str:
        """The package's id."""
        return hashlib.sha256(self.encode()).hexdigest()

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read a package's manifest.

        Raises:
            BrokenPackageError: it is missing, malformed or of another format.
        """
        values = read_json(folder / MANIFEST)
        try:
            if values["format"] != FORMAT:
                raise BrokenPackageError(
                    f"The package in {folder.name} is of format {values['format']}; this "
                    f"Throughline reads {FORMAT}."
                )
            tables = {
                name: SealedTable(**{**table, "columns": tuple(table["columns"])})
                for name, table in values["tables"].items()
            }
            return cls(
                **{each.name: values[each.name] for each in fields(cls)} | {"tables": tables}
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise BrokenPackageError(f"{folder.name}/{MANIFEST} is malformed.") from error


@dataclass(frozen=True, kw_only=True)
class Redaction:
    """A document whose rows were taken out of a package after it was published."""

    document_id: str
    reason: str
    withdrawn_at: str
    """ISO 8601, UTC."""


@dataclass(frozen=True, kw_only=True)
class Redactions:
    """What a package lacks of what its manifest sealed; every row left out has its hash here."""

    documents: tuple[Redaction, ...] = ()
    rows: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    """Table → the row's place, from 0, as it was sealed → the row's SHA-256."""

    def rows_left(self, manifest: Manifest) -> dict[str, int]:
        """How many rows each table has, of those that a manifest sealed."""
        return {
            name: sealed.rows - len(self.rows.get(name, {}))
            for name, sealed in manifest.tables.items()
        }

    def encode(self, snapshot: str) -> bytes:
        """The bytes of ``redactions.json``."""
        values = {
            "snapshot": snapshot,
            "documents": [asdict(each) for each in self.documents],
            "rows": {
                table: [[place, digest] for place, digest in sorted(rows.items())]
                for table, rows in self.rows.items()
            },
        }
        return (json.dumps(values, indent=1, ensure_ascii=False) + "\n").encode()

    @classmethod
    def read(cls, folder: Path) -> "Redactions":
        """Read a package's redactions; none where the file is not there.

        Raises:
            BrokenPackageError: the file is malformed.
        """
        if not (folder / REDACTIONS).exists():
            return cls()
        values = read_json(folder / REDACTIONS)
        try:
            return cls(
                documents=tuple(Redaction(**each) for each in values["documents"]),
                rows={table: {p: d for p, d in rows} for table, rows in values["rows"].items()},  # noqa: C416 - checks that each is a pair
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BrokenPackageError(f"{folder.name}/{REDACTIONS} is malformed.") from error


class RowsHash:
    """Hashes a table's rows in order: SHA-256 over the SHA-256 of each row.

    A row is hashed as the JSON array of its CSV cells, so that anybody can hash it again
    from the CSV alone, and so that a row's hash can stand for a row that was taken out.
    """

    def __init__(self) -> None:
        """Begin with no rows."""
        self._hash = hashlib.sha256()
        self.rows = 0

    def add(self, row_sha256: bytes) -> None:
        """Take the hash of the next row."""
        self._hash.update(row_sha256)
        self.rows += 1

    def hexdigest(self) -> str:
        """The hash of all rows so far."""
        return self._hash.hexdigest()


def row_cells(row: Iterable[Cell]) -> list[str]:
    """A row's values as CSV cells."""
    return [cell_text(value) for value in row]


def row_sha256(cells: Sequence[str]) -> bytes:
    """Hash a row by its CSV cells; 32 bytes."""
    return hashlib.sha256(as_json(cells).encode()).digest()


def file_sha256(path: Path) -> str:
    """Hash a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums(folder: Path) -> None:
    """Write ``SHA256SUMS`` over every other file, for ``sha256sum --check``."""
    names = sorted(path.name for path in folder.iterdir() if path.name != SUMS)
    lines = [f"{file_sha256(folder / name)}  {name}\n" for name in names]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def read_sums(folder: Path) -> dict[str, str]:
    """Read ``SHA256SUMS``: name → SHA-256.

    Raises:
        BrokenPackageError: it is missing or malformed.
    """
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
        pairs = [line.split("  ", 1) for line in lines]
        return {name: digest for digest, name in pairs}
    except (OSError, ValueError) as error:
        raise BrokenPackageError(f"{folder.name}/{SUMS} is missing or malformed.") from error


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object.

    Raises:
        BrokenPackageError: it is missing, or is none.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BrokenPackageError(f"{path.parent.name}/{path.name} cannot be read.") from error
    if not isinstance(values, dict):
        raise BrokenPackageError(f"{path.parent.name}/{path.name} is not a JSON object.")
    return values
