"""Keep what people answered of echoes."""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('echo_answers',
    sa.Column('answer_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('first_passage_id', sa.String(length=20), nullable=False),
    sa.Column('second_passage_id', sa.String(length=20), nullable=False),
    sa.Column('answer', sa.String(length=10), nullable=False),
    sa.Column('person', sa.String(length=80), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('codebook_version', sa.String(length=40), nullable=False),
    sa.Column('tagger_version', sa.String(length=40), nullable=False),
    sa.Column('echo_version', sa.String(length=40), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['first_passage_id'], ['passages.passage_id'], name=op.f('fk_echo_answers_first_passage_id')),
    sa.ForeignKeyConstraint(['second_passage_id'], ['passages.passage_id'], name=op.f('fk_echo_answers_second_passage_id')),
    sa.PrimaryKeyConstraint('answer_id', name=op.f('pk_echo_answers')),
    sqlite_autoincrement=True
    )
    op.create_index('ix_echo_answers_pair', 'echo_answers', ['first_passage_id', 'second_passage_id'])
    op.create_index(op.f('ix_echo_answers_second_passage_id'), 'echo_answers', ['second_passage_id'])
