"""Withdrawal: not one byte of the words stays in any file, and no way in shows them."""

import datetime as dt
import gzip
import io
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from analysed_stores import analyse_store
from fakes import FakeEncoder
from flask.testing import FlaskClient
from pyarrow import parquet
from samples import CAPTURED_AT, make_code, make_document, make_judgement, make_review
from shell import Shell

from corpus.absences import note_answering, note_missing
from corpus.analysed import analysed_passage_ids
from corpus.catalogue.add import add_catalogue
from corpus.catalogue.load import load_catalogue
from corpus.errors import (
    DocumentNotFoundError,
    InvalidInputError,
    StorageError,
    WithdrawnError,
)
from corpus.ids import ReviewId
from corpus.model import Document, Passage
from corpus.settings import Settings
from corpus.snapshots.shelf import list_held
from corpus.store import Store, open_store
from corpus.withdrawals import list_withdrawals, open_withdrawals
from ingest.captures import keep_capture
from nlp.search import Searcher, SearchQuery
from web.app import create_app
from web.current import current_library
from web.holdings import Library
from web.publishing import publish
from web.withdrawing import finish, withdraw

MARKER = "quillwort"
DOOMED = (
    f"The {MARKER} ledger lay unread at the clinic, and consent was never asked for.",
    f"Nobody at the school was told what the {MARKER} ledger said.",
)
KEPT = ("The surgery wrote to the school twice, and consent was given.",)
REASON = "The publisher asked for it."


@dataclass
class Shelf:
    """A small library with two documents, one of which will go."""

    data_dir: Path
    store: Store
    doomed: Document
    passages: list[Passage]
    kept: Document

    def withdraw(self, asked: str | None = None) -> None:
        withdraw(
            self.store, self.data_dir, [asked or self.doomed.document_id], reason=REASON, by="test"
        )

    def files_with_marker(self) -> list[str]:
        """Files of the data directory that hold the words, as they are or packed."""
        return [
            str(path.relative_to(self.data_dir))
            for path in sorted(self.data_dir.rglob("*"))
            if path.is_file() and MARKER.encode() in _unpacked(path)
        ]

    def client(self) -> FlaskClient:
        app = create_app(Settings(data_dir=self.data_dir))
        app.testing = True
        with app.app_context():
            library = current_library()
            library.searcher = Searcher(library.store, self.data_dir, FakeEncoder)
        return app.test_client()


def _unpacked(path: Path) -> bytes:
    """What a file says: columns read out, packed bytes unpacked."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else _read_out(data)


def _read_out(data: bytes) -> bytes:
    if data.startswith(b"PAR1"):
        return repr(parquet.read_table(io.BytesIO(data)).to_pylist()).encode()
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as sheets:
            return b"".join(sheets.read(name) for name in sheets.namelist())
    return data


def _put(
    store: Store, data_dir: Path, texts: tuple[str, ...], identity: str, **changes: object
) -> tuple[Document, list[Passage]]:
    data = "\n".join(texts).encode()
    capture = keep_capture(data_dir, data, identity, "text/plain", CAPTURED_AT)
    store.add_capture(capture)
    document, passages = make_document(
        texts, identity=identity, capture_id=capture.capture_id, **changes
    )
    store.add_document(document, passages)
    return document, passages


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    data_dir = tmp_path / "data"
    store = open_store(data_dir)
    store.add_review(make_review("an-invented-review"))
    review_id = ReviewId("an-invented-review")
    _put(store, data_dir, (f"An older {MARKER} text.",), "https://example.org/doomed")
    doomed, passages = _put(
        store,
        data_dir,
        DOOMED,
        "https://example.org/doomed",
        title=f"The {MARKER} report",
        review_id=review_id,
    )
    kept, _ = _put(store, data_dir, KEPT, "https://example.org/kept", review_id=review_id)
    # Written, tagged twice and judged: rows that moved leave copies in the file's free space.
    analyse_store(store, data_dir)
    analyse_store(store, data_dir, everything=True)
    judgement = make_judgement(passages[0], make_code())
    store.add_judgement(replace(judgement, note=f"says {MARKER}"))
    publish(Library(Settings(data_dir=data_dir)), created_at=CAPTURED_AT)
    return Shelf(data_dir, store, doomed, passages, kept)


def test_no_file_keeps_a_byte_of_what_was_withdrawn(shelf: Shelf) -> None:
    held = shelf.files_with_marker()
    for place in ("captures/", "snapshots/", "throughline.db"):
        assert any(name.startswith(place) for name in held), place
    shelf.withdraw()
    assert shelf.files_with_marker() == []
    shelf.store.check_integrity()


def _addresses(client: FlaskClient, ids: dict[str, str]) -> list[str]:
    """Every address that can be read, its arguments filled in; tokens are nobody's here."""
    adapter = client.application.url_map.bind("localhost")
    values = {"code": "withdrawn", "token": "t"} | ids
    return [
        adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for rule in client.application.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and rule.endpoint != "static"
    ]


