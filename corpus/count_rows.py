"""What counting reads of the store: reviews with usable text, and the passages behind a find."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from corpus import tables as t
from corpus.children import children_stated
from corpus.findings import standing_codes
from corpus.model import Attribution, Kind, Level, Stance
from corpus.recurrence import REVIEW_KINDS
from corpus.store import Store

_KINDS = [kind.value for kind in REVIEW_KINDS]


@dataclass(frozen=True, kw_only=True)
class HeldReview:
    """A review of which usable text is held, and the kind of text that is counted."""

    review_id: str
    case_id: str
    nation: str
    review_type: str
    kind: Kind
    """``review`` where its own text is held, else ``digest``."""
    year: int | None
    """The year of the date asked for; ``None`` where the review has none."""
    n_passages: int
    """Usable passages of that kind."""
    n_judged: int
    n_unread: int
    """Passages that the machine has not read."""
    n_children: int | None
    """How many children it is about; ``None`` where its record states no number."""

    @property
    def checked(self) -> bool:
        """Whether a person judged every passage: only then is an absence known."""
        return self.n_judged == self.n_passages

    @property
    def digest_only(self) -> bool:
        """Whether the review is known through our restatement alone."""
        return self.kind is Kind.DIGEST


@dataclass(frozen=True, kw_only=True)
class Register:
    """What is on the register of reviews, with or without text."""

    reviews: tuple[tuple[str, str, str], ...]
    """Id, nation and type of every review."""
    unregistered: int
    """Current documents of kind review that belong to none of them."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A failing found in a passage, in the review's voice."""

    review_id: str
    kind: Kind
    theme: str
    level: Level
    passage_id: str


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A failing found in a document that does not speak for a review."""

    document_id: str
    """Of documents with the same text, always the same one."""
    theme: str
    passage_id: str
    year: int
    """When the document was published; one without a date is never a mention."""
    nation: str | None
    """Of the review that the document is about, where it is about one."""


def held_reviews(store: Store, *, axis: str) -> tuple[list[HeldReview], Register]:
    """Read reviews with usable text, by id, and the register they are on.

    A passage is usable unless the tagger declined it (another language) and nobody has
    judged it. Where a review's own text has one, its digest is not counted.

    Args:
        store: what is held.
        axis: ``publication``, ``incident`` or ``capture``.
    """
    judged = sa.select(t.judgements.c.passage_id).distinct().subquery("judged")
    is_judged = judged.c.passage_id.is_not(None)
    query = (
        sa.select(
            t.reviews.c.review_id,
            t.reviews.c.case_id,
            t.reviews.c.nation,
            t.reviews.c.review_type,
            t.reviews.c.published,
            t.reviews.c.incident,
            t.reviews.c.child_age,
            t.reviews.c.case_names,
            t.reviews.c.figures,
            t.documents.c.kind,
            sa.func.min(t.documents.c.captured_at).label("captured_at"),
            sa.func.count().label("n_passages"),
            sa.func.sum(sa.case((is_judged, 1), else_=0)).label("n_judged"),
            sa.func.sum(sa.case((t.passages.c.tagger_version.is_(None), 1), else_=0)).label(
                "n_unread"
            ),
        )
        .select_from(t.reviews.join(t.documents).join(t.passages))
        .outerjoin(judged, judged.c.passage_id == t.passages.c.passage_id)
        .where(
            t.documents.c.superseded_by.is_(None),
            t.documents.c.kind.in_(_KINDS),
            sa.or_(t.passages.c.untagged.is_(None), is_judged),
        )
        .group_by(t.reviews.c.review_id, t.documents.c.kind)
        # Digest before review: the later row of a review replaces the earlier.
        .order_by(t.reviews.c.review_id, t.documents.c.kind == Kind.REVIEW.value)
    )
    with store.reading() as connection:
        rows = connection.execute(query).mappings().all()
        register = _register(connection)
    return list({row["review_id"]: _held(row, axis) for row in rows}.values()), register


def machine_evidence(store: Store) -> list[Evidence]:
    """Read the machine's confident failings in reviews' voices, judged or not."""
    found = t.findings
    return _evidence(store, found, [found.c.confident])


def human_evidence(store: Store) -> list[Evidence]:
    """Read the failings in reviews' voices that the newest judgements of passages state."""
    codes = standing_codes()
    return _evidence(store, codes, [codes.c.coder.is_not(None)])


