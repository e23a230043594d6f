"""A coding desk over invented reviews: accounts, draws and who has judged what."""

import datetime as dt
import itertools
from dataclasses import dataclass, replace
from pathlib import Path

from samples import make_document, make_finding, make_review

from corpus.coders import Coder, Role, add_coder
from corpus.coding_items import CodingItem, read_items
from corpus.codings import Circumstances, save_coding
from corpus.drawn import Draw, DrawKind
from corpus.draws import DrawPlan, draw
from corpus.model import Code, Judgement, Passage
from corpus.store import Store, open_store

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
PASSWORD = "a sentence that nobody guesses"

_TOKENS = itertools.count(1)


@dataclass(frozen=True)
class DeskWorld:
    """Two coders, a lead, and reviews that the machine has read."""

    store: Store
    ana: Coder
    ben: Coder
    lead: Coder
    passages: list[Passage]

    def draw(self, kind: DrawKind = DrawKind.RANDOM, size: int = 4, **changes: object) -> Draw:
        """Draw for both coders, by the lead."""
        plan = DrawPlan(
            title="A draw",
            kind=kind,
            size=size,
            seed=7,
            coder_ids=(self.ana.coder_id, self.ben.coder_id),
        )
        return draw(
            self.store,
            replace(plan, **changes),  # type: ignore[arg-type]  # the caller names real fields
            codebook_version="0.1.0+test",
            tagger_version="t1",
            by=self.lead.coder_id,
            at=NOW,
        )

    def items(self, coder: Coder | None = None) -> list[CodingItem]:
        return read_items(self.store, coder=coder.name if coder else None)

    def code(self, item: CodingItem, coder: Coder, *codes: Code, token: str = "") -> int:
        """Let a coder judge an item, as the desk does."""
        return save_coding(
            self.store,
            Judgement(
                passage_id=item.passage_id,
                coder=coder.name,
                judged_at=NOW,
                codebook_version="0.1.0+test",
                codes=codes,
            ),
            Circumstances(
                token=token or f"token-{next(_TOKENS)}",
                item_id=item.item_id,
                blind=item.hides_from(coder.name),
            ),
        )


def make_desk(data_dir: Path, *, reviews: int = 6) -> DeskWorld:
    """Reviews of two passages each, from 2010 on; the machine finds a failing in every other."""
    store = open_store(data_dir)
    passages: list[Passage] = []
    for number in range(reviews):
        review = make_review(f"review-{number}", str(2010 + number))
        store.add_review(review)
        texts = [f"Nobody told surgery {number} of it.", f"Visit {number} was on a Monday."]
        document, held = make_document(
            texts,
            identity=f"file:{number}",
            review_id=review.review_id,
            published=review.published,
        )
        store.add_document(document, held)
        found = [make_finding(held[0])] if number % 2 else []
        store.put_findings({held[0].passage_id: found, held[1].passage_id: []}, tagger_version="t1")
        passages += held
    ana, ben, lead = (
        add_coder(store, name, role, PASSWORD, at=NOW)
        for name, role in (("Ana", Role.CODER), ("Ben", Role.CODER), ("Lee", Role.LEAD))
    )
    return DeskWorld(store, ana, ben, lead, passages)
