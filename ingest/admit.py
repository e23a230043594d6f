"""The door to the store: every document that was built from a capture comes in here."""

from dataclasses import dataclass
from typing import Literal

from corpus.ids import ReviewId
from corpus.model import Capture
from corpus.store import Added, Store
from ingest.build import BuiltDocument
from ingest.spiders.listing import Sighting

Outcome = Literal[Added, "quarantined", "withheld"]
"""What became of a document; ``withheld`` is one that was withdrawn and is not taken in again."""


@dataclass(frozen=True, kw_only=True)
class Admission:
    """What became of one document at the door, and why."""

    outcome: Outcome
    rules: tuple[str, ...] = ()
    """Ids of the tampering rules that fired, in the order of the rules' file."""
    review_id: ReviewId | None = None
    """The review it was grouped under; ``None`` where it belongs to none."""


def admit(
    store: Store, built: BuiltDocument, *, capture: Capture, sighting: Sighting | None = None
) -> Admission:
    """Take a document in, hold it back, or leave it out; whole or not at all.

    Args:
        store: where it goes; the capture must be recorded there already.
        built: the document with its passages.
        capture: the bytes that it was built from.
        sighting: what the publisher's list page says of it, where it was crawled.

    Raises:
        InvalidInputError: a passage is not a slice of the document.
        StorageError: the store could not be written; nothing was changed.
    """
    del capture, sighting
    outcome = store.add_document(built.document, built.passages)
    return Admission(outcome=outcome, review_id=built.document.review_id)
