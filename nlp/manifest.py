"""What an index says of itself: made of which passages, by which model, in which format."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from corpus.errors import StaleIndexError

FORMAT_VERSION = 2
"""Raised whenever files, fields, analyser or precision change; older indexes are rebuilt."""

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class FileStamp:
    """What a file of an index was when it was written."""

    size_bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The identity of one immutable index folder."""

    format_version: int
    model_name: str
    model_sha256: str
    precision: str
    dimension: int
    passages: int
    """How many there are; the same in ids, words and vectors."""
    passages_sha256: str
    """Hash of the sorted passage ids (:func:`hash_passage_ids`)."""
    names_sha256: str
    """Hash of the titles and names that passages may be found by besides their text."""
    tagger_version: str
    codebook_version: str
    created_at: str
    """ISO 8601, UTC."""
    files: Mapping[str, FileStamp]
    """Every other file of the folder by its path in it; sizes are compared at each opening."""

    def write(self, folder: Path) -> None:
        """Write ``manifest.json`` into a folder."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"
        (folder / MANIFEST).write_text(text, encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read a folder's ``manifest.json``.

        Raises:
            FileNotFoundError: the folder is not there, or no longer.
            StaleIndexError: it is malformed, or of another format version.
        """
        text = (folder / MANIFEST).read_text(encoding="utf-8")
        try:
            values = json.loads(text)
            if values["format_version"] == FORMAT_VERSION:
                files = {path: FileStamp(**one) for path, one in values["files"].items()}
                known = {field.name: values[field.name] for field in fields(cls)}
                return cls(**known | {"files": files})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StaleIndexError(
                f"The manifest of the search index {folder.name} is malformed. "
                "Rebuild the index with: throughline analyse"
            ) from error
        raise StaleIndexError(
            f"The search index {folder.name} is of format {values['format_version']}; this "
            f"Throughline reads {FORMAT_VERSION}. Rebuild it with: throughline analyse"
        )


def stamp_files(folder: Path, known: Mapping[str, FileStamp] | None = None) -> dict[str, FileStamp]:
    """Read every file of a folder, and of the folders in it, but for the manifest.

    Args:
        folder: the index folder.
        known: stamps of files that were linked, not written; taken where the size agrees.
    """
    stamps: dict[str, FileStamp] = {}
    for path in index_files(folder):
        name = path.relative_to(folder).as_posix()
        size = path.stat().st_size
        at_hand = (known or {}).get(name)
        if at_hand is not None and at_hand.size_bytes == size:
            stamps[name] = at_hand
            continue
        with path.open("rb") as file:
            stamps[name] = FileStamp(size, hashlib.file_digest(file, "sha256").hexdigest())
    return stamps


def index_files(folder: Path) -> list[Path]:
    """The files that make an index; not its manifest, nor locks and notes of tantivy's own."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST and not path.name.startswith(".")
    )


def hash_passage_ids(passage_ids: Iterable[str]) -> str:
    """Hash a set of passage ids, given sorted; 64 hexadecimal characters.

    Ids are of one length, so that running them together is not ambiguous.
    """
    hashed = hashlib.sha256()
    for passage_id in passage_ids:
        hashed.update(passage_id.encode())
    return hashed.hexdigest()
