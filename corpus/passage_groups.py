"""Which review a passage belongs to, for lists that give several reviews a hearing."""

from collections.abc import Sequence

import sqlalchemy as sa

from corpus import tables as t
from corpus.ids import PassageId
from corpus.store import Store


def review_keys(store: Store, passage_ids: Sequence[str]) -> dict[PassageId, str]:
    """Name the review of each passage, or its document where that belongs to none.

    A passage that is not held is left out. At most some hundreds at a time.
    """
    query = (
        sa.select(t.passages.c.passage_id, t.documents.c.review_id, t.documents.c.document_id)
        .join_from(t.passages, t.documents)
        .where(t.passages.c.passage_id.in_(passage_ids))
    )
    with store.reading() as connection:
        rows = connection.execute(query).all()
    return {PassageId(row.passage_id): row.review_id or row.document_id for row in rows}
