"""What can go wrong between a notebook and the API."""

from collections.abc import Mapping
from typing import Any


class ClientError(Exception):
    """Anything this client raises; the sentence says what to do."""


class ApiError(ClientError):
    """The API refused, with an RFC 9457 problem document.

    ``code`` is permanent and names the kind of failure; ``problem`` is the whole document.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        """Keep the problem document beside its sentence."""
        super().__init__(str(problem.get("detail") or f"The API answered {status}."))
        self.status = status
        self.problem = dict(problem)
        self.code = str(problem.get("code", ""))


class SnapshotChangedError(ClientError):
    """An answer came from another snapshot than the one this client is pinned to."""

    def __init__(self, pinned: str, found: str) -> None:
        """Name both snapshots."""
        super().__init__(
            f"This client is pinned to snapshot {pinned}, and the server now answers from "
            f"{found}: figures from both would not belong together. Make a new Client and read "
            "everything again, or make one with pin=False to take whatever is held."
        )
        self.pinned = pinned
        self.found = found
