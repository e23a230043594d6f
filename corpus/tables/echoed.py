"""What people answered when asked whether two findings are the same failing."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from corpus.tables.base import UtcDateTime, metadata
from corpus.tables.held import passages

# Only ever added to: a person's latest answer on a pair stands, the earlier ones stay.
echo_answers = Table(
    "echo_answers",
    metadata,
    Column("answer_id", Integer, primary_key=True, autoincrement=True),
    # The pair by id, the smaller first: the answer is the same from either side.
    Column("first_passage_id", ForeignKey(passages.c.passage_id), nullable=False),
    Column("second_passage_id", ForeignKey(passages.c.passage_id), nullable=False, index=True),
    Column("answer", String(10), nullable=False),
    Column("person", String(80), nullable=False),
    Column("answered_at", UtcDateTime, nullable=False),
    # What the person was shown: a later reader can tell which answers rest on older rules.
    Column("codebook_version", String(40), nullable=False),
    Column("tagger_version", String(40), nullable=False),
    Column("echo_version", String(40), nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_echo_answers_pair", "first_passage_id", "second_passage_id"),
    sqlite_autoincrement=True,
)
