"""What counts rest on, laid apart: documents, the machine's readings, people's judgements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.count_table import ThemeGroup
from corpus.findings import standing_codes
from corpus.model import Attribution, Kind, Stance
from corpus.recurrence import REVIEW_KINDS
from corpus.store import Store

NO_THEMES: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CountedDocument:
    """A document that speaks for a review: its own text, or our digest of it."""

    review_id: str
    kind: Kind
    dated: bool
    """Whether its review has a date: one without is in no figure."""
    passage_ids: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What the machine made of a passage."""

    themes: frozenset[str]
    """Confident failings in the review's voice."""
    declined: bool = False
    """It did not read the passage, for its language or for want of words."""


@dataclass(frozen=True, kw_only=True)
class Layers:
    """The three things that figures are made of, each of which can be exchanged alone."""

    documents: Mapping[str, CountedDocument]
    readings: Mapping[str, Reading]
    """By passage; one that is missing was not read yet."""
    judgements: Mapping[str, frozenset[str]]
    """By passage, the failings in the review's voice that its newest judgement states."""


@dataclass(frozen=True)
class Figures:
    """Reviews that find a theme failing, counted in three ways that are never mixed."""

    machine: int
    human_checked: int
    standing: int


@dataclass(frozen=True)
class FigureGroup:
    """A row of figures."""

    by: str
    """``total``, ``top-theme`` or ``theme``."""
    group: ThemeGroup


@dataclass(frozen=True)
class _ReviewThemes:
    """What one review finds; ``None`` where it is not in that figure."""

    machine: frozenset[str]
    human: frozenset[str]
    standing: frozenset[str]


def read_layers(store: Store) -> Layers:
    """Read the layers of what a store holds now."""
    return Layers(
        documents=_documents(store), readings=_readings(store), judgements=_judgements(store)
    )


def count_figures(layers: Layers, groups: Sequence[FigureGroup]) -> dict[str, Figures]:
    """Count each row, over all years; by the same rules as :func:`corpus.counts.count_reviews`.

    The machine's figure is of the reviews that it has read whole, the human-checked one of
    those of which every passage was judged; the standing figure is of all.
    """
    found = _themes_found(layers)
    return {
        each.group.key: Figures(
            machine=sum(not review.machine.isdisjoint(each.group.themes) for review in found),
            human_checked=sum(not review.human.isdisjoint(each.group.themes) for review in found),
            standing=sum(not review.standing.isdisjoint(each.group.themes) for review in found),
        )
        for each in groups
    }


def _themes_found(layers: Layers) -> list[_ReviewThemes]:
    usable: dict[str, dict[Kind, list[str]]] = {}
    for document in layers.documents.values():
        kept = [one for one in document.passage_ids if _is_usable(one, layers)]
        if kept and document.dated:
            usable.setdefault(document.review_id, {}).setdefault(document.kind, []).extend(kept)
    # Where a review's own text is held, its digest is not counted.
    return [
        _review_themes(kinds.get(Kind.REVIEW) or kinds[Kind.DIGEST], layers)
        for kinds in usable.values()
    ]


def _is_usable(passage_id: str, layers: Layers) -> bool:
    reading = layers.readings.get(passage_id)
    return reading is None or not reading.declined or passage_id in layers.judgements


def _review_themes(passage_ids: Sequence[str], layers: Layers) -> _ReviewThemes:
    machine: set[str] = set()
    human: set[str] = set()
    standing: set[str] = set()
    read = checked = True
    for passage_id in passage_ids:
        reading = layers.readings.get(passage_id)
        judged = layers.judgements.get(passage_id)
        themes = reading.themes if reading else NO_THEMES
        read = read and reading is not None
        checked = checked and judged is not None
        machine |= themes
        human |= judged or NO_THEMES
        standing |= themes if judged is None else judged
    return _ReviewThemes(
        machine=frozenset(machine) if read else NO_THEMES,
        human=frozenset(human) if checked else NO_THEMES,
        standing=frozenset(standing),
    )


def _documents(store: Store) -> dict[str, CountedDocument]:
    query = (
        sa.select(
            t.passages.c.passage_id,
            t.documents.c.document_id,
            t.documents.c.kind,
            t.reviews.c.review_id,
            t.reviews.c.published.is_not(None).label("dated"),
        )
        .select_from(t.passages.join(t.documents).join(t.reviews))
        .where(*_COUNTED)
        .order_by(t.documents.c.document_id, t.passages.c.position)
    )
    facts: dict[str, tuple[str, Kind, bool]] = {}
    passages: dict[str, list[str]] = {}
    with store.reading() as connection:
        for row in connection.execute(query):
            facts[row.document_id] = (row.review_id, Kind(row.kind), bool(row.dated))
            passages.setdefault(row.document_id, []).append(row.passage_id)
    return {one: CountedDocument(*facts[one], tuple(ids)) for one, ids in passages.items()}


def _readings(store: Store) -> dict[str, Reading]:
    stamped = (
        sa.select(t.passages.c.passage_id, t.passages.c.untagged)
        .select_from(t.passages.join(t.documents))
        .where(*_COUNTED, t.passages.c.tagger_version.is_not(None))
    )
    themes = _failings(store, t.findings, t.findings.c.confident)
    nothing, declined = Reading(NO_THEMES), Reading(NO_THEMES, declined=True)
    with store.reading() as connection:
        return {
            row.passage_id: Reading(frozenset(found), declined=row.untagged is not None)
            if (found := themes.get(row.passage_id))
            else (nothing if row.untagged is None else declined)
            for row in connection.execute(stamped)
        }


def _judgements(store: Store) -> dict[str, frozenset[str]]:
    judged = (
        sa.select(t.judgements.c.passage_id)
        .distinct()
        .select_from(
            t.judgements.join(t.passages).join(
                t.documents, t.documents.c.document_id == t.passages.c.document_id
            )
        )
        .where(*_COUNTED)
    )
    codes = standing_codes()
    themes = _failings(store, codes, codes.c.coder.is_not(None))
    with store.reading() as connection:
        return {
            passage_id: frozenset(themes.get(passage_id, ()))
            for passage_id in connection.scalars(judged)
        }


def _failings(
    store: Store, codes: sa.FromClause, condition: sa.ColumnElement[bool]
) -> dict[str, set[str]]:
    kind = t.documents.c.kind
    in_its_voice = sa.or_(
        sa.and_(kind == Kind.REVIEW.value, codes.c.attribution == Attribution.OWN_VOICE.value),
        sa.and_(kind == Kind.DIGEST.value, codes.c.attribution == Attribution.REPORTED.value),
    )
    query = (
        sa.select(codes.c.passage_id, codes.c.theme)
        .select_from(t.passages.join(t.documents))
        .join(codes, codes.c.passage_id == t.passages.c.passage_id)
        .where(*_COUNTED, codes.c.stance == Stance.FAILING.value, in_its_voice, condition)
    )
    found: dict[str, set[str]] = {}
    with store.reading() as connection:
        for row in connection.execute(query):
            found.setdefault(row.passage_id, set()).add(row.theme)
    return found


_COUNTED = (
    t.documents.c.superseded_by.is_(None),
    t.documents.c.review_id.is_not(None),
    t.documents.c.kind.in_([kind.value for kind in REVIEW_KINDS]),
)