def _ask(client: FlaskClient, address: str) -> tuple[int, bytes]:
    with client.get(address) as answer:
        return answer.status_code, _read_out(answer.get_data())


def test_every_way_in_answers_that_it_was_withdrawn_and_nothing_else_shows_it(
    shelf: Shelf,
) -> None:
    client = shelf.client()
    gone = {
        "document_id": shelf.doomed.document_id,
        "passage_id": shelf.passages[0].passage_id,
        "review_id": "an-invented-review",
        "theme_id": "consent-treated-as-required",
    }
    searches = ("/search?q=ledger", "/api/v1/passages?q=ledger", "/search.atom?q=ledger")
    (published,) = list_held(shelf.data_dir)
    addresses = [
        *_addresses(client, gone | {"snapshot_id": published.name, "name": "passages.csv"}),
        *searches,
    ]
    addresses += [
        f"/api/v1/{what}?snapshot={published.name}" for what in ("passages", "passages.csv")
    ]
    shown = [address for address in addresses if MARKER.encode() in _ask(client, address)[1]]
    assert len(shown) > 10, shown
    shelf.withdraw()
    for address in addresses:
        status, content = _ask(client, address)
        assert MARKER.encode() not in content, address
        if any(gone[name] in address for name in ("document_id", "passage_id")):
            assert status == 410, address
            assert REASON.encode() in content, address
        else:
            assert gone["passage_id"].encode() not in content, address
            assert status < 500, address


def test_the_index_serves_what_is_left_without_a_model(shelf: Shelf) -> None:
    shelf.withdraw()
    searcher = Searcher(shelf.store, shelf.data_dir, FakeEncoder)
    hits = searcher.search(SearchQuery(text="consent school")).hits
    assert [hit.passage_id for hit in hits] == analysed_passage_ids(shelf.store)
    folders = [path for path in (shelf.data_dir / "index").iterdir() if path.is_dir()]
    assert len(folders) == 1


def test_a_tombstone_says_when_and_why_and_no_word_more(shelf: Shelf) -> None:
    shelf.withdraw()
    (stone,) = list_withdrawals(shelf.store)
    assert (stone.asked, stone.reason, stone.withdrawn_by) == (
        shelf.doomed.document_id,
        REASON,
        "test",
    )
    assert (stone.n_documents, stone.n_passages, stone.n_judgements) == (2, 3, 1)
    assert stone.finished_at is not None
    with pytest.raises(WithdrawnError, match="was withdrawn on"):
        shelf.store.get_document(shelf.doomed.document_id)
    with pytest.raises(DocumentNotFoundError):
        shelf.store.get_document("d" + "0" * 16)


def test_the_same_words_stay_out_whoever_brings_them(shelf: Shelf) -> None:
    shelf.withdraw()
    again, passages = make_document(DOOMED, identity="https://example.org/doomed")
    assert shelf.store.add_document(again, passages) == "withheld"
    elsewhere, passages = make_document(DOOMED, identity="https://example.org/copied")
    assert shelf.store.add_document(elsewhere, passages) == "withheld"
    changed, passages = make_document(("Reworded.",), identity="https://example.org/doomed")
    assert shelf.store.add_document(changed, passages) == "withheld"


def test_a_missing_address_does_not_keep_its_words_out_elsewhere(shelf: Shelf) -> None:
    withdraw(
        shelf.store,
        shelf.data_dir,
        [shelf.doomed.document_id],
        reason="The publisher's address is gone.",
        by="404 twice",
        block_text=False,
    )
    moved, passages = make_document(DOOMED, identity="https://example.org/moved")
    assert shelf.store.add_document(moved, passages) == "new"


