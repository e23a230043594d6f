"""Which passages are analysed, and what of them is indexed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from corpus import tables as t
from corpus.ids import PassageId, digest, short_digest
from corpus.known_names import WithheldNames, is_anonymous, says_anonymous, withheld_words
from corpus.store import Store

_PAGE = 1000
"""Rows read at a time: a hundred thousand passages are never held at once."""


_COLUMNS = (
    t.passages.c.passage_id,
    t.passages.c.text,
    t.passages.c.heading,
    t.documents.c.title,
    t.reviews.c.title.label("review_title"),
    t.reviews.c.case_names,
    t.reviews.c.aliases,
    t.reviews.c.identity_link,
    t.documents.c.review_id,
)


@dataclass(frozen=True, kw_only=True)
class AnalysedPassage:
    """One passage with all that it may be found by."""

    passage_id: PassageId
    text: str
    """Without any name that the review's publisher withheld, like heading and title."""
    heading: str | None = None
    title: str = ""
    """Its document's title."""
    names: tuple[str, ...] = ()
    """Its review's title, and what the case and the review are called besides, where the
    publisher did not keep the child anonymous."""


def analysed_passage_ids(store: Store) -> list[str]:
    """List current passages that some tagger has stamped, sorted by id: what an index holds.

    As plain strings: they come from the store, and there may be very many.
    """
    with store.reading() as connection:
        return list(connection.scalars(_analysed(sa.select(t.passages.c.passage_id))))


def iter_analysed(store: Store) -> Iterator[AnalysedPassage]:
    """Read the analysed current passages in the order of their ids, a page at a time."""
    query = _analysed(sa.select(*_COLUMNS)).limit(_PAGE)
    last = ""
    withheld = store.withheld_names()
    while True:
        with store.reading() as connection:
            rows = connection.execute(query.where(t.passages.c.passage_id > last)).all()
        for row in rows:
            yield _analysed_passage(row, withheld)
        if len(rows) < _PAGE:
            return
        last = rows[-1].passage_id


def read_analysed(store: Store, passage_ids: Sequence[str]) -> list[AnalysedPassage]:
    """Read those of these passages that are analysed and current, in the order of their ids."""
    query = _analysed(sa.select(*_COLUMNS))
    found: list[AnalysedPassage] = []
    withheld = store.withheld_names()
    with store.reading() as connection:
        for start in range(0, len(passage_ids), _PAGE):
            some = t.passages.c.passage_id.in_(passage_ids[start : start + _PAGE])
            rows = connection.execute(query.where(some))
            found += (_analysed_passage(row, withheld) for row in rows)
    return sorted(found, key=lambda passage: passage.passage_id)


def count_unanalysed(store: Store, tagger_version: str) -> int:
    """Count what :meth:`Store.iter_unanalysed` will give for this tagger."""
    query = (
        sa.select(sa.func.count())
        .select_from(t.passages.join(t.documents))
        .where(
            t.documents.c.superseded_by.is_(None),
            sa.or_(
                t.passages.c.tagger_version.is_(None),
                t.passages.c.tagger_version != tagger_version,
            ),
        )
    )
    with store.reading() as connection:
        return int(connection.scalar(query) or 0)


def names_digest(store: Store) -> str:
    """Hash what passages may be found by that their ids do not cover: titles and names.

    Equal digests of equal passages mean that a word index would come out the same.
    """
    return digest(sorted(_review_names(store).items()), sorted(name_digests(store).items()))


def name_digests(store: Store) -> dict[str, str]:
    """Hash the title and the names that each current document's passages may be found by.

    Returns:
        By document id, 16 characters each.
    """
    names = _review_names(store)
    with store.reading() as connection:
        documents = connection.execute(
            sa.select(t.documents.c.document_id, t.documents.c.title, t.documents.c.review_id)
            .where(t.documents.c.superseded_by.is_(None))
            .order_by(t.documents.c.document_id)
        ).all()
    return {row.document_id: short_digest(row.title, names.get(row.review_id)) for row in documents}


def _review_names(store: Store) -> dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return {
        str(review.review_id): (review.title, review.case_names, review.aliases)
        if not is_anonymous(review)
        else (review.title, (), (short_digest(*sorted(withheld_words(review))),))
        for review in store.iter_reviews()
    }


def _analysed(select: sa.Select[Any]) -> sa.Select[Any]:
    return (
        select.select_from(t.passages.join(t.documents).outerjoin(t.reviews))
        .where(t.documents.c.superseded_by.is_(None), t.passages.c.tagger_version.is_not(None))
        .order_by(t.passages.c.passage_id)
    )


def _analysed_passage(row: sa.Row[Any], withheld: WithheldNames) -> AnalysedPassage:
    names: tuple[str, ...] = ()
    if row.review_title is not None:
        # A search for a child's name must not lead to a review that kept the child anonymous.
        known = () if says_anonymous(row.identity_link) else (*row.case_names, *row.aliases)
        names = (row.review_title, *known)
    return AnalysedPassage(
        passage_id=PassageId(row.passage_id),
        # Nor may one that stands in a story about it: found by the name, it would be joined to it.
        text=withheld.cut(row.text, row.review_id),
        heading=row.heading and withheld.cut(row.heading, row.review_id),
        title=withheld.cut(row.title, row.review_id),
        names=tuple(dict.fromkeys(names)),
    )
