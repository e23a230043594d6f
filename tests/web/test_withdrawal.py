"""Withdrawal: not one byte of the words stays in any file, and no way in shows them."""

import datetime as dt
from pathlib import Path

import pytest
from doomed_shelf import DOOMED, MARKER, REASON, Shelf, make_shelf, read_out, unpacked
from fakes import FakeEncoder
from flask.testing import FlaskClient
from samples import make_document
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
from corpus.snapshots.shelf import list_held
from corpus.store import Store, open_store
from corpus.withdrawals import list_withdrawals
from nlp.search import Searcher, SearchQuery
from web.withdrawing import finish, withdraw


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return make_shelf(tmp_path / "data")


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
    places = {"code": "withdrawn", "token": "t"}
    numbers = {"year": 2022, "item_id": 1, "draw_id": 1}
    values: dict[str, str | int] = {**places, **numbers, **ids}
    return [
        adapter.build(
            rule.endpoint,
            {name: values[name] for name in rule.arguments - {"form"}}
            | (
                {"form": "ris" if "ris" in rule.rule else "csv"} if "form" in rule.arguments else {}
            ),
        )
        for rule in client.application.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and rule.endpoint != "static"
    ]


def _ask(client: FlaskClient, address: str) -> tuple[int, bytes]:
    with client.get(address) as answer:
        return answer.status_code, read_out(answer.get_data())


def test_every_way_in_answers_that_it_was_withdrawn_and_nothing_else_shows_it(
    shelf: Shelf,
) -> None:
    client = shelf.client()
    gone = {
        "document_id": shelf.doomed.document_id,
        "passage_id": shelf.passages[0].passage_id,
        "review_id": "an-invented-review",
        "theme_id": "consent-treated-as-required",
        "reform_id": "reform-duty-to-share",
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
        if address.startswith("/desk/"):
            assert status in {200, 302, 303, 404}, address  # only the door: nobody is signed in
        elif any(gone[name] in address for name in ("document_id", "passage_id")):
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
    assert [path.name for path in held if MARKER.encode() in unpacked(path)] == []


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
