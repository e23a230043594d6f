"""Stores of invented passages, analysed in a line."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from fakes import FakeEncoder
from keyword_tagger import KeywordTagger
from samples import make_document

from corpus.model import Passage
from corpus.store import Store, open_store
from nlp.analyse import AnalyseReport, analyse
from nlp.codebook import Codebook, load_codebook


def small_codebook() -> Codebook:
    """The codebook that ships, with three of its themes: quick to encode."""
    whole = load_codebook()
    kept = ("consent-treated-as-required", "data-protection-fear", "checks-not-made")
    return replace(whole, themes=tuple(theme for theme in whole.themes if theme.theme_id in kept))


def fill_store(
    data_dir: Path, texts: Sequence[str], **document: object
) -> tuple[Store, list[Passage]]:
    """A store with one document of these passages."""
    store = open_store(data_dir)
    made, passages = make_document(texts, **document)  # type: ignore[arg-type]  # as above
    store.add_document(made, passages)
    return store, passages


def analyse_store(
    store: Store, data_dir: Path, tagger: KeywordTagger | None = None, *, everything: bool = False
) -> AnalyseReport:
    return analyse(
        store,
        data_dir,
        tagger=tagger or KeywordTagger(),
        codebook=small_codebook(),
        everything=everything,
        batch_size=2,
        encoder=FakeEncoder,
        model_sha256=FakeEncoder.model_sha256,
    )
