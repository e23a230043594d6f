"""Searches that people follow, what was sent for them, and when things were first seen.

Nothing here refers to a document or passage by a foreign key: what is withdrawn goes
without asking these tables.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from corpus.tables.base import UtcDateTime, metadata

# Each time that something new was seen; its number, never the clock, says what came first.
sightings = Table(
    "sightings",
    metadata,
    Column("sighting_id", Integer, primary_key=True, autoincrement=True),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("revision", Integer, nullable=False),
)

sighted_documents = Table(
    "sighted_documents",
    metadata,
    Column("document_id", String(20), primary_key=True),
    # The first version seen of the same document: an alert never tells of it twice.
    Column("first_document_id", String(20), nullable=False, index=True),
    Column("identity_sha256", String(64), nullable=False, index=True),
    Column("sighting_id", ForeignKey(sightings.c.sighting_id), nullable=False, index=True),
)

sighted_codes = Table(
    "sighted_codes",
    metadata,
    Column("passage_id", String(20), primary_key=True),
    Column("theme", String(60), primary_key=True),
    Column("stance", String(30), primary_key=True),
    Column("level", String(10), primary_key=True),
    Column("attribution", String(12), primary_key=True),
    Column("confident", Boolean, primary_key=True),
    Column("sighting_id", ForeignKey(sightings.c.sighting_id), nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("subscription_id", String(20), primary_key=True),
    Column("address", Text, nullable=False, index=True),
    Column("search", JSON, nullable=False),
    Column("search_id", String(20), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    # Null until its mailed link was followed: till then nothing is sent but that link.
    Column("confirmed_at", UtcDateTime),
    # What was seen before belongs to no digest.
    Column("after_sighting", Integer, nullable=False),
)

# The links in mails, as hashes: who reads the store cannot follow them.
alert_tokens = Table(
    "alert_tokens",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("subscription_id", ForeignKey(subscriptions.c.subscription_id), nullable=False),
    Column("purpose", String(12), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Index("ix_alert_tokens_subscription_id", "subscription_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("delivery_id", Integer, primary_key=True, autoincrement=True),
    Column("subscription_id", ForeignKey(subscriptions.c.subscription_id), nullable=False),
    Column("begun_at", UtcDateTime, nullable=False),
    # Null where it is not known to have been handed over: it is never sent again.
    Column("handed_over_at", UtcDateTime),
    # Whether a later digest has said that this one may not have arrived.
    Column("told_of", Boolean, nullable=False),
    Index("ix_deliveries_subscription_id", "subscription_id"),
)

delivered_documents = Table(
    "delivered_documents",
    metadata,
    Column("subscription_id", ForeignKey(subscriptions.c.subscription_id), primary_key=True),
    Column("first_document_id", String(20), primary_key=True),
    Column("delivery_id", ForeignKey(deliveries.c.delivery_id), nullable=False, index=True),
)
