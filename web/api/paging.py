"""Cursors: opaque, tied to one snapshot and one question, refused when tampered with."""

import base64
import binascii
import json
from dataclasses import dataclass

from pydantic import BaseModel

from corpus.errors import InvalidInputError
from corpus.ids import short_digest


class CursorError(InvalidInputError):
    """The cursor is not one of ours, or belongs to another question or snapshot."""

    code = "invalid-cursor"


@dataclass(frozen=True)
class Page:
    """One page of an answer: ``size`` items from ``offset`` on."""

    offset: int
    size: int
    snapshot: str
    question: str

    def next_cursor(self, total: int) -> str | None:
        """The cursor of the next page; ``None`` at the end."""
        after = self.offset + self.size
        if after >= total:
            return None
        packed = json.dumps([self.snapshot, self.question, after], separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def page_of(snapshot: str, query: BaseModel) -> Page:
    """Read the page that a query model with ``per_page`` and ``cursor`` asks for.

    Raises:
        CursorError: the cursor cannot be read, or belongs elsewhere.
    """
    asked = query.model_dump(mode="json")
    size, cursor = asked.pop("per_page"), asked.pop("cursor")
    question = short_digest(asked)
    offset = 0 if cursor is None else _read(cursor, snapshot=snapshot, question=question)
    return Page(offset=offset, size=size, snapshot=snapshot, question=question)


def _read(cursor: str, *, snapshot: str, question: str) -> int:
    try:
        packed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        of_snapshot, of_question, offset = json.loads(packed)
    except (binascii.Error, ValueError, TypeError) as error:
        raise CursorError("The cursor is not one that this API gave.") from error
    if not isinstance(offset, int) or isinstance(offset, bool) or offset < 0:
        raise CursorError("The cursor is not one that this API gave.")
    if of_question != question:
        raise CursorError("The cursor belongs to another query: send it with the same parameters.")
    if of_snapshot != snapshot:
        raise CursorError(
            f"The cursor belongs to snapshot {of_snapshot}; what is held is now {snapshot}. "
            "Start again from the first page."
        )
    return offset
