"""Cursors: opaque, tied to one state and one question, refused when tampered with."""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from corpus.errors import GoneError, InvalidInputError
from corpus.ids import short_digest
from web.api.query import Paged

_FORM = "v1"
"""Changes with what a cursor holds, so that one of an older form is not misread."""

Parts = tuple[str | int | None, ...]


class CursorError(InvalidInputError):
    """The cursor is not one of ours, or belongs to another question."""

    code = "invalid-cursor"


class SnapshotMovedError(GoneError):
    """What is held has changed since the cursor was given, and its list cannot be gone on with."""

    code = "snapshot-moved"

    def __init__(self, before: str, now: str, why: str) -> None:
        """Name both states and what moved."""
        super().__init__(
            f"The cursor belongs to snapshot {before}; what is held is now {now}, because {why}. "
            "Start again from the first page, or read a published snapshot, which never "
            "changes: /api/v1/snapshots"
        )
        self.before = before
        self.now = now


@dataclass(frozen=True)
class Cursor:
    """Where a list is gone on with."""

    snapshot: str
    """What was held when the list was begun."""
    place: Parts
    """Whatever the endpoint needs to find the next item."""


def write_cursor(question: Paged, cursor: Cursor) -> str:
    """Pack a cursor for one question; the size of a page is no part of the question.

    The checksum keeps mistakes apart, not forgers: a forged cursor gives nothing that
    the parameters could not ask for.
    """
    body = [_FORM, cursor.snapshot, _question_id(question), *cursor.place]
    packed = json.dumps([short_digest(*body), *body], separators=(",", ":"))
    return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def read_cursor(question: Paged, form: Any) -> Cursor | None:  # noqa: ANN401 - any tuple type
    """Unpack the cursor that a query came with; ``None`` on the first page.

    Args:
        question: the query.
        form: the tuple type of the place, such as ``tuple[int]``.

    Raises:
        CursorError: the cursor cannot be read, or belongs to another question.
    """
    if question.after is None:
        return None
    try:
        text = question.after
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        checksum, *body = json.loads(packed)
        form_name, snapshot, asked, *place = body
        if checksum != short_digest(*body) or form_name != _FORM:
            raise CursorError("The cursor is not one that this API gave.")
        if asked != _question_id(question):
            raise CursorError(
                "The cursor belongs to another query: send it with the same parameters."
            )
        read: Parts = TypeAdapter(form).validate_python(place, strict=False)
    except (binascii.Error, ValueError, TypeError, RecursionError, ValidationError) as error:
        raise CursorError("The cursor is not one that this API gave.") from error
    return Cursor(str(snapshot), read)


def offset_of(question: Paged, *, snapshot: str) -> int:
    """Where the page of a list begins that cannot outlive its snapshot.

    Raises:
        CursorError: see :func:`read_cursor`.
        SnapshotMovedError: something was added, taken away or coded since the first page.
    """
    cursor = read_cursor(question, tuple[int])
    if cursor is None:
        return 0
    if cursor.snapshot != snapshot:
        raise SnapshotMovedError(cursor.snapshot, snapshot, "something was added or coded")
    return int(cursor.place[0] or 0)


def next_offset(question: Paged, *, snapshot: str, offset: int, total: int) -> str | None:
    """The cursor of the next page of such a list; ``None`` at the end."""
    after = offset + question.per_page
    return None if after >= total else write_cursor(question, Cursor(snapshot, (after,)))


def _question_id(question: Paged) -> str:
    # Name, too: two endpoints may take the same parameters.
    asked = question.model_dump(mode="json", exclude={"per_page", "cursor", "select"})
    return short_digest(type(question).__name__, asked)
