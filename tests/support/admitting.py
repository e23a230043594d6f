"""Invented documents at the door of a store."""

from collections.abc import Sequence

from samples import CAPTURED_AT, make_document

from corpus.dates import PartialDate
from corpus.ids import CaptureId, sha256_text
from corpus.model import Capture, Document
from corpus.store import Store
from ingest.admit import Admission, admit
from ingest.build import BuiltDocument
from ingest.spiders.listing import Sighting


def report_texts(seed: str, paragraphs: int = 12) -> list[str]:
    """Paragraphs of invented findings; two seeds share hardly a run of words."""
    return [
        f"{number}. In the {seed} matter the {seed} clinic wrote {number} letters to the {seed} "
        f"school about visit {number * 7} and the {seed} worker filed note {number * 11} unread."
        for number in range(1, paragraphs + 1)
    ]


def admit_texts(
    store: Store,
    texts: Sequence[str],
    identity: str,
    *,
    pseudonym: str | None = None,
    published: str | None = "2021-05",
    sighted: bool = False,
    **changes: object,
) -> tuple[Admission, Document]:
    """Bring a document of these paragraphs to the door."""
    capture = make_capture(identity + "".join(texts), identity)
    store.add_capture(capture)
    document, passages = make_document(
        texts,
        identity=identity,
        published=PartialDate.parse_optional(published),
        capture_id=capture.capture_id,
        **changes,
    )
    sighting = None
    if pseudonym or sighted:
        sighting = Sighting(address=identity, pseudonym=pseudonym)
    built = BuiltDocument(document, tuple(passages))
    return admit(store, built, capture=capture, sighting=sighting), document


def make_capture(data: str, address: str) -> Capture:
    """The record of a capture whose bytes nobody kept."""
    capture_id = CaptureId(sha256_text(data))
    return Capture(
        capture_id=capture_id,
        address=address,
        captured_at=CAPTURED_AT,
        media_type="text/html",
        size_bytes=len(data),
        warc_path=f"captures/{capture_id[:2]}/{capture_id}.warc.gz",
    )


def review_of(store: Store, document: Document) -> str | None:
    """The review that a document is under now."""
    return store.get_document(document.document_id).review_id
