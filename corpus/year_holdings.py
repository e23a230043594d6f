"""What is held of one year: its documents, and what reviews of it propose or praise."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.findings import standing_codes
from corpus.model import Attribution, Kind, LicenceTier, Stance
from corpus.store import Store

_AT_A_TIME = 5000


@dataclass(frozen=True, kw_only=True)
class YearDocument:
    """A current document of a year, without its text."""

    document_id: str
    kind: Kind
    publisher: str | None
    nation: str | None
    """Of its review, else its own."""
    licence_tier: LicenceTier
    review_id: str | None


@dataclass(frozen=True, kw_only=True)
class StanceEvidence:
    """A passage in which a review speaks on a theme with one stance."""

    review_id: str
    kind: Kind
    theme: str
    passage_id: str


def documents_of_year(store: Store, year: int) -> list[YearDocument]:
    """Read the current documents of a year, by id.

    A document that belongs to a review goes by the review's publication date, any other by
    its own; one without a date is in no year.
    """
    d, r = t.documents.c, t.reviews.c
    dated = sa.case((d.review_id.is_not(None), r.published), else_=d.published)
    query = (
        sa.select(
            d.document_id,
            d.kind,
            d.publisher,
            sa.func.coalesce(r.nation, d.nation).label("nation"),
            d.licence_tier,
            d.review_id,
        )
        .select_from(t.documents.outerjoin(t.reviews))
        .where(d.superseded_by.is_(None), sa.func.substr(dated, 1, 4) == str(year))
        .order_by(d.document_id)
    )
    with store.reading() as connection:
        return [
            YearDocument(
                document_id=row.document_id,
                kind=Kind(row.kind),
                publisher=row.publisher,
                nation=row.nation,
                licence_tier=LicenceTier(row.licence_tier),
                review_id=row.review_id,
            )
            for row in connection.execute(query)
        ]


def stance_evidence(
    store: Store, stance: Stance, review_ids: Collection[str]
) -> list[StanceEvidence]:
    """Read where reviews speak with one stance, in their own voice, in reading order.

    The standing findings are read: a person's newest judgement or, where nobody looked, the
    machine's confident findings.

    Args:
        store: what is held.
        stance: such as a change proposed.
        review_ids: the reviews asked about.
    """
    wanted = sorted(review_ids)
    return [
        found
        for first in range(0, len(wanted), _AT_A_TIME)
        for found in _stance_evidence(store, stance, wanted[first : first + _AT_A_TIME])
    ]


def readers_of(store: Store, review_ids: Collection[str]) -> tuple[str, ...]:
    """List the versions of the tagger that read these reviews' passages, sorted."""
    return _distinct(store, t.passages.c.tagger_version, t.passages.join(t.documents), review_ids)


def codebooks_of(store: Store, review_ids: Collection[str]) -> tuple[str, ...]:
    """List the codebooks by which people judged these reviews' passages, sorted."""
    judged = t.judgements.join(t.passages).join(
        t.documents, t.documents.c.document_id == t.passages.c.document_id
    )
    return _distinct(store, t.judgements.c.codebook_version, judged, review_ids)


def _stance_evidence(store: Store, stance: Stance, review_ids: list[str]) -> list[StanceEvidence]:
    codes, kind = standing_codes(), t.documents.c.kind
    in_its_voice = sa.or_(
        sa.and_(kind == Kind.REVIEW.value, codes.c.attribution == Attribution.OWN_VOICE.value),
        sa.and_(kind == Kind.DIGEST.value, codes.c.attribution == Attribution.REPORTED.value),
    )
    query = (
        sa.select(t.documents.c.review_id, kind, codes.c.theme, codes.c.passage_id)
        .select_from(t.passages.join(t.documents))
        .join(codes, codes.c.passage_id == t.passages.c.passage_id)
        .where(
            t.documents.c.superseded_by.is_(None),
            t.documents.c.review_id.in_(review_ids),
            codes.c.stance == stance.value,
            codes.c.confident,
            in_its_voice,
        )
        .distinct()
        .order_by(
            t.documents.c.review_id, t.documents.c.document_id, t.passages.c.position, codes.c.theme
        )
    )
    with store.reading() as connection:
        return [
            StanceEvidence(
                review_id=row.review_id,
                kind=Kind(row.kind),
                theme=row.theme,
                passage_id=row.passage_id,
            )
            for row in connection.execute(query.add_columns(t.passages.c.position))
        ]


def _distinct(
    store: Store,
    column: sa.ColumnElement[str],
    joined: sa.FromClause,
    review_ids: Collection[str],
) -> tuple[str, ...]:
    query = sa.select(column, t.documents.c.review_id).distinct().select_from(joined)
    query = query.where(t.documents.c.superseded_by.is_(None), column.is_not(None))
    with store.reading() as connection:
        found = {row[0] for row in connection.execute(query) if row[1] in review_ids}
    return tuple(sorted(found))
