"""The rows of a package's tables, read from the store a few at a time, in one fixed order."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from corpus import tables as t
from corpus.export_files import Cell, as_json
from corpus.findings import standing_judgements
from corpus.ids import sha256_text
from corpus.known_names import shown_names
from corpus.licence import shown_words
from corpus.model import Kind, LicenceTier
from corpus.rows import date_text, passage_from_row, review_from_row
from corpus.store import Store

Row = Sequence[Cell]

_AT_A_TIME = 1000

_CURRENT = t.documents.c.superseded_by.is_(None)
_IN_ORDER = (t.documents.c.document_id, t.passages.c.position)


def review_rows(store: Store) -> Iterator[Row]:
    """Every review, by id."""
    for record in _stream(store, sa.select(t.reviews).order_by(t.reviews.c.review_id)):
        review = review_from_row(record._mapping)
        yield (
            review.review_id,
            review.case_id,
            review.title,
            review.review_type,
            review.nation,
            review.place,
            review.publisher,
            review.author,
            date_text(review.published),
            date_text(review.incident),
            review.child_age,
            as_json(shown_names(review)),
            review.identity_link,
            review.reference,
            review.report_url,
            as_json(review.agencies),
            as_json(review.cautions),
            review.summary,
            as_json([asdict(figure) for figure in review.figures]),
            as_json(review.sources),
        )


def document_rows(store: Store) -> Iterator[Row]:
    """Every current document, by id."""
    d = t.documents.c
    counted = (
        sa.select(sa.func.count())
        .where(t.passages.c.document_id == d.document_id)
        .scalar_subquery()
    )
    query = (
        sa.select(
            *(d.document_id, d.review_id, d.kind, d.title, d.raw_title, d.title_rule),
            *(d.publisher, d.author, d.published, d.published_from, d.incident),
            *(d.incident_from, d.review_type, d.partnership, d.nation, d.page_count, d.url),
            *(d.licence_tier, d.text_sha256, sa.func.length(d.text), counted, d.marks, d.skipped),
        )
        .where(_CURRENT)
        .order_by(d.document_id)
    )
    withheld = store.withheld_names()
    for record in _stream(store, query):
        values = dict(record._mapping)
        review_id, raw_title = values["review_id"], values["raw_title"]
        values["title"] = withheld.cut(values["title"], review_id)
        values["raw_title"] = raw_title and withheld.cut(raw_title, review_id)
        values["url"] = withheld.address(values["url"], review_id)
        *plain, marks, skipped = values.values()
        yield (*plain, as_json(marks), as_json(skipped))


def capture_rows(store: Store) -> Iterator[Row]:
    """Of every current document: what it was taken from, and when that was captured."""
    d = t.documents.c
    query = sa.select(d.document_id, d.capture_id, d.captured_at).where(_CURRENT)
    for record in _stream(store, query.order_by(d.document_id)):
        yield record.document_id, record.capture_id, record.captured_at.isoformat()


def passage_rows(store: Store) -> Iterator[Row]:
    """Every current passage: by document, in reading order, cut to its licence."""
    d = t.documents.c
    query = sa.select(
        t.passages, d.review_id, d.kind, d.published, d.url, d.licence_tier, d.marks
    ).join_from(t.passages, t.documents)
    withheld = store.withheld_names()
    for record in _stream(store, query.where(_CURRENT).order_by(*_IN_ORDER)):
        passage = withheld.passage(passage_from_row(record._mapping))
        text, cut = shown_words(passage, LicenceTier(record.licence_tier), record.marks)
        url = withheld.address(record.url, record.review_id)
        yield (
            record.passage_id,
            record.document_id,
            record.review_id,
            record.kind,
            record.published,
            record.position,
            record.start_char,
            record.end_char,
            sha256_text(record.text),
            text,
            cut,
            "throughline" if record.kind == Kind.DIGEST.value else "publisher",
            passage.heading,
            record.paragraph,
            record.page,
            record.evidence_grade,
            passage.source_url or url,
            record.licence_tier,
            record.tagger_version,
            record.untagged,
        )


def finding_rows(store: Store, rollup: Mapping[str, str]) -> Iterator[Row]:
    """Every finding of the machine on current passages, in the order of the passages."""
    f = t.findings.c
    judged = sa.exists().where(t.judgements.c.passage_id == f.passage_id)
    query = (
        sa.select(
            t.findings, t.documents.c.document_id, t.documents.c.review_id, judged.label("judged")
        )
        .select_from(t.findings.join(t.passages).join(t.documents))
        .where(_CURRENT)
        .order_by(*_IN_ORDER, f.theme, f.stance, f.level)
    )
    for record in _stream(store, query):
        yield (
            record.passage_id,
            record.document_id,
            record.review_id,
            *_code(record, rollup),
            # Four places: the last bits of a float differ between processors.
            round(record.score, 4),
            record.confident,
            not record.judged,
            as_json(record.evidence),
            as_json(record.support),
            record.tagger_version,
        )


def judgement_rows(store: Store, rollup: Mapping[str, str]) -> Iterator[Row]:
    """Every judgement of current passages, in the order of the passages, then of judging.

    A judgement's number in the store depends on what else was judged before; its place
    among those of its passage does not.
    """
    j, c = t.judgements.c, t.judgement_codes.c
    standing = standing_judgements()
    stands = sa.exists().where(standing.c.judgement_id == j.judgement_id)
    query = (
        sa.select(
            t.judgements,
            stands.label("stands"),
            sa.exists()
            .where(t.adjudications.c.judgement_id == j.judgement_id)
            .label("adjudicates"),
            *(c.theme, c.stance, c.level, c.attribution),
            *(t.documents.c.document_id, t.documents.c.review_id),
        )
        .select_from(
            t.judgements.join(t.passages)
            .join(t.documents, t.documents.c.document_id == t.passages.c.document_id)
            .outerjoin(t.judgement_codes, c.judgement_id == j.judgement_id)
        )
        .where(_CURRENT)
        .order_by(*_IN_ORDER, j.judgement_id, c.theme, c.stance, c.level)
    )
    for _, of_passage in groupby(_stream(store, query), key=lambda record: record.passage_id):
        records = list(of_passage)
        numbers = {
            judgement_id: place
            for place, judgement_id in enumerate(
                dict.fromkeys(record.judgement_id for record in records), start=1
            )
        }
        for record in records:
            number = numbers[record.judgement_id]
            yield (
                record.passage_id,
                record.document_id,
                record.review_id,
                number,
                record.stands,
                record.adjudicates,
                record.coder,
                record.judged_at.isoformat(),
                record.codebook_version,
                record.tagger_version,
                *_code(record, rollup),
                as_json(record.reforms),
            )


def _code(record: Any, rollup: Mapping[str, str]) -> Row:  # noqa: ANN401 - a row of any query
    top_theme = rollup.get(record.theme) if record.theme else None
    return record.theme, top_theme, record.stance, record.level, record.attribution


def _stream(store: Store, query: sa.Select[Any]) -> Iterator[sa.Row[Any]]:
    with store.reading() as connection:
        yield from connection.execute(query, execution_options={"yield_per": _AT_A_TIME})
