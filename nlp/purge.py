"""Taking withdrawn passages out of the index, so that no folder of it holds their words."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from corpus.analysed import iter_analysed, names_digest
from corpus.errors import ModelError, StaleIndexError, StorageError
from corpus.store import Store
from nlp.build_index import BUILDING, IndexStamp, WriteBeside, build_index
from nlp.embed import Vectors
from nlp.facet_columns import columns_writer
from nlp.grow_index import names_writer
from nlp.index import CURRENT, INDEX_FOLDER, SearchIndex, current_name, open_index
from nlp.theme_rows import marks_in, marks_of_findings, open_theme_rows, write_theme_rows


def purge_index(store: Store, data_dir: Path) -> int:
    """Serve an index of what the store still holds, and remove every older one.

    Vectors are carried over, so that no model is loaded. An index that cannot be read
    is removed whole: ``throughline analyse`` builds another.

    Returns:
        How many passages are indexed now.

    Raises:
        StorageError: the index folder cannot be written.
    """
    root = data_dir / INDEX_FOLDER
    try:
        served = open_index(data_dir)
    except StaleIndexError:
        _remove_folders(root, keep=None)
        return 0
    manifest = served.manifest
    known = set(served.iter_ids())
    columns = columns_writer(store)
    built = build_index(
        data_dir,
        (passage for passage in iter_analysed(store) if passage.passage_id in known),
        stamp=IndexStamp(
            model_sha256=manifest.model_sha256,
            tagger_version=manifest.tagger_version,
            codebook_version=manifest.codebook_version,
            names_sha256=names_digest(store),
            model_name=manifest.model_name,
        ),
        encode=_refuse,
        known=[served.vectors_of],
        beside=[columns, names_writer(store), _marks_writer(store, served)],
    )
    # The one before stays for readers after an ordinary build; here it must not.
    _remove_folders(root, keep=current_name(data_dir))
    return built.passages


def _marks_writer(store: Store, served: SearchIndex) -> WriteBeside:
    held = marks_in(open_theme_rows(served.folder, len(served)), served.rows_of)
    known = [held, marks_of_findings(store)]
    return write_theme_rows(known, judged=marks_of_findings(store, judged=True))


def _remove_folders(root: Path, *, keep: str | None) -> None:
    if not root.is_dir():
        return
    try:
        if keep is None:
            (root / CURRENT).unlink(missing_ok=True)
        for folder in root.iterdir():
            # A folder that is being built is its builder's; it reads the store as it is now.
            building = keep is not None and folder.name.startswith(BUILDING)
            if folder.is_dir() and folder.name != keep and not building:
                shutil.rmtree(folder)
    except OSError as error:
        raise StorageError(
            f"An old search index in {root} could not be removed: {error.strerror}. Free its "
            "permissions and run the same command again."
        ) from error


def _refuse(texts: Sequence[str]) -> Vectors:
    raise ModelError(f"{len(texts)} passages of the index have no vector. Run: throughline analyse")
