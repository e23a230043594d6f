"""Taking a document in under its review: one transaction, with the reason written down."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.damage import lacks_its_capture, rest_on_sound_copy
from corpus.erasing import doom_captures
from corpus.group_rows import Decision, absorb, add_decision, start_review
from corpus.ids import ReviewId
from corpus.model import Document, Passage
from corpus.quarantine import HeldBack, hold_back, mark_released
from corpus.signatures import Signature, put_signature
from corpus.store import Added, Store, put_document
from corpus.tombstones import identity_key, text_key

State = Literal["unknown", "held", "withheld", "in-quarantine", "released"]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """What the store knows of a document that is about to come in."""

    state: State
    """``held`` is this very text, as the newest version of its identity."""
    review_id: ReviewId | None = None
    """The review of the version that is held, whoever put it there."""
    has_versions: bool = False
    """Whether any text of this identity is held."""


@dataclass(frozen=True, kw_only=True)
class Placement:
    """The review that a document goes under, and why."""

    review_id: ReviewId | None = None
    starts: bool = False
    """Whether a record is made for a review that is not known yet."""
    absorbs: tuple[str, ...] = ()
    """Found reviews that turn out to be the same, and are merged into it."""
    rule: str | None = None
    reason: str = ""
    evidence: tuple[tuple[str, float | str], ...] = ()


def standing_of(store: Store, document: Document) -> Standing:
    """Ask what is known of a document, before anything is decided of it."""
    keys = (identity_key(document.identity), text_key(document.text_sha256))
    current = sa.select(t.documents.c.document_id, t.documents.c.review_id).where(
        t.documents.c.identity == document.identity, t.documents.c.superseded_by.is_(None)
    )
    held_back = sa.select(t.quarantine.c.released_at).where(
        t.quarantine.c.document_id == document.document_id
    )
    with store.reading() as connection:
        if connection.scalar(sa.select(t.withheld.c.sha256).where(t.withheld.c.sha256.in_(keys))):
            return Standing(state="withheld")
        held = connection.execute(current).first()
        kept_back = connection.execute(held_back).first()
    state: State = "unknown"
    if held and held.document_id == document.document_id:
        state = "held"
    elif kept_back:
        state = "in-quarantine" if kept_back.released_at is None else "released"
    return Standing(
        state=state,
        review_id=ReviewId(held.review_id) if held and held.review_id else None,
        has_versions=held is not None,
    )


def take_in(
    store: Store,
    document: Document,
    passages: tuple[Passage, ...],
    *,
    placement: Placement,
    signature: Signature | None,
    pseudonym: str | None,
    at: dt.datetime,
) -> tuple[Added, ReviewId | None]:
    """Add a document under its review, with the decision that put it there.

    Returns:
        What became of it, and its review.

    Raises:
        InvalidInputError: a passage is not a slice of the document.
        StorageError: the store could not be written; nothing was changed.
    """
    with store.writing() as connection:
        review_id = _place(connection, document, placement, pseudonym, at)
        added = put_document(connection, replace(document, review_id=review_id), passages)
        if signature is not None:
            put_signature(connection, document.document_id, signature)
        _note_capture(connection, document)
        return added, review_id


def keep_back(store: Store, held: HeldBack) -> None:
    """Put a document into quarantine, and note the capture it came in."""
    with store.writing() as connection:
        hold_back(connection, held)
        _note_capture(connection, held.document)


def note_sighting(store: Store, document: Document) -> None:
    """Note that a capture gave a document whose text is held already.

    Where the capture that the text rests on is no more, it rests on this one from now on.
    """
    identity, capture_id = document.identity, document.capture_id
    with store.reading() as connection:
        known = connection.scalar(_noted(identity, capture_id))
    if capture_id is None:
        return
    if known is None or lacks_its_capture(store, document.document_id):
        with store.writing() as connection:
            _note_capture(connection, document)
            rest_on_sound_copy(connection, document.document_id, capture_id)


def refuse_withheld(store: Store, document: Document) -> None:
    """Note that the bytes which brought a withdrawn document once more must go too."""
    keys = (identity_key(document.identity), text_key(document.text_sha256))
    with store.writing() as connection:
        number = connection.scalar(
            sa.select(t.withheld.c.withdrawal_id).where(t.withheld.c.sha256.in_(keys))
        )
        if number is not None and document.capture_id is not None:
            doom_captures(connection, [document.capture_id], number)


def release(
    store: Store,
    held: HeldBack,
    *,
    placement: Placement,
    signature: Signature | None,
    reason: str,
    by: str,
    at: dt.datetime,
) -> tuple[Added, ReviewId | None]:
    """Take in what was in quarantine, and log who let it go and why; one transaction.

    Raises:
        InvalidInputError: there is no reason.
    """
    with store.writing() as connection:
        mark_released(connection, held.document.document_id, reason=reason, by=by, at=at)
        review_id = _place(connection, held.document, placement, held.pseudonym, at)
        added = put_document(connection, replace(held.document, review_id=review_id), held.passages)
        if signature is not None:
            put_signature(connection, held.document.document_id, signature)
        return added, review_id


def _place(
    connection: Connection,
    document: Document,
    placement: Placement,
    pseudonym: str | None,
    at: dt.datetime,
) -> ReviewId | None:
    if placement.starts:
        review_id: ReviewId | None = start_review(connection, document, pseudonym, at)
    else:
        review_id = placement.review_id
    if review_id is None or not placement.rule:
        return review_id
    decision = Decision(
        identity=document.identity,
        review_id=review_id,
        action="started" if placement.starts else "joined",
        reason=placement.reason,
        decided_at=at,
        rule=placement.rule,
        # What its publisher's list calls the child, for those who ask later what would join it.
        evidence=dict(placement.evidence) | ({"pseudonym": pseudonym} if pseudonym else {}),
    )
    add_decision(connection, decision)
    for other in placement.absorbs:
        absorb(
            connection,
            other,
            review_id,
            replace(decision, action="merged", from_review_id=other),
        )
    return review_id


def _note_capture(connection: Connection, document: Document) -> None:
    if document.capture_id is None or connection.scalar(
        _noted(document.identity, document.capture_id)
    ):
        return
    connection.execute(
        sa.insert(t.document_captures).values(
            identity=document.identity, capture_id=document.capture_id
        )
    )


def _noted(identity: str, capture_id: str | None) -> sa.Select[tuple[str]]:
    return sa.select(t.document_captures.c.capture_id).where(
        t.document_captures.c.identity == identity, t.document_captures.c.capture_id == capture_id
    )
