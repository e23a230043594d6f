"""Say at which write a passage was last read by a tagger, and count writes of what is held."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column('passages', sa.Column('stamped_in', sa.Integer(), nullable=False, server_default='0'))
    op.create_index('ix_passages_stamped_in', 'passages', ['stamped_in'])
    op.add_column('revisions', sa.Column('held', sa.Integer(), nullable=False, server_default='0'))
