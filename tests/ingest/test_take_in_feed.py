"""Feeds, end to end: an invented one with every trap of the real one, and the real one."""

import json
import re
from pathlib import Path

import pytest

from corpus.model import Document, Kind, LicenceTier
from corpus.store import Store, open_store
from ingest.report import IngestReport
from ingest.take_in import ingest_paths

EXAMPLES = Path(__file__).parents[1] / "examples" / "feed"
INVENTED = EXAMPLES / "injected.rss"
REAL = Path(__file__).parents[3] / "shared" / "input" / "community-care-information-sharing.rss"
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")

needs_real_feed = pytest.mark.skipif(not REAL.exists(), reason="the real feed is not beside us")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path)


def take_in(store: Store, data_dir: Path, path: Path) -> IngestReport:
    return ingest_paths([str(path)], store=store, data_dir=data_dir, max_file_mb=10)


def golden(store: Store, document: Document) -> dict[str, object]:
    passages = store.iter_passages(document_id=document.document_id)
    return {
        "identity": document.identity,
        "title": document.title,
        "raw_title": document.raw_title,
        "title_rule": document.title_rule,
        "url": document.url,
        "published": None if document.published is None else str(document.published),
        "published_from": document.published_from,
        "kind": document.kind.value,
        "publisher": document.publisher,
        "marks": list(document.marks),
        "skipped": dict(document.skipped),
        "passages": [[passage.heading, passage.text] for passage in passages],
    }


def test_invented_feed_gives_the_documents_that_were_read_and_agreed(
    store: Store, tmp_path: Path
) -> None:
    report = take_in(store, tmp_path, INVENTED)
    found = [golden(store, store.get_document(taken.document_id)) for taken in report.documents]
    expected = INVENTED.with_suffix(".expected.json")
    if not expected.exists():
        expected.write_text(
            json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        pytest.fail(f"{expected.name} was written: read it, then run again")
    assert found == json.loads(expected.read_text(encoding="utf-8"))


def test_a_date_in_the_future_is_dropped_and_counted(store: Store, tmp_path: Path) -> None:
    report = take_in(store, tmp_path, INVENTED)
    assert report.dropped_dates == 1


def test_other_scripts_in_an_article_are_kept(store: Store, tmp_path: Path) -> None:
    take_in(store, tmp_path, INVENTED)
    assert any("安全" in passage.text for passage in store.iter_passages())


def test_addresses_of_the_publishers_staff_are_in_no_text(store: Store, tmp_path: Path) -> None:
    take_in(store, tmp_path, INVENTED)
    assert not any("kit.moss" in document.text for document in store.iter_documents())


def test_taking_in_a_feed_twice_adds_nothing(store: Store, tmp_path: Path) -> None:
    take_in(store, tmp_path, INVENTED)
    before = store.count_rows()
    again = take_in(store, tmp_path, INVENTED)
    assert {taken.outcome for taken in again.documents} == {"unchanged"}
    assert again.skipped == {}
    assert store.count_rows() == before


def test_a_changed_article_becomes_a_new_version_of_the_same_document(
    store: Store, tmp_path: Path
) -> None:
    take_in(store, tmp_path, INVENTED)
    changed = tmp_path / "later.rss"
    text = INVENTED.read_text(encoding="utf-8")
    changed.write_text(text.replace("within a day, a charity", "within an hour, a charity"))
    report = take_in(store, tmp_path, changed)
    assert [taken.outcome for taken in report.documents].count("new-version") == 1
    assert store.count_rows()["documents"] == 3


def test_a_truncated_copy_is_refused_and_what_was_held_stays(store: Store, tmp_path: Path) -> None:
    take_in(store, tmp_path, INVENTED)
    before = store.count_rows()
    cut = tmp_path / "cut.rss"
    cut.write_bytes(INVENTED.read_bytes()[:3000])
    report = take_in(store, tmp_path, cut)
    assert len(report.refused) == 1
    assert "cut short" in report.refused[0].reason
    assert store.count_rows() == before


@needs_real_feed
def test_real_feed_gives_four_documents_with_true_titles_dates_and_addresses(
    store: Store, tmp_path: Path
) -> None:
    report = take_in(store, tmp_path, REAL)
    assert not report.refused
    documents = sorted(store.iter_documents(), key=lambda document: str(document.published))
    assert [str(document.published) for document in documents] == [
        "2023-06-25",
        "2023-09-14",
        "2024-05-16",
        "2025-01-24",
    ]
    for document, number in zip(documents, (198863, 201131, 206260, 214901), strict=True):
        assert document.identity == f"guid:https://www.communitycare.co.uk/?p={number}"
        assert (document.url or "").startswith("https://www.communitycare.co.uk/20")
        assert document.kind is Kind.NEWS
        assert document.licence_tier is LicenceTier.PRESS
        assert document.publisher == "Community Care"
        assert document.raw_title is not None
        assert document.raw_title.endswith(" " + document.title)
        assert {"channel-tampered", "title-cleaned"} <= set(document.marks)


@needs_real_feed
def test_real_feed_leaves_no_injected_text_in_any_title_text_or_passage(
    store: Store, tmp_path: Path
) -> None:
    take_in(store, tmp_path, REAL)
    for document in store.iter_documents():
        assert not HAN.search(document.title + document.text)
    for passage in store.iter_passages():
        assert not HAN.search(passage.text + (passage.heading or ""))


@needs_real_feed
def test_real_feed_has_no_promo_caption_poll_or_teaser_among_its_passages(
    store: Store, tmp_path: Path
) -> None:
    report = take_in(store, tmp_path, REAL)
    assert [taken.passages for taken in report.documents] == [31, 7, 20, 26]
    assert report.skipped == {
        "by-line": 1,
        "call-for-comments": 1,
        "caption": 2,
        "consultation-response": 1,
        "heading": 15,
        "poll": 1,
        "promo": 10,
        "teaser": 4,
    }
    texts = [passage.text for passage in store.iter_passages()]
    assert not any("@" in text or "Photo" in text or "embedded" in text for text in texts)
    # The second promo box has no heading after it: the article goes on.
    assert any("made improving information sharing a key part" in text for text in texts)
