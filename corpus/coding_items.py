"""What each coder has to code, how far they are, and where they differ."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.codings import read_judgements
from corpus.errors import NotFoundError
from corpus.ids import PassageId
from corpus.model import Judgement
from corpus.store import Store


class ItemState(StrEnum):
    """How far one coder is with one item."""

    OPEN = "open"
    UNSURE = "unsure"
    DECIDED = "decided"
    SETTLED = "settled"
    """A lead has decided it."""
    REPLACED = "replaced"
    """The document has a newer text, so this passage counts no longer."""


class ItemNotFoundError(NotFoundError):
    """No item has this number, or it is somebody else's."""

    code = "item-not-found"

    def __init__(self, item_id: int) -> None:
        """Say where one's own are."""
        super().__init__(f"No passage {item_id} is yours to code. Yours are on the coding desk.")
        self.item_id = item_id


@dataclass(frozen=True, kw_only=True)
class CodingItem:
    """A passage of a draw with who codes it and what has become of it."""

    item_id: int
    draw_id: int
    passage_id: PassageId
    position: int
    """Within its draw: the order of coding."""
    double: bool
    hides_machine: bool
    replaced: bool
    coders: tuple[str, ...]
    """Names of those who code it, the first coder first."""
    judged: Mapping[str, int] = field(default_factory=dict)
    """Coder → number of their newest judgement of this item."""
    unsure: frozenset[str] = frozenset()
    """Coders whose last word is that they are not sure."""
    adjudication: int | None = None
    """Number of the judgement by which a lead decided it."""

    @property
    def is_revealed(self) -> bool:
        """Whether everybody has decided, or a lead for them: then nothing is hidden."""
        return self.adjudication is not None or set(self.coders) <= set(self.judged)

    @property
    def needs_lead(self) -> bool:
        """Whether somebody is not sure, with nobody having decided since."""
        return bool(self.unsure) and self.adjudication is None and not self.replaced

    def hides_from(self, coder: str) -> bool:
        """Whether this coder may not see yet what the machine and others found."""
        if self.double:
            return not self.is_revealed
        return self.hides_machine and coder not in self.judged and self.adjudication is None

    def state_of(self, coder: str) -> ItemState:
        """How far this coder is with it."""
        if self.adjudication is not None:
            return ItemState.SETTLED
        if self.replaced:
            return ItemState.REPLACED
        if coder in self.unsure:
            return ItemState.UNSURE
        return ItemState.DECIDED if coder in self.judged else ItemState.OPEN


@dataclass(frozen=True, kw_only=True)
class Difference:
    """An item that a lead has to decide."""

    item: CodingItem
    judgements: tuple[Judgement, ...]
    """Of each coder who decided, in the order of coders; one or none where they were unsure."""
    numbers: tuple[int, ...]
    """These judgements' numbers."""


def read_items(
    store: Store,
    *,
    coder: str | None = None,
    draw_id: int | None = None,
    item_id: int | None = None,
) -> list[CodingItem]:
    """Read items in the order of coding: of one coder, of one draw, one alone, or all."""
    # A name of its own: else the queries that ask within it would take it for their own table.
    each = t.draw_items.alias("wanted")
    wanted = sa.select(each.c.item_id)
    if coder is not None:
        theirs = sa.select(t.assignments.c.item_id).join(t.coders).where(t.coders.c.name == coder)
        wanted = wanted.where(each.c.item_id.in_(theirs))
    if draw_id is not None:
        wanted = wanted.where(each.c.draw_id == draw_id)
    if item_id is not None:
        wanted = wanted.where(each.c.item_id == item_id)
    with store.reading() as connection:
        return _items(connection, wanted)


def get_item(store: Store, item_id: int) -> CodingItem:
    """Read one item, whosever it is.

    Raises:
        ItemNotFoundError: there is none.
    """
    found = read_items(store, item_id=item_id)
    if not found:
        raise ItemNotFoundError(item_id)
    return found[0]


