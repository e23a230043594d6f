"""Drawing what is coded: by chance, from a stated frame, again the same from the same seed."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus import tables as t
from corpus.draw_frames import (
    Member,
    frame_passages,
    frame_reviews,
    passages_of_reviews,
)
from corpus.drawn import Draw, DrawKind, Frame, Stratum, frame_row, get_draw
from corpus.errors import InvalidInputError
from corpus.ids import digest
from corpus.store import Store, inserted_number

LONGEST_TITLE = 200
PICKED = "least sure, outside the sample"
"""The stratum of passages that were picked for the machine's doubt, not drawn by chance."""


@dataclass(frozen=True, kw_only=True)
class DrawPlan:
    """What a lead asks for."""

    title: str
    kind: DrawKind
    size: int
    """Passages, or reviews where whole ones are drawn."""
    seed: int
    coder_ids: tuple[int, ...]
    """Who codes; passages are dealt out in turn, whole reviews to one coder each."""
    frame: Frame = field(default_factory=Frame)
    stratified: bool = False
    """Whole reviews: as many from those in which the machine finds something as from others."""
    random_share: float = 0.25
    """Of passages where the machine is unsure: the share that is drawn by chance instead."""
    double_share: float = 0.0
    """The share that a second coder codes too, neither seeing the other nor the machine."""
    hides_machine: bool = False


@dataclass(frozen=True, kw_only=True)
class _Picked:
    """What a draw gave."""

    strata: tuple[Stratum, ...]
    chosen: tuple[tuple[Member, float | None], ...]
    """In the order of coding, with the chance of each."""


def draw(
    store: Store,
    plan: DrawPlan,
    *,
    codebook_version: str,
    tagger_version: str,
    by: int,
    at: dt.datetime,
) -> Draw:
    """Draw passages or whole reviews for coding and deal them out; one transaction.

    Which are drawn follows from the seed and the frame alone: the members of a stratum are
    ordered by a hash of the seed and their id, and the first are taken. Anyone can do that
    again, in any language.

    Args:
        store: what is held.
        plan: what is asked for.
        codebook_version: what the codes will mean.
        tagger_version: what made the machine's codes by which strata are told apart.
        by: the lead's number.
        at: now.

    Raises:
        InvalidInputError: fewer can be drawn than asked for, fewer are asked for than there
            are strata, nobody is there to code (for double coding: one alone), or the seed
            ordered some of these reviews before.
    """
    _check(plan)
    if plan.kind is DrawKind.REVIEWS:
        members = frame_reviews(store, plan.frame)
        _check_seed(store, plan.seed, members)
        picked = _by_strata(members, plan, stratified=plan.stratified)
        drawn = {member.member_id: chance for member, chance in picked.chosen}
        items = [
            (member, drawn[member.group])
            for member in passages_of_reviews(store, list(drawn), again=plan.frame.again)
        ]
    else:
        members = frame_passages(store, plan.frame)
        picked = (
            _least_sure(members, plan)
            if plan.kind is DrawKind.UNCERTAIN
            else _by_strata(members, plan, stratified=plan.kind is DrawKind.STRATIFIED)
        )
        items = list(picked.chosen)
    row = {
        **{name: getattr(plan, name) for name in ("title", "seed", "hides_machine")},
        "kind": plan.kind.value,
        "frame": frame_row(plan.frame),
        "frame_size": len(members),
        "strata": [asdict(stratum) for stratum in picked.strata],
        "codebook_version": codebook_version,
        "tagger_version": tagger_version,
        "drawn_at": at,
        "drawn_by": by,
    }
    with store.writing() as connection:
        draw_id = inserted_number(connection.execute(sa.insert(t.draws).values(row)))
        if plan.kind is DrawKind.REVIEWS:
            _put_reviews(connection, draw_id, members, picked)
        _put_items(connection, draw_id, items, plan, at)
    return get_draw(store, draw_id)


