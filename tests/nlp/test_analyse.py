"""Analysis: every passage read once, nothing lost, the index brought up to date."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from analysed_stores import analyse_store, fill_store, small_codebook
from fakes import FakeEncoder
from keyword_tagger import KeywordTagger, KeywordTags
from samples import make_document, make_review

from corpus.analysed import analysed_passage_ids, count_unanalysed, iter_analysed
from corpus.errors import ModelError
from corpus.model import Kind
from corpus.store import Store, open_store
from nlp.analyse import analyse
from nlp.embed import Vectors
from nlp.index import current_name, open_index, read_manifest

TEXTS = [
    "They thought that consent was needed.",
    "Mae hi'n bwrw glaw heddiw.",
    "The weather was fine.",
    "Without consent nothing was passed on.",
    "The clinic rang.",
]


class FragileTagger(KeywordTagger):
    """Fails at its third batch."""

    def tag(self, texts: Sequence[str], kinds: Sequence[Kind]) -> list[KeywordTags]:
        if len(self.read) >= 4:
            raise RuntimeError("The power went.")
        return super().tag(texts, kinds)


class CountingEncoder(FakeEncoder):
    """Keeps what it was asked to encode."""

    read: tuple[str, ...] = ()

    def encode(self, texts: Sequence[str]) -> Vectors:
        CountingEncoder.read += tuple(texts)
        return super().encode(texts)


def analyse_counting(store: Store, data_dir: Path, tagger: KeywordTagger) -> tuple[str, ...]:
    CountingEncoder.read = ()
    analyse(
        store,
        data_dir,
        tagger=tagger,
        codebook=small_codebook(),
        batch_size=2,
        encoder=CountingEncoder,
        model_sha256=FakeEncoder.model_sha256,
    )
    return CountingEncoder.read


def test_findings_are_stored_and_everything_is_indexed(tmp_path: Path) -> None:
    store, passages = fill_store(tmp_path, TEXTS)
    report = analyse_store(store, tmp_path)
    assert (report.seen, report.tagged, dict(report.untagged)) == (5, 2, {"other-language": 1})
    assert (report.indexed, report.index_rebuilt) == (5, True)
    found = store.machine_findings([passage.passage_id for passage in passages])
    assert set(found) == {passages[0].passage_id, passages[3].passage_id}
    (finding,) = found[passages[0].passage_id]
    assert finding.tagger_version == "keyword-1"
    assert finding.support == ("CON-001",)
    assert passages[0].text[finding.evidence[0].start : finding.evidence[0].end] == "consent"
    assert list(open_index(tmp_path).iter_ids()) == sorted(p.passage_id for p in passages)


def test_a_second_run_reads_nothing_and_keeps_the_index(tmp_path: Path) -> None:
    store, _ = fill_store(tmp_path, TEXTS)
    analyse_store(store, tmp_path)
    name, tagger = current_name(tmp_path), KeywordTagger()
    report = analyse_store(store, tmp_path, tagger)
    assert (report.seen, report.index_rebuilt, tagger.read) == (0, False, [])
    assert current_name(tmp_path) == name


def test_only_what_is_new_is_read_and_nothing_is_encoded_twice(tmp_path: Path) -> None:
    store, _ = fill_store(tmp_path, TEXTS)
    analyse_store(store, tmp_path)
    before = open_index(tmp_path)
    document, new = make_document(["The school wrote."], identity="file:new")
    store.add_document(document, new)
    tagger = KeywordTagger()
    assert analyse_counting(store, tmp_path, tagger) == ()
    assert tagger.read == ["The school wrote."]
    after = open_index(tmp_path)
    old_ids = list(before.iter_ids())
    assert {k: v.tolist() for k, v in after.vectors_of(old_ids).items()} == {
        k: v.tolist() for k, v in before.vectors_of(old_ids).items()
    }


def test_a_new_tagger_reads_everything_again(tmp_path: Path) -> None:
    store, _ = fill_store(tmp_path, TEXTS)
    analyse_store(store, tmp_path)
    report = analyse_store(store, tmp_path, KeywordTagger("keyword-2"))
    assert (report.seen, report.index_rebuilt) == (5, True)
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert manifest.tagger_version == "keyword-2"


def test_everything_is_done_again_on_request(tmp_path: Path) -> None:
    store, _ = fill_store(tmp_path, TEXTS)
    analyse_store(store, tmp_path)
    report = analyse_store(store, tmp_path, everything=True)
    assert (report.seen, report.index_rebuilt) == (5, True)


def test_a_crash_loses_at_most_a_batch_and_the_next_run_goes_on(tmp_path: Path) -> None:
    store, passages = fill_store(tmp_path, TEXTS)
    with pytest.raises(RuntimeError, match="power"):
        analyse_store(store, tmp_path, FragileTagger())
    assert analysed_passage_ids(store) == sorted(p.passage_id for p in passages[:4])
    tagger = KeywordTagger()
    encoded = analyse_counting(store, tmp_path, tagger)
    assert tagger.read == TEXTS[4:]
    assert set(encoded) >= set(TEXTS[:4]), "their vectors went with the crash"
    assert TEXTS[4] not in encoded
    assert len(open_index(tmp_path)) == 5


def test_another_model_reuses_no_vector(tmp_path: Path) -> None:
    store, _ = fill_store(tmp_path, TEXTS)
    analyse_store(store, tmp_path)

    class OtherEncoder(CountingEncoder):
        model_sha256 = "1" * 64

    analyse(
        store,
        tmp_path,
        tagger=KeywordTagger(),
        codebook=small_codebook(),
        encoder=OtherEncoder,
        model_sha256=OtherEncoder.model_sha256,
    )
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    assert manifest.model_sha256 == OtherEncoder.model_sha256
    with pytest.raises(ModelError, match="not the one"):
        analyse(
            store,
            tmp_path,
            tagger=KeywordTagger(),
            codebook=small_codebook(),
            encoder=OtherEncoder,
            model_sha256="2" * 64,
        )


def test_a_broken_index_is_built_again_from_the_store(tmp_path: Path) -> None:
    store, _ = fill_store(tmp_path, TEXTS)
    analyse_store(store, tmp_path)
    name = current_name(tmp_path)
    assert name is not None
    (tmp_path / "index" / name / "vectors.faiss").write_bytes(b"nonsense")
    assert analyse_store(store, tmp_path).index_rebuilt
    assert len(open_index(tmp_path)) == 5


def test_a_new_name_of_a_case_rebuilds_the_words(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    review = make_review("blue-house")
    store.add_review(review)
    document, passages = make_document(TEXTS, review_id=review.review_id)
    store.add_document(document, passages)
    analyse_store(store, tmp_path)
    store.add_review(make_review("blue-house", aliases=("Baby Z",)))
    tagger = KeywordTagger()
    assert analyse_counting(store, tmp_path, tagger) == ()
    assert tagger.read == []
    assert next(iter(iter_analysed(store))).names[-1] == "Baby Z"


def test_progress_counts_up_to_the_whole(tmp_path: Path) -> None:
    store, _ = fill_store(tmp_path, TEXTS)
    assert count_unanalysed(store, "keyword-1") == 5
    told: list[tuple[int, int]] = []
    analyse(
        store,
        tmp_path,
        tagger=KeywordTagger(),
        codebook=small_codebook(),
        batch_size=2,
        progress=lambda done, total: told.append((done, total)),
        encoder=FakeEncoder,
        model_sha256=FakeEncoder.model_sha256,
    )
    assert told == [(2, 5), (4, 5), (5, 5)]


def test_an_empty_store_gives_an_empty_index(tmp_path: Path) -> None:
    report = analyse_store(open_store(tmp_path), tmp_path)
    assert (report.seen, report.indexed, report.index_rebuilt) == (0, 0, True)


def test_a_few_new_passages_are_added_to_the_index_that_is_served(tmp_path: Path) -> None:
    texts = [f"Passage {number} about consent." for number in range(20)]
    store, _ = fill_store(tmp_path / "grown", texts)
    analyse_store(store, tmp_path / "grown")
    before = open_index(tmp_path / "grown")
    document, passages = make_document(["One more.", "And consent."], identity="file:more")
    for folder in ("grown", "whole"):
        store, _ = fill_store(tmp_path / folder, texts)
        store.add_document(document, passages)
        analyse_store(store, tmp_path / folder)
    grown, whole = open_index(tmp_path / "grown"), open_index(tmp_path / "whole")
    assert grown.row_of is not None
    assert whole.row_of is None
    vectors = "vectors.faiss"
    assert grown.manifest.files[vectors] == before.manifest.files[vectors]
    assert grown.manifest.passages_sha256 == whole.manifest.passages_sha256
    rows = np.arange(len(whole), dtype=np.int64)
    assert np.array_equal(grown.vectors.rows(rows), whole.vectors.rows(rows))
