"""Remember which captures were found damaged."""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('damaged_captures',
    sa.Column('capture_id', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['capture_id'], ['captures.capture_id'], name=op.f('fk_damaged_captures_capture_id')),
    sa.PrimaryKeyConstraint('capture_id', name=op.f('pk_damaged_captures'))
    )
