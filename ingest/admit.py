"""The door to the store: every document that was built from a capture comes in here."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

from corpus.admission import (
    Placement,
    keep_back,
    note_sighting,
    refuse_withheld,
    standing_of,
    take_in,
)
from corpus.admission import release as release_row
from corpus.errors import InvalidInputError
from corpus.ids import ReviewId
from corpus.model import Capture, Document
from corpus.quarantine import FiredRule, HeldBack, get_held_back
from corpus.store import Added, Store
from ingest.build import BuiltDocument
from ingest.grouping import Compared, NearCopy, find_near_copies, place
from ingest.licence import find_host
from ingest.spiders.listing import Sighting
from ingest.tampering import CLONE, examine, load_rules

Outcome = Literal[Added, "quarantined"]
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
    """Take a document in under its review, hold it back, or leave it out; whole or not at all.

    Args:
        store: where it goes; the capture must be recorded there already.
        built: the document with its passages.
        capture: the bytes that it was built from.
        sighting: what the publisher's list page says of it, where it was crawled.

    Raises:
        InvalidInputError: a passage is not a slice of the document.
        StorageError: the store could not be written; nothing was changed.
    """
    document = replace(built.document, capture_id=capture.capture_id)
    pseudonym = sighting.pseudonym if sighting else None
    standing = standing_of(store, document)
    if standing.state == "withheld":
        refuse_withheld(store, document)
        return Admission(outcome="withheld")
    if standing.state == "held":
        note_sighting(store, document)
        return Admission(outcome="unchanged", review_id=standing.review_id)
    if standing.state == "in-quarantine":
        note_sighting(store, document)
        held = get_held_back(store, document.document_id)
        return Admission(outcome="quarantined", rules=_ids(held.rules))
    compared = find_near_copies(store, document)
    fired: tuple[FiredRule, ...] = ()
    if standing.state != "released":
        fired = (
            *examine(document, built.passages),
            *_find_clone(document, compared.copies, crawled=sighting is not None),
        )
    if fired:
        held = HeldBack(
            document=document,
            passages=built.passages,
            rules=fired,
            held_at=dt.datetime.now(dt.UTC),
            pseudonym=pseudonym,
        )
        keep_back(store, held)
        return Admission(outcome="quarantined", rules=_ids(fired))
    added, review_id = take_in(
        store,
        document,
        built.passages,
        placement=_placement(store, document, pseudonym, compared),
        signature=compared.signature,
        pseudonym=pseudonym,
        at=dt.datetime.now(dt.UTC),
    )
    return Admission(outcome=added, review_id=review_id)


def release(store: Store, document_id: str, *, reason: str, by: str) -> Admission:
    """Take in a document that a person found to be honest; the rules' marks stay behind.

    Raises:
        NotInQuarantineError: none in quarantine has this id.
        InvalidInputError: there is no reason, or it was released before.
    """
    held = get_held_back(store, document_id)
    if held.released_at is not None:
        raise InvalidInputError(f"The document {document_id} was released before.")
    rules = load_rules()
    marks = tuple(mark for mark in held.document.marks if mark.partition(": ")[0] not in rules)
    held = replace(held, document=replace(held.document, marks=marks))
    compared = find_near_copies(store, held.document)
    added, review_id = release_row(
        store,
        held,
        placement=_placement(store, held.document, held.pseudonym, compared),
        signature=compared.signature,
        reason=reason,
        by=by,
        at=dt.datetime.now(dt.UTC),
    )
    return Admission(outcome=added, review_id=review_id, rules=_ids(held.rules))


def _ids(rules: tuple[FiredRule, ...]) -> tuple[str, ...]:
    return tuple(rule.rule_id for rule in rules)


def _placement(
    store: Store, document: Document, pseudonym: str | None, compared: Compared
) -> Placement:
    if document.review_id is not None:
        return Placement(review_id=document.review_id)
    standing = standing_of(store, document)
    if standing.has_versions:
        # Whoever put the older version there, a person or a rule, decided for this one too.
        return Placement(review_id=standing.review_id)
    return place(store, document, pseudonym=pseudonym, copies=compared.copies)


def _find_clone(
    document: Document, copies: tuple[NearCopy, ...], *, crawled: bool
) -> tuple[FiredRule, ...]:
    """Find a known publisher's words at an unknown address; what is crawled is on the list."""
    if crawled or document.url is None or find_host(document.url) is not None:
        return ()
    original = next((copy.document for copy in copies if find_host(copy.document.url)), None)
    if original is None:
        return ()
    return (FiredRule(rule_id=CLONE, found=f"the words of {original.document_id}"),)
