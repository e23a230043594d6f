"""Passages that people judged, with what they said last and the case that each tells of."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.findings import standing_judgements
from corpus.ids import PassageId
from corpus.model import Code, Kind
from corpus.rows import code_from_row
from corpus.store import Store


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

    Where several people judged it, the judgement that stands for findings gives the codes.
    """
    standing = standing_judgements()
    query = (
        sa.select(
            t.judgements.c.judgement_id,
            t.judgements.c.coder,
            t.passages.c.passage_id,
            t.passages.c.text,
            t.documents.c.kind,
            t.documents.c.document_id,
            t.reviews.c.case_id,
        )
        .select_from(t.judgements.join(t.passages).join(t.documents).outerjoin(t.reviews))
        .join(standing, standing.c.judgement_id == t.judgements.c.judgement_id)
        .where(t.documents.c.superseded_by.is_(None))
        .order_by(t.passages.c.passage_id)
    )
    codes_query = (
        sa.select(t.judgement_codes)
        .join(standing, standing.c.judgement_id == t.judgement_codes.c.judgement_id)
        .order_by(t.judgement_codes.c.theme, t.judgement_codes.c.stance, t.judgement_codes.c.level)
    )
    codes: dict[int, list[Code]] = {}
    with store.reading() as connection:
        for code in connection.execute(codes_query).mappings():
            codes.setdefault(code["judgement_id"], []).append(code_from_row(code))
        for row in connection.execute(query):
            yield JudgedPassage(
                passage_id=PassageId(row.passage_id),
                text=row.text,
                kind=Kind(row.kind),
                case_id=row.case_id or row.document_id,
                coder=row.coder,
                codes=tuple(codes.get(row.judgement_id, ())),
            )
