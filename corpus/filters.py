"""Which passages a question is about: one filter for portal, API, exports and search."""

from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.findings import standing_codes
from corpus.ids import PassageId
from corpus.model import Attribution, EvidenceGrade, Kind, Level, Stance
from corpus.store import Store


@dataclass(frozen=True, kw_only=True)
class PassageFilter:
    """What a passage must be; empty fields ask for nothing.

    ``themes``, ``stances``, ``levels`` and ``attributions`` must hold together, of one
    finding: consent *and* failing means that the passage fails on consent.
    """

    themes: tuple[str, ...] = ()
    """Sub-themes; expand a top theme with ``Codebook.expand`` first."""
    stances: tuple[Stance, ...] = ()
    levels: tuple[Level, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    kinds: tuple[Kind, ...] = ()
    grades: tuple[EvidenceGrade, ...] = ()
    """Digests only: what kind of page the finding was restated from."""
    nation: str | None = None
    review_type: str | None = None
    publisher: str | None = None
    """Who published the document, as its source says it."""
    review_id: str | None = None
    from_year: int | None = None
    to_year: int | None = None
    """Years of publication, both included; passages without a date match no year."""
    include_possible: bool = False
    """Let findings below the confident cut satisfy the filter too."""

    @property
    def is_empty(self) -> bool:
        """Whether every passage passes."""
        return self == PassageFilter(include_possible=self.include_possible)

    @property
    def asks_for_findings(self) -> bool:
        """Whether a passage needs a finding to pass."""
        return bool(self.themes or self.stances or self.levels or self.attributions)


def select_passage_ids(store: Store, passage_filter: PassageFilter) -> list[PassageId]:
    """List current passages that pass: by date, those without one last, then reading order.

    A passage's date is its document's publication date.
    """
    query = (
        sa.select(t.passages.c.passage_id)
        .join_from(t.passages, t.documents)
        .where(t.documents.c.superseded_by.is_(None), *passage_conditions(passage_filter))
        .order_by(
            t.documents.c.published.is_(None),
            t.documents.c.published,
            t.documents.c.document_id,
            t.passages.c.position,
        )
    )
    with store.reading() as connection:
        return [PassageId(passage_id) for passage_id in connection.scalars(query)]


def register_values(store: Store) -> tuple[list[str], list[str]]:
    """List the nations, then the types, of the reviews on the register."""
    with store.reading() as connection:
        nations, types = (
            list(connection.scalars(sa.select(column).distinct().order_by(column)))
            for column in (t.reviews.c.nation, t.reviews.c.review_type)
        )
    return nations, types


def passage_conditions(
    wanted: PassageFilter, *, judged_until: int | None = None
) -> list[sa.ColumnElement[bool]]:
    """Write a filter for a query over passages and their documents.

    ``judged_until`` is as for :func:`corpus.findings.standing_codes`.
    """
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.kinds:
        conditions.append(t.documents.c.kind.in_([kind.value for kind in wanted.kinds]))
    if wanted.grades:
        grades = [grade.value for grade in wanted.grades]
        conditions.append(t.passages.c.evidence_grade.in_(grades))
    for of_review, value in (
        (t.reviews.c.nation, wanted.nation),
        (t.reviews.c.review_type, wanted.review_type),
    ):
        if value:
            of_such = sa.select(t.reviews.c.review_id).where(of_review == value)
            conditions.append(t.documents.c.review_id.in_(of_such))
    if wanted.publisher:
        conditions.append(t.documents.c.publisher == wanted.publisher)
    if wanted.review_id:
        conditions.append(t.documents.c.review_id == wanted.review_id)
    # Dates are ISO text of any precision: comparing the first four characters is enough.
    year = sa.func.substr(t.documents.c.published, 1, 4)
    if wanted.from_year is not None:
        conditions.append(year >= f"{wanted.from_year:04d}")
    if wanted.to_year is not None:
        conditions.append(year <= f"{wanted.to_year:04d}")
    if wanted.asks_for_findings:
        codes = standing_codes(judged_until=judged_until)
        matching = [codes.c.passage_id == t.passages.c.passage_id]
        for column, values in (
            (codes.c.theme, wanted.themes),
            (codes.c.stance, wanted.stances),
            (codes.c.level, wanted.levels),
            (codes.c.attribution, wanted.attributions),
        ):
            if values:
                matching.append(column.in_([str(value) for value in values]))
        if not wanted.include_possible:
            matching.append(codes.c.confident)
        conditions.append(sa.exists().where(*matching))
    return conditions
