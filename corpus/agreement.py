"""How far coders agree, theme by theme and facet by facet, where they coded apart."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from corpus import tables as t
from corpus.ids import PassageId
from corpus.model import Code, Stance
from corpus.reliability import Item, Reliability, measure_reliability
from corpus.rows import code_from_row
from corpus.store import Store

FACETS = ("stance", "level", "attribution")


@dataclass(frozen=True, kw_only=True)
class Coding:
    """How one person coded a passage without seeing anybody else's codes."""

    passage_id: PassageId
    case: str
    """The review's case; of a document about no review, the document's own id."""
    coder: str
    codes: tuple[Code, ...]


@dataclass(frozen=True, kw_only=True)
class AgreementRow:
    """Agreement on one question that every coder answered of a passage."""

    about: str
    """``theme``, ``top-theme``, ``theme-stance``, ``stance``, ``level`` or ``attribution``."""
    key: str
    """The theme; for the stances of one theme too; else the value or ``all``."""
    reliability: Reliability


@dataclass(frozen=True, kw_only=True)
class AgreementTable:
    """All of it: what it rests on, and a row a question."""

    n_passages: int
    """Passages that two people or more coded apart."""
    n_coders: int
    """People who coded one of these."""
    n_single: int
    """Passages that one person alone coded apart: they say nothing of agreement."""
    rows: tuple[AgreementRow, ...]


def independent_codings(store: Store) -> list[Coding]:
    """Read how passages were coded by people who saw no other codes.

    Left out are judgements made with the machine's or another coder's codes in view, those
    that decide between others, and a coder's later judgements of a passage: only the first
    was made before there was anything to see.
    """
    first = (
        sa.select(sa.func.min(t.judgements.c.judgement_id).label("judgement_id"))
        .group_by(t.judgements.c.passage_id, t.judgements.c.coder)
        .subquery("first")
    )
    query = (
        sa.select(
            t.judgements.c.judgement_id,
            t.judgements.c.passage_id,
            t.judgements.c.coder,
            t.reviews.c.case_id,
            t.documents.c.document_id,
        )
        .select_from(t.judgements.join(t.passages).join(t.documents).outerjoin(t.reviews))
        .join(first, first.c.judgement_id == t.judgements.c.judgement_id)
        .outerjoin(t.codings, t.codings.c.judgement_id == t.judgements.c.judgement_id)
        .outerjoin(t.adjudications, t.adjudications.c.judgement_id == t.judgements.c.judgement_id)
        .where(
            t.judgements.c.tagger_version.is_(None),
            t.adjudications.c.judgement_id.is_(None),
            # What came from no desk and no file is the catalogue's own coding.
            sa.or_(t.codings.c.judgement_id.is_(None), t.codings.c.blind),
        )
        .order_by(t.judgements.c.passage_id, t.judgements.c.coder)
    )
    codes: dict[int, list[Code]] = {}
    with store.reading() as connection:
        for code in connection.execute(sa.select(t.judgement_codes)).mappings():
            codes.setdefault(code["judgement_id"], []).append(code_from_row(code))
        return [
            Coding(
                passage_id=PassageId(row.passage_id),
                case=row.case_id or row.document_id,
                coder=row.coder,
                codes=tuple(codes.get(row.judgement_id, ())),
            )
            for row in connection.execute(query)
        ]


def agreement_table(codings: Iterable[Coding], rollup: Mapping[str, str]) -> AgreementTable:
    """Measure agreement on every theme, top theme and facet.

    A theme is a question of yes and no over all passages coded twice. A facet is asked of
    the pairs of passage and theme where both coders saw the theme; where one of them gave a
    theme two stances, both together are the value. ``theme-stance`` asks the stance within
    one theme; ``stance`` with a key asks whether it is that one.

    Args:
        codings: such as :func:`independent_codings` gives; one a passage and coder.
        rollup: sub-theme → top theme, in codebook order; themes beyond it are passed over.

    Returns:
        Rows in the order: top themes, themes, stance, level, attribution, stances by theme.
    """
    by_passage: dict[str, list[Coding]] = {}
    for coding in codings:
        by_passage.setdefault(coding.passage_id, []).append(coding)
    twice = [coded for coded in by_passage.values() if len(coded) > 1]
    return AgreementTable(
        n_passages=len(twice),
        n_coders=len({coding.coder for coded in twice for coding in coded}),
        n_single=len(by_passage) - len(twice),
        rows=tuple(_rows(twice, rollup)),
    )


_Passages = Sequence[Sequence[Coding]]


def _rows(passages: _Passages, rollup: Mapping[str, str]) -> Iterator[AgreementRow]:
    for top in dict.fromkeys(rollup.values()):
        themes = {theme for theme, above in rollup.items() if above == top}
        yield _row("top-theme", top, _presence(passages, themes))
    for theme in rollup:
        yield _row("theme", theme, _presence(passages, {theme}))
    for facet in FACETS:
        items = list(_facet(passages, facet, rollup))
        yield _row(facet, "all", items)
        if facet == "stance":
            for stance in Stance:
                yield _row(facet, stance.value, _one_against_rest(items, stance.value))
    for theme in rollup:
        yield _row("theme-stance", theme, list(_facet(passages, "stance", {theme})))


def _row(about: str, key: str, items: Sequence[Item]) -> AgreementRow:
    return AgreementRow(about=about, key=key, reliability=measure_reliability(items))


def _presence(passages: _Passages, themes: set[str]) -> list[Item]:
    def has(coding: Coding) -> bool:
        return any(code.theme in themes for code in coding.codes)

    return [_item(coded, has) for coded in passages]


def _item(coded: Sequence[Coding], value: Callable[[Coding], Hashable]) -> Item:
    return Item(cluster=coded[0].case, values={coding.coder: value(coding) for coding in coded})


def _facet(passages: _Passages, facet: str, themes: Iterable[str]) -> Iterator[Item]:
    wanted = set(themes)
    for coded in passages:
        for theme in sorted({code.theme for coding in coded for code in coding.codes} & wanted):
            values = {coding.coder: _values(coding, theme, facet) for coding in coded}
            seen = {coder: value for coder, value in values.items() if value}
            if len(seen) > 1:
                yield Item(cluster=coded[0].case, values=seen)


def _values(coding: Coding, theme: str, facet: str) -> tuple[str, ...]:
    return tuple(sorted({str(getattr(c, facet)) for c in coding.codes if c.theme == theme}))


def _one_against_rest(items: Iterable[Item], value: str) -> list[Item]:
    return [
        Item(
            cluster=item.cluster,
            values={coder: value in given for coder, given in item.values.items()},  # type: ignore[operator]  # tuples of values
        )
        for item in items
    ]
