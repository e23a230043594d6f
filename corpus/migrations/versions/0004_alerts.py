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
