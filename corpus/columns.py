"""What passages are filtered and counted by, read in bulk for the columns of a search index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from corpus import tables as t
from corpus.findings import standing_judgements
from corpus.model import Kind
from corpus.store import Store

_PAGE = 20_000
_IDS_A_QUERY = 500


@dataclass(frozen=True)
class StoreState:
    """Which state of the store something was read from."""

    revision: int
    held: int
    """Counts writes to reviews, documents and passages only; see :meth:`Store.writing`."""


@dataclass(frozen=True, kw_only=True)
class DocumentFacts:
    """What a current document's passages are filtered by."""

    document_id: str
    kind: str
    published: str | None
    publisher: str | None
    held_from: int
    """The revision in which it became current."""
    review_id: str | None
    nation: str | None
    """Its review's; ``None`` without one."""
    review_type: str | None
    """Its review's; ``None`` without one."""


class PassagePlace(NamedTuple):
    """Where an analysed passage stands."""

    passage_id: str
    document_id: str
    position: int
    evidence_grade: str | None


class PassageCode(NamedTuple):
    """One code of a passage, the machine's or a person's."""

    passage_id: str
    theme: str
    stance: str
    level: str
    attribution: str
    confident: bool


def store_state(store: Store) -> StoreState:
    """Name the present state; what is read after it is at least as new."""
    with store.reading() as connection:
        row = connection.execute(sa.select(t.revisions.c.value, t.revisions.c.held)).first()
    return StoreState(*row) if row else StoreState(0, 0)


def current_documents(store: Store) -> list[DocumentFacts]:
    """Read every current document: by date, those without one last, then by id."""
    d, r = t.documents.c, t.reviews.c
    query = (
        sa.select(
            d.document_id,
            d.kind,
            d.published,
            d.publisher,
            d.held_from,
            d.review_id,
            r.nation,
            r.review_type,
        )
        .select_from(t.documents.outerjoin(t.reviews))
        .where(d.superseded_by.is_(None))
        .order_by(d.published.is_(None), d.published, d.document_id)
    )
    with store.reading() as connection:
        return [DocumentFacts(**row) for row in connection.execute(query).mappings()]


def iter_places(store: Store) -> Iterator[list[PassagePlace]]:
    """Read where every analysed current passage stands, many at a time, in no set order."""
    p = t.passages.c
    query = (
        sa.select(p.passage_id, p.document_id, p.position, p.evidence_grade)
        .select_from(t.passages.join(t.documents))
        .where(t.documents.c.superseded_by.is_(None), p.tagger_version.is_not(None))
    )
    for rows in _pages(store, query):
        yield [PassagePlace._make(row) for row in rows]


def digest_grades(store: Store) -> list[tuple[str, str]]:
    """Read the evidence grades of digests' passages; only these may change under an id."""
    query = (
        sa.select(t.passages.c.passage_id, t.passages.c.evidence_grade)
        .select_from(t.passages.join(t.documents))
        .where(t.documents.c.kind == Kind.DIGEST.value, t.passages.c.evidence_grade.is_not(None))
    )
    with store.reading() as connection:
        return [(row[0], row[1]) for row in connection.execute(query)]


def iter_machine_codes(store: Store, *, since: int | None = None) -> Iterator[list[PassageCode]]:
    """Read what the machine found, judged or not, many at a time, in no set order.

    ``since`` keeps to passages stamped in later revisions.
    """
    f = t.findings.c
    query = sa.select(f.passage_id, f.theme, f.stance, f.level, f.attribution, f.confident)
    if since is not None:
        later = sa.select(t.passages.c.passage_id).where(t.passages.c.stamped_in > since)
        query = query.where(f.passage_id.in_(later))
    for rows in _pages(store, query):
        yield [PassageCode._make(row) for row in rows]


def stamped_since(store: Store, revision: int) -> list[str]:
    """Read which passages a tagger stamped in later revisions, current or not."""
    query = sa.select(t.passages.c.passage_id).where(t.passages.c.stamped_in > revision)
    with store.reading() as connection:
        return list(connection.scalars(query))


def passages_waiting(store: Store, revision: int, document_ids: list[str]) -> list[str]:
    """Read which analysed current passages may have come to be after a revision.

    Args:
        store: what is held.
        revision: passages stamped later are given.
        document_ids: all analysed passages of these are given too, where they are current.
    """
    query = (
        sa.select(t.passages.c.passage_id)
        .select_from(t.passages.join(t.documents))
        .where(t.documents.c.superseded_by.is_(None), t.passages.c.tagger_version.is_not(None))
    )
    with store.reading() as connection:
        found = set(connection.scalars(query.where(t.passages.c.stamped_in > revision)))
        for start in range(0, len(document_ids), _IDS_A_QUERY):
            some = document_ids[start : start + _IDS_A_QUERY]
            found.update(connection.scalars(query.where(t.passages.c.document_id.in_(some))))
    return sorted(found)


def judged_codes(store: Store) -> tuple[list[str], list[PassageCode]]:
    """Read which passages anyone judged, and the codes of the judgements that stand."""
    standing = standing_judgements()
    j, c = t.judgements.c, t.judgement_codes.c
    stands = standing.c.judgement_id == j.judgement_id
    judged = sa.select(j.passage_id).join(standing, stands)
    codes = sa.select(
        j.passage_id, c.theme, c.stance, c.level, c.attribution, sa.true()
    ).select_from(t.judgement_codes.join(t.judgements).join(standing, stands))
    with store.reading() as connection:
        ids = list(connection.scalars(judged))
        return ids, [PassageCode._make(row) for row in connection.execute(codes)]


def _pages(store: Store, query: sa.Select[Any]) -> Iterator[Sequence[sa.Row[Any]]]:
    with store.reading() as connection:
        result = connection.execute(query, execution_options={"yield_per": _PAGE})
        yield from result.partitions()
