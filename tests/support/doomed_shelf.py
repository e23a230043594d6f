"""A small library whose one document is to go, with its words in every kind of file."""

import gzip
import io
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

from analysed_stores import analyse_store
from fakes import FakeEncoder
from flask.testing import FlaskClient
from pyarrow import parquet
from samples import CAPTURED_AT, make_code, make_document, make_judgement, make_review

from corpus.ids import ReviewId
from corpus.model import Document, Passage
from corpus.settings import Settings
from corpus.store import Store, open_store
from ingest.captures import keep_capture
from nlp.search import Searcher
from web.app import create_app
from web.current import current_library
from web.holdings import Library
from web.publishing import publish
from web.withdrawing import withdraw

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
            if path.is_file() and MARKER.encode() in unpacked(path)
        ]

    def client(self) -> FlaskClient:
        app = create_app(Settings(data_dir=self.data_dir))
        app.testing = True
        with app.app_context():
            library = current_library()
            library.searcher = Searcher(library.store, self.data_dir, FakeEncoder)
        return app.test_client()


def unpacked(path: Path) -> bytes:
    """What a file says: columns read out, packed bytes unpacked."""
    data = path.read_bytes()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else read_out(data)


def read_out(data: bytes) -> bytes:
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


def make_shelf(data_dir: Path) -> Shelf:
    """Two documents of one review: captured, analysed, judged and published."""
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
