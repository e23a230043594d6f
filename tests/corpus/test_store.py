import datetime as dt
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from hypothesis import given, settings
from hypothesis import strategies as st
from older_schema import rewrite_at
from samples import CAPTURED_AT, make_code, make_document, make_finding, make_judgement, make_review

import corpus.migrations
from corpus.dates import PartialDate
from corpus.errors import (
    DocumentNotFoundError,
    InvalidInputError,
    PassageNotFoundError,
    ReviewNotFoundError,
    StorageError,
)
from corpus.findings import findings_of
from corpus.ids import CaptureId
from corpus.model import Capture, Figure, Kind, Stance
from corpus.store import DATABASE_NAME, SCHEMA_REVISION, Store, open_store


def test_the_schema_constant_names_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(corpus.migrations.__path__[0])))
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA_REVISION


def test_a_review_reads_back_as_it_was_added(store: Store) -> None:
    review = make_review(
        "child-x-2011",
        "2011-05",
        incident=PartialDate.parse("2009-12-01"),
        case_names=("Child X",),
        cautions=("Disputed.",),
        figures=(
            Figure(
                statement="s", value="4", unit="children", period=None, source_url="https://e.org"
            ),
        ),
    )
    assert store.add_review(review) == "new"
    assert store.get_review("child-x-2011") == review
    assert store.add_review(review) == "unchanged"


def test_reviews_come_by_date_and_those_without_one_last(store: Store) -> None:
    for review_id, date in [("b", "2012"), ("c", None), ("a", "1999-03")]:
        store.add_review(make_review(review_id, date))
    assert [review.review_id for review in store.iter_reviews()] == ["a", "b", "c"]


def test_a_document_reads_back_with_its_passages_in_order(store: Store) -> None:
    document, passages = make_document(
        ["One was told.", "Nobody rang.", "🙂 It ended."],
        incident=PartialDate.parse("2009-11"),
        incident_from="first page",
        review_type="child practice review",
        partnership="Harbour Safeguarding Board",
        nation="Wales",
        page_count=12,
    )
    assert store.add_document(document, passages) == "new"
    assert store.get_document(document.document_id) == document
    assert list(store.iter_passages(document_id=document.document_id)) == passages
    assert store.add_document(document, passages) == "unchanged"


def test_a_new_text_stands_beside_the_old_one(store: Store) -> None:
    old, old_passages = make_document(["It was said once."])
    new, new_passages = make_document(["It was said twice."])
    store.add_document(old, old_passages)
    assert store.add_document(new, new_passages) == "new-version"
    assert [d.document_id for d in store.iter_documents()] == [new.document_id]
    assert store.get_document(old.document_id) == old
    assert list(store.iter_passages()) == new_passages


def test_a_passage_that_is_no_slice_of_its_document_is_refused_and_nothing_is_kept(
    store: Store,
) -> None:
    _, passages = make_document(["One.", "Two."])
    other, _ = make_document(["Uno.", "Dos."])
    with pytest.raises(InvalidInputError, match="not a slice"):
        store.add_document(other, passages)
    assert store.count_rows()["documents"] == 0


def test_unknown_ids_are_named(store: Store) -> None:
    with pytest.raises(ReviewNotFoundError, match="'none-such'"):
        store.get_review("none-such")
    with pytest.raises(DocumentNotFoundError, match="'d0'"):
        store.get_document("d0")
    with pytest.raises(PassageNotFoundError, match="'p0'"):
        store.get_passage("p0")


def test_passages_come_in_the_order_asked_for(store: Store) -> None:
    document, passages = make_document(["One.", "Two.", "Three."])
    store.add_document(document, passages)
    ids = [passages[2].passage_id, "pnone", passages[0].passage_id]
    assert store.get_passages(ids) == [passages[2], passages[0]]


def test_only_passages_without_this_taggers_stamp_are_unanalysed(store: Store) -> None:
    document, passages = make_document(["One.", "Two."], kind=Kind.NEWS)
    store.add_document(document, passages)
    store.put_findings({passages[0].passage_id: []}, tagger_version="t1")
    assert [(p, kind) for p, kind in store.iter_unanalysed("t1")] == [(passages[1], Kind.NEWS)]
    assert len(list(store.iter_unanalysed("t2"))) == 2


def test_putting_findings_again_replaces_them(store: Store) -> None:
    document, passages = make_document(["One was not told."])
    store.add_document(document, passages)
    passage = passages[0]
    first = make_finding(passage)
    second = make_finding(passage, make_code("shared-too-late"), score=0.4, confident=False)
    store.put_findings({passage.passage_id: [first]}, tagger_version="t1")
    store.put_findings({passage.passage_id: [second]}, tagger_version="t1")
    assert store.machine_findings([passage.passage_id]) == {passage.passage_id: [second]}


def test_judgements_are_appended_and_never_overwritten(store: Store) -> None:
    document, passages = make_document(["One was not told."])
    store.add_document(document, passages)
    first = make_judgement(passages[0], make_code(), coder="a")
    second = make_judgement(passages[0], make_code(stance=Stance.NEGATED), coder="b")
    third = make_judgement(passages[0], coder="a")
    numbers = store.add_judgements([first, second])
    numbers.append(store.add_judgement(third))
    assert numbers == sorted(set(numbers))
    assert list(store.iter_judgements(passage_id=passages[0].passage_id)) == [first, second, third]


