"""Extract again from captures: no network, and a new version beside the old one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import SourceError, StorageError
from corpus.fetches import Visit, get_fetch, iter_latest_visits
from corpus.model import Capture
from corpus.store import Store
from corpus.withdrawals import withdrawn_capture_ids
from ingest.build import BuiltDocument
from ingest.captures import read_capture
from ingest.crawl.derive_visit import VisitDeriver
from ingest.derive import derive_documents
from ingest.report import IngestReport, Refused, TakenIn, sum_up
from ingest.source import Source
from ingest.spiders.listing import Sighting
from ingest.take_in import admit_one, count_dropped_dates


@dataclass(frozen=True, kw_only=True)
class _Again:
    """One capture to read again, with what was known of it when it came."""

    name: str
    capture: Capture
    source: Source | None = None
    visit: Visit | None = None


def ingest_captures(
    *,
    store: Store,
    data_dir: Path,
    sources: Mapping[str, Source],
    progress: Callable[[int, int], None] | None = None,
) -> IngestReport:
    """Make documents of what is captured, as this version extracts.

    Of each address the newest capture is read, in the order of the fetches; of what was
    given as a file, the capture of each current document. Nothing is fetched.

    Args:
        store: where documents go.
        data_dir: where captures are.
        sources: the configured publishers, by id.
        progress: called with captures done and captures in all.

    Raises:
        StorageError: the store cannot be written.
    """
    documents: list[TakenIn] = []
    refused: list[Refused] = []
    dropped_dates = 0
    deriver = VisitDeriver(store, data_dir)
    waiting = list(_find(store, sources))
    for done, again in enumerate(waiting, start=1):
        try:
            built, sighting = _derive(again, deriver)
        except (SourceError, StorageError) as error:
            reason = str(error).rstrip(".")
            refused.append(Refused(name=again.name, reason=f"{again.name}: {reason}."))
        else:
            documents += [
                admit_one(store, again.name, one, again.capture, sighting) for one in built
            ]
            dropped_dates += count_dropped_dates(built)
        if progress:
            progress(done, len(waiting))
    return sum_up(documents, refused, hidden_files=0, dropped_dates=dropped_dates)


def _find(store: Store, sources: Mapping[str, Source]) -> Iterator[_Again]:
    """Find the captures to read: those of crawls by address, then those of given files."""
    withdrawn = withdrawn_capture_ids(store)
    done: set[str] = set()
    for source_id, visit in iter_latest_visits(store):
        capture_id = get_fetch(store, visit.fetch_id or 0).capture_id
        capture = store.get_capture(capture_id) if capture_id else None
        if capture is None or capture.capture_id in withdrawn:
            continue
        is_copy = visit.outcome == "unchanged" and visit.reason is not None
        if visit.role == "document" and (is_copy or capture.capture_id in done):
            continue  # the same bytes under another address are no other document
        done.add(capture.capture_id)
        source = sources.get(source_id)
        if source is not None or visit.role == "document":
            yield _Again(name=visit.address, capture=capture, source=source, visit=visit)
    for document in store.iter_documents():
        capture_id = document.capture_id
        if capture_id is None or capture_id in done or capture_id in withdrawn:
            continue
        done.add(capture_id)
        capture = store.get_capture(capture_id)
        if capture is not None:
            yield _Again(name=capture.address, capture=capture)


def _derive(again: _Again, deriver: VisitDeriver) -> tuple[list[BuiltDocument], Sighting | None]:
    if again.visit is not None and again.source is not None:
        return deriver.derive(again.visit, again.capture, again.source)
    data = read_capture(deriver.data_dir, again.capture)
    return derive_documents(data, again.capture, name=again.name.partition("?")[0]), None
