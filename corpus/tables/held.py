"""Reviews, captures, documents and their passages."""

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, String, Table, Text

from corpus.tables.base import UtcDateTime, metadata

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
    # The store's revision when this version came and when another took its place: what lets
    # a walk go on reading the state it began in.
    Column("held_from", Integer, nullable=False, server_default="0"),
    Column("held_until", Integer),
    Column("kind", String(20), nullable=False, index=True),
    Column("title", Text, nullable=False),
    Column("raw_title", Text),
    Column("title_rule", String(40)),
    Column("url", Text),
    Column("publisher", Text),
    Column("author", Text),
    Column("published", String(10)),
    Column("published_from", String(80)),
    Column("incident", String(10)),
    Column("incident_from", String(80)),
    Column("review_type", String(80)),
    Column("partnership", Text),
    Column("nation", String(40)),
    Column("page_count", Integer),
    Column("captured_at", UtcDateTime, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_sha256", String(64), nullable=False),
    Column("licence_tier", String(1), nullable=False),
    Column("capture_id", ForeignKey(captures.c.capture_id)),
    Column("review_id", ForeignKey(reviews.c.review_id), index=True),
    Column("marks", JSON, nullable=False),
    Column("skipped", JSON, nullable=False),
    Index("ix_documents_published_document_id", "published", "document_id"),
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
    # The store's revision when that stamp and the findings with it were last written: what
    # lets a search index read again only what changed since it was built.
    Column("stamped_in", Integer, nullable=False, server_default="0", index=True),
    Index("ix_passages_document_id_position", "document_id", "position", unique=True),
)

# One row: counts the store's writes, so that what is derived from its content can be cached.
revisions = Table(
    "revisions",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("value", Integer, nullable=False),
    # Counts those writes that may have changed reviews, documents or passages.
    Column("held", Integer, nullable=False, server_default="0"),
)
