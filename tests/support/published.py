"""Invented snapshots, published in a line."""

import datetime as dt
from pathlib import Path

from corpus.count_table import ThemeGroup
from corpus.snapshot import snapshot_id
from corpus.snapshots.changes import CodebookFacts
from corpus.snapshots.create import Edition, create_snapshot
from corpus.snapshots.layers import FigureGroup
from corpus.snapshots.shelf import HeldSnapshot
from corpus.store import Store

PUBLISHED_AT = dt.datetime(2026, 3, 4, 5, 6, 7, tzinfo=dt.UTC)

THEMES = ("not-shared-between-agencies", "siloed-decisions")


def make_facts(version: str = "c1", **entries: str) -> CodebookFacts:
    """A codebook of two themes under one top theme; ``entries`` changes what they say."""
    top = FigureGroup("top-theme", ThemeGroup(key="top", themes=THEMES))
    own = [FigureGroup("theme", ThemeGroup(key=theme, themes=(theme,))) for theme in THEMES]
    said = {theme: entries.get(theme.replace("-", "_"), "as it was") for theme in THEMES}
    return CodebookFacts(version=version, groups=(top, *own), entries=said)


def publish_store(
    store: Store,
    data_dir: Path,
    *,
    created_at: dt.datetime = PUBLISHED_AT,
    contact: str = "corrections@example.org",
    tool_version: str = "0",
) -> HeldSnapshot:
    """Publish a store with that codebook, and no index."""
    with store.pinned():
        name = snapshot_id(store, codebook_version="c1", tagger_version="t1", model_sha256="m")
        edition = Edition(
            name=name,
            codebook=make_facts(),
            codebook_rows=[
                (theme, "theme", "top", theme, "A definition.", "[]", "[]", "[]", "[]", None)
                for theme in THEMES
            ],
            rollup=dict.fromkeys(THEMES, "top"),
            tagger_version="t1",
            model="a model",
            model_sha256="m",
        )
        held, _ = create_snapshot(
            store,
            data_dir,
            edition,
            created_at=created_at,
            tool_version=tool_version,
            contact=contact,
            fill_copy=lambda _folder: None,
        )
    return held
