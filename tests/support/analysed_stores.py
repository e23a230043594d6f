"""Stores of invented passages, analysed in a line."""

from collections.abc import Sequence
from pathlib import Path

from fakes import FakeEncoder
from keyword_tagger import KeywordTagger
from samples import make_document

from corpus.model import Passage
from corpus.store import Store, open_store
from nlp.analyse import AnalyseReport, analyse


class PlainCodebook:
    """Has a version, which is all that analysis asks of a codebook."""

    version = "0.1.0+test"


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
        codebook=PlainCodebook(),
        everything=everything,
        batch_size=2,
        encoder=FakeEncoder,
        model_sha256=FakeEncoder.model_sha256,
    )
