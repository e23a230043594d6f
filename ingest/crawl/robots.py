"""What a site's robots.txt allows, and how slowly it wants to be read."""

from dataclasses import dataclass

from protego import Protego

MAX_BYTES = 500 * 1024
"""What is read of a robots.txt; the rest is as if it were not there (RFC 9309, 2.5)."""


@dataclass(frozen=True)
class Robots:
    """The rules of one origin, as far as they are known."""

    rules: Protego | None
    refused: str | None = None
    """Why nothing may be fetched at all; ``None`` where the rules decide."""

    def why_not(self, address: str, agent: str) -> str | None:
        """Say why an address may not be fetched; ``None`` where it may."""
        if self.refused is not None:
            return self.refused
        if self.rules is not None and not self.rules.can_fetch(address, agent):
            return "is not to be fetched, says the site's robots.txt"
        return None

    def delay_s(self, agent: str) -> float:
        """The least time between two requests that the site asks for, in seconds."""
        delay = None if self.rules is None else self.rules.crawl_delay(agent)
        return float(delay or 0.0)


def read_robots(status: int | None, body: bytes) -> Robots:
    """Make rules of the answer to ``/robots.txt`` (RFC 9309, 2.3).

    Args:
        status: its status; ``None`` where no answer came.
        body: unpacked.
    """
    if status is None or status >= 500:
        return Robots(None, "is not fetched while the site's robots.txt cannot be read")
    if status == 429:
        return Robots(None, "is not fetched while the site asks us to wait for its robots.txt")
    if status != 200:  # there is none: everything is allowed
        return Robots(None)
    text = body[:MAX_BYTES]
    if len(body) > MAX_BYTES:  # a line cut in two could say the opposite of what it meant
        text = text[: text.rfind(b"\n") + 1]
    return Robots(Protego.parse(text.decode("utf-8", errors="replace")))
