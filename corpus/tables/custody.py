"""Which documents are of one review, what is held back, what was withdrawn, what a source lacks."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from corpus.tables.base import UtcDateTime, metadata
from corpus.tables.held import captures, documents, reviews

# Reviews that no catalogue knows: their records were made from documents that were taken in.
found_reviews = Table(
    "found_reviews",
    metadata,
    Column("review_id", ForeignKey(reviews.c.review_id), primary_key=True),
    Column("found_at", UtcDateTime, nullable=False),
)

# Why a document belongs to its review; only ever added to. `documents.review_id` is the truth.
group_decisions = Table(
    "group_decisions",
    metadata,
    Column("decision_id", Integer, primary_key=True, autoincrement=True),
    # Identities, not ids: a decision holds for every version of a document.
    Column("identity", Text, nullable=False, index=True),
    # No foreign key: a review that was merged into another is remembered here.
    Column("review_id", String(120), nullable=False, index=True),
    Column("from_review_id", String(120), index=True),
    Column("action", String(10), nullable=False),
    Column("rule", String(20)),
    Column("evidence", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    # Null where a rule decided.
    Column("decided_by", String(80)),
    Column("decided_at", UtcDateTime, nullable=False),
)

# 128 minimum hashes of a text's shingles, and 64 keys made of two of them each.
signatures = Table(
    "signatures",
    metadata,
    Column("document_id", ForeignKey(documents.c.document_id), primary_key=True),
    Column("n_shingles", Integer, nullable=False),
    Column("hashes", LargeBinary, nullable=False),
)
signature_bands = Table(
    "signature_bands",
    metadata,
    Column("band_key", BigInteger, primary_key=True),
    Column("document_id", ForeignKey(documents.c.document_id), primary_key=True),
    Index("ix_signature_bands_document_id", "document_id"),
)

# Every capture that gave a document, also those whose text was held already.
document_captures = Table(
    "document_captures",
    metadata,
    Column("identity", Text, primary_key=True),
    Column("capture_id", ForeignKey(captures.c.capture_id), primary_key=True, index=True),
)

# Documents held back stand here alone: what reads documents and passages cannot meet them.
quarantine = Table(
    "quarantine",
    metadata,
    Column("document_id", String(20), primary_key=True),
    Column("identity", Text, nullable=False, index=True),
    Column("capture_id", ForeignKey(captures.c.capture_id)),
    Column("rules", JSON, nullable=False),
    Column("document", JSON, nullable=False),
    Column("passages", JSON, nullable=False),
    Column("pseudonym", Text),
    Column("held_at", UtcDateTime, nullable=False),
    Column("released_at", UtcDateTime),
    Column("released_by", String(80)),
    Column("release_reason", Text),
)

# One row a field of a crawl: how many of the documents listed had it.
weighings = Table(
    "weighings",
    metadata,
    Column("weighing_id", Integer, primary_key=True, autoincrement=True),
    Column("crawl_id", String(40), nullable=False),
    Column("source_id", String(80), nullable=False),
    Column("field", String(40), nullable=False),
    Column("weighed_at", UtcDateTime, nullable=False),
    Column("n_rows", Integer, nullable=False),
    Column("n_found", Integer, nullable=False),
    Column("expected", Float),
    Column("usual", Float),
    Column("collapsed", Boolean, nullable=False),
    Index("ix_weighings_source_id_field", "source_id", "field"),
    Index("ix_weighings_crawl_id_source_id_field", "crawl_id", "source_id", "field", unique=True),
)

# A withdrawal's tombstone: no title, no address, no word of what was withdrawn.
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("withdrawal_id", Integer, primary_key=True, autoincrement=True),
    Column("asked", String(120), nullable=False),
    Column("reason", Text, nullable=False),
    Column("withdrawn_by", String(80), nullable=False),
    Column("withdrawn_at", UtcDateTime, nullable=False),
    Column("publishers", JSON, nullable=False),
    Column("n_documents", Integer, nullable=False),
    Column("n_passages", Integer, nullable=False),
    Column("n_judgements", Integer, nullable=False),
    # Null while captures, index or free space may still hold its words.
    Column("finished_at", UtcDateTime),
)
tombstones = Table(
    "tombstones",
    metadata,
    Column("entity_id", String(120), primary_key=True),
    Column("entity", String(10), nullable=False),
    Column("withdrawal_id", ForeignKey(withdrawals.c.withdrawal_id), nullable=False, index=True),
)
# Hashes of identities, addresses and texts that are not taken in again.
withheld = Table(
    "withheld",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("withdrawal_id", ForeignKey(withdrawals.c.withdrawal_id), nullable=False),
)
# By the capture's hash or, where an answer was cut short and gave none, by the record's.
withdrawn_captures = Table(
    "withdrawn_captures",
    metadata,
    Column("capture_id", String(64), primary_key=True),
    Column("warc_path", Text, nullable=False),
    Column("withdrawal_id", ForeignKey(withdrawals.c.withdrawal_id), nullable=False, index=True),
    Column("overwritten_at", UtcDateTime),
)

# Captures whose files did not hold their bytes when they were last looked through.
damaged_captures = Table(
    "damaged_captures",
    metadata,
    Column("capture_id", ForeignKey(captures.c.capture_id), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
)

# Addresses that answered 404, by the hash of the address, until they answer again.
absences = Table(
    "absences",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("crawl_id", String(40), nullable=False),
    Column("times", Integer, nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)
