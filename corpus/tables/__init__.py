"""The store's tables, as SQLAlchemy sees them; nothing here is peculiar to SQLite."""

from corpus.tables.alerts import (
    alert_tokens,
    delivered_documents,
    deliveries,
    sighted_codes,
    sighted_documents,
    sightings,
    subscriptions,
)
from corpus.tables.base import UtcDateTime, metadata
from corpus.tables.coded import findings, judgement_codes, judgements
from corpus.tables.crawled import crawls, fetches, passed_over, visits
from corpus.tables.custody import (
    absences,
    damaged_captures,
    document_captures,
    found_reviews,
    group_decisions,
    quarantine,
    signature_bands,
    signatures,
    tombstones,
    weighings,
    withdrawals,
    withdrawn_captures,
    withheld,
)
from corpus.tables.held import captures, documents, passages, reviews, revisions

__all__ = [
    "UtcDateTime",
    "absences",
    "alert_tokens",
    "captures",
    "crawls",
    "damaged_captures",
    "delivered_documents",
    "deliveries",
    "document_captures",
    "documents",
    "fetches",
    "findings",
    "found_reviews",
    "group_decisions",
    "judgement_codes",
    "judgements",
    "metadata",
    "passages",
    "passed_over",
    "quarantine",
    "reviews",
    "revisions",
    "sighted_codes",
    "sighted_documents",
    "sightings",
    "signature_bands",
    "signatures",
    "subscriptions",
    "tombstones",
    "visits",
    "weighings",
    "withdrawals",
    "withdrawn_captures",
    "withheld",
]
