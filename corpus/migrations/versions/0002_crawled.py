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
