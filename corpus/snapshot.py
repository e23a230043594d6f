"""The name of what is held right now: equal names, equal answers."""

import sqlalchemy as sa

from corpus import tables as t
from corpus.ids import short_digest
from corpus.store import Store


def snapshot_id(
    store: Store, *, codebook_version: str, tagger_version: str, model_sha256: str
) -> str:
    """Name the current content: ``s`` and 16 characters.

    It covers the current documents' ids (which hash their texts), which passages are
    analysed and by what, every judgement, and the review records; not when anything was
    captured. The same content gives the same name on any machine, in any order of adding.
    """
    documents = (
        sa.select(t.documents.c.document_id)
        .where(t.documents.c.superseded_by.is_(None))
        .order_by(t.documents.c.document_id)
    )
    # Not null: databases disagree on where nulls sort.
    stamp = sa.func.coalesce(t.passages.c.tagger_version, "")
    stamps = sa.select(stamp, sa.func.count()).group_by(stamp).order_by(stamp)
    judgements = (
        sa.select(
            t.judgements.c.passage_id,
            t.judgements.c.coder,
            t.judgements.c.codebook_version,
            t.judgement_codes.c.theme,
            t.judgement_codes.c.stance,
            t.judgement_codes.c.level,
            t.judgement_codes.c.attribution,
        )
        .select_from(t.judgements.outerjoin(t.judgement_codes))
        .order_by(
            t.judgements.c.passage_id,
            t.judgements.c.judgement_id,
            t.judgement_codes.c.theme,
            t.judgement_codes.c.stance,
            t.judgement_codes.c.level,
        )
    )
    reviews = sa.select(t.reviews).order_by(t.reviews.c.review_id)
    with store.reading() as connection:
        content = [
            [list(row) for row in connection.execute(query)]
            for query in (documents, stamps, judgements, reviews)
        ]
    return "s" + short_digest(codebook_version, tagger_version, model_sha256, content)
