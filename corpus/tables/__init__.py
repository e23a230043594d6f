"""The store's tables, as SQLAlchemy sees them; nothing here is peculiar to SQLite."""

from corpus.tables.base import UtcDateTime, metadata
from corpus.tables.coded import findings, judgement_codes, judgements
from corpus.tables.held import captures, documents, passages, reviews, revisions

__all__ = [
    "UtcDateTime",
    "captures",
    "documents",
    "findings",
    "judgement_codes",
    "judgements",
    "metadata",
    "passages",
    "reviews",
    "revisions",
]
