"""What a crawl is asked to do, as it is handed to the process that does it."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from corpus.dates import PartialDate
from corpus.model import Kind, LicenceTier
from ingest.source import Source
from ingest.spiders.listing import Sighting

_DATES = ("published", "updated", "incident")


@dataclass(frozen=True, kw_only=True)
class CrawlJob:
    """One crawl of one source, begun or gone on with."""

    crawl_id: int
    source: Source
    data_dir: Path
    agent: str
    since: dt.date | None = None
    limit: int | None = None
    max_bytes: int = 100_000_000
    deadline_s: float = 120.0
    retries: int = 2
    lists_only: bool = False
    """Whether documents are named and not fetched."""
    stand_ins: Mapping[str, int] = field(default_factory=dict)
    """For tests alone; see :class:`ingest.crawl.guard.Guard`."""

    def to_json(self) -> str:
        """Write it on one line."""
        return json.dumps(
            {
                **{name: value for name, value in vars(self).items() if name != "source"},
                "data_dir": str(self.data_dir),
                "since": self.since.isoformat() if self.since else None,
                "stand_ins": dict(self.stand_ins),
                "source": {
                    **asdict(self.source),
                    "options": dict(self.source.options),
                    "expect": dict(self.source.expect),
                },
            }
        )

    @classmethod
    def from_json(cls, text: str) -> "CrawlJob":
        """Read back what :meth:`to_json` wrote."""
        values = json.loads(text)
        source = values["source"]
        return cls(
            **{
                **values,
                "data_dir": Path(values["data_dir"]),
                "since": dt.date.fromisoformat(values["since"]) if values["since"] else None,
                "source": Source(
                    **{
                        **source,
                        "start": tuple(source["start"]),
                        "hosts": tuple(source["hosts"]),
                        "licence_tier": LicenceTier(source["licence_tier"]),
                        "kind": Kind(source["kind"]) if source["kind"] else None,
                    }
                ),
            }
        )


def sighting_row(sighting: Sighting) -> dict[str, Any]:
    """Write a sighting for the store, without the text that its list page may carry."""
    row = {name: value for name, value in asdict(sighting).items() if value and name != "text"}
    for name in _DATES:
        if name in row:
            row[name] = str(getattr(sighting, name))
    return row


def sighting_from_row(row: Mapping[str, Any]) -> Sighting:
    """Read back what :func:`sighting_row` wrote."""
    values = dict(row)
    for name in _DATES:
        if name in values:
            values[name] = PartialDate.parse(values[name])
    if "kind" in values:
        values["kind"] = Kind(values["kind"])
    if "stated" in values:
        values["stated"] = {name: tuple(words) for name, words in values["stated"].items()}
    return Sighting(**values)


def inline_address(sighting: Sighting, list_page: str) -> str:
    """Name a document that its list page carries whole; without an address, by what it is."""
    if sighting.address != list_page:
        return sighting.address
    return f"{list_page}#{sighting.identity or sighting.title or ''}"