def mentions(store: Store) -> list[Mention]:
    """Read standing failings in dated news, briefings and the like.

    Copies of one text, such as a syndicated story, are one document.
    """
    codes = standing_codes()
    same_text = (
        sa.select(
            t.documents.c.text_sha256, sa.func.min(t.documents.c.document_id).label("document_id")
        )
        .where(t.documents.c.superseded_by.is_(None), t.documents.c.kind.not_in(_KINDS))
        .group_by(t.documents.c.text_sha256)
        .subquery("same_text")
    )
    query = (
        sa.select(
            same_text.c.document_id,
            codes.c.theme,
            codes.c.passage_id,
            t.documents.c.published,
            t.reviews.c.nation,
        )
        .select_from(t.passages.join(t.documents).outerjoin(t.reviews))
        .join(codes, codes.c.passage_id == t.passages.c.passage_id)
        .join(same_text, same_text.c.text_sha256 == t.documents.c.text_sha256)
        .where(
            t.documents.c.superseded_by.is_(None),
            t.documents.c.kind.not_in(_KINDS),
            codes.c.confident,
            codes.c.stance == Stance.FAILING.value,
            t.documents.c.published.is_not(None),
        )
        .order_by(same_text.c.document_id, codes.c.theme, codes.c.passage_id)
    )
    with store.reading() as connection:
        return [
            Mention(
                document_id=row.document_id,
                theme=row.theme,
                passage_id=row.passage_id,
                year=int(row.published[:4]),
                nation=row.nation,
            )
            for row in connection.execute(query)
        ]


def _evidence(
    store: Store,
    codes: sa.FromClause,
    conditions: list[sa.ColumnElement[bool]],
) -> list[Evidence]:
    kind = t.documents.c.kind
    in_its_voice = sa.or_(
        sa.and_(kind == Kind.REVIEW.value, codes.c.attribution == Attribution.OWN_VOICE.value),
        sa.and_(kind == Kind.DIGEST.value, codes.c.attribution == Attribution.REPORTED.value),
    )
    query = (
        sa.select(t.documents.c.review_id, kind, codes.c.theme, codes.c.level, codes.c.passage_id)
        .select_from(t.passages.join(t.documents))
        .join(codes, codes.c.passage_id == t.passages.c.passage_id)
        .where(
            t.documents.c.superseded_by.is_(None),
            t.documents.c.review_id.is_not(None),
            codes.c.stance == Stance.FAILING.value,
            in_its_voice,
            *conditions,
        )
        .order_by(t.documents.c.review_id, codes.c.passage_id, codes.c.theme, codes.c.level)
    )
    with store.reading() as connection:
        return [
            Evidence(
                review_id=row.review_id,
                kind=Kind(row.kind),
                theme=row.theme,
                level=Level(row.level),
                passage_id=row.passage_id,
            )
            for row in connection.execute(query)
        ]


def _register(connection: sa.Connection) -> Register:
    reviews = connection.execute(
        sa.select(t.reviews.c.review_id, t.reviews.c.nation, t.reviews.c.review_type)
    )
    unregistered = connection.scalar(
        sa.select(sa.func.count())
        .select_from(t.documents)
        .where(
            t.documents.c.superseded_by.is_(None),
            t.documents.c.kind == Kind.REVIEW.value,
            t.documents.c.review_id.is_(None),
        )
    )
    return Register(
        reviews=tuple((row.review_id, row.nation, row.review_type) for row in reviews),
        unregistered=int(unregistered or 0),
    )


def _held(row: Mapping[Any, Any], axis: str) -> HeldReview:
    names = ("review_id", "case_id", "nation", "review_type", "n_passages", "n_judged", "n_unread")
    return HeldReview(
        **{name: row[name] for name in names},
        kind=Kind(row["kind"]),
        year=_year(row, axis),
        n_children=children_stated(
            age=row["child_age"], case_names=row["case_names"], figures=row["figures"]
        ),
    )


def _year(row: Mapping[Any, Any], axis: str) -> int | None:
    if axis == "capture":
        captured: dt.datetime = row["captured_at"]
        return captured.year
    date: str | None = row["incident"] if axis == "incident" else row["published"]
    return None if date is None else int(date[:4])