def extend_draw(store: Store, draw_id: int, *, at: dt.datetime) -> int:
    """Add the passages that drawn reviews have gained since, such as by a corrected text.

    Each goes to whoever has the most of its review. No chance changes: the reviews are the
    ones that were drawn.

    Returns:
        How many were added.

    Raises:
        DrawNotFoundError: there is no such draw.
    """
    drawn = get_draw(store, draw_id)
    with store.reading() as connection:
        chances = {
            row.review_id: row.chance
            for row in connection.execute(
                sa.select(t.drawn_reviews).where(
                    t.drawn_reviews.c.draw_id == draw_id, t.drawn_reviews.c.drawn
                )
            )
        }
        held = set(
            connection.scalars(
                sa.select(t.draw_items.c.passage_id).where(t.draw_items.c.draw_id == draw_id)
            )
        )
        last = connection.scalar(
            sa.select(sa.func.max(t.draw_items.c.position)).where(t.draw_items.c.draw_id == draw_id)
        )
        coders = _coders_by_review(connection, draw_id)
    new = [
        member
        for member in passages_of_reviews(store, list(chances), again=drawn.frame.again)
        if member.member_id not in held
    ]
    everyone = sorted({coder_id for ids in coders.values() for coder_id in ids})
    with store.writing() as connection:
        for position, member in enumerate(new, start=(-1 if last is None else last) + 1):
            item = _item(draw_id, member, chances[member.group], position, double=False)
            item_id = inserted_number(connection.execute(sa.insert(t.draw_items).values(item)))
            for coder_id in (coders.get(member.group) or everyone)[:1]:
                _assign(connection, item_id, coder_id, at)
    return len(new)


def _check(plan: DrawPlan) -> None:
    if not plan.title.strip() or len(plan.title) > LONGEST_TITLE:
        raise InvalidInputError(f"Give the draw a title of up to {LONGEST_TITLE} characters.")
    if plan.size < 1:
        raise InvalidInputError("Draw at least one.")
    if not plan.coder_ids:
        raise InvalidInputError("Choose who codes.")
    if not 0 <= plan.double_share <= 1 or not 0 <= plan.random_share <= 1:
        raise InvalidInputError("A share is between 0 and 1.")
    if plan.double_share and len(plan.coder_ids) < 2:
        raise InvalidInputError("Double coding needs two coders.")


def _check_seed(store: Store, seed: int, members: Sequence[Member]) -> None:
    """Refuse a seed that has ordered one of these reviews before.

    The same seed puts the same reviews first again. Two such draws are not independent, and
    the chance that at least one had a review would be smaller than stated.
    """
    query = (
        sa.select(t.drawn_reviews.c.review_id)
        .join(t.draws, t.draws.c.draw_id == t.drawn_reviews.c.draw_id)
        .where(t.draws.c.seed == seed)
    )
    with store.reading() as connection:
        before = set(connection.scalars(query))
    if before & {member.member_id for member in members}:
        raise InvalidInputError(
            f"Seed {seed} drew from some of these reviews before, and would draw the same ones. "
            "Take another seed."
        )


# -- by chance -------------------------------------------------------------------


def _by_strata(members: Sequence[Member], plan: DrawPlan, *, stratified: bool) -> _Picked:
    """Draw as many from each stratum, each member of it with the same chance."""
    groups: dict[str, list[Member]] = {}
    for member in members:
        groups.setdefault(member.stratum if stratified else "all", []).append(member)
    wanted = _share_out({name: len(group) for name, group in groups.items()}, plan.size)
    strata = tuple(
        Stratum(name=name, size=len(groups[name]), drawn=wanted[name]) for name in sorted(groups)
    )
    chosen = [
        (member, stratum.chance)
        for stratum in strata
        for member in _shuffled(groups[stratum.name], plan.seed)[: stratum.drawn]
    ]
    # Coded in an order that says nothing of the stratum.
    order = {member.member_id: place for place, member in enumerate(_shuffled(members, plan.seed))}
    chosen.sort(key=lambda each: order[each[0].member_id])
    return _Picked(strata=strata, chosen=tuple(chosen))


def _least_sure(members: Sequence[Member], plan: DrawPlan) -> _Picked:
    """Draw the random share, then take those of the others that the machine is least sure of."""
    if len(members) < plan.size:
        raise _too_few(len(members), plan.size)
    # A share that was asked for is never rounded away.
    at_random = max(round(plan.random_share * plan.size), int(plan.random_share > 0))
    shuffled = _shuffled(members, plan.seed)
    others = sorted(shuffled[at_random:], key=lambda member: member.distance)
    strata = [Stratum(name="all", size=len(members), drawn=at_random)] if at_random else []
    chance = at_random / len(members) if members else 0.0
    chosen: list[tuple[Member, float | None]] = [(each, chance) for each in shuffled[:at_random]]
    chosen += [(each, None) for each in others[: plan.size - at_random]]
    order = {member.member_id: place for place, member in enumerate(shuffled)}
    chosen.sort(key=lambda each: order[each[0].member_id])
    return _Picked(strata=tuple(strata), chosen=tuple(chosen))


