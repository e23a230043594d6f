"""Publishing a snapshot: a package beside a copy to answer from, whole or not at all."""

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import InvalidInputError
from corpus.export_files import Cell
from corpus.snapshots import tables
from corpus.snapshots.captures import write_captures
from corpus.snapshots.card import Description
from corpus.snapshots.changes import CodebookFacts
from corpus.snapshots.copying import copy_store
from corpus.snapshots.coverage import read_coverage
from corpus.snapshots.describe import (
    DATAPACKAGE,
    datapackage,
    encode_datapackage,
    write_descriptions,
)
from corpus.snapshots.layers import count_figures, read_layers
from corpus.snapshots.manifest import FORMAT, MANIFEST, Manifest, SealedTable, write_sums
from corpus.snapshots.rows import (
    capture_rows,
    document_rows,
    finding_rows,
    judgement_rows,
    passage_rows,
    review_rows,
)
from corpus.snapshots.shelf import (
    COPY,
    POINTER,
    SHELF,
    HeldSnapshot,
    new_folder,
    sync,
    sync_tree,
    writing_files,
)
from corpus.snapshots.table_files import write_table
from corpus.store import Store

_FIRST = "package-1"


@dataclass(frozen=True, kw_only=True)
class Edition:
    """What a snapshot is made of besides the store."""

    name: str
    """The name of the content, as answers give it."""
    codebook: CodebookFacts
    codebook_rows: Sequence[Sequence[Cell]]
    """For the table ``codebook``, in its columns' order."""
    rollup: Mapping[str, str]
    """Sub-theme → top theme."""
    tagger_version: str
    model: str
    model_sha256: str


def create_snapshot(
    store: Store,
    data_dir: Path,
    edition: Edition,
    *,
    created_at: dt.datetime,
    tool_version: str,
    contact: str,
    fill_copy: Callable[[Path], None],
) -> tuple[HeldSnapshot, bool]:
    """Publish what a store holds now.

    Call it within :meth:`Store.pinned`, and that within
    :func:`corpus.snapshots.shelf.shelf_held`.

    Everything is written beside the shelf's folders and renamed into place, so that a run
    that is killed leaves nothing half made; a second run waits for the first. Rows are
    read and written a few at a time. A snapshot that is held already is left as it is:
    what is published never changes.

    Args:
        store: what is held.
        data_dir: where the shelf is.
        edition: names, versions and the codebook's part.
        created_at: when; not part of what is sealed.
        tool_version: of Throughline.
        contact: where to ask for a withdrawal.
        fill_copy: puts index and codebook beside the copied store.

    Returns:
        The snapshot, and whether it is new.

    Raises:
        StorageError: it cannot be written; nothing of it is left.
    """
    root = data_dir / SHELF
    folder = root / edition.name
    with writing_files(root), new_folder(root) as making:
        if (folder / POINTER).is_file():
            return HeldSnapshot(folder), False
        package = making / _FIRST
        package.mkdir()
        manifest = _write_package(store, package, edition)
        said = Description(
            created_at=created_at,
            tool_version=tool_version,
            contact=contact,
            coverage=read_coverage(store),
        )
        write_descriptions(package, manifest, said)
        write_sums(package)
        copy_store(store, making / COPY)
        fill_copy(making / COPY)
        (making / POINTER).write_text(_FIRST + "\n", encoding="utf-8")
        sync_tree(making)
        making.rename(folder)
        folder.chmod(0o755)
        sync(root)
    return HeldSnapshot(folder), True


def copy_package(held: HeldSnapshot, out: Path) -> Path:
    """Copy a package's public files into a new folder of ``out``; returns the folder.

    Raises:
        InvalidInputError: the folder is there already.
        StorageError: it cannot be written; nothing of it is left.
    """
    folder = out / f"throughline-{held.name}"
    if folder.exists():
        raise InvalidInputError(f"{folder} is there already. Move it away, or name another --out.")
    with writing_files(out):
        out.mkdir(parents=True, exist_ok=True)
        aside = out / f".{folder.name}.part"
        shutil.rmtree(aside, ignore_errors=True)
        try:
            shutil.copytree(held.package, aside)
            sync_tree(aside)
            aside.rename(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return folder


def _write_package(store: Store, folder: Path, edition: Edition) -> Manifest:
    figures = count_figures(read_layers(store), edition.codebook.groups)
    rows = {
        tables.REVIEWS: review_rows(store),
        tables.DOCUMENTS: document_rows(store),
        tables.PASSAGES: passage_rows(store),
        tables.FINDINGS: finding_rows(store, edition.rollup),
        tables.JUDGEMENTS: judgement_rows(store, edition.rollup),
        tables.CODEBOOK: edition.codebook_rows,
        tables.FIGURES: (
            (each.group.key, each.by, one.machine, one.human_checked, one.standing)
            for each in edition.codebook.groups
            for one in [figures[each.group.key]]
        ),
    }
    sealed: dict[str, SealedTable] = {
        table.name: write_table(folder, table, of_table) for table, of_table in rows.items()
    }
    write_captures(folder, capture_rows(store))
    described = encode_datapackage(datapackage(edition.name, sealed))
    (folder / DATAPACKAGE).write_bytes(described)
    manifest = Manifest(
        format=FORMAT,
        snapshot=edition.name,
        codebook_version=edition.codebook.version,
        tagger_version=edition.tagger_version,
        model=edition.model,
        model_sha256=edition.model_sha256,
        tables=sealed,
        files={DATAPACKAGE: hashlib.sha256(described).hexdigest()},
    )
    (folder / MANIFEST).write_bytes(manifest.encode())
    return manifest
