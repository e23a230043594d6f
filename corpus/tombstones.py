"""What remains of what was withdrawn: ids that answer "withdrawn", hashes that stay out."""

import datetime as dt
from typing import NoReturn

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.errors import ThroughlineError, WithdrawnError
from corpus.ids import sha256_text
from corpus.model import Document


def identity_key(identity: str) -> str:
    """Hash what a document is, so that a tombstone knows it without naming it."""
    return sha256_text(f"identity:{identity}")


def text_key(text_sha256: str) -> str:
    """The key of a text, told apart from that of an identity."""
    return sha256_text(f"text:{text_sha256}")


def is_withheld(connection: Connection, document: Document) -> bool:
    """Whether this document, or this very text, was withdrawn and must stay out."""
    keys = (identity_key(document.identity), text_key(document.text_sha256))
    found = connection.scalar(
        sa.select(t.withheld.c.sha256).where(t.withheld.c.sha256.in_(keys)).limit(1)
    )
    return found is not None


def raise_missing(connection: Connection, entity_id: str, missing: ThroughlineError) -> NoReturn:
    """Raise the right error for an id that is not held.

    Raises:
        WithdrawnError: it was held, and withdrawn.
        ThroughlineError: ``missing``, where it never was.
    """
    query = (
        sa.select(t.tombstones.c.entity, t.withdrawals.c.reason, t.withdrawals.c.withdrawn_at)
        .join_from(t.tombstones, t.withdrawals)
        .where(t.tombstones.c.entity_id == entity_id)
    )
    stone = connection.execute(query).first()
    if stone is None:
        raise missing
    raise WithdrawnError(stone.entity, entity_id, stone.reason, _day(stone.withdrawn_at))


def _day(moment: dt.datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
