"""Index what was fetched, and keep what each source was seen to hold."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.add_column(sa.Column('incident', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('incident_from', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('review_type', sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column('partnership', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('nation', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('page_count', sa.Integer(), nullable=True))
    op.create_table('crawls',
    sa.Column('crawl_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('source_id', sa.String(length=80), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('report', sa.JSON(), nullable=True),
    sa.PrimaryKeyConstraint('crawl_id', name=op.f('pk_crawls')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_crawls_source_id'), 'crawls', ['source_id'], unique=False)
    op.create_table('fetches',
    sa.Column('fetch_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('crawl_id', sa.Integer(), nullable=True),
    sa.Column('source_id', sa.String(length=80), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('redirected_to', sa.Text(), nullable=True),
    sa.Column('content_type', sa.Text(), nullable=True),
    sa.Column('etag', sa.Text(), nullable=True),
    sa.Column('last_modified', sa.Text(), nullable=True),
    sa.Column('seconds', sa.Float(), nullable=True),
    sa.Column('partial', sa.Boolean(), nullable=False),
    sa.Column('capture_id', sa.String(length=64), nullable=True),
    sa.Column('record_id', sa.String(length=64), nullable=True),
    sa.Column('warc_path', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['crawl_id'], ['crawls.crawl_id'], name=op.f('fk_fetches_crawl_id')),
    sa.PrimaryKeyConstraint('fetch_id', name=op.f('pk_fetches')),
    sqlite_autoincrement=True
    )
    op.create_index(op.f('ix_fetches_address'), 'fetches', ['address'], unique=False)
    op.create_index(op.f('ix_fetches_capture_id'), 'fetches', ['capture_id'], unique=False)
    op.create_index(op.f('ix_fetches_crawl_id'), 'fetches', ['crawl_id'], unique=False)
    op.create_index(op.f('ix_fetches_source_id'), 'fetches', ['source_id'], unique=False)
    op.create_table('passed_over',
    sa.Column('crawl_id', sa.Integer(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['crawl_id'], ['crawls.crawl_id'], name=op.f('fk_passed_over_crawl_id')),
    sa.PrimaryKeyConstraint('crawl_id', 'address', name=op.f('pk_passed_over'))
    )
    op.create_table('visits',
    sa.Column('visit_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('crawl_id', sa.Integer(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('fetch_id', sa.Integer(), nullable=True),
    sa.Column('sighting', sa.JSON(), nullable=True),
    sa.Column('outcome', sa.String(length=12), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('document_ids', sa.JSON(), nullable=True),
    sa.ForeignKeyConstraint(['crawl_id'], ['crawls.crawl_id'], name=op.f('fk_visits_crawl_id')),
    sa.ForeignKeyConstraint(['fetch_id'], ['fetches.fetch_id'], name=op.f('fk_visits_fetch_id')),
    sa.PrimaryKeyConstraint('visit_id', name=op.f('pk_visits'))
    )
    op.create_index('ix_visits_crawl_id_address_role', 'visits', ['crawl_id', 'address', 'role'], unique=True)
