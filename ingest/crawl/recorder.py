"""Keep what every exchange gave: a WARC record on disk, then its row in the index."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.damage import damaged_captures, note_kept_anew
from corpus.errors import SourceError, StorageError
from corpus.fetches import Fetch, FetchOutcome, is_withdrawn, last_held_fetch, record_fetch
from corpus.model import Capture
from corpus.store import Store
from ingest.captures import Message, describe_capture, keep_message, read_capture, read_headers
from ingest.crawl.fetcher import Exchange
from ingest.sniff import sniff


@dataclass(frozen=True)
class Recorder:
    """Keeps the exchanges of one crawl.

    The record is on disk before the index names it: a crash between the two leaves a
    whole file that nothing points to, and that the next fetch writes over.
    """

    store: Store
    data_dir: Path
    source_id: str
    crawl_id: int | None

    def record(self, exchange: Exchange, visit_id: int | None) -> int:
        """Keep one hop, with the visit that it answers for good; returns its number.

        Raises:
            StorageError: the data directory or the store cannot be written.
        """
        now = dt.datetime.now(dt.UTC)
        answer = exchange.answer
        outcome, reason = _outcome(exchange)
        if answer is None:
            fetch = Fetch(
                crawl_id=self.crawl_id,
                source_id=self.source_id,
                address=exchange.address,
                fetched_at=now,
                outcome=outcome,
                reason=reason,
            )
            return record_fetch(self.store, fetch, visit_id=visit_id)
        # A 304 may leave out the validators that it was asked by; they hold for the next time.
        before = last_held_fetch(self.store, exchange.address) if outcome == "unchanged" else None
        capture, capture_id, held = self._capture(exchange, outcome, before, now)
        message = Message(
            address=exchange.address,
            at=now,
            request_head=answer.request_head,
            response_head=answer.response_head,
            body=answer.body,
            status=answer.status,
            ip=answer.ip,
            cut=answer.cut,
        )
        kept = keep_message(self.data_dir, message, capture=capture, held=held)
        fetch = Fetch(
            crawl_id=self.crawl_id,
            source_id=self.source_id,
            address=exchange.address,
            fetched_at=now,
            outcome=outcome,
            status=answer.status,
            reason=reason,
            redirected_to=exchange.redirected_to,
            content_type=answer.headers.get("content-type"),
            etag=answer.headers.get("etag") or (before.etag if before else None),
            last_modified=answer.headers.get("last-modified")
            or (before.last_modified if before else None),
            seconds=round(answer.seconds, 3),
            partial=answer.cut is not None,
            capture_id=capture_id,
            record_id=kept.record_id,
            warc_path=kept.warc_path,
        )
        new = capture if capture is not None and not held else None
        number = record_fetch(self.store, fetch, capture=new, visit_id=visit_id)
        if new is not None and new.capture_id in damaged_captures(self.store):
            note_kept_anew(self.store, new.capture_id, record_id=kept.record_id)
        return number

    def _is_sound(self, capture: Capture) -> bool:
        """Whether a capture's bytes are there; a damaged file is written over with the new ones."""
        if capture.capture_id in damaged_captures(self.store):
            return False
        try:
            read_capture(self.data_dir, capture)
        except StorageError:
            return False
        return True

    def _capture(
        self, exchange: Exchange, outcome: FetchOutcome, before: Fetch | None, now: dt.datetime
    ) -> tuple[Capture | None, str | None, bool]:
        """Say which capture this is of, and whether its bytes are kept already."""
        if outcome == "unchanged":
            return None, before.capture_id if before else None, False
        if outcome != "fetched" or exchange.payload is None:
            return None, None, False
        media_type = _media_type(exchange.payload)
        capture = describe_capture(exchange.payload, exchange.address, media_type, now)
        if is_withdrawn(self.store, capture.capture_id):
            # The publisher still serves what was withdrawn: that is noted, and not kept.
            return capture, None, True
        held = self.store.get_capture(capture.capture_id)
        return capture, capture.capture_id, held is not None and self._is_sound(held)

    def validators(self, address: str) -> Mapping[str, str]:
        """Give the conditional headers that the copy held of an address allows."""
        held = last_held_fetch(self.store, address)
        if held is None or held.capture_id in damaged_captures(self.store):
            return {}
        if self.held_bytes(held) is None:
            return {}
        headers = {"If-None-Match": held.etag, "If-Modified-Since": held.last_modified}
        # What a server sent goes back to it; what could end the line does not.
        return {name: value for name, value in headers.items() if value and value.isprintable()}

    def held_headers(self, fetch: Fetch) -> dict[str, str]:
        """Read the headers that came with the bytes of a fetch: a 304 repeats few of them."""
        capture = self.store.get_capture(fetch.capture_id) if fetch.capture_id else None
        return {} if capture is None else read_headers(self.data_dir, capture)

    def held_bytes(self, fetch: Fetch) -> bytes | None:
        """Read the bytes that a fetch brought; ``None`` where they are gone or damaged."""
        capture = self.store.get_capture(fetch.capture_id) if fetch.capture_id else None
        if capture is None:
            return None
        try:
            return read_capture(self.data_dir, capture)
        except StorageError:
            return None


def _outcome(exchange: Exchange) -> tuple[FetchOutcome, str | None]:
    answer = exchange.answer
    if exchange.refused is not None:
        return "refused", exchange.refused
    if answer is None or exchange.failed is not None:
        return "failed", exchange.failed
    if exchange.redirected_to is not None:
        return "redirected", None
    said: dict[int, tuple[FetchOutcome, str | None]] = {
        200: ("fetched", None),
        304: ("unchanged", None),
        404: ("gone", "is not found (status 404)"),
        410: ("gone", "is gone for good, says the publisher (status 410)"),
    }
    status = answer.status
    return said.get(status, ("failed", f"answered with the status {status}"))


def _media_type(data: bytes) -> str:
    try:
        return sniff(data, "").media_type
    except SourceError:
        is_json = data.lstrip()[:1] in (b"{", b"[")
        return "application/json" if is_json else "application/octet-stream"
