"""Publishing snapshots and comparing them: the shelf with codebook and index brought to it."""

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from pathlib import Path

from corpus.errors import StaleIndexError
from corpus.export_files import Cell, as_json
from corpus.ids import digest
from corpus.quarantine import held_back_by_year
from corpus.snapshots.changes import CodebookFacts, FigureChange, Side, split_changes
from corpus.snapshots.create import Edition, create_snapshot
from corpus.snapshots.layers import FigureGroup, Figures, read_layers
from corpus.snapshots.manifest import read_json
from corpus.snapshots.shelf import HeldSnapshot, shelf_held
from corpus.snapshots.table_files import csv_rows
from corpus.snapshots.tables import FIGURES
from nlp.codebook import Codebook
from nlp.index import CURRENT, INDEX_FOLDER, current_name
from nlp.tagger import reader_version, tagger_version
from web.api.envelope import TOOL_VERSION
from web.counting import TOTAL, count_groups
from web.holdings import CODEBOOK_FOLDER, Library, PublishedLibrary
from web.shapes import theme_shape

_EDITION = "edition.json"
"""In the copy: what read the passages, apart from the codebook, and what was held back."""
HELD_BACK = "held_back"


def publish(library: Library, *, created_at: dt.datetime) -> tuple[HeldSnapshot, bool]:
    """Publish what a library holds now; gives the snapshot, and whether it is new.

    Raises:
        StorageError: it cannot be written; nothing of it is left.
        StaleIndexError: an analysis switched the index meanwhile.
    """
    with shelf_held(library.settings.data_dir), library.store.pinned():
        versions = library.versions
        edition = Edition(
            name=library.snapshot,
            codebook=codebook_facts(library.codebook),
            codebook_rows=list(codebook_rows(library.codebook)),
            rollup=library.rollup,
            tagger_version=versions.tagger,
            model=versions.model,
            model_sha256=versions.model_sha256,
        )
        held, new = create_snapshot(
            library.store,
            library.settings.data_dir,
            edition,
            created_at=created_at,
            tool_version=TOOL_VERSION,
            contact=library.settings.contact.strip(),
            fill_copy=lambda folder: _fill_copy(library, folder),
        )
    if new:
        # Answers that list snapshots have changed: a store's revision says so to every worker.
        with library.store.writing():
            pass
    return held, new


def compare(library: Library, before: str, after: str) -> list[FigureChange]:
    """Split what changed between two snapshots by its causes; ``current`` names what is held.

    Raises:
        SnapshotNotHeldError: one of them is not held.
    """
    sides = [side_of(library.at(None if name == "current" else name)) for name in (before, after)]
    return split_changes(*sides)


def codebook_facts(codebook: Codebook) -> CodebookFacts:
    """What of a codebook moves figures: its rows, and a hash of each theme's entry."""
    rows: dict[str, FigureGroup] = {}
    for by in ("top-theme", "theme"):
        for group in count_groups(codebook, by):
            each = FigureGroup("total" if group.key == TOTAL else by, group)
            rows.setdefault(group.key, each)
    return CodebookFacts(
        version=codebook.version,
        groups=tuple(rows.values()),
        entries={theme.theme_id: digest(theme_shape(theme)) for theme in codebook.themes},
    )


def codebook_rows(codebook: Codebook) -> Iterator[tuple[Cell, ...]]:
    """The rows of a package's table ``codebook``: each top theme, then its themes."""
    nothing = as_json([])
    for top in codebook.top_themes:
        lists = (nothing, nothing, nothing, nothing)
        yield (top.theme_id, "top", top.theme_id, top.label, top.definition, *lists, None)
        for theme in (codebook.theme(theme_id) for theme_id in top.theme_ids):
            yield (
                theme.theme_id,
                "residual" if theme.residual else str(theme.sort),
                theme.top_theme,
                theme.label,
                theme.definition,
                as_json(theme.include),
                as_json([{"when": each.when, "then": each.then} for each in theme.exclude]),
                as_json(theme.also_called),
                as_json([{"id": cue.cue_id, "phrase": cue.phrase} for cue in theme.cues]),
                None,
            )
    for retired in codebook.retired:
        lists = (nothing, nothing, nothing, nothing)
        yield (retired.theme_id, "retired", None, None, retired.reason, *lists, retired.successor)


def side_of(library: Library) -> Side:
    """What a library's figures are made of, for comparing it with another."""
    published = library.held if isinstance(library, PublishedLibrary) else None
    with library.store.pinned():
        return Side(
            name=library.snapshot,
            layers=read_layers(library.store),
            codebook=codebook_facts(library.codebook),
            reader=_reader(library),
            published=None if published is None else _published_figures(published),
        )


def held_back_in(library: Library, year: int) -> int | None:
    """How many documents dated in a year stand in quarantine, or stood when it was published.

    ``None`` for a snapshot that does not say.
    """
    by_year = (
        read_json(library.held.copy / _EDITION).get(HELD_BACK)
        if isinstance(library, PublishedLibrary)
        else held_back_by_year(library.store)
    )
    return None if by_year is None else int(by_year.get(str(year), 0))


def _reader(library: Library) -> str | None:
    if isinstance(library, PublishedLibrary):
        reader = read_json(library.held.copy / _EDITION).get("reader")
        return None if reader is None else str(reader)
    # What stands in the store may have been read by an earlier version than this.
    return reader_version() if library.versions.tagger == tagger_version() else None


def _published_figures(held: HeldSnapshot) -> dict[str, Figures]:
    return {
        key: Figures(int(machine), int(human), int(standing))
        for key, _, machine, human, standing in csv_rows(held.package, FIGURES)
    }


def _fill_copy(library: Library, folder: Path) -> None:
    _copy_tree(library.codebook_folder, folder / CODEBOOK_FOLDER)
    said = {
        "snapshot": library.snapshot,
        "reader": _reader(library),
        # The documents themselves stay out of every snapshot; how many there were is coverage.
        HELD_BACK: held_back_by_year(library.store),
    }
    (folder / _EDITION).write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
    name = current_name(library.settings.data_dir)
    if name is None:
        return
    index = library.settings.data_dir / INDEX_FOLDER / name
    try:
        # An index folder never changes, so a second name for its files is a copy of it.
        shutil.copytree(index, folder / INDEX_FOLDER / name, copy_function=_link)
    except FileNotFoundError as error:
        raise StaleIndexError(
            "The search index was switched while the snapshot was made. Run the same command again."
        ) from error
    (folder / INDEX_FOLDER / CURRENT).write_text(name + "\n", encoding="utf-8")


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        # Another file system, or one without hard links.
        shutil.copy2(source, target)


def _copy_tree(source: Traversable, target: Path) -> None:
    target.mkdir(parents=True)
    for entry in source.iterdir():
        if entry.is_dir():
            _copy_tree(entry, target / entry.name)
        elif entry.name.endswith(".toml"):
            (target / entry.name).write_bytes(entry.read_bytes())
