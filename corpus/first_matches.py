"""Which documents a search finds, and when it first found each."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.filters import PassageFilter, select_passage_ids
from corpus.sightings import BATCH, in_batches
from corpus.store import Store

Holds = Callable[[str], bool]
"""Whether a passage's text has the words that are sought."""

Change = Literal["document", "text", "codes"]
"""A new document; a new text of one that was held; changed codes of one that was held."""


@dataclass(frozen=True, kw_only=True)
class FirstMatch:
    """A document that a search finds now, and when the search first found it."""

    document_id: str
    """Its newest version."""
    first_document_id: str
    """The first version that was seen: it names the document in alerts for good."""
    sighting_id: int
    seen_at: dt.datetime
    change: Change
    """What made it match."""
    passage_ids: tuple[str, ...]
    """What is found in it now, in reading order."""


@dataclass(frozen=True, kw_only=True)
class Matches:
    """What a search finds, the newest match first."""

    found: tuple[FirstMatch, ...]
    cut: bool = False
    """Whether older documents were not looked at."""


def first_matches(
    store: Store,
    wanted: PassageFilter,
    *,
    holds: Holds | None = None,
    after: int = 0,
    most_passages: int | None = None,
    batch: int = BATCH,
) -> Matches:
    """Find the documents that a search matches, with when each first matched.

    Args:
        store: what is held; call :func:`observe` first.
        wanted: the search's filters.
        holds: the search's words; ``None`` where it has none.
        after: only documents that first matched after this sighting.
        most_passages: how many passages, of the newest documents, are read at least before
            older documents are left out.
        batch: how many documents are read at a time.
    """
    passing = set(select_passage_ids(store, wanted))
    current: dict[str, list[str]] = {}
    first_of: dict[str, str] = {}
    read, cut = 0, False
    with store.reading() as connection:
        for rows in in_batches(_candidates(connection, after), batch):
            if most_passages is not None and read >= most_passages:
                cut = True
                break
            newest = {row.document_id: row.first_document_id for row in rows}
            first_of |= newest
            for passage in _passages(connection, list(newest), texts=holds is not None):
                if passage.passage_id not in passing:
                    continue
                read += 1
                if holds is None or holds(passage.text):
                    current.setdefault(passage.document_id, []).append(passage.passage_id)
        found = list(_dated(connection, current, first_of, wanted, holds))
    found.sort(key=lambda match: (-match.sighting_id, match.first_document_id))
    return Matches(found=tuple(m for m in found if m.sighting_id > after), cut=cut)


def _candidates(connection: Connection, after: int) -> list[Any]:
    """Current documents, those seen last first; only those with something seen after."""
    seen = t.sighted_documents
    coded_after = sa.exists().where(
        t.passages.c.document_id == seen.c.document_id,
        t.passages.c.passage_id == t.sighted_codes.c.passage_id,
        t.sighted_codes.c.sighting_id > after,
    )
    query = (
        sa.select(seen.c.document_id, seen.c.first_document_id)
        .join(t.documents, t.documents.c.document_id == seen.c.document_id)
        .where(t.documents.c.superseded_by.is_(None))
        .order_by(seen.c.sighting_id.desc(), seen.c.document_id)
    )
    if after:
        query = query.where(sa.or_(seen.c.sighting_id > after, coded_after))
    return list(connection.execute(query).all())


def _passages(connection: Connection, document_ids: Sequence[str], *, texts: bool) -> Iterable[Any]:
    text = t.passages.c.text if texts else sa.literal("").label("text")
    return connection.execute(
        sa.select(t.passages.c.passage_id, t.passages.c.document_id, text)
        .where(t.passages.c.document_id.in_(document_ids))
        .order_by(t.passages.c.document_id, t.passages.c.position)
    )