def test_one_bad_judgement_keeps_none_of_its_batch(store: Store) -> None:
    document, passages = make_document(["One was not told."])
    _, strangers = make_document(["Not held."], identity="elsewhere")
    store.add_document(document, passages)
    with pytest.raises(InvalidInputError, match="passage"):
        store.add_judgements([make_judgement(passages[0]), make_judgement(strangers[0])])
    assert list(store.iter_judgements()) == []


def test_the_same_bytes_are_one_capture(store: Store) -> None:
    capture = Capture(
        capture_id=CaptureId("a" * 64),
        address="file:report.pdf",
        captured_at=CAPTURED_AT,
        media_type="application/pdf",
        size_bytes=3,
        warc_path="captures/aa/x.warc.gz",
    )
    assert [store.add_capture(capture), store.add_capture(capture)] == ["new", "unchanged"]
    assert store.get_capture(capture.capture_id) == capture
    assert store.get_capture("b" * 64) is None


def test_every_write_moves_the_revision_and_no_read_does(store: Store) -> None:
    before = store.revision
    list(store.iter_reviews())
    assert store.revision == before
    store.add_review(make_review("a"))
    assert store.revision > before


def test_times_come_back_in_utc(store: Store) -> None:
    summer = dt.timezone(dt.timedelta(hours=1))
    document, passages = make_document(
        ["One."], captured_at=dt.datetime(2026, 6, 1, 12, 0, tzinfo=summer)
    )
    store.add_document(document, passages)
    held = store.get_document(document.document_id).captured_at
    assert held == document.captured_at
    assert held.tzinfo is dt.UTC


def test_a_damaged_text_is_found(store: Store, tmp_path: Path) -> None:
    document, passages = make_document(["One was not told."])
    store.add_document(document, passages)
    store.check_integrity()
    with sqlite3.connect(tmp_path / "data" / DATABASE_NAME) as connection:
        connection.execute("UPDATE documents SET text = 'One was told.....'")
    with pytest.raises(StorageError, match=document.document_id):
        store.check_integrity()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_data_directory_is_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StorageError, match="--data-dir"):
        open_store(tmp_path / "inside")


def test_a_file_in_place_of_the_data_directory_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("not a folder")
    with pytest.raises(StorageError, match="--data-dir"):
        open_store(tmp_path / "var")


def test_a_file_that_is_no_store_is_left_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / DATABASE_NAME
    path.write_bytes(b"something else entirely, and long enough to be read as a header " * 10)
    before = path.read_bytes()
    with pytest.raises(StorageError, match="not a Throughline store"):
        open_store(tmp_path)
    assert path.read_bytes() == before


def test_a_store_of_a_newer_throughline_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path)
    with sqlite3.connect(tmp_path / DATABASE_NAME) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError, match="9999"):
        open_store(tmp_path)


def test_a_store_of_the_first_schema_is_migrated_with_all_its_rows(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.add_review(make_review("child-x-2011", "2011-05", case_names=("Child X",)))
    document, passages = make_document(["Nobody rang.", "It ended."], review_id="child-x-2011")
    store.add_document(document, passages)
    store.put_findings(
        {passages[0].passage_id: [make_finding(passages[0])], passages[1].passage_id: []},
        tagger_version="t1",
    )
    judgement = make_judgement(passages[1], make_code())
    store.add_judgement(judgement)
    counted, revision = store.count_rows(), store.revision
    findings = findings_of(store, [passages[0].passage_id])
    store.close()
    rewrite_at(tmp_path, "0001")
    with closing(sqlite3.connect(tmp_path / DATABASE_NAME)) as connection:
        assert connection.execute("SELECT * FROM alembic_version").fetchall() == [("0001",)]
    migrated = open_store(tmp_path)
    assert (migrated.count_rows(), migrated.revision) == (counted, revision)
    assert migrated.get_review("child-x-2011").case_names == ("Child X",)
    assert migrated.get_document(document.document_id) == document
    assert [one.text for one in migrated.iter_passages()] == ["Nobody rang.", "It ended."]
    assert findings_of(migrated, [passages[0].passage_id]) == findings
    assert list(migrated.iter_judgements()) == [judgement]


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=5)
)
def test_any_text_reads_back_as_it_was_stored(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    store = open_store(tmp_path_factory.mktemp("property"))
    document, passages = make_document(texts)
    store.add_document(document, passages)
    assert list(store.iter_passages()) == passages


def test_only_its_owner_can_read_a_store_also_one_that_was_made_before(tmp_path: Path) -> None:
    def rights() -> dict[str, int]:
        return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}

    folder = tmp_path / "data"
    store = open_store(folder)
    store.add_review(make_review("a-review"))
    files = {DATABASE_NAME, f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm"}
    assert rights() == dict.fromkeys(files, 0o600)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for path in folder.iterdir():
        path.chmod(0o644)
    folder.chmod(0o755)
    open_store(folder).close()
    assert set(rights().values()) == {0o600}
    # A folder that somebody opened to others may hold more than ours.
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    store.close()
