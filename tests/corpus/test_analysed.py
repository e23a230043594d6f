"""Which passages are analysed, and what they may be found by."""

from pathlib import Path

from samples import make_document, make_review

from corpus.analysed import analysed_passage_ids, count_unanalysed, iter_analysed, names_digest
from corpus.store import open_store


def test_only_stamped_passages_of_current_versions_count(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    document, passages = make_document(["One.", "Two.", "Three."])
    store.add_document(document, passages)
    store.put_findings({p.passage_id: [] for p in passages[:2]}, tagger_version="t1")
    assert analysed_passage_ids(store) == sorted(p.passage_id for p in passages[:2])
    assert (count_unanalysed(store, "t1"), count_unanalysed(store, "t2")) == (1, 3)
    newer, _ = make_document(["One changed."])
    store.add_document(newer, make_document(["One changed."])[1])
    assert analysed_passage_ids(store) == []
    assert list(iter_analysed(store)) == []


def test_more_than_a_page_is_read_in_order_of_id_each_once(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    document, passages = make_document([f"Passage {number}." for number in range(2001)])
    store.add_document(document, passages)
    store.put_findings({p.passage_id: [] for p in passages}, tagger_version="t1")
    read = [passage.passage_id for passage in iter_analysed(store)]
    assert read == sorted(p.passage_id for p in passages) == analysed_passage_ids(store)


def test_a_passage_brings_its_titles_and_its_cases_names(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add_review(make_review("blue-house", case_names=("Ann",), aliases=("Baby Z", "Ann")))
    document, passages = make_document(["One."], review_id="blue-house", title="A report")
    store.add_document(document, passages)
    store.put_findings({passages[0].passage_id: []}, tagger_version="t1")
    (found,) = iter_analysed(store)
    assert (found.text, found.title) == ("One.", "A report")
    assert found.names == ("Serious case review: blue-house", "Ann", "Baby Z")


def test_names_have_one_digest_until_one_changes(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add_review(make_review("blue-house"))
    before = names_digest(store)
    assert names_digest(store) == before
    store.add_review(make_review("blue-house", aliases=("Baby Z",)))
    assert names_digest(store) != before
