"""The store's tables, as SQLAlchemy sees them; nothing here is peculiar to SQLite."""

import datetime as dt

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy.engine import Dialect

from corpus.errors import InvalidInputError


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A moment, kept in UTC and read back with its zone: SQLite keeps none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> dt.datetime | None:
        """Bring an aware moment to UTC; one without a zone could be any of two dozen.

        Raises:
            InvalidInputError: the moment has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise InvalidInputError(f"The moment {value} has no time zone.")
        return value.astimezone(dt.UTC)

    def process_result_value(
        self,
        value: dt.datetime | None,
        dialect: Dialect,  # noqa: ARG002 - as above
    ) -> dt.datetime | None:
        """Give the moment its zone back."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=dt.UTC)


metadata = MetaData(
    # Named constraints, so that a migration can drop them on any database.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

reviews = Table(
    "reviews",
    metadata,
    Column("review_id", String(120), primary_key=True),
    Column("case_id", String(120), nullable=False),
    Column("title", Text, nullable=False),
    Column("review_type", String(80), nullable=False),
    Column("nation", String(40), nullable=False),
    Column("place", Text),
    Column("publisher", Text),
    Column("author", Text),
    Column("published", String(10)),
    Column("incident", String(10)),
    Column("child_age", Text),
    Column("case_names", JSON, nullable=False),
    Column("aliases", JSON, nullable=False),
    Column("identity_link", Text),
    Column("reference", Text),
    Column("report_url", Text),
    Column("agencies", JSON, nullable=False),
    Column("summary", Text, nullable=False),
    Column("cautions", JSON, nullable=False),
    Column("sources", JSON, nullable=False),
    Column("figures", JSON, nullable=False),
)

captures = Table(
    "captures",
    metadata,
    Column("capture_id", String(64), primary_key=True),
    Column("address", Text, nullable=False),
    Column("captured_at", UtcDateTime, nullable=False),
    Column("media_type", String(80), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("warc_path", Text, nullable=False),
)

documents = Table(
    "documents",
    metadata,
    Column("document_id", String(20), primary_key=True),
    Column("identity", Text, nullable=False, index=True),
    Column("superseded_by", String(20), index=True),
    Column("kind", String(20), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("raw_title", Text),
    Column("title_rule", String(40)),
    Column("url", Text),
    Column("publisher", Text),
    Column("author", Text),
    Column("published", String(10)),
    Column("published_from", String(80)),
    Column("captured_at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("licence_tier", String(1), nullable=False),
    Column("capture_id", ForeignKey(captures.c.capture_id)),
    Column("review_id", ForeignKey(reviews.c.review_id), index=True),
    Column("marks", JSON, nullable=False),
    Column("skipped", JSON, nullable=False),
)

passages = Table(
    "passages",
    metadata,
    Column("passage_id", String(20), primary_key=True),
    Column("document_id", ForeignKey(documents.c.document_id), nullable=False),
    Column("position", Integer, nullable=False),
    Column("start_char", Integer, nullable=False),
    Column("end_char", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("heading", Text),
    Column("paragraph", String(20)),
    Column("page", Integer),
    Column("evidence_grade", String(20)),
    Column("source_url", Text),
    # The tagger's stamp; null until analysed. `untagged` says why there can be no findings.
    Column("tagger_version", String(40), index=True),
    Column("untagged", String(40)),
    Index("ix_passages_document_id_position", "document_id", "position", unique=True),
)

findings = Table(
    "findings",
    metadata,
    Column("passage_id", ForeignKey(passages.c.passage_id), primary_key=True),
    Column("theme", String(60), primary_key=True),
    # A passage may fail on a theme and propose a change to it: two findings (codebook 6.3, row 26).
    Column("stance", String(30), primary_key=True),
    Column("level", String(10), primary_key=True),
    Column("attribution", String(12), nullable=False),
    Column("score", Float, nullable=False),
    Column("confident", Boolean, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("support", JSON, nullable=False),
    Column("tagger_version", String(40), nullable=False),
    Index("ix_findings_theme_stance", "theme", "stance"),
)

judgements = Table(
    "judgements",
    metadata,
    Column("judgement_id", Integer, primary_key=True, autoincrement=True),
    Column("passage_id", ForeignKey(passages.c.passage_id), nullable=False, index=True),
    Column("coder", String(80), nullable=False),
    Column("judged_at", UtcDateTime, nullable=False),
    Column("codebook_version", String(40), nullable=False),
    Column("tagger_version", String(40)),
    Column("reforms", JSON, nullable=False),
    Column("note", Text, nullable=False),
)

judgement_codes = Table(
    "judgement_codes",
    metadata,
    Column("judgement_id", ForeignKey(judgements.c.judgement_id), primary_key=True),
    Column("theme", String(60), primary_key=True),
    Column("stance", String(30), primary_key=True),
    Column("level", String(10), primary_key=True),
    Column("attribution", String(12), nullable=False),
    Index("ix_judgement_codes_theme_stance", "theme", "stance"),
)

# One row: counts the store's writes, so that what is derived from its content can be cached.
revisions = Table(
    "revisions",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("value", Integer, nullable=False),
)
