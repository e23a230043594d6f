"""What was fetched, in which crawl, and what is still to be."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from corpus.tables.base import UtcDateTime, metadata

# One row a crawl of one source. `finished_at` is null until its report was closed: such a
# crawl is gone on with. Its number, never its date, says what came later: clocks are set back.
crawls = Table(
    "crawls",
    metadata,
    Column("crawl_id", Integer, primary_key=True, autoincrement=True),
    Column("source_id", String(80), nullable=False, index=True),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    # The options it was begun with: another `--since` is another crawl.
    Column("options", JSON, nullable=False),
    Column("report", JSON),
    sqlite_autoincrement=True,
)

# One row an exchange with a publisher, failed and redirected ones too.
fetches = Table(
    "fetches",
    metadata,
    Column("fetch_id", Integer, primary_key=True, autoincrement=True),
    Column("crawl_id", ForeignKey(crawls.c.crawl_id), index=True),
    Column("source_id", String(80), nullable=False, index=True),
    Column("address", Text, nullable=False, index=True),
    Column("fetched_at", UtcDateTime, nullable=False),
    # Null where no answer came.
    Column("status", Integer),
    Column("outcome", String(12), nullable=False),
    Column("reason", Text),
    Column("redirected_to", Text),
    Column("content_type", Text),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("seconds", Float),
    Column("partial", Boolean, nullable=False),
    # No foreign key: a capture goes when its documents are withdrawn, that it was made does not.
    Column("capture_id", String(64), index=True),
    # The record's own hash, over the answer as it was received, and the file that holds it.
    Column("record_id", String(64)),
    Column("warc_path", Text),
    sqlite_autoincrement=True,
)

# What a crawl has to fetch; one row an address, whether it is a list page or a document.
visits = Table(
    "visits",
    metadata,
    Column("visit_id", Integer, primary_key=True, autoincrement=True),
    Column("crawl_id", ForeignKey(crawls.c.crawl_id), nullable=False),
    Column("address", Text, nullable=False),
    Column("role", String(10), nullable=False),
    # Null until the address has answered for good; the last fetch of its redirects and retries.
    Column("fetch_id", ForeignKey(fetches.c.fetch_id)),
    # What the list page says of the document; never its text.
    Column("sighting", JSON),
    # What became of it, for the closing report; null until it is decided.
    Column("outcome", String(12)),
    Column("reason", Text),
    Column("document_ids", JSON),
    Index("ix_visits_crawl_id_address_role", "crawl_id", "address", "role", unique=True),
)

# Links on list pages that were left alone, with the reason.
passed_over = Table(
    "passed_over",
    metadata,
    Column("crawl_id", ForeignKey(crawls.c.crawl_id), primary_key=True),
    Column("address", Text, primary_key=True),
    Column("reason", Text, nullable=False),
)