def next_item(items: Sequence[CodingItem], coder: str, after: CodingItem) -> CodingItem | None:
    """Find a coder's next open item of the same draw, else of any; ``None`` when all is done."""
    waiting = [each for each in items if each.state_of(coder) is ItemState.OPEN]
    of_draw = [each for each in waiting if each.draw_id == after.draw_id]
    later = [each for each in of_draw if each.position > after.position]
    return next(iter([*later, *of_draw, *waiting]), None)


def open_differences(store: Store) -> list[Difference]:
    """List what waits for a lead: blind codings that differ, and passages nobody is sure of."""
    items = [
        item
        for item in read_items(store)
        if item.adjudication is None
        and not item.replaced
        and (item.unsure or (item.double and item.is_revealed))
    ]
    return [
        difference
        for difference in with_judgements(store, items)
        if difference.item.unsure or differ(difference.judgements)
    ]


def undecided_reviews(store: Store) -> frozenset[str]:
    """Name the reviews of which two coders differ on a passage and no lead has decided.

    Read from what a snapshot holds too: codings, and not who was given what.
    """
    query = (
        sa.select(
            t.codings.c.item_id,
            t.documents.c.review_id,
            t.judgements.c.coder,
            t.judgements.c.judgement_id,
            t.adjudications.c.judgement_id.label("adjudication"),
        )
        .select_from(
            t.codings.join(t.judgements)
            .join(t.passages, t.passages.c.passage_id == t.judgements.c.passage_id)
            .join(t.documents, t.documents.c.document_id == t.passages.c.document_id)
            .outerjoin(t.adjudications)
        )
        .where(
            t.codings.c.item_id.is_not(None),
            t.documents.c.superseded_by.is_(None),
            t.documents.c.review_id.is_not(None),
        )
        .order_by(t.judgements.c.judgement_id)
    )
    newest: dict[int, dict[str, int]] = {}
    review_of: dict[int, str] = {}
    decided: set[int] = set()
    with store.reading() as connection:
        for row in connection.execute(query):
            review_of[row.item_id] = row.review_id
            newest.setdefault(row.item_id, {})[row.coder] = row.judgement_id
            if row.adjudication is not None:
                decided.add(row.item_id)
    waiting = {
        item_id: sorted(numbers.values())
        for item_id, numbers in newest.items()
        if len(numbers) > 1 and item_id not in decided
    }
    if not waiting:
        return frozenset()
    held = read_judgements(store, {number for numbers in waiting.values() for number in numbers})
    return frozenset(
        review_of[item_id]
        for item_id, numbers in waiting.items()
        if differ([held[number] for number in numbers])
    )


def with_judgements(store: Store, items: Iterable[CodingItem]) -> list[Difference]:
    """Add to items how their coders judged them."""
    items = list(items)
    held = read_judgements(store, {number for item in items for number in item.judged.values()})
    found = []
    for item in items:
        numbers = tuple(item.judged[coder] for coder in item.coders if coder in item.judged)
        judgements = tuple(held[number] for number in numbers)
        found.append(Difference(item=item, judgements=judgements, numbers=numbers))
    return found


def differ(judgements: Sequence[Judgement]) -> bool:
    """Whether coders state different codes; notes and reforms may differ."""
    return len({frozenset(judgement.codes) for judgement in judgements}) > 1


def hand_over(store: Store, from_id: int, to_id: int, *, at: dt.datetime) -> int:
    """Give one coder's open items to another; what the other codes already stays away.

    Returns:
        How many changed hands.
    """
    theirs = t.assignments.c.coder_id == from_id
    has_it = sa.select(t.assignments.c.item_id).where(t.assignments.c.coder_id == to_id)
    name = sa.select(t.coders.c.name).where(t.coders.c.coder_id == from_id).scalar_subquery()
    done = (
        sa.select(t.codings.c.item_id)
        .select_from(t.codings.join(t.judgements))
        .where(t.codings.c.item_id.is_not(None), t.judgements.c.coder == name)
    )
    with store.writing(content=False) as connection:
        moved = connection.execute(
            sa.update(t.assignments)
            .where(
                theirs,
                t.assignments.c.item_id.not_in(has_it),
                t.assignments.c.item_id.not_in(done),
            )
            .values(coder_id=to_id, assigned_at=at)
        )
    return moved.rowcount


