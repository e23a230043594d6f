"""The client: one method an endpoint."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import httpx

from throughline.errors import ApiError, ClientError, SnapshotChangedError
from throughline.rows import Page, Row, Rows, frame_of

if TYPE_CHECKING:
    import pandas as pd

Value = str | int | bool | Sequence[str]
"""A parameter's value; several of one filter are given as a list."""

PER_PAGE = 200
RETRIED = frozenset({429, 502, 503, 504})
LONGEST_WAIT_SECONDS = 120.0


@dataclass(frozen=True)
class Answer:
    """One answer: what it was made from, and the data."""

    meta: Mapping[str, Any]
    data: Any

    def to_frame(self) -> "pd.DataFrame":
        """Make a pandas DataFrame of a list of records.

        Raises:
            ClientError: the data is no list, or pandas is not installed.
        """
        if not isinstance(self.data, list):
            raise ClientError("This answer is one record, not a list; read its keys from .data")
        return frame_of(self.data)


class Client:
    """Reads one Throughline, from one snapshot.

    The first answer's snapshot is kept in ``snapshot``; a later answer from another one
    raises :class:`SnapshotChangedError`, so that figures of two states never meet in one
    table. A list that is being paged through stays in the state it was begun in. To read a
    published snapshot, now or in ten years, name it.

    Waiting is done for you: an answer that says 429 or 503 is asked for again after as long
    as it says, and a broken connection after a growing pause, ``retries`` times.
    """

    def __init__(
        self,
        base_url: str,
        *,
        snapshot: str | None = None,
        pin: bool = True,
        retries: int = 5,
        timeout_seconds: float = 60.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Connect to nothing yet.

        Args:
            base_url: where the portal is, such as ``http://127.0.0.1:8000``.
            snapshot: the snapshot to read, by its name or its manifest's SHA-256: published
                there, or what is held now. Without it the first answer decides.
            pin: ``False`` takes whatever is held at each call.
            retries: how often a call is tried again.
            timeout_seconds: for each try.
            transport: how to reach the server, for instance ``httpx.WSGITransport``.
            sleep: waits so many seconds.
        """
        self.snapshot: str | None = None
        self._asked = {"snapshot": snapshot} if snapshot else {}
        self._pin = pin
        self._retries = retries
        self._sleep = sleep
        self._http = httpx.Client(
            base_url=base_url.rstrip("/") + "/api/v1",
            timeout=timeout_seconds,
            transport=transport,
            headers={"Accept": "application/json"},
            follow_redirects=True,  # a review that was merged leads on to what it is part of
        )

    def __enter__(self) -> Self:
        """Use the client in a ``with`` block, which closes it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections."""
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    # -- the endpoints -------------------------------------------------------------

    def status(self) -> Answer:
        """What is held."""
        return self.get("/status")

    def themes(self, **parameters: Value) -> Answer:
        """The codebook: top themes with their themes."""
        return self.get("/themes", **parameters)

    def theme(self, theme_id: str, **parameters: Value) -> Answer:
        """One theme, or a top theme."""
        return self.get(f"/themes/{theme_id}", **parameters)

    def recurrence(self, theme_id: str, **parameters: Value) -> Answer:
        """A theme from review to review."""
        return self.get(f"/themes/{theme_id}/recurrence", **parameters)

    def reviews(self, **parameters: Value) -> Rows:
        """Every review that passes: ``nation``, ``type``, ``from_``, ``to``, ``select``."""
        return self.rows("/reviews", **parameters)

    def review(self, review_id: str, **parameters: Value) -> Answer:
        """One review with its documents and passages."""
        return self.get(f"/reviews/{review_id}", **parameters)

    def document(self, document_id: str, **parameters: Value) -> Answer:
        """One document with its passages."""
        return self.get(f"/documents/{document_id}", **parameters)

    def passages(self, **parameters: Value) -> Rows:
        """Every passage that passes the filters, or is found by ``q``.

        ``theme``, ``stance``, ``level``, ``attribution``, ``kind``, ``grade``, ``nation``,
        ``review``, ``from_``, ``to``, ``possible``, ``sort``, ``sample`` with ``seed``,
        ``include`` and ``select``; the API's own page says what each means.
        """
        return self.rows("/passages", **parameters)

    def passage(self, passage_id: str, **parameters: Value) -> Answer:
        """One passage with every finding on it."""
        return self.get(f"/passages/{passage_id}", **parameters)

    def echoes(self, passage_id: str) -> Answer:
        """Where other reviews found the same failing."""
        return self.get(f"/passages/{passage_id}/echoes")

    def snapshots(self) -> Answer:
        """The snapshots that can be named, the current one first or marked."""
        return self.get("/snapshots")

    def counts(self, **parameters: Value) -> Answer:
        """How many reviews found each theme: ``by``, ``from_``, ``to``, ``group_by`` and so on."""
        return self.get("/counts", **parameters)

    # -- what they are made of --------------------------------------------------------

    def rows(self, path: str, **parameters: Value) -> Rows:
        """Go through a list of any path under ``/api/v1``, page by page."""
        asked = {"per_page": PER_PAGE, **parameters}

        def pages() -> Iterator[Page]:
            cursor: str | None = None
            while True:
                following = {} if cursor is None else {"cursor": cursor}
                answer = self.get(path, **asked, **following)
                data: list[Row] = answer.data
                yield answer.meta, data
                cursor = answer.meta["next_cursor"]
                if cursor is None:
                    return

        return Rows(pages)

    def get(self, path: str, **parameters: Value) -> Answer:
        """Ask for any path under ``/api/v1``.

        Raises:
            ApiError: the API refused.
            SnapshotChangedError: the answer is of another snapshot than this client's.
            ClientError: no answer came, or one that is none of Throughline's.
        """
        named = {_name(name): _text(value) for name, value in parameters.items()}
        response = self._ask(path, self._asked | named)
        try:
            body = response.json()
        except ValueError as error:
            raise ClientError(f"{response.url} gave no JSON: is a Throughline there?") from error
        if response.is_error:
            raise ApiError(response.status_code, body)
        answer = Answer(body["meta"], body["data"])
        self._check(str(answer.meta["snapshot"]))
        return answer

    def _ask(self, path: str, parameters: Mapping[str, str]) -> httpx.Response:
        for tried in range(self._retries + 1):
            pause = min(2.0**tried / 2, LONGEST_WAIT_SECONDS)
            try:
                response = self._http.get(path, params=parameters)
            except httpx.TransportError as error:
                if tried == self._retries:
                    raise ClientError(
                        f"{self._http.base_url} did not answer ({error}). Is it running?"
                    ) from error
            else:
                if response.status_code not in RETRIED or tried == self._retries:
                    return response
                pause = _told(response, otherwise=pause)
            self._sleep(pause)
        raise ClientError("retries must not be negative.")

    def _check(self, found: str) -> None:
        if not self._pin:
            return
        if self.snapshot is None:
            self.snapshot = found
        elif self.snapshot != found:
            raise SnapshotChangedError(self.snapshot, found)


def _name(name: str) -> str:
    # ``from`` is a word of Python's own.
    return name.removesuffix("_")


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int) else ",".join(value)


def _told(response: httpx.Response, *, otherwise: float) -> float:
    told = response.headers.get("Retry-After", "")
    return min(float(told), LONGEST_WAIT_SECONDS) if told.isdigit() else otherwise
