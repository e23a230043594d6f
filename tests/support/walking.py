"""A walk to the end of a list while another thread changes what is held."""

import random
import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx
from flask import Flask
from samples import CAPTURED_AT, make_code, make_document, make_judgement

import throughline as tl
from corpus.store import Store
from corpus.withdrawals import begin_withdrawal


@dataclass
class Disturbance:
    """What the other thread did, until it was told to stop."""

    added: int = 0
    replaced: int = 0
    judged: int = 0
    withdrawn: set[str] = field(default_factory=set)
    """Ids of the passages that were taken down."""


@dataclass(frozen=True)
class WalkReport:
    """What a walk saw, beside what it was to see."""

    held_at_first: frozenset[str]
    seen: Counter[str]
    meta: dict[str, object]
    """Of the last page."""
    disturbance: Disturbance

    @property
    def twice(self) -> int:
        """Passages that were on more than one page."""
        return sum(count > 1 for count in self.seen.values())

    @property
    def missed(self) -> int:
        """Passages held throughout that were on no page."""
        return len(self.held_at_first - set(self.seen) - self.disturbance.withdrawn)

    @property
    def strange(self) -> int:
        """Passages that came after the walk was begun and were on a page all the same."""
        return len(set(self.seen) - self.held_at_first)


def walk_while_disturbed(
    app: Flask, store: Store, *, per_page: int, disturb_at_most: int
) -> WalkReport:
    """Walk through all passages by the client, a page at a time, against a busy store."""
    held = frozenset(passage.passage_id for passage in store.iter_passages())
    documents = [document.document_id for document in store.iter_documents()]
    client = tl.Client("http://portal.invalid", transport=httpx.WSGITransport(app=app))
    rows = client.passages(per_page=per_page, select=["passage_id"])
    seen = Counter([next(rows)["passage_id"]])
    done, what = threading.Event(), Disturbance()
    other = threading.Thread(
        target=_disturb, args=(store, documents, what, done), kwargs={"times": disturb_at_most}
    )
    other.start()
    try:
        seen.update(row["passage_id"] for row in rows)
    finally:
        done.set()
        other.join()
    return WalkReport(held, seen, dict(rows.meta), what)


def _disturb(
    store: Store, documents: Sequence[str], what: Disturbance, done: threading.Event, *, times: int
) -> None:
    # Each document meets one fate at most, so that what was taken down is known.
    order = random.Random(1).sample(list(documents), k=len(documents))
    for number, document_id in enumerate(order[:times]):
        if done.is_set():
            return
        if number % 4 == 0:
            store.add_document(*make_document([f"New {number}."], identity=f"new:{number}"))
            what.added += 1
        elif number % 4 == 1:
            document = store.get_document(document_id)
            store.add_document(*make_document([f"{number} again."], identity=document.identity))
            what.replaced += 1
        elif number % 4 == 2:
            passage = next(store.iter_passages(document_id=document_id))
            store.add_judgement(make_judgement(passage, make_code()))
            what.judged += 1
        else:
            doomed = {p.passage_id for p in store.iter_passages(document_id=document_id)}
            begin_withdrawal(
                store, document_id, reason="An invented request.", by="test", at=CAPTURED_AT
            )
            what.withdrawn |= doomed