def _items(connection: Connection, wanted: sa.Select[tuple[int]]) -> list[CodingItem]:
    i = t.draw_items.c
    query = (
        sa.select(t.draw_items, t.draws.c.hides_machine, t.documents.c.superseded_by)
        .select_from(
            t.draw_items.join(t.draws)
            .join(t.passages, t.passages.c.passage_id == i.passage_id)
            .join(t.documents, t.documents.c.document_id == t.passages.c.document_id)
        )
        .where(i.item_id.in_(wanted))
        .order_by(i.draw_id, i.position)
    )
    coders = _coders(connection, wanted)
    judged, adjudications, judged_at = _judged(connection, wanted)
    unsure = _unsure(connection, wanted, judged_at)
    return [
        CodingItem(
            item_id=row.item_id,
            draw_id=row.draw_id,
            passage_id=PassageId(row.passage_id),
            position=row.position,
            double=row.double,
            hides_machine=row.hides_machine,
            replaced=row.superseded_by is not None,
            coders=tuple(coders.get(row.item_id, ())),
            judged=judged.get(row.item_id, {}),
            unsure=frozenset(unsure.get(row.item_id, ())),
            adjudication=adjudications.get(row.item_id),
        )
        for row in connection.execute(query)
    ]


def _coders(connection: Connection, wanted: sa.Select[tuple[int]]) -> dict[int, list[str]]:
    query = (
        sa.select(t.assignments.c.item_id, t.coders.c.name)
        .select_from(t.assignments.join(t.coders))
        .where(t.assignments.c.item_id.in_(wanted))
        .order_by(t.assignments.c.item_id, t.coders.c.coder_id)
    )
    found: dict[int, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.item_id, []).append(row.name)
    return found


_When = dict[tuple[int, str], dt.datetime]


def _judged(
    connection: Connection, wanted: sa.Select[tuple[int]]
) -> tuple[dict[int, dict[str, int]], dict[int, int], _When]:
    """Item → coder → newest judgement; item → adjudication; when each coder last judged."""
    query = (
        sa.select(
            t.codings.c.item_id,
            t.judgements.c.judgement_id,
            t.judgements.c.coder,
            t.judgements.c.judged_at,
            t.adjudications.c.judgement_id.label("adjudication"),
        )
        .select_from(t.codings.join(t.judgements).outerjoin(t.adjudications))
        .where(t.codings.c.item_id.in_(wanted))
        .order_by(t.judgements.c.judgement_id)
    )
    judged: dict[int, dict[str, int]] = {}
    adjudications: dict[int, int] = {}
    when: _When = {}
    for row in connection.execute(query):
        if row.adjudication is not None:
            adjudications[row.item_id] = row.judgement_id
        else:
            judged.setdefault(row.item_id, {})[row.coder] = row.judgement_id
            when[row.item_id, row.coder] = row.judged_at
    return judged, adjudications, when


def _unsure(
    connection: Connection, wanted: sa.Select[tuple[int]], judged_at: _When
) -> dict[int, set[str]]:
    query = sa.select(t.doubts.c.item_id, t.doubts.c.coder, t.doubts.c.doubted_at).where(
        t.doubts.c.item_id.in_(wanted)
    )
    found: dict[int, set[str]] = {}
    for row in connection.execute(query):
        since = judged_at.get((row.item_id, row.coder))
        if since is None or row.doubted_at > since:
            found.setdefault(row.item_id, set()).add(row.coder)
    return found
