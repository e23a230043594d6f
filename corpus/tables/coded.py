"""What the machine found in passages, and what people judged of them."""

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
from corpus.tables.held import passages

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
