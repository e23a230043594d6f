"""Keep saved searches and what was sent for them."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    # Which revisions of the store held a document: a walk reads the state it began in.
    op.add_column('documents', sa.Column('held_from', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('documents', sa.Column('held_until', sa.Integer(), nullable=True))
    op.create_index('ix_documents_published_document_id', 'documents', ['published', 'document_id'])
    op.create_table('sightings',
    sa.Column('sighting_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('sighting_id', name=op.f('pk_sightings'))
    )
    op.create_table('subscriptions',
    sa.Column('subscription_id', sa.String(length=20), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('search', sa.JSON(), nullable=False),
    sa.Column('search_id', sa.String(length=20), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('after_sighting', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('subscription_id', name=op.f('pk_subscriptions'))
    )
    with op.batch_alter_table('subscriptions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_subscriptions_address'), ['address'], unique=False)

    op.create_table('sighted_documents',
    sa.Column('document_id', sa.String(length=20), nullable=False),
    sa.Column('first_document_id', sa.String(length=20), nullable=False),
    sa.Column('identity_sha256', sa.String(length=64), nullable=False),
    sa.Column('sighting_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['sighting_id'], ['sightings.sighting_id'], name=op.f('fk_sighted_documents_sighting_id')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_sighted_documents'))
    )
    with op.batch_alter_table('sighted_documents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sighted_documents_first_document_id'), ['first_document_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_sighted_documents_identity_sha256'), ['identity_sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_sighted_documents_sighting_id'), ['sighting_id'], unique=False)

    op.create_table('sighted_codes',
    sa.Column('passage_id', sa.String(length=20), nullable=False),
    sa.Column('theme', sa.String(length=60), nullable=False),
    sa.Column('stance', sa.String(length=30), nullable=False),
    sa.Column('level', sa.String(length=10), nullable=False),
    sa.Column('attribution', sa.String(length=12), nullable=False),
    sa.Column('confident', sa.Boolean(), nullable=False),
    sa.Column('sighting_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['sighting_id'], ['sightings.sighting_id'], name=op.f('fk_sighted_codes_sighting_id')),
    sa.PrimaryKeyConstraint('passage_id', 'theme', 'stance', 'level', 'attribution', 'confident', name=op.f('pk_sighted_codes'))
    )
    op.create_table('alert_tokens',
    sa.Column('token_sha256', sa.String(length=64), nullable=False),
    sa.Column('subscription_id', sa.String(length=20), nullable=False),
    sa.Column('purpose', sa.String(length=12), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['subscription_id'], ['subscriptions.subscription_id'], name=op.f('fk_alert_tokens_subscription_id')),
    sa.PrimaryKeyConstraint('token_sha256', name=op.f('pk_alert_tokens'))
    )
    with op.batch_alter_table('alert_tokens', schema=None) as batch_op:
        batch_op.create_index('ix_alert_tokens_subscription_id', ['subscription_id'], unique=False)

    op.create_table('deliveries',
    sa.Column('delivery_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('subscription_id', sa.String(length=20), nullable=False),
    sa.Column('begun_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('handed_over_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_of', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['subscription_id'], ['subscriptions.subscription_id'], name=op.f('fk_deliveries_subscription_id')),
    sa.PrimaryKeyConstraint('delivery_id', name=op.f('pk_deliveries'))
    )
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.create_index('ix_deliveries_subscription_id', ['subscription_id'], unique=False)

    op.create_table('delivered_documents',
    sa.Column('subscription_id', sa.String(length=20), nullable=False),
    sa.Column('first_document_id', sa.String(length=20), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['deliveries.delivery_id'], name=op.f('fk_delivered_documents_delivery_id')),
    sa.ForeignKeyConstraint(['subscription_id'], ['subscriptions.subscription_id'], name=op.f('fk_delivered_documents_subscription_id')),
    sa.PrimaryKeyConstraint('subscription_id', 'first_document_id', name=op.f('pk_delivered_documents'))
    )
    with op.batch_alter_table('delivered_documents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivered_documents_delivery_id'), ['delivery_id'], unique=False)
