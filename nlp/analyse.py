"""Analysis: every new passage is tagged, encoded and indexed, a batch at a time."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from corpus.analysed import (
    analysed_passage_ids,
    count_unanalysed,
    iter_analysed,
    names_digest,
    read_analysed,
)
from corpus.errors import ModelError, StaleIndexError
from corpus.ids import PassageId
from corpus.model import Code, Finding, Kind, Passage, Span
from corpus.store import Store
from nlp.build_index import IndexStamp, KnownVectors, WriteBeside, build_index
from nlp.codebook import Codebook
from nlp.embed import MODEL_SHA256, LazyEncoder, MiniLmEncoder, Vectors, shared_encoder
from nlp.facet_columns import columns_writer
from nlp.grow_index import MovedError, can_grow, grow_index, names_stayed, names_writer
from nlp.index import INDEX_FOLDER, SearchIndex, damaged_files, open_index
from nlp.manifest import hash_passage_ids
from nlp.query_encoder import export_query_encoder, exported_file
from nlp.query_themes import load_theme_phrases
from nlp.theme_rows import (
    KnownMarks,
    Marks,
    mark_names,
    marks_in,
    marks_of_findings,
    open_theme_rows,
    to_marks,
    write_theme_rows,
)

EVERY_VERSION = ""
"""No tagger is called this, so that every passage counts as not analysed by it."""


class CodeFound(Protocol):
    """What a tagger says of one theme in one passage."""

    @property
    def code(self) -> Code:
        """Theme, stance, level and attribution."""
        ...

    @property
    def score(self) -> float:
        """Calibrated, 0 to 1."""
        ...

    @property
    def confident(self) -> bool:
        """Whether it is shown and counted by default."""
        ...

    @property
    def evidence(self) -> tuple[Span, ...]:
        """Where in the passage it stands."""
        ...

    @property
    def support(self) -> tuple[str, ...]:
        """Ids of the cues and rules it rests on."""
        ...


class PassageTags(Protocol):
    """What a tagger says of one passage."""

    @property
    def codes(self) -> Sequence[CodeFound]:
        """Its codes; none is an answer too."""
        ...

    @property
    def untagged(self) -> str | None:
        """Why the tagger declined, such as ``other-language``."""
        ...

    @property
    def theme_scores(self) -> Mapping[str, float]:
        """Every theme's score, 0 to 1, found or not; may be empty."""
        ...

    @property
    def vector(self) -> Vectors:
        """The encoder's vector of the whole text, shape (DIMENSION,)."""
        ...


class TagsPassages(Protocol):
    """Anything that tags passages: the tagger, or a small one in tests."""

    @property
    def version(self) -> str:
        """What findings are stamped with; differs whenever findings may."""
        ...

    def tag(self, texts: Sequence[str], kinds: Sequence[Kind]) -> Sequence[PassageTags]:
        """Tag passages; same order."""
        ...


@dataclass(frozen=True, kw_only=True)
class AnalyseReport:
    """What one run did."""

    seen: int
    """Passages handed to the tagger."""
    tagged: int
    """Those it gave at least one code, confident or possible."""
    untagged: Mapping[str, int] = field(default_factory=dict)
    """Those it declined, by reason; the rest were read and hold no theme."""
    indexed: int
    """Passages in the index that is served now."""
    index_rebuilt: bool
    """``False`` where the index was up to date and kept."""


def analyse(
    store: Store,
    data_dir: Path,
    *,
    tagger: TagsPassages,
    codebook: Codebook,
    everything: bool = False,
    batch_size: int = 64,
    progress: Callable[[int, int], None] | None = None,
    encoder: LazyEncoder = shared_encoder,
    model_sha256: str = MODEL_SHA256,
) -> AnalyseReport:
    """Tag what this tagger has not seen, then bring the index up to date.

    Findings are written batch by batch: a crash loses at most one batch, and the next run
    goes on from there. Text is encoded once, by the tagger, and never again while an
    index holds its vector. In memory at once: the passages still to be read, and 810
    bytes for the vector and the themes of each one tagged in this run.

    Args:
        store: what is held.
        data_dir: where the index lies.
        tagger: gives codes and vectors.
        codebook: its version goes into the index's manifest; its phrases, as vectors, lie
            beside the index.
        everything: tag every passage again, and build the index anew.
        batch_size: passages the tagger takes at a time.
        progress: told (done, total) after each batch.
        encoder: asked only for what has no vector yet: passages stamped earlier that no
            index holds, and the phrases of a new codebook.
        model_sha256: the hash of the weights behind the tagger's vectors.

    Raises:
        StorageError: store or index cannot be written; finished batches are kept.
        ModelError: the encoder is not the one whose hash was given.
    """
    fresh = _Fresh()
    counts = Counter[str]()
    version = EVERY_VERSION if everything else tagger.version
    total = count_unanalysed(store, version)
    for batch in _batches(store.iter_unanalysed(version), batch_size):
        reasons = _analyse_batch(store, tagger, batch, fresh, counts)
        counts.update(f"untagged:{reason}" for reason in reasons.values())
        if progress:
            progress(len(fresh.vectors), total)
    stamp = IndexStamp(
        model_sha256=model_sha256,
        tagger_version=tagger.version,
        codebook_version=codebook.version,
        names_sha256=names_digest(store),
    )
    indexed, rebuilt = _update_index(store, data_dir, stamp, fresh, encoder, force=everything)
    if rebuilt:
        # Made now, with the encoder at hand, so that the first query need not wait for it.
        load_theme_phrases(
            data_dir / INDEX_FOLDER,
            codebook,
            model_sha256=model_sha256,
            encode=lambda texts: _encode(encoder, model_sha256, texts),
        )
    if indexed:
        _export_encoder(data_dir, encoder)
    if fresh.vectors:
        store.gather_statistics()
    return AnalyseReport(
        seen=len(fresh.vectors),
        tagged=counts["tagged"],
        untagged={
            name.removeprefix("untagged:"): count
            for name, count in sorted(counts.items())
            if name.startswith("untagged:")
        },
        indexed=indexed,
        index_rebuilt=rebuilt,
    )


