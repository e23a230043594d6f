"""A publisher as configured: one TOML file each under ``ingest/sources/``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus.model import Kind, LicenceTier


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where to look, how, how gently, and what each field must look like."""

    source_id: str
    """The file's name without its ending."""
    name: str
    publisher: str
    spider: str
    """A module of ``ingest/spiders``."""
    start: tuple[str, ...]
    hosts: tuple[str, ...]
    """The only hosts that are ever asked, at every hop of a redirect."""
    licence_tier: LicenceTier
    crawl_delay_s: float
    robots_note: str
    """What is known of the publisher's robots.txt and terms, and when it was looked at."""
    kind: Kind | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    """The spider's own: selectors, address patterns, an organisation's slug."""
    expect: Mapping[str, float] = field(default_factory=dict)
    """Field → the share of its documents that must have it."""
