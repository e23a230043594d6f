"""What becomes of an address that has answered: documents, a withdrawal, or a reason why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.absences import note_answering
from corpus.errors import DocumentNotFoundError, SourceError, ThroughlineError
from corpus.fetches import (
    Fetch,
    Visit,
    close_visit,
    documents_from,
    first_fetch_of,
    get_fetch,
    has_older_version,
)
from corpus.model import Capture
from corpus.store import Store
from ingest.addresses import canonical_address
from ingest.build import BuiltDocument
from ingest.crawl.derive_visit import VisitDeriver, split_sighting
from ingest.crawl.gone import GoneTaker
from ingest.report import TakenIn
from ingest.source import Source
from ingest.spiders.listing import Sighting
from ingest.take_in import admit_one, count_dropped_dates


@dataclass
class VisitTaker:
    """Takes in what one crawl fetched, one visit after the other."""

    store: Store
    data_dir: Path
    source: Source
    crawl_id: int
    dropped_dates: int = 0

    def __post_init__(self) -> None:
        """Keep one reader of list pages, so that each is read once, and who knows what is gone."""
        self._deriver = VisitDeriver(self.store, self.data_dir)
        self.gone = GoneTaker(store=self.store, source=self.source, crawl_id=self.crawl_id)

    def take(self, visit: Visit) -> None:
        """Decide what becomes of a visit that has answered and close it.

        What is held and answers 404 or 410 is left open for :meth:`GoneTaker.settle`.
        Interrupted anywhere, it can be taken again: nothing is added twice.

        Raises:
            StorageError: the store or a capture cannot be read or written.
        """
        if visit.fetch_id is None or visit.outcome is not None:
            return
        fetch = get_fetch(self.store, visit.fetch_id)
        sighting, _ = split_sighting(visit)
        if sighting is not None and sighting.gone is not None:
            self.gone.withdraw(visit, sighting.gone, sighting.identity)
        elif fetch.outcome in ("fetched", "unchanged"):
            self._take_bytes(visit, fetch, sighting)
        elif fetch.status in (404, 410):
            self.gone.wait_for_the_others(visit, fetch.status)
        else:
            outcome = "refused" if fetch.outcome == "refused" else "failed"
            close_visit(self.store, visit.visit_id, outcome, reason=fetch.reason)

    # -- bytes ------------------------------------------------------------------------

    def _take_bytes(self, visit: Visit, fetch: Fetch, sighting: Sighting | None) -> None:
        note_answering(self.store, [visit.address])
        capture = self.store.get_capture(fetch.capture_id) if fetch.capture_id else None
        if capture is None:
            reason = "was withdrawn here, and its publisher still serves it"
            close_visit(self.store, visit.visit_id, "withheld", reason=reason)
            return
        if visit.role == "document" and self._is_held(visit, capture, sighting):
            return
        try:
            built, sighting = self._deriver.derive(visit, capture, self.source)
            self._admit(visit, capture, built, sighting)
        except SourceError as error:
            close_visit(self.store, visit.visit_id, "refused", reason=str(error))
        except ThroughlineError:
            raise
        except Exception as error:  # one document that a parser stumbles over ends no crawl
            reason = f"could not be read ({type(error).__name__}: {error})"
            close_visit(self.store, visit.visit_id, "failed", reason=reason)

    def _is_held(self, visit: Visit, capture: Capture, sighting: Sighting | None) -> bool:
        """Close a visit whose very bytes are a document already, under whatever address."""
        held = documents_from(self.store, [capture.capture_id], current=True)
        if not held:
            return False
        document = self.store.get_document(held[0], whole=True)
        own = canonical_address(document.url) == canonical_address(visit.address)
        own = own or (sighting is not None and sighting.identity == document.identity)
        outcome, reason = "unchanged", None
        if own and self._is_ours(capture):  # added by this crawl, before it was killed
            older = any(has_older_version(self.store, one) for one in held)
            outcome = "updated" if older else "new"
        elif not own:
            reason = f"has the very bytes of {document.url or document.title}"
        close_visit(self.store, visit.visit_id, outcome, reason=reason, document_ids=held)
        return True

    def _admit(
        self,
        visit: Visit,
        capture: Capture,
        built: Sequence[BuiltDocument],
        sighting: Sighting | None,
    ) -> None:
        taken = [admit_one(self.store, visit.address, one, capture, sighting) for one in built]
        self.dropped_dates += count_dropped_dates(built)
        outcomes = [self._seen_first(one, capture) for one in taken]
        rank = ("new", "updated", "quarantined", "withheld", "unchanged")
        close_visit(
            self.store,
            visit.visit_id,
            min(outcomes, key=rank.index),
            reason=self._reason(taken),
            document_ids=[one.document_id for one in taken],
        )

    def _reason(self, taken: Sequence[TakenIn]) -> str | None:
        rules = sorted({rule for one in taken for rule in one.rules})
        return f"rules: {', '.join(rules)}" if rules else None

    def _seen_first(self, taken: TakenIn, capture: Capture) -> str:
        """Name the outcome; what a crawl added before it was killed is new all the same."""
        outcome = {"new-version": "updated"}.get(taken.outcome, taken.outcome)
        if outcome != "unchanged" or not self._is_ours(capture):
            return outcome
        try:
            document = self.store.get_document(taken.document_id)
        except DocumentNotFoundError:
            return outcome
        if document.capture_id != capture.capture_id:
            return outcome
        return "updated" if has_older_version(self.store, document.document_id) else "new"

    def _is_ours(self, capture: Capture) -> bool:
        """Whether this crawl was the first to bring these bytes."""
        first = first_fetch_of(self.store, capture.capture_id)
        return first is not None and first.crawl_id == self.crawl_id
