"""The one place that opens what portal, API and command line answer from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from corpus.settings import Settings
from corpus.snapshot import snapshot_id
from corpus.store import Store, open_store
from nlp.codebook import Codebook, load_codebook
from nlp.embed import MODEL_NAME, Encoder, shared_encoder
from nlp.index import read_manifest
from nlp.search import Searcher

NOT_ANALYSED = "none"
"""Stands for a version where nothing has been analysed yet."""


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

    def __init__(self, settings: Settings) -> None:
        """Open the store, creating or migrating it.

        Raises:
            StorageError: the data directory cannot be used.
        """
        self.settings = settings
        self.store: Store = open_store(settings.data_dir)
        self._snapshot: tuple[tuple[int, Versions], str] | None = None

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
        return Searcher(self.store, self.settings.data_dir, _encoder)

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


def _encoder() -> Encoder:
    return shared_encoder()
