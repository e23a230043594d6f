"""The name of what is held right now: equal names, equal answers."""

import datetime as dt

import sqlalchemy as sa

from corpus import tables as t
from corpus.ids import short_digest
from corpus.store import Store

# How a document is held, and what the same text may differ in on another machine. Its whole
# text is in its id.
_NOT_CONTENT = frozenset(
    {
        "identity",
        "superseded_by",
        "held_from",
        "held_until",
        "captured_at",
        "capture_id",
        "text",
    }
)


_WHO_JUDGED = (t.judgements.c.passage_id, t.judgements.c.coder, t.judgements.c.judged_at)
_ADJUDICATIONS = (
    sa.select(sa.literal("adjudicated"), *_WHO_JUDGED)
    .select_from(t.judgements.join(t.adjudications))
    .order_by(t.judgements.c.passage_id, t.judgements.c.judgement_id)
)
_BLIND = (
    sa.select(sa.literal("blind"), *_WHO_JUDGED)
    .select_from(t.judgements.join(t.codings))
    .where(t.codings.c.blind)
    .order_by(t.judgements.c.passage_id, t.judgements.c.judgement_id)
)
_SAMPLES = (
    sa.select(
        sa.literal("sampled"),
        *(t.drawn_reviews.c.review_id, t.drawn_reviews.c.chance, t.drawn_reviews.c.drawn),
    )
    # The same review may be in several draws, whose numbers are this store's own.
    .order_by(t.drawn_reviews.c.review_id, t.drawn_reviews.c.chance, t.drawn_reviews.c.drawn)
)


def snapshot_id(
    store: Store, *, codebook_version: str, tagger_version: str, model_sha256: str
) -> str:
    """Name the current content: ``s`` and 16 characters.

    It covers the current documents (whose ids hash their texts) with what is known of each,
    which passages are analysed and by what, every judgement, what people answered of echoes,
    and the review records; not when or from which bytes anything was captured. The same
    content gives the same name on any machine, in any order of adding.
    """
    documents = (
        sa.select(*(column for column in t.documents.c if column.name not in _NOT_CONTENT))
        .where(t.documents.c.superseded_by.is_(None))
        .order_by(t.documents.c.document_id)
    )
    # Not null: databases disagree on where nulls sort.
    stamp = sa.func.coalesce(t.passages.c.tagger_version, "")
    declined = sa.func.coalesce(t.passages.c.untagged, "")
    stamps = (
        sa.select(stamp, declined, sa.func.count())
        .group_by(stamp, declined)
        .order_by(stamp, declined)
    )
    judgements = (
        sa.select(
            t.judgements.c.passage_id,
            t.judgements.c.coder,
            t.judgements.c.judged_at,
            t.judgements.c.codebook_version,
            sa.func.coalesce(t.judgements.c.tagger_version, ""),
            t.judgements.c.reforms,
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
    answers = sa.select(*(column for column in t.echo_answers.c if column.name != "answer_id"))
    answers = answers.order_by(t.echo_answers.c.first_passage_id, t.echo_answers.c.answer_id)
    with store.reading() as connection:
        content = [
            [[_plain(value) for value in row] for row in connection.execute(query)]
            for query in (documents, stamps, judgements, reviews, answers)
        ]
    if not content[-1]:
        # Names given before anybody could answer stay what they are.
        content.pop()
    return "s" + short_digest(codebook_version, tagger_version, model_sha256, content)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.datetime) else value
