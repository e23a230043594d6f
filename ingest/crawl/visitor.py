"""The one Scrapy spider: it visits what ``ingest.spiders`` says, and keeps count in the store."""

import json
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request, Spider
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from corpus.errors import SourceError, StorageError
from corpus.fetches import (
    Visit,
    add_visits,
    close_list,
    close_visit,
    get_fetch,
    get_visit,
    iter_visits,
)
from corpus.store import Store
from ingest.clean import clean_titles
from ingest.crawl.fetcher import Fetcher, tidy_address
from ingest.crawl.guard import FetchFailedError, FetchRefusedError
from ingest.crawl.job import CrawlJob, inline_address, sighting_row
from ingest.crawl.recorder import Recorder
from ingest.spiders import load_spider
from ingest.spiders.listing import FetchedPage, Listing, Sighting

CHANNEL_TAMPERED = "channel-tampered"
_LIST, _DOCUMENT = 0, 10  # documents first: with a limit, no list page is fetched for nothing


class Visitor(Spider):
    """Fetches a crawl's visits until none is left, and puts those it finds on the list."""

    name = "throughline"

    def __init__(
        self, *, job: CrawlJob, store: Store, fetcher: Fetcher, recorder: Recorder
    ) -> None:
        """Take what the crawl works with; Scrapy gives the rest."""
        super().__init__()
        self.job, self.store, self.fetcher, self.recorder = job, store, fetcher, recorder
        self._reader = load_spider(job.source)
        self._taken = 0
        self._requested: set[int] = set()
        self.ended: str | None = None
        """Why it ended, in Scrapy's words; ``finished`` where nothing was left to ask."""

    async def start(self) -> AsyncIterator[Request]:
        """Begin, or go on where a crawl was interrupted."""
        first = self._reader.start(self.job.source, self.job.since)
        starts = [Visit(address=tidy_address(address), role="list") for address in first]
        add_visits(self.store, self.job.crawl_id, starts)
        for visit in iter_visits(self.store, self.job.crawl_id):
            if visit.role == "document" and visit.fetch_id is not None:
                self._taken += 1
            if visit.role == "list" and visit.fetch_id is not None and visit.outcome is None:
                self._read_held(visit)
        for request in self._requests():
            yield request

    def _requests(self) -> Iterator[Request]:
        """Give a request for every visit that waits, as far as the limit allows."""
        for visit in iter_visits(self.store, self.job.crawl_id):
            waiting = visit.outcome is None and visit.fetch_id is None
            if not waiting or visit.role == "inline" or visit.visit_id in self._requested:
                continue
            if not self._may_visit(visit):
                continue
            self._requested.add(visit.visit_id)
            yield Request(
                visit.address,
                callback=self.read_list if visit.role == "list" else self.take_document,
                errback=self.note_failure,
                priority=_LIST if visit.role == "list" else _DOCUMENT,
                dont_filter=True,
                meta={"visit_id": visit.visit_id},
            )

    def _may_visit(self, visit: Visit) -> bool:
        if visit.role == "list":
            return self.job.limit is None or self._taken < self.job.limit
        if self.job.lists_only:
            return False
        if self.job.limit is not None:
            if self._taken >= self.job.limit:
                return False
            self._taken += 1
        return True

    # -- what Scrapy calls ------------------------------------------------------------

    def read_list(self, response: Response) -> Iterator[Request]:
        """Read a list page that answered."""
        visit = get_visit(self.store, response.meta["visit_id"])
        self._close_list(visit, response.url, response.status, _lower(response), response.body)
        self._say(visit)
        yield from self._requests()

    def take_document(self, response: Response) -> None:
        """Say that a document has answered; it is read in the process that started this one."""
        visit = get_visit(self.store, response.meta["visit_id"])
        if visit.fetch_id is None:  # a status of the moment, at every try
            reason = f"answered with the status {response.status} each time"
            close_visit(self.store, visit.visit_id, "failed", reason=reason)
        self._say(visit)

    def note_failure(self, failure: Failure) -> Iterator[Request]:
        """Say what became of an address that gave nothing."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        visit = get_visit(self.store, request.meta["visit_id"])
        error = failure.value
        if isinstance(error, StorageError):
            _tell({"stopped": str(error)})
            raise CloseSpider("storage") from error
        refused = isinstance(error, FetchRefusedError)
        known = refused or isinstance(error, FetchFailedError)
        reason = str(error) if known else f"could not be fetched ({type(error).__name__})"
        close_visit(self.store, visit.visit_id, "refused" if refused else "failed", reason=reason)
        self._say(visit)
        yield from ()

    def closed(self, reason: str) -> None:
        """Remember why it ended; Scrapy calls this last."""
        self.ended = reason

    # -- list pages -------------------------------------------------------------------

    def _read_held(self, visit: Visit) -> None:
        """Read a list page that had answered before the crawl was interrupted."""
        fetch = get_fetch(self.store, visit.fetch_id or 0)
        headers = self.recorder.held_headers(fetch)
        body = self.recorder.held_bytes(fetch) or b""
        self._close_list(visit, fetch.address, fetch.status or 0, headers, body)

    def _close_list(
        self, visit: Visit, address: str, status: int, headers: dict[str, str], body: bytes
    ) -> None:
        if status == 404 and (visit.sighting or {}).get("may_end"):
            close_visit(self.store, visit.visit_id, "end")
            return
        if status == 304:
            fetch = get_fetch(self.store, self._fetch_id(visit))
            held = self.recorder.held_bytes(fetch)
            status, body = (200, held) if held is not None else (304, b"")
            headers = self.recorder.held_headers(fetch) | headers
        if status != 200:
            reason = f"is a list page that answered with the status {status}"
            close_visit(self.store, visit.visit_id, "failed", reason=reason)
            return
        try:
            page = FetchedPage(address=address, headers=headers, body=body)
            listing = self._reader.read(self.job.source, page)
        except SourceError as error:
            close_visit(self.store, visit.visit_id, "failed", reason=str(error))
        except Exception as error:  # one page that a spider stumbles over ends no crawl
            self.logger.exception("The list page %s could not be read", address)
            reason = f"is a list page that could not be read ({type(error).__name__}: {error})"
            close_visit(self.store, visit.visit_id, "failed", reason=reason)
        else:
            self._keep(visit, listing, address)

    def _fetch_id(self, visit: Visit) -> int:
        return get_visit(self.store, visit.visit_id).fetch_id or 0

    def _keep(self, visit: Visit, listing: Listing, base: str) -> None:
        tampered = listing.channel_title is not None and any(
            title.injected for title in clean_titles([listing.channel_title], language=None)
        )
        found: list[Visit] = []
        passed_over = {item.address: item.reason for item in listing.passed_over}
        for sighting in listing.sightings:
            if self._is_older(sighting):
                passed_over[sighting.address] = f"was published before {self.job.since}"
                continue
            row = sighting_row(sighting) | ({"marks": [CHANNEL_TAMPERED]} if tampered else {})
            inline = sighting.text is not None or sighting.gone is not None
            found.append(
                Visit(
                    address=inline_address(sighting, base)
                    if inline
                    else tidy_address(sighting.address, base),
                    role="inline" if inline else "document",
                    sighting=row,
                    fetch_id=self._fetch_id(visit) if inline else None,
                )
            )
        if not self._may_stop(listing):
            ending = {"may_end": True} if listing.may_end else None
            found += [
                Visit(address=tidy_address(address, base), role="list", sighting=ending)
                for address in listing.follow
            ]
        close_list(
            self.store,
            self.job.crawl_id,
            visit.visit_id,
            found=found,
            passed_over=passed_over,
            refused_dates=listing.refused_dates,
        )

    def _may_stop(self, listing: Listing) -> bool:
        dated = [sighting for sighting in listing.sightings if sighting.published]
        return listing.newest_first and bool(dated) and all(map(self._is_older, dated))

    def _is_older(self, sighting: Sighting) -> bool:
        """Whether a document was certainly published before the day that the crawl begins at."""
        since, date = self.job.since, sighting.published
        if since is None or date is None:
            return False
        known = (date.year, date.month, date.day)
        for ours, theirs in zip((since.year, since.month, since.day), known, strict=True):
            if theirs is None or theirs > ours:
                return False
            if theirs < ours:
                return True
        return False

    def _say(self, visit: Visit) -> None:
        _tell({"visit": visit.visit_id, "role": visit.role})


def _lower(response: Response) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }


def _tell(event: dict[str, Any]) -> None:
    """Tell the process that started this one, which listens line by line."""
    sys.stdout.write(json.dumps(event) + "\n")
    sys.stdout.flush()