@dataclass(frozen=True)
class _Family:
    """Every version of some documents that was seen."""

    first_of: dict[str, str]
    """Version → the first version."""
    seen_at: dict[str, int]
    """Version → when it was seen."""

    @cached_property
    def sightings(self) -> dict[str, list[int]]:
        """First version → when each version was seen."""
        found: dict[str, list[int]] = {}
        for version, first in self.first_of.items():
            found.setdefault(first, []).append(self.seen_at[version])
        return found

    def earliest(self, versions: Iterable[str]) -> dict[str, int]:
        """First version → when the first of these versions was seen."""
        found: dict[str, int] = {}
        for version in versions:
            first, number = self.first_of[version], self.seen_at[version]
            found[first] = min(number, found.get(first, number))
        return found


def _dated(
    connection: Connection,
    current: dict[str, list[str]],
    first_of: dict[str, str],
    wanted: PassageFilter,
    holds: Holds | None,
) -> Iterator[FirstMatch]:
    """Say of each document when it first matched: in any version, by any code it ever had."""
    moments = {row.sighting_id: row.seen_at for row in connection.execute(sa.select(t.sightings))}
    for batch in in_batches(list(current)):
        family = _family(connection, {first_of[document_id] for document_id in batch})
        born = family.earliest(family.first_of)
        matched = _first_matched(connection, family, wanted, holds)
        for document_id in batch:
            first = first_of[document_id]
            number = matched.get(first, born[first])
            yield FirstMatch(
                document_id=document_id,
                first_document_id=first,
                sighting_id=number,
                seen_at=moments[number],
                change=_change(number, family.sightings[first]),
                passage_ids=tuple(current[document_id]),
            )


def _change(number: int, versions_seen: list[int]) -> Change:
    if number == min(versions_seen):
        return "document"
    return "text" if number in versions_seen else "codes"


def _family(connection: Connection, firsts: set[str]) -> _Family:
    seen = t.sighted_documents
    rows = connection.execute(sa.select(seen).where(seen.c.first_document_id.in_(firsts))).all()
    return _Family(
        first_of={row.document_id: row.first_document_id for row in rows},
        seen_at={row.document_id: row.sighting_id for row in rows},
    )


def _first_matched(
    connection: Connection, family: _Family, wanted: PassageFilter, holds: Holds | None
) -> dict[str, int]:
    """First version → the first sighting at which a passage of any version matched."""
    versions = list(family.first_of)
    if not wanted.asks_for_findings:
        return family.earliest(_holding(connection, versions, holds))
    found: dict[str, int] = {}
    for batch in in_batches(versions):
        for passage in connection.execute(_coded(batch, wanted)):
            if holds is None or holds(passage.text):
                first = family.first_of[passage.document_id]
                found[first] = min(passage.number, found.get(first, passage.number))
    return found


def _holding(connection: Connection, versions: Sequence[str], holds: Holds | None) -> Iterable[str]:
    if holds is None:
        return versions
    return {
        passage.document_id
        for batch in in_batches(versions)
        for passage in _passages(connection, batch, texts=True)
        if holds(passage.text)
    }


def _coded(document_ids: Sequence[str], wanted: PassageFilter) -> sa.Select[Any]:
    """Passages that ever had a code that the filter asks for, with when they first had."""
    seen, passages = t.sighted_codes, t.passages
    conditions: list[sa.ColumnElement[bool]] = [
        column.in_([str(value) for value in values])
        for column, values in (
            (seen.c.theme, wanted.themes),
            (seen.c.stance, wanted.stances),
            (seen.c.level, wanted.levels),
            (seen.c.attribution, wanted.attributions),
        )
        if values
    ]
    if not wanted.include_possible:
        conditions.append(seen.c.confident)
    shown = (passages.c.passage_id, passages.c.document_id, passages.c.text)
    return (
        sa.select(*shown, sa.func.min(seen.c.sighting_id).label("number"))
        .join_from(seen, passages, passages.c.passage_id == seen.c.passage_id)
        .where(passages.c.document_id.in_(document_ids), *conditions)
        .group_by(*shown)
    )
