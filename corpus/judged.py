"""Passages that people judged, with what they said last and the case that each tells of."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.findings import judgements_of
from corpus.ids import PassageId
from corpus.model import Code, Kind
from corpus.store import Store

_BATCH = 500


@dataclass(frozen=True, kw_only=True)
class JudgedPassage:
    """A passage with the codes of its newest judgement."""

    passage_id: PassageId
    text: str
    kind: Kind
    case_id: str
    """The review's case; of a document about no review, the document's own id."""
    coder: str
    codes: tuple[Code, ...]
    """None is a judgement too."""


def iter_judged_passages(store: Store) -> Iterator[JudgedPassage]:
    """Yield every judged passage of a current document, by passage id.

    Where several people judged it, the newest judgement stands, as it does for findings.
    """
    judged = sa.select(t.judgements.c.passage_id).distinct()
    query = (
        sa.select(
            t.passages.c.passage_id,
            t.passages.c.text,
            t.documents.c.kind,
            t.documents.c.document_id,
            t.reviews.c.case_id,
        )
        .select_from(t.passages.join(t.documents).outerjoin(t.reviews))
        .where(t.passages.c.passage_id.in_(judged), t.documents.c.superseded_by.is_(None))
        .order_by(t.passages.c.passage_id)
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        judgements = judgements_of(store, [row.passage_id for row in batch])
        for row in batch:
            newest = judgements[PassageId(row.passage_id)][-1]
            yield JudgedPassage(
                passage_id=PassageId(row.passage_id),
                text=row.text,
                kind=Kind(row.kind),
                case_id=row.case_id or row.document_id,
                coder=newest.coder,
                codes=newest.codes,
            )
