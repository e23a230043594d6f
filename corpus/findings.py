"""Standing findings: what a person decided of a passage or, failing that, the machine.

Where anyone has judged a passage, one judgement stands for the whole passage, also when it
says that there is no theme: the newest adjudication or, where there is none, the newest
judgement. The machine's findings stay in the store for estimates and for coders, and stand
only where nobody has looked.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from corpus import tables as t
from corpus.ids import PassageId
from corpus.model import Attribution, Code, Finding, Judgement, Level, Span, Stance
from corpus.rows import code_from_row, judgement_from_row
from corpus.store import Store


def standing_codes(
    *, judged_until: int | None = None, among: Sequence[str] | None = None
) -> sa.Subquery:
    """Build the query for all standing findings.

    ``judged_until`` leaves out judgements with a higher number: findings as they stood
    before these were made. ``among`` keeps to these passages, which costs far less than
    asking for them outside.

    Columns: passage_id, theme, stance, level, attribution, confident, score (null for a
    coder's), evidence, support, coder (null for the machine's), tagger_version.
    """
    counted = sa.true() if judged_until is None else t.judgements.c.judgement_id <= judged_until
    judged_here = sa.true() if among is None else t.judgements.c.passage_id.in_(among)
    found_here = sa.true() if among is None else t.findings.c.passage_id.in_(among)
    standing = standing_judgements(counted, judged_here)
    by_coder = sa.select(
        t.judgements.c.passage_id,
        t.judgement_codes.c.theme,
        t.judgement_codes.c.stance,
        t.judgement_codes.c.level,
        t.judgement_codes.c.attribution,
        sa.true().label("confident"),
        sa.null().cast(sa.Float).label("score"),
        sa.null().cast(sa.JSON).label("evidence"),
        sa.null().cast(sa.JSON).label("support"),
        t.judgements.c.coder,
        t.judgements.c.tagger_version,
    ).select_from(
        t.judgement_codes.join(t.judgements).join(
            standing, standing.c.judgement_id == t.judgements.c.judgement_id
        )
    )
    judged = sa.exists().where(t.judgements.c.passage_id == t.findings.c.passage_id, counted)
    by_machine = sa.select(
        t.findings.c.passage_id,
        t.findings.c.theme,
        t.findings.c.stance,
        t.findings.c.level,
        t.findings.c.attribution,
        t.findings.c.confident,
        t.findings.c.score,
        t.findings.c.evidence,
        t.findings.c.support,
        sa.null().cast(sa.String).label("coder"),
        t.findings.c.tagger_version,
    ).where(~judged, found_here)
    return sa.union_all(by_coder, by_machine).subquery("standing")


def standing_judgements(*conditions: sa.ColumnElement[bool]) -> sa.Subquery:
    """Build the query for the judgement that stands for each passage (record 18).

    ``conditions`` on ``judgements`` leave some out of account. Column: judgement_id.
    """
    adjudication = t.adjudications.c.judgement_id
    stands = sa.func.coalesce(sa.func.max(adjudication), sa.func.max(t.judgements.c.judgement_id))
    return (
        sa.select(stands.label("judgement_id"))
        .select_from(t.judgements.outerjoin(t.adjudications))
        .where(*conditions)
        .group_by(t.judgements.c.passage_id)
        .subquery("standing_judgements")
    )


def findings_of(
    store: Store,
    passage_ids: Sequence[str],
    *,
    include_possible: bool = False,
    judged_until: int | None = None,
) -> dict[PassageId, list[Finding]]:
    """Read the standing findings of passages: strongest first within each.

    A passage without any is left out. ``include_possible`` adds the machine's findings
    below the confident cut; ``judged_until`` is as for :func:`standing_codes`.
    """
    codes = standing_codes(judged_until=judged_until, among=passage_ids)
    query = sa.select(codes).order_by(
        codes.c.passage_id,
        codes.c.score.is_not(None),
        codes.c.score.desc(),
        codes.c.theme,
        codes.c.stance,
    )
    if not include_possible:
        query = query.where(codes.c.confident)
    found: dict[PassageId, list[Finding]] = {}
    with store.reading() as connection:
        for row in connection.execute(query).mappings():
            finding = standing_finding(row)
            found.setdefault(finding.passage_id, []).append(finding)
    return found


def judgements_of(store: Store, passage_ids: Sequence[str]) -> dict[PassageId, list[Judgement]]:
    """Read every judgement of passages, oldest first; a passage without any is left out."""
    wanted = t.judgements.c.passage_id.in_(passage_ids)
    query = sa.select(t.judgements).where(wanted).order_by(t.judgements.c.judgement_id)
    codes_query = (
        sa.select(t.judgement_codes)
        .join(t.judgements)
        .where(wanted)
        .order_by(t.judgement_codes.c.theme, t.judgement_codes.c.stance, t.judgement_codes.c.level)
    )
    codes: dict[int, list[Code]] = {}
    judged: dict[PassageId, list[Judgement]] = {}
    with store.reading() as connection:
        for code in connection.execute(codes_query).mappings():
            codes.setdefault(code["judgement_id"], []).append(code_from_row(code))
        for row in connection.execute(query).mappings():
            judgement = judgement_from_row(row, codes.get(row["judgement_id"], ()))
            judged.setdefault(judgement.passage_id, []).append(judgement)
    return judged


def standing_finding(row: Mapping[Any, Any]) -> Finding:
    """Read a row of :func:`standing_codes`."""
    return Finding(
        passage_id=PassageId(row["passage_id"]),
        code=Code(
            theme=row["theme"],
            stance=Stance(row["stance"]),
            level=Level(row["level"]),
            attribution=Attribution(row["attribution"]),
        ),
        confident=bool(row["confident"]),
        score=row["score"],
        evidence=tuple(Span(start, end) for start, end in row["evidence"] or ()),
        support=tuple(row["support"] or ()),
        coder=row["coder"],
        tagger_version=row["tagger_version"],
    )