@dataclass(frozen=True)
class _Fresh:
    """What this run read of each passage, for the index."""

    vectors: dict[str, npt.NDArray[np.float16]] = field(default_factory=dict)
    marks: dict[str, Marks] = field(default_factory=dict)


def _analyse_batch(
    store: Store,
    tagger: TagsPassages,
    batch: Sequence[tuple[Passage, Kind]],
    fresh: "_Fresh",
    counts: Counter[str],
) -> dict[PassageId, str]:
    tagged = tagger.tag([passage.text for passage, _ in batch], [kind for _, kind in batch])
    findings: dict[PassageId, list[Finding]] = {}
    reasons: dict[PassageId, str] = {}
    names = mark_names()
    for (passage, _), tags in zip(batch, tagged, strict=True):
        passage_id = passage.passage_id
        findings[passage_id] = [_finding(passage_id, one, tagger.version) for one in tags.codes]
        if tags.untagged:
            reasons[passage_id] = tags.untagged
        counts["tagged"] += bool(tags.codes)
        # In the precision that the index keeps: half the memory, the same answers.
        fresh.vectors[passage_id] = np.asarray(tags.vector, dtype=np.float16)
        stances = ((one.code.stance.value, one.score) for one in tags.codes)
        fresh.marks[passage_id] = to_marks(tags.theme_scores, stances, names)
    store.put_findings(findings, tagger_version=tagger.version, untagged=reasons)
    return reasons


def _finding(passage_id: PassageId, found: CodeFound, version: str) -> Finding:
    return Finding(
        passage_id=passage_id,
        code=found.code,
        confident=found.confident,
        score=found.score,
        evidence=found.evidence,
        support=found.support,
        tagger_version=version,
    )


def _update_index(
    store: Store,
    data_dir: Path,
    stamp: IndexStamp,
    fresh: "_Fresh",
    encoder: LazyEncoder,
    *,
    force: bool,
) -> tuple[int, bool]:
    """Build the index where it is out of date; returns its size and whether it was built."""
    # Made first: what is written from now on is read again by whoever opens the index.
    beside = [columns_writer(store), names_writer(store)]
    served = None if force else _served_index(data_dir)
    beside.append(_theme_rows(store, fresh, served))
    known: list[KnownVectors] = [
        lambda ids: {
            one: fresh.vectors[one].astype(np.float32) for one in ids if one in fresh.vectors
        }
    ]
    if served is not None and served.manifest.model_sha256 == stamp.model_sha256:
        wanted = analysed_passage_ids(store)
        same = hash_passage_ids(wanted) == served.manifest.passages_sha256
        if same and stamp.made(served.manifest):
            return len(served), False
        known.append(served.vectors_of)
        new = _only_new(served, wanted)
        if can_grow(served, len(new)) and names_stayed(served, store):
            with suppress(MovedError):
                manifest = grow_index(
                    data_dir,
                    served,
                    read_analysed(store, new),
                    stamp=stamp,
                    encode=lambda texts: _encode(encoder, stamp.model_sha256, texts),
                    known=known,
                    beside=beside,
                )
                return manifest.passages, True
    manifest = build_index(
        data_dir,
        iter_analysed(store),
        stamp=stamp,
        encode=lambda texts: _encode(encoder, stamp.model_sha256, texts),
        known=known,
        beside=beside,
    )
    return manifest.passages, True


def _theme_rows(store: Store, fresh: "_Fresh", served: SearchIndex | None) -> WriteBeside:
    known: list[KnownMarks] = [
        lambda ids: {one: fresh.marks[one] for one in ids if one in fresh.marks}
    ]
    if served is not None:
        known.append(marks_in(open_theme_rows(served.folder, len(served)), served.rows_of))
    known.append(marks_of_findings(store))
    return write_theme_rows(known, judged=marks_of_findings(store, judged=True))


def _only_new(served: SearchIndex, wanted: Sequence[str]) -> list[str]:
    """What an index lacks; nothing where it also holds what is wanted no more."""
    new = [wanted[at] for at in np.flatnonzero(served.rows_of(wanted) < 0).tolist()]
    return new if len(wanted) - len(new) == len(served) else []


def _export_encoder(data_dir: Path, encoder: LazyEncoder) -> None:
    folder = data_dir / INDEX_FOLDER
    if exported_file(folder) is None and isinstance(loaded := encoder(), MiniLmEncoder):
        # Without it every search loads torch: slower, and doctor says so.
        with suppress(ModelError, ImportError):
            export_query_encoder(folder, loaded)


def _served_index(data_dir: Path) -> SearchIndex | None:
    try:
        served = open_index(data_dir)
    except StaleIndexError:
        # None yet, or broken: built from the store alone.
        return None
    return None if damaged_files(served) else served


def _encode(encoder: LazyEncoder, model_sha256: str, texts: Sequence[str]) -> Vectors:
    loaded = encoder()
    if loaded.model_sha256 != model_sha256:
        raise ModelError(
            "The encoder is not the one that the tagger was trained on. Run: make install"
        )
    return loaded.encode(texts)


def _batches(
    passages: Iterator[tuple[Passage, Kind]], size: int
) -> Iterator[list[tuple[Passage, Kind]]]:
    while batch := list(islice(passages, size)):
        yield batch
