"""Fetch single addresses, each checked, paced and recorded as in a crawl."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from corpus.errors import SourceError, StorageError
from corpus.fetches import documents_from, get_fetch
from corpus.store import Store
from ingest.captures import read_capture
from ingest.crawl.exchange import Limits
from ingest.crawl.fetcher import Fetched, Fetcher, tidy_address
from ingest.crawl.guard import Guard
from ingest.crawl.pace import Pace
from ingest.crawl.recorder import Recorder
from ingest.derive import derive_documents
from ingest.report import IngestReport, Refused, TakenIn, sum_up
from ingest.source import Source
from ingest.take_in import admit_one, count_dropped_dates

_TRIES = 3


@dataclass(frozen=True, kw_only=True)
class FetchOptions:
    """How single addresses are fetched."""

    agent: str
    max_bytes: int = 100_000_000
    deadline_s: float = 120.0
    stand_ins: Mapping[str, int] = field(default_factory=dict)
    """For tests alone; see :class:`ingest.crawl.guard.Guard`. No option leads here."""


def ingest_addresses(
    addresses: Sequence[str],
    *,
    store: Store,
    data_dir: Path,
    sources: Mapping[str, Source],
    options: FetchOptions,
    source_id: str | None = None,
) -> IngestReport:
    """Fetch addresses and take in what they give.

    Args:
        addresses: web addresses; each must be on a host of a configured publisher.
        store: where documents go.
        data_dir: where captures go.
        sources: the configured publishers.
        options: how to fetch.
        source_id: whose addresses these are; found by their hosts where it is not given.

    Raises:
        StorageError: the store or the data directory cannot be written.
    """
    documents: list[TakenIn] = []
    refused: list[Refused] = []
    dropped_dates = 0
    for given in addresses:
        try:
            address = tidy_address(given)
            source = _source_of(address, sources, source_id)
            taken, dropped = _ingest_one(address, source, store, data_dir, options)
        except SourceError as error:
            refused.append(Refused(name=given, reason=f"{given} {error}."))
        else:
            documents += taken
            dropped_dates += dropped
    return sum_up(documents, refused, hidden_files=0, dropped_dates=dropped_dates)


def _source_of(address: str, sources: Mapping[str, Source], source_id: str | None) -> Source:
    if source_id is not None:
        return sources[source_id]
    try:
        scheme, host = urlsplit(address).scheme, urlsplit(address).hostname
    except ValueError as error:
        raise SourceError("is not an address: check how it is written") from error
    if scheme not in ("http", "https"):
        raise SourceError(
            f"is of the kind {scheme!r}, and only http and https are fetched: give the path of a "
            "file on this machine as a path"
        )
    for source in sources.values():
        if host in source.hosts:
            return source
    raise SourceError(
        f"is on the host {host!r}, which no configured publisher has: name the publisher with "
        "--source, or add a file for it to the folder 'sources' of the data directory"
    )


def _ingest_one(
    address: str, source: Source, store: Store, data_dir: Path, options: FetchOptions
) -> tuple[list[TakenIn], int]:
    recorder = Recorder(store, data_dir, source.source_id, None)
    fetcher = Fetcher(
        guard=Guard(hosts=source.hosts, stand_ins=options.stand_ins),
        pace=Pace(source.crawl_delay_s),
        agent=options.agent,
        record=recorder.record,
        validators=recorder.validators,
        limits=Limits(max_bytes=options.max_bytes, deadline_s=options.deadline_s),
    )
    fetched = asyncio.run(_fetch(fetcher, address))
    fetch = get_fetch(store, fetched.fetch_id)
    if fetch.outcome not in ("fetched", "unchanged"):
        raise SourceError(fetch.reason or "gave nothing")
    capture = store.get_capture(fetch.capture_id) if fetch.capture_id else None
    if capture is None:
        raise SourceError("was withdrawn here and is not taken in again")
    held = documents_from(store, [capture.capture_id], current=True)
    if held:
        return [_unchanged(store, document_id, address) for document_id in held], 0
    try:
        data = read_capture(data_dir, capture)
    except StorageError as error:
        raise SourceError(f"was fetched, but {error}") from error
    built = derive_documents(data, capture, name=urlsplit(address).path, source=source)
    return [admit_one(store, address, one, capture) for one in built], count_dropped_dates(built)


async def _fetch(fetcher: Fetcher, address: str) -> Fetched:
    fetched = await fetcher.fetch(address)
    for _ in range(_TRIES - 1):
        if not fetched.worth_retrying:
            break
        fetched = await fetcher.fetch(address)
    return fetched


def _unchanged(store: Store, document_id: str, address: str) -> TakenIn:
    document = store.get_document(document_id)
    return TakenIn(
        file=address,
        document_id=document.document_id,
        title=document.title,
        outcome="unchanged",
        passages=sum(1 for _ in store.iter_passages(document_id=document_id)),
        skipped=document.skipped,
        marks=document.marks,
    )