def _share_out(sizes: Mapping[str, int], wanted: int) -> dict[str, int]:
    """Say how many to draw of each stratum: as many of each, as far as it has them."""
    if sum(sizes.values()) < wanted:
        raise _too_few(sum(sizes.values()), wanted)
    if wanted < len(sizes):
        raise InvalidInputError(
            f"There are {len(sizes)} strata: draw at least {len(sizes)}, one of each, so that "
            "no part of the frame has no chance."
        )
    given: dict[str, int] = {}
    # The smallest first: what it lacks is shared among the others.
    for place, name in enumerate(sorted(sizes, key=lambda name: (sizes[name], name))):
        given[name] = min(sizes[name], (wanted - sum(given.values())) // (len(sizes) - place))
    return given


def _too_few(held: int, wanted: int) -> InvalidInputError:
    return InvalidInputError(
        f"{held} could be drawn, and {wanted} were asked for. Ask for fewer, for more years, or "
        "also for what was judged or could have been drawn before."
    )


def _shuffled(members: Iterable[Member], seed: int) -> list[Member]:
    return sorted(members, key=lambda member: digest(seed, member.member_id))


# -- dealing out -----------------------------------------------------------------


def _put_reviews(
    connection: Connection, draw_id: int, members: Sequence[Member], picked: _Picked
) -> None:
    drawn = {member.member_id for member, _ in picked.chosen}
    strata = {stratum.name: stratum for stratum in picked.strata}
    rows = []
    for member in members:
        stratum = strata.get(member.stratum) or strata["all"]
        rows.append(
            {
                "draw_id": draw_id,
                "review_id": member.member_id,
                "stratum": stratum.name,
                "chance": stratum.chance,
                "drawn": member.member_id in drawn,
            }
        )
    connection.execute(sa.insert(t.drawn_reviews), rows)


def _put_items(
    connection: Connection,
    draw_id: int,
    items: Sequence[tuple[Member, float | None]],
    plan: DrawPlan,
    at: dt.datetime,
) -> None:
    by_hash = sorted(items, key=lambda item: digest(plan.seed, "double", item[0].member_id))
    n_double = round(plan.double_share * len(items))
    double = {member.member_id for member, _ in by_hash[:n_double]}
    turns: dict[str, int] = {}
    n_coders = len(plan.coder_ids)
    for position, (member, chance) in enumerate(items):
        row = _item(draw_id, member, chance, position, double=member.member_id in double)
        item_id = inserted_number(connection.execute(sa.insert(t.draw_items).values(row)))
        whole = plan.kind is DrawKind.REVIEWS
        turn = turns.setdefault(member.group if whole else member.member_id, len(turns))
        _assign(connection, item_id, plan.coder_ids[turn % n_coders], at)
        if row["double"]:
            # Not always the same two: each coder is compared with each other.
            step = 1 + position % (n_coders - 1)
            _assign(connection, item_id, plan.coder_ids[(turn + step) % n_coders], at)


def _item(
    draw_id: int, member: Member, chance: float | None, position: int, *, double: bool
) -> dict[str, Any]:
    return {
        "draw_id": draw_id,
        "passage_id": member.member_id,
        "position": position,
        "stratum": member.stratum if chance is not None else PICKED,
        "chance": chance,
        "double": double,
    }


def _assign(connection: Connection, item_id: int, coder_id: int, at: dt.datetime) -> None:
    row = {"item_id": item_id, "coder_id": coder_id, "assigned_at": at}
    connection.execute(sa.insert(t.assignments).values(row))


def _coders_by_review(connection: Connection, draw_id: int) -> dict[str, list[int]]:
    """Review → who has items of it, most first."""
    query = (
        sa.select(t.documents.c.review_id, t.assignments.c.coder_id, sa.func.count().label("n"))
        .select_from(
            t.assignments.join(t.draw_items)
            .join(t.passages, t.passages.c.passage_id == t.draw_items.c.passage_id)
            .join(t.documents, t.documents.c.document_id == t.passages.c.document_id)
        )
        .where(t.draw_items.c.draw_id == draw_id)
        .group_by(t.documents.c.review_id, t.assignments.c.coder_id)
        .order_by(sa.desc("n"), t.assignments.c.coder_id)
    )
    coders: dict[str, list[int]] = {}
    for row in connection.execute(query):
        coders.setdefault(row.review_id, []).append(row.coder_id)
    return coders
