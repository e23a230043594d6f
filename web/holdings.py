"""The one place that opens what portal, API and command line answer from."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path

from corpus.settings import Settings
from corpus.snapshot import snapshot_id
from corpus.snapshots.manifest import BrokenPackageError
from corpus.snapshots.shelf import HeldSnapshot, find_held
from corpus.store import DATABASE_NAME, Store, open_store
from nlp.codebook import (
    Codebook,
    build_codebook,
    load_codebook,
    read_codebook_files,
    shipped_codebook,
)
from nlp.embed import MODEL_NAME, Encoder, LazyEncoder
from nlp.index import INDEX_FOLDER, read_manifest
from nlp.query_encoder import query_encoder
from nlp.search import Searcher

NOT_ANALYSED = "none"
"""Stands for a version where nothing has been analysed yet."""

CODEBOOK_FOLDER = "codebook"
"""Where a published snapshot's copy keeps the codebook it was coded with."""

_OPENED = 4
"""Published snapshots kept open at once; the one asked for longest ago is let go first."""


@dataclass(frozen=True, kw_only=True)
class Versions:
    """What produced the findings and vectors that are served."""

    codebook: str
    tagger: str
    model: str
    """Name of the encoder."""
    model_sha256: str
    analysed_at: str | None
    """When the index that is served was built: ISO 8601, UTC."""


class Library:
    """Store, codebook and search behind one door; safe to share between threads.

    Nothing is opened before it is needed: a page without a query loads no model.
    """

    def __init__(self, settings: Settings, *, encoder: LazyEncoder | None = None) -> None:
        """Open the store, creating or migrating it.

        Args:
            settings: where the data directory is.
            encoder: gives the encoder when a query first needs it; if absent, the one that
                was exported beside the index, or the shared one.

        Raises:
            StorageError: the data directory cannot be used.
        """
        self.settings = settings
        self.store: Store = open_store(settings.data_dir)
        self.encoder: LazyEncoder = encoder or self._query_encoder
        self._snapshot: tuple[tuple[int, Versions], str] | None = None
        self._published: OrderedDict[str, PublishedLibrary] = OrderedDict()
        self._opening = threading.Lock()

    def _query_encoder(self) -> Encoder:
        return query_encoder(self.settings.data_dir / INDEX_FOLDER)

    @property
    def shelf_dir(self) -> Path:
        """The data directory whose published snapshots can be named."""
        return self.settings.data_dir

    @property
    def codebook_folder(self) -> Traversable:
        """The files that the codebook is loaded from."""
        return shipped_codebook()

    @cached_property
    def codebook(self) -> Codebook:
        """The themes, as shipped."""
        return load_codebook()

    @property
    def rollup(self) -> Mapping[str, str]:
        """Sub-theme to top theme."""
        return self.codebook.rollup

    @cached_property
    def searcher(self) -> Searcher:
        """Search over the current index; loads the encoder with the first query."""
        return Searcher(
            self.store, self.settings.data_dir, self.encoder, codebook=lambda: self.codebook
        )

    @property
    def versions(self) -> Versions:
        """What the index now being served was made with."""
        manifest = read_manifest(self.settings.data_dir)
        return Versions(
            codebook=self.codebook.version,
            tagger=manifest.tagger_version if manifest else NOT_ANALYSED,
            model=MODEL_NAME,
            model_sha256=manifest.model_sha256 if manifest else NOT_ANALYSED,
            analysed_at=manifest.created_at if manifest else None,
        )

    @property
    def snapshot(self) -> str:
        """The name of what is held and served; worked out again only after a change."""
        versions = self.versions
        key = (self.store.revision, versions)
        cached = self._snapshot
        if cached is None or cached[0] != key:
            name = snapshot_id(
                self.store,
                codebook_version=versions.codebook,
                tagger_version=versions.tagger,
                model_sha256=versions.model_sha256,
            )
            self._snapshot = cached = (key, name)
        return cached[1]

    @property
    def current(self) -> "Library":
        """The library of what is held now: itself, unless it is of a published snapshot."""
        return self

    @property
    def withdrawn_since(self) -> int | None:
        """Documents withdrawn since a published snapshot was; ``None`` for what is current."""
        return None

    def at(self, snapshot: str | None) -> "Library":
        """The library as it was in a snapshot; itself for none, and for the current one's name.

        Args:
            snapshot: a snapshot's name, or the SHA-256 of its package's manifest.

        Raises:
            SnapshotNotHeldError: it is neither current nor published here; the error names
                those that are.
            BrokenPackageError: its copy is lacking.
        """
        if not snapshot or snapshot == self.snapshot:
            return self
        held = find_held(self.shelf_dir, snapshot, current=self.snapshot)
        with self._opening:
            if held.name not in self._published:
                self._published[held.name] = PublishedLibrary(self, held)
            self._published.move_to_end(held.name)
            while len(self._published) > _OPENED:
                self._published.popitem(last=False)
            return self._published[held.name]


class PublishedLibrary(Library):
    """A published snapshot: its own store, index and codebook, under its own name."""

    def __init__(self, current: Library, held: HeldSnapshot) -> None:
        """Open the copy that stands beside the package.

        Raises:
            BrokenPackageError: there is none.
        """
        if not (held.copy / DATABASE_NAME).is_file():
            raise BrokenPackageError(
                f"The snapshot {held.name} is held as files only: the copy to answer from is "
                "lacking."
            )
        super().__init__(replace(current.settings, data_dir=held.copy), encoder=current.encoder)
        self.held = held
        self._current = current

    @property
    def shelf_dir(self) -> Path:
        """The shelf that it stands on: other snapshots can be named beside it."""
        return self._current.shelf_dir

    @property
    def codebook_folder(self) -> Traversable:
        """The files of the codebook of the time."""
        return self.held.copy / CODEBOOK_FOLDER

    @cached_property
    def codebook(self) -> Codebook:
        """The themes as they were.

        Raises:
            InvalidInputError: this Throughline cannot read a codebook of that form.
        """
        return build_codebook(read_codebook_files(self.codebook_folder))

    @property
    def snapshot(self) -> str:
        """The name it was published under, also after a withdrawal."""
        return self.held.name

    @property
    def current(self) -> Library:
        """The library that it was opened from."""
        return self._current

    def at(self, snapshot: str | None) -> Library:
        """Another snapshot, or the current library; itself for none."""
        return self._current.at(snapshot) if snapshot else self

    @property
    def withdrawn_since(self) -> int | None:
        """Documents withdrawn since it was published."""
        return len(self.held.redactions.documents)
