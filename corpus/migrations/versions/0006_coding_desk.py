"""Keep coders' accounts, what was drawn for them and how they judged."""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('coders',
    sa.Column('coder_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('name_key', sa.String(length=80), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('disabled_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('coder_id', name=op.f('pk_coders'))
    )
    with op.batch_alter_table('coders', schema=None) as batch_op:
        batch_op.create_index('ix_coders_name_key', ['name_key'], unique=True)

    op.create_table('draws',
    sa.Column('draw_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('frame', sa.JSON(), nullable=False),
    sa.Column('frame_size', sa.Integer(), nullable=False),
    sa.Column('strata', sa.JSON(), nullable=False),
    sa.Column('hides_machine', sa.Boolean(), nullable=False),
    sa.Column('codebook_version', sa.String(length=40), nullable=False),
    sa.Column('tagger_version', sa.String(length=40), nullable=False),
    sa.Column('drawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('drawn_by', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('draw_id', name=op.f('pk_draws'))
    )
    op.create_table('drawn_reviews',
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.String(length=120), nullable=False),
    sa.Column('stratum', sa.String(length=120), nullable=False),
    sa.Column('chance', sa.Float(), nullable=False),
    sa.Column('drawn', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.draw_id'], name=op.f('fk_drawn_reviews_draw_id')),
    sa.PrimaryKeyConstraint('draw_id', 'review_id', name=op.f('pk_drawn_reviews'))
    )
    op.create_table('sign_ins',
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('coder_id', sa.Integer(), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['coder_id'], ['coders.coder_id'], name=op.f('fk_sign_ins_coder_id')),
    sa.PrimaryKeyConstraint('token_sha256', name=op.f('pk_sign_ins'))
    )
    with op.batch_alter_table('sign_ins', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_ins_coder_id'), ['coder_id'], unique=False)

    op.create_table('draw_items',
    sa.Column('item_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('draw_id', sa.Integer(), nullable=False),
    sa.Column('passage_id', sa.String(length=20), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('stratum', sa.String(length=120), nullable=False),
    sa.Column('chance', sa.Float(), nullable=True),
    sa.Column('double', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['draw_id'], ['draws.draw_id'], name=op.f('fk_draw_items_draw_id')),
    sa.ForeignKeyConstraint(['passage_id'], ['passages.passage_id'], name=op.f('fk_draw_items_passage_id')),
    sa.PrimaryKeyConstraint('item_id', name=op.f('pk_draw_items'))
    )
    with op.batch_alter_table('draw_items', schema=None) as batch_op:
        batch_op.create_index('ix_draw_items_draw_id_passage_id', ['draw_id', 'passage_id'], unique=True)
        batch_op.create_index(batch_op.f('ix_draw_items_passage_id'), ['passage_id'], unique=False)

    op.create_table('adjudications',
    sa.Column('judgement_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['judgement_id'], ['judgements.judgement_id'], name=op.f('fk_adjudications_judgement_id')),
    sa.PrimaryKeyConstraint('judgement_id', name=op.f('pk_adjudications'))
    )
    op.create_table('assignments',
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('coder_id', sa.Integer(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['coder_id'], ['coders.coder_id'], name=op.f('fk_assignments_coder_id')),
    sa.ForeignKeyConstraint(['item_id'], ['draw_items.item_id'], name=op.f('fk_assignments_item_id')),
    sa.PrimaryKeyConstraint('item_id', 'coder_id', name=op.f('pk_assignments'))
    )
    with op.batch_alter_table('assignments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignments_coder_id'), ['coder_id'], unique=False)

    op.create_table('codings',
    sa.Column('judgement_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('token', sa.String(length=80), nullable=False),
    sa.Column('blind', sa.Boolean(), nullable=False),
    sa.Column('tagger_version', sa.String(length=40), nullable=True),
    sa.Column('decisions', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['draw_items.item_id'], name=op.f('fk_codings_item_id')),
    sa.ForeignKeyConstraint(['judgement_id'], ['judgements.judgement_id'], name=op.f('fk_codings_judgement_id')),
    sa.PrimaryKeyConstraint('judgement_id', name=op.f('pk_codings'))
    )
    with op.batch_alter_table('codings', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_codings_item_id'), ['item_id'], unique=False)
        batch_op.create_index('ix_codings_token', ['token'], unique=True)

    op.create_table('doubts',
    sa.Column('doubt_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('passage_id', sa.String(length=20), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=True),
    sa.Column('coder', sa.String(length=80), nullable=False),
    sa.Column('doubted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('codebook_version', sa.String(length=40), nullable=False),
    sa.Column('tagger_version', sa.String(length=40), nullable=True),
    sa.Column('codes', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('token', sa.String(length=80), nullable=False),
    sa.ForeignKeyConstraint(['item_id'], ['draw_items.item_id'], name=op.f('fk_doubts_item_id')),
    sa.ForeignKeyConstraint(['passage_id'], ['passages.passage_id'], name=op.f('fk_doubts_passage_id')),
    sa.PrimaryKeyConstraint('doubt_id', name=op.f('pk_doubts'))
    )
    with op.batch_alter_table('doubts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_doubts_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_doubts_passage_id'), ['passage_id'], unique=False)
        batch_op.create_index('ix_doubts_token', ['token'], unique=True)

    op.create_table('drafts',
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('coder_id', sa.Integer(), nullable=False),
    sa.Column('contents', sa.JSON(), nullable=False),
    sa.Column('kept_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['coder_id'], ['coders.coder_id'], name=op.f('fk_drafts_coder_id')),
    sa.ForeignKeyConstraint(['item_id'], ['draw_items.item_id'], name=op.f('fk_drafts_item_id')),
    sa.PrimaryKeyConstraint('item_id', 'coder_id', name=op.f('pk_drafts'))
    )
    op.create_table('adjudicated',
    sa.Column('adjudication_id', sa.Integer(), nullable=False),
    sa.Column('judgement_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['adjudication_id'], ['adjudications.judgement_id'], name=op.f('fk_adjudicated_adjudication_id')),
    sa.ForeignKeyConstraint(['judgement_id'], ['judgements.judgement_id'], name=op.f('fk_adjudicated_judgement_id')),
    sa.PrimaryKeyConstraint('adjudication_id', 'judgement_id', name=op.f('pk_adjudicated'))
    )