def test_a_review_takes_all_its_documents_along(shelf: Shelf) -> None:
    shelf.withdraw("an-invented-review")
    assert list(shelf.store.iter_documents()) == []
    with pytest.raises(WithdrawnError):
        shelf.store.get_review("an-invented-review")


def test_a_withdrawn_review_of_the_catalogue_does_not_come_back(shelf: Shelf) -> None:
    entries = load_catalogue()[:2]
    add_catalogue(shelf.store, codebook_version="1", entries=entries)
    gone = entries[0].review.review_id
    shelf.withdraw(gone)
    add_catalogue(shelf.store, codebook_version="2", entries=entries)
    assert gone not in {review.review_id for review in shelf.store.iter_reviews()}


@pytest.mark.parametrize("step", ["overwrite_withdrawn", "purge_index", "scrub"])
def test_a_withdrawal_that_was_killed_is_finished_by_the_next_command(
    shelf: Shelf, step: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"web.withdrawing.{step}", die)
        with pytest.raises(KeyboardInterrupt):
            shelf.withdraw()
    assert len(open_withdrawals(shelf.store)) == 1
    with pytest.raises(WithdrawnError):
        shelf.store.get_document(shelf.doomed.document_id)
    shell = Shell(capsys, str(shelf.data_dir))
    assert shell.on_data("withdraw").status == 0
    assert open_withdrawals(shelf.store) == ()
    assert shelf.files_with_marker() == []


def test_a_reader_who_holds_the_log_open_is_told_of(
    shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    other = open_store(shelf.data_dir)
    with other.reading() as connection:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("SELECT count(*) FROM documents").one()
        with pytest.raises(StorageError, match="same command again"):
            shelf.withdraw()
    checked = Shell(capsys, str(shelf.data_dir)).on_data("doctor").out
    assert "OFF  withdrawals: Withdrawals that were interrupted" in checked
    finish(shelf.store, shelf.data_dir)
    assert shelf.files_with_marker() == []


def test_commands_withdraw_and_list(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> None:
    shell = Shell(capsys, str(shelf.data_dir))
    refused = shell.on_data("withdraw", shelf.doomed.document_id)
    assert refused.status == 1
    assert "--reason" in refused.err
    done = shell.on_data("withdraw", shelf.doomed.document_id, "--reason", REASON, "--by", "ed")
    assert done.status == 0, done.err
    listed = shell.on_data("withdrawals")
    assert f"{shelf.doomed.document_id}  2 documents, 3 passages  by ed: {REASON}" in listed.out
    assert '"finished": true' in shell.on_data("withdrawals", "--json").out
    assert shell.on_data("withdraw", "d" + "0" * 16, "--reason", REASON).status == 1


def test_a_withdrawn_file_is_not_taken_in_again_and_leaves_no_bytes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data_dir = tmp_path / "data"
    shell = Shell(capsys, str(data_dir))
    page = "<html><body><article><h1>A report</h1>" + "".join(f"<p>{one}</p>" for one in DOOMED)
    file = tmp_path / "report.html"
    file.write_text(page + "</article></body></html>", encoding="utf-8")
    assert shell.on_data("ingest", str(file)).status == 0
    (document,) = open_store(data_dir).iter_documents()
    done = shell.on_data("withdraw", document.document_id, "--reason", REASON)
    assert done.status == 0, done.err
    # Other bytes with the same words.
    file.write_text(page + "<!-- again --></article></body></html>", encoding="utf-8")
    again = shell.on_data("ingest", str(file), "--json")
    assert '"outcome": "withheld"' in again.out
    held = [path for path in data_dir.rglob("*") if path.is_file()]
    assert [path.name for path in held if MARKER.encode() in _unpacked(path)] == []


def test_two_crawls_in_a_row_must_miss_an_address(store: Store) -> None:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    address = "https://example.org/report.pdf"
    assert not note_missing(store, address, crawl_id="1", at=at)
    assert not note_missing(store, address, crawl_id="1", at=at)
    note_answering(store, [address])
    assert not note_missing(store, address, crawl_id="2", at=at)
    assert note_missing(store, address, crawl_id="3", at=at)


def test_a_withdrawal_without_a_reason_is_refused(shelf: Shelf) -> None:
    with pytest.raises(InvalidInputError, match="reason"):
        withdraw(shelf.store, shelf.data_dir, [shelf.doomed.document_id], reason=" ", by="x")
