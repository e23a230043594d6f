"""The coding desk: coders' accounts, what was drawn for coding, and how it was judged."""

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
from corpus.tables.coded import judgements
from corpus.tables.held import passages

# Accounts: never part of a snapshot or an export. A name stands beside judgements for good, so
# an account is disabled and never deleted, and its name is never given to anyone else.
coders = Table(
    "coders",
    metadata,
    Column("coder_id", Integer, primary_key=True, autoincrement=True),
    Column("name", String(80), nullable=False),
    # The name in one case: "Ana" and "ana" would be taken for one person.
    Column("name_key", String(80), nullable=False),
    Column("role", String(10), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
    Index("ix_coders_name_key", "name_key", unique=True),
)

# One row a browser that is signed in; deleting it ends the session there and then.
sign_ins = Table(
    "sign_ins",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("coder_id", ForeignKey(coders.c.coder_id), nullable=False, index=True),
    Column("begun_at", UtcDateTime, nullable=False),
)

draws = Table(
    "draws",
    metadata,
    Column("draw_id", Integer, primary_key=True, autoincrement=True),
    Column("title", Text, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("seed", Integer, nullable=False),
    # What could be drawn, as asked for; how many that was, and of which strata.
    Column("frame", JSON, nullable=False),
    Column("frame_size", Integer, nullable=False),
    Column("strata", JSON, nullable=False),
    Column("hides_machine", Boolean, nullable=False),
    Column("codebook_version", String(40), nullable=False),
    Column("tagger_version", String(40), nullable=False),
    Column("drawn_at", UtcDateTime, nullable=False),
    # No foreign key: draws go into snapshots, where no account is.
    Column("drawn_by", Integer, nullable=False),
)

# Every review that a draw of whole reviews could have drawn, with its chance.
drawn_reviews = Table(
    "drawn_reviews",
    metadata,
    Column("draw_id", ForeignKey(draws.c.draw_id), primary_key=True),
    # No foreign key: a review that was merged into another is remembered here.
    Column("review_id", String(120), primary_key=True),
    Column("stratum", String(120), nullable=False),
    Column("chance", Float, nullable=False),
    Column("drawn", Boolean, nullable=False),
)

draw_items = Table(
    "draw_items",
    metadata,
    Column("item_id", Integer, primary_key=True, autoincrement=True),
    Column("draw_id", ForeignKey(draws.c.draw_id), nullable=False),
    Column("passage_id", ForeignKey(passages.c.passage_id), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("stratum", String(120), nullable=False),
    # Null where it was picked, not drawn by chance: such items stand outside every estimate.
    Column("chance", Float),
    Column("double", Boolean, nullable=False),
    Index("ix_draw_items_draw_id_passage_id", "draw_id", "passage_id", unique=True),
)

assignments = Table(
    "assignments",
    metadata,
    Column("item_id", ForeignKey(draw_items.c.item_id), primary_key=True),
    Column("coder_id", ForeignKey(coders.c.coder_id), primary_key=True, index=True),
    Column("assigned_at", UtcDateTime, nullable=False),
)

# What a coder had typed when their session ended; gone once they save.
drafts = Table(
    "drafts",
    metadata,
    Column("item_id", ForeignKey(draw_items.c.item_id), primary_key=True),
    Column("coder_id", ForeignKey(coders.c.coder_id), primary_key=True),
    Column("contents", JSON, nullable=False),
    Column("kept_at", UtcDateTime, nullable=False),
)

# How a judgement came about, for those made at the desk or taken in from a file.
codings = Table(
    "codings",
    metadata,
    Column("judgement_id", ForeignKey(judgements.c.judgement_id), primary_key=True),
    Column("item_id", ForeignKey(draw_items.c.item_id), index=True),
    # A form's token or a file's key: the same thing sent twice is one judgement.
    Column("token", String(80), nullable=False),
    # Neither the machine's codes nor another coder's were shown.
    Column("blind", Boolean, nullable=False),
    # What had read the passage then, whether its codes were shown or not.
    Column("tagger_version", String(40)),
    # What became of each code of the machine that was shown.
    Column("decisions", JSON, nullable=False),
    Index("ix_codings_token", "token", unique=True),
)

# "Not sure": no judgement, so the passage stays unchecked.
doubts = Table(
    "doubts",
    metadata,
    Column("doubt_id", Integer, primary_key=True, autoincrement=True),
    Column("passage_id", ForeignKey(passages.c.passage_id), nullable=False, index=True),
    Column("item_id", ForeignKey(draw_items.c.item_id), index=True),
    Column("coder", String(80), nullable=False),
    Column("doubted_at", UtcDateTime, nullable=False),
    Column("codebook_version", String(40), nullable=False),
    Column("tagger_version", String(40)),
    Column("codes", JSON, nullable=False),
    Column("note", Text, nullable=False),
    Column("token", String(80), nullable=False),
    Index("ix_doubts_token", "token", unique=True),
)

# Judgements of a lead that decide between others, and those others.
adjudications = Table(
    "adjudications",
    metadata,
    Column("judgement_id", ForeignKey(judgements.c.judgement_id), primary_key=True),
)
adjudicated = Table(
    "adjudicated",
    metadata,
    Column("adjudication_id", ForeignKey(adjudications.c.judgement_id), primary_key=True),
    Column("judgement_id", ForeignKey(judgements.c.judgement_id), primary_key=True),
)
