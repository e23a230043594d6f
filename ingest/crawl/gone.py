"""What a crawl makes of held documents that answer no more: one is gone, many are an outage."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.absences import note_missing
from corpus.fetches import Visit, close_visit, documents_at, get_fetch, iter_visits
from corpus.store import Store
from corpus.withdrawals import begin_withdrawal
from ingest.addresses import canonical_address
from ingest.source import Source

LEAST_GONE = 5
"""Fewer documents than this may go in one crawl without anybody looking."""
GONE_SHARE = 0.2
"""Of the held documents that gave a clear answer, the part from which it looks like an outage."""
SUSPECTED = "suspected"

_ANSWERED = ("unchanged", "updated")
_PUBLISHER = "its publisher"
_MISSING = "is not found (status 404); it is withdrawn when the next crawl does not find it either"
_TOO_MANY = "answered with the status {} together with many others; nothing was withdrawn"


@dataclass(frozen=True, kw_only=True)
class GoneTaker:
    """Withdraws what its publisher took down, unless too much went at once."""

    store: Store
    source: Source
    crawl_id: int

    def withdraw(self, visit: Visit, reason: str, identity: str | None = None) -> None:
        """Withdraw what a visit's address gave, and close the visit."""
        gone = self._held_at(visit, identity)
        now = dt.datetime.now(dt.UTC)
        for document_id in gone:
            begin_withdrawal(
                self.store, document_id, reason=reason, by=_PUBLISHER, at=now, block_text=False
            )
        close_visit(
            self.store,
            visit.visit_id,
            "gone",
            reason=reason if gone else f"{reason} It was not held here.",
            document_ids=gone,
        )

    def wait_for_the_others(self, visit: Visit, status: int) -> None:
        """Leave a visit open until :meth:`settle`, where anything is held of its address."""
        if self._held_at(visit):
            return
        if status == 410:
            self.withdraw(visit, _for_good(status))
        else:
            close_visit(self.store, visit.visit_id, "failed", reason="is not found (status 404)")

    def settle(self, *, accept_gone: bool) -> str | None:
        """Decide of the held documents that answered 404 or 410, once the crawl has asked for all.

        Where they are many (:data:`LEAST_GONE`, :data:`GONE_SHARE`), none is withdrawn. Their
        misses count all the same: what stays away when the others are back goes then.

        Args:
            accept_gone: a person has looked and found that they are gone.

        Returns:
            A sentence for the crawl's gate, which says what to do; ``None`` where it holds.
        """
        visits = [visit for visit in iter_visits(self.store, self.crawl_id) if self._asked(visit)]
        waiting = [visit for visit in visits if visit.outcome is None]
        before = [visit for visit in visits if visit.outcome == SUSPECTED]  # if it was killed here
        n_gone = len(waiting) + len(before)
        n_held = n_gone + sum(visit.outcome in _ANSWERED for visit in visits)
        outage = n_gone >= LEAST_GONE and n_gone >= GONE_SHARE * n_held and not accept_gone
        for visit in waiting:
            self._close(visit, outage=outage)
        if not outage:
            return None
        return (
            f"{n_gone} of {n_held} documents of {self.source.source_id} that were held answered "
            "404 or 410. That looks like a site out of order, so none of them was withdrawn. The "
            "next crawl that finds them clears this. If its publisher did take them down, crawl "
            "once more with --accept-gone, or take down single ones with: throughline withdraw"
        )

    def _asked(self, visit: Visit) -> bool:
        return visit.role == "document" and visit.fetch_id is not None

    def _close(self, visit: Visit, *, outage: bool) -> None:
        status = get_fetch(self.store, visit.fetch_id or 0).status or 0
        again = status == 404 and note_missing(
            self.store, visit.address, crawl_id=str(self.crawl_id), at=dt.datetime.now(dt.UTC)
        )
        if outage:
            self._leave(visit, SUSPECTED, _TOO_MANY.format(status))
        elif status == 410:
            self.withdraw(visit, _for_good(status))
        elif again:
            self.withdraw(visit, "Not found at its address in two crawls in a row.")
        else:
            self._leave(visit, "missing", _MISSING)

    def _leave(self, visit: Visit, outcome: str, reason: str) -> None:
        held = self._held_at(visit)
        close_visit(self.store, visit.visit_id, outcome, reason=reason, document_ids=held)

    def _held_at(self, visit: Visit, identity: str | None = None) -> Sequence[str]:
        names = {visit.address, canonical_address(visit.address) or "", identity or ""}
        return documents_at(self.store, sorted(names - {""}))


def _for_good(status: int) -> str:
    return f"Taken down by its publisher for good (status {status})."
