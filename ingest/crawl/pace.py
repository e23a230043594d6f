"""How long to wait before a host is asked again."""

import asyncio
import datetime as dt
from email.utils import parsedate_to_datetime
from time import monotonic

LONGEST_WAIT_S = 600.0
"""A host that asks for more is left alone for this crawl."""
_DEFAULT_WAIT_S = 30.0


def retry_after_s(header: str | None, *, now: dt.datetime) -> float:
    """Read ``Retry-After``, as seconds or as a date; half a minute where it says nothing.

    Args:
        header: its value.
        now: the present moment, which a date is counted from; a date that has passed
            asks for no wait.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return _DEFAULT_WAIT_S
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - now).total_seconds())


class Pace:
    """Keeps the gap between two requests to one origin, and longer breaks where asked for.

    On the monotonic clock: a clock that is set back makes nobody wait an hour.
    """

    def __init__(self, least_gap_s: float) -> None:
        """Take the configured gap; a site's own wish may lengthen it."""
        self._least_gap_s = least_gap_s
        self._gap_s: dict[str, float] = {}
        self._not_before: dict[str, float] = {}
        self._closed: dict[str, str] = {}

    def slow_down(self, origin: str, gap_s: float) -> None:
        """Keep at least this gap from now on."""
        self._gap_s[origin] = max(self.gap_s(origin), min(gap_s, LONGEST_WAIT_S))

    def gap_s(self, origin: str) -> float:
        """The gap that is kept at present, in seconds."""
        return max(self._least_gap_s, self._gap_s.get(origin, 0.0))

    def pause(self, origin: str, wait_s: float) -> None:
        """Ask nothing for so long, and then half as often as before."""
        if wait_s > LONGEST_WAIT_S:
            self._closed[origin] = f"is on a site that asked us to wait {wait_s:.0f} seconds"
        self._not_before[origin] = monotonic() + min(wait_s, LONGEST_WAIT_S)
        self.slow_down(origin, 2 * self.gap_s(origin))

    def why_closed(self, origin: str) -> str | None:
        """Say why an origin is left alone for the rest of this crawl."""
        return self._closed.get(origin)

    async def turn(self, origin: str) -> None:
        """Wait for this origin's turn, and take it."""
        while (wait_s := self._not_before.get(origin, 0.0) - monotonic()) > 0:
            await asyncio.sleep(wait_s)
        self._not_before[origin] = monotonic() + self.gap_s(origin)
