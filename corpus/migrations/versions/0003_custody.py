"""Group documents, hold back what looks tampered with, remember what was withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('absences',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('crawl_id', sa.String(length=40), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('first_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_absences'))
    )
    op.create_table('group_decisions',
    sa.Column('decision_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('identity', sa.Text(), nullable=False),
    sa.Column('review_id', sa.String(length=120), nullable=False),
    sa.Column('from_review_id', sa.String(length=120), nullable=True),
    sa.Column('action', sa.String(length=10), nullable=False),
    sa.Column('rule', sa.String(length=20), nullable=True),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.String(length=80), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('decision_id', name=op.f('pk_group_decisions'))
    )
    with op.batch_alter_table('group_decisions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_decisions_from_review_id'), ['from_review_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_decisions_identity'), ['identity'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_decisions_review_id'), ['review_id'], unique=False)

    op.create_table('weighings',
    sa.Column('weighing_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('crawl_id', sa.String(length=40), nullable=False),
    sa.Column('source_id', sa.String(length=80), nullable=False),
    sa.Column('field', sa.String(length=40), nullable=False),
    sa.Column('weighed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('n_rows', sa.Integer(), nullable=False),
    sa.Column('n_found', sa.Integer(), nullable=False),
    sa.Column('expected', sa.Float(), nullable=True),
    sa.Column('usual', sa.Float(), nullable=True),
    sa.Column('collapsed', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('weighing_id', name=op.f('pk_weighings'))
    )
    with op.batch_alter_table('weighings', schema=None) as batch_op:
        batch_op.create_index('ix_weighings_crawl_id_source_id_field', ['crawl_id', 'source_id', 'field'], unique=True)
        batch_op.create_index('ix_weighings_source_id_field', ['source_id', 'field'], unique=False)

    op.create_table('withdrawals',
    sa.Column('withdrawal_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('asked', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('withdrawn_by', sa.String(length=80), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('publishers', sa.JSON(), nullable=False),
    sa.Column('n_documents', sa.Integer(), nullable=False),
    sa.Column('n_passages', sa.Integer(), nullable=False),
    sa.Column('n_judgements', sa.Integer(), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('withdrawal_id', name=op.f('pk_withdrawals'))
    )
    op.create_table('document_captures',
    sa.Column('identity', sa.Text(), nullable=False),
    sa.Column('capture_id', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['capture_id'], ['captures.capture_id'], name=op.f('fk_document_captures_capture_id')),
    sa.PrimaryKeyConstraint('identity', 'capture_id', name=op.f('pk_document_captures'))
    )
    with op.batch_alter_table('document_captures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_document_captures_capture_id'), ['capture_id'], unique=False)

    op.create_table('found_reviews',
    sa.Column('review_id', sa.String(length=120), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['review_id'], ['reviews.review_id'], name=op.f('fk_found_reviews_review_id')),
    sa.PrimaryKeyConstraint('review_id', name=op.f('pk_found_reviews'))
    )
    op.create_table('quarantine',
    sa.Column('document_id', sa.String(length=20), nullable=False),
    sa.Column('identity', sa.Text(), nullable=False),
    sa.Column('capture_id', sa.String(length=64), nullable=True),
    sa.Column('rules', sa.JSON(), nullable=False),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('passages', sa.JSON(), nullable=False),
    sa.Column('pseudonym', sa.Text(), nullable=True),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('released_by', sa.String(length=80), nullable=True),
    sa.Column('release_reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['capture_id'], ['captures.capture_id'], name=op.f('fk_quarantine_capture_id')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_quarantine'))
    )
    with op.batch_alter_table('quarantine', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_quarantine_identity'), ['identity'], unique=False)

    op.create_table('tombstones',
    sa.Column('entity_id', sa.String(length=120), nullable=False),
    sa.Column('entity', sa.String(length=10), nullable=False),
    sa.Column('withdrawal_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['withdrawal_id'], ['withdrawals.withdrawal_id'], name=op.f('fk_tombstones_withdrawal_id')),
    sa.PrimaryKeyConstraint('entity_id', name=op.f('pk_tombstones'))
    )
    with op.batch_alter_table('tombstones', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tombstones_withdrawal_id'), ['withdrawal_id'], unique=False)

    op.create_table('withdrawn_captures',
    sa.Column('capture_id', sa.String(length=64), nullable=False),
    sa.Column('warc_path', sa.Text(), nullable=False),
    sa.Column('withdrawal_id', sa.Integer(), nullable=False),
    sa.Column('overwritten_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['withdrawal_id'], ['withdrawals.withdrawal_id'], name=op.f('fk_withdrawn_captures_withdrawal_id')),
    sa.PrimaryKeyConstraint('capture_id', name=op.f('pk_withdrawn_captures'))
    )
    with op.batch_alter_table('withdrawn_captures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_withdrawn_captures_withdrawal_id'), ['withdrawal_id'], unique=False)

    op.create_table('withheld',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('withdrawal_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['withdrawal_id'], ['withdrawals.withdrawal_id'], name=op.f('fk_withheld_withdrawal_id')),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_withheld'))
    )
    op.create_table('signature_bands',
    sa.Column('band_key', sa.BigInteger(), nullable=False),
    sa.Column('document_id', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.document_id'], name=op.f('fk_signature_bands_document_id')),
    sa.PrimaryKeyConstraint('band_key', 'document_id', name=op.f('pk_signature_bands'))
    )
    with op.batch_alter_table('signature_bands', schema=None) as batch_op:
        batch_op.create_index('ix_signature_bands_document_id', ['document_id'], unique=False)

    op.create_table('signatures',
    sa.Column('document_id', sa.String(length=20), nullable=False),
    sa.Column('n_shingles', sa.Integer(), nullable=False),
    sa.Column('hashes', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['document_id'], ['documents.document_id'], name=op.f('fk_signatures_document_id')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_signatures'))
    )
