"""A quote is shown while the bytes it was taken from can be proved, and not a moment longer."""

import shutil
from pathlib import Path

import pytest
from analysed_stores import analyse_store
from fakes import FakeEncoder
from flask.testing import FlaskClient
from shell import Shell

from corpus.model import Document
from corpus.settings import Settings
from corpus.store import Store, open_store
from ingest.take_in import ingest_paths
from nlp.search import Searcher
from web.app import create_app
from web.counting import CountsQuestion, counted, notes_of
from web.current import current_library
from web.holdings import Library

MARKER = b"quillwort"
REPORT = """Overview report

1.1 The quillwort ledger lay unread at the clinic, and consent was never asked for by anybody.

1.2 Nobody at the school was told what the quillwort ledger said, although they had asked for it.
"""


class Shelf:
    """One review with a report that was taken in from a file, analysed and served."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "report.txt"
        self.file.write_text(REPORT)
        self.data_dir = folder / "data"
        self.store: Store = open_store(self.data_dir)
        self.ingest()
        analyse_store(self.store, self.data_dir)
        self.capture = next((self.data_dir / "captures").rglob("*.warc.gz"))

    def ingest(self) -> None:
        report = ingest_paths(
            [str(self.file)], store=self.store, data_dir=self.data_dir, max_file_mb=1
        )
        assert report.refused == ()

    @property
    def document(self) -> Document:
        (document,) = self.store.iter_documents()
        return document

    def damage(self) -> None:
        data = bytearray(self.capture.read_bytes())
        data[len(data) // 2] ^= 1
        self.capture.write_bytes(bytes(data))

    def showing(self) -> list[str]:
        """Every address that shows its words, now that all were asked."""
        client = self._client()
        passage = next(self.store.iter_passages())
        values = {
            "document_id": passage.document_id,
            "passage_id": passage.passage_id,
            "review_id": self.document.review_id or "",
            "theme_id": "consent-treated-as-required",
        }
        addresses = [*_addresses(client, values), "/search?q=ledger", "/api/v1/passages?q=ledger"]
        return [one for one in addresses if MARKER in _ask(client, one)]

    def _client(self) -> FlaskClient:
        app = create_app(Settings(data_dir=self.data_dir, api_requests_per_minute=0))
        app.testing = True
        with app.app_context():
            library = current_library()
            library.searcher = Searcher(library.store, self.data_dir, FakeEncoder)
        return app.test_client()


def _addresses(client: FlaskClient, values: dict[str, str]) -> list[str]:
    adapter = client.application.url_map.bind("localhost")
    return [
        adapter.build(rule.endpoint, {name: values[name] for name in rule.arguments})
        for rule in client.application.url_map.iter_rules()
        if "GET" in (rule.methods or set()) and set(rule.arguments) <= values.keys()
    ]


def _ask(client: FlaskClient, address: str) -> bytes:
    with client.get(address) as answer:
        assert answer.status_code < 500, address
        return answer.get_data()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


@pytest.fixture
def shell(shelf: Shelf, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys, str(shelf.data_dir))


def test_d5_no_answer_quotes_a_damaged_capture_until_it_is_restored(
    shelf: Shelf, shell: Shell
) -> None:
    sound = shelf.data_dir.parent / "backup.warc.gz"
    shutil.copy(shelf.capture, sound)
    showing = shelf.showing()
    assert len(showing) > 6, showing
    shelf.damage()
    found = shell.on_data("captures", "verify")
    assert (found.status, shelf.document.document_id in found.out) == (3, True)
    assert shelf.showing() == []
    shutil.copy(sound, shelf.capture)
    assert shell.on_data("captures", "verify").status == 0
    assert shelf.showing() == showing


def test_pages_api_counts_and_doctor_say_that_words_are_withheld(
    shelf: Shelf, shell: Shell
) -> None:
    shelf.damage()
    shell.on_data("captures", "verify")
    client = shelf._client()
    page = client.get(f"/documents/{shelf.document.document_id}").get_data(as_text=True)
    assert "Withheld: the stored copy is damaged." in page
    (row, *_) = client.get("/api/v1/passages").get_json()["data"]
    assert (row["text"], row["text_withheld"]) == ("", "the stored copy is damaged")
    library = Library(Settings(data_dir=shelf.data_dir))
    question = CountsQuestion(by="theme")
    assert any(
        "Of 1 documents no word" in note for note in notes_of(counted(library, question), library)
    )
    assert "were found damaged: 1" in shell.on_data("doctor").out


def test_taking_the_same_file_in_again_mends_its_capture(shelf: Shelf, shell: Shell) -> None:
    shelf.damage()
    shell.on_data("captures", "verify")
    shelf.ingest()
    assert shelf.showing()
    assert shell.on_data("captures", "verify").status == 0
