"""Hold reviews, documents, findings and judgements."""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table('captures',
    sa.Column('capture_id', sa.String(length=64), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('captured_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('media_type', sa.String(length=80), nullable=False),
    sa.Column('size_bytes', sa.Integer(), nullable=False),
    sa.Column('warc_path', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('capture_id', name=op.f('pk_captures'))
    )
    op.create_table('reviews',
    sa.Column('review_id', sa.String(length=120), nullable=False),
    sa.Column('case_id', sa.String(length=120), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('review_type', sa.String(length=80), nullable=False),
    sa.Column('nation', sa.String(length=40), nullable=False),
    sa.Column('place', sa.Text(), nullable=True),
    sa.Column('publisher', sa.Text(), nullable=True),
    sa.Column('author', sa.Text(), nullable=True),
    sa.Column('published', sa.String(length=10), nullable=True),
    sa.Column('incident', sa.String(length=10), nullable=True),
    sa.Column('child_age', sa.Text(), nullable=True),
    sa.Column('case_names', sa.JSON(), nullable=False),
    sa.Column('aliases', sa.JSON(), nullable=False),
    sa.Column('identity_link', sa.Text(), nullable=True),
    sa.Column('reference', sa.Text(), nullable=True),
    sa.Column('report_url', sa.Text(), nullable=True),
    sa.Column('agencies', sa.JSON(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('cautions', sa.JSON(), nullable=False),
    sa.Column('sources', sa.JSON(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('review_id', name=op.f('pk_reviews'))
    )
    op.create_table('revisions',
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('value', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_revisions'))
    )
    op.create_table('documents',
    sa.Column('document_id', sa.String(length=20), nullable=False),
    sa.Column('identity', sa.Text(), nullable=False),
    sa.Column('superseded_by', sa.String(length=20), nullable=True),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('raw_title', sa.Text(), nullable=True),
    sa.Column('title_rule', sa.String(length=40), nullable=True),
    sa.Column('url', sa.Text(), nullable=True),
    sa.Column('publisher', sa.Text(), nullable=True),
    sa.Column('author', sa.Text(), nullable=True),
    sa.Column('published', sa.String(length=10), nullable=True),
    sa.Column('published_from', sa.String(length=80), nullable=True),
    sa.Column('captured_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('text_sha256', sa.String(length=64), nullable=False),
    sa.Column('licence_tier', sa.String(length=1), nullable=False),
    sa.Column('capture_id', sa.String(length=64), nullable=True),
    sa.Column('review_id', sa.String(length=120), nullable=True),
    sa.Column('marks', sa.JSON(), nullable=False),
    sa.Column('skipped', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['capture_id'], ['captures.capture_id'], name=op.f('fk_documents_capture_id')),
    sa.ForeignKeyConstraint(['review_id'], ['reviews.review_id'], name=op.f('fk_documents_review_id')),
    sa.PrimaryKeyConstraint('document_id', name=op.f('pk_documents'))
    )
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_documents_identity'), ['identity'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_kind'), ['kind'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_review_id'), ['review_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_documents_superseded_by'), ['superseded_by'], unique=False)

    op.create_table('passages',
    sa.Column('passage_id', sa.String(length=20), nullable=False),
    sa.Column('document_id', sa.String(length=20), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('start_char', sa.Integer(), nullable=False),
    sa.Column('end_char', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('heading', sa.Text(), nullable=True),
    sa.Column('paragraph', sa.String(length=20), nullable=True),
    sa.Column('page', sa.Integer(), nullable=True),
    sa.Column('evidence_grade', sa.String(length=20), nullable=True),
    sa.Column('source_url', sa.Text(), nullable=True),
    sa.Column('tagger_version', sa.String(length=40), nullable=True),
    sa.Column('untagged', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['document_id'], ['documents.document_id'], name=op.f('fk_passages_document_id')),
    sa.PrimaryKeyConstraint('passage_id', name=op.f('pk_passages'))
    )
    with op.batch_alter_table('passages', schema=None) as batch_op:
        batch_op.create_index('ix_passages_document_id_position', ['document_id', 'position'], unique=True)
        batch_op.create_index(batch_op.f('ix_passages_tagger_version'), ['tagger_version'], unique=False)

    op.create_table('findings',
    sa.Column('passage_id', sa.String(length=20), nullable=False),
    sa.Column('theme', sa.String(length=60), nullable=False),
    sa.Column('stance', sa.String(length=30), nullable=False),
    sa.Column('level', sa.String(length=10), nullable=False),
    sa.Column('attribution', sa.String(length=12), nullable=False),
    sa.Column('score', sa.Float(), nullable=False),
    sa.Column('confident', sa.Boolean(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('support', sa.JSON(), nullable=False),
    sa.Column('tagger_version', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['passage_id'], ['passages.passage_id'], name=op.f('fk_findings_passage_id')),
    sa.PrimaryKeyConstraint('passage_id', 'theme', 'stance', 'level', name=op.f('pk_findings'))
    )
    with op.batch_alter_table('findings', schema=None) as batch_op:
        batch_op.create_index('ix_findings_theme_stance', ['theme', 'stance'], unique=False)

    op.create_table('judgements',
    sa.Column('judgement_id', sa.Integer(), autoincrement=True, nullable=False),
    sa.Column('passage_id', sa.String(length=20), nullable=False),
    sa.Column('coder', sa.String(length=80), nullable=False),
    sa.Column('judged_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('codebook_version', sa.String(length=40), nullable=False),
    sa.Column('tagger_version', sa.String(length=40), nullable=True),
    sa.Column('reforms', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['passage_id'], ['passages.passage_id'], name=op.f('fk_judgements_passage_id')),
    sa.PrimaryKeyConstraint('judgement_id', name=op.f('pk_judgements'))
    )
    with op.batch_alter_table('judgements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_judgements_passage_id'), ['passage_id'], unique=False)

    op.create_table('judgement_codes',
    sa.Column('judgement_id', sa.Integer(), nullable=False),
    sa.Column('theme', sa.String(length=60), nullable=False),
    sa.Column('stance', sa.String(length=30), nullable=False),
    sa.Column('level', sa.String(length=10), nullable=False),
    sa.Column('attribution', sa.String(length=12), nullable=False),
    sa.ForeignKeyConstraint(['judgement_id'], ['judgements.judgement_id'], name=op.f('fk_judgement_codes_judgement_id')),
    sa.PrimaryKeyConstraint('judgement_id', 'theme', 'stance', 'level', name=op.f('pk_judgement_codes'))
    )
    with op.batch_alter_table('judgement_codes', schema=None) as batch_op:
        batch_op.create_index('ix_judgement_codes_theme_stance', ['theme', 'stance'], unique=False)

    op.execute("INSERT INTO revisions (name, value) VALUES ('content', 0)")


def downgrade() -> None:
    """Undo."""
    with op.batch_alter_table('judgement_codes', schema=None) as batch_op:
        batch_op.drop_index('ix_judgement_codes_theme_stance')

    op.drop_table('judgement_codes')
    with op.batch_alter_table('judgements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_judgements_passage_id'))

    op.drop_table('judgements')
    with op.batch_alter_table('findings', schema=None) as batch_op:
        batch_op.drop_index('ix_findings_theme_stance')

    op.drop_table('findings')
    with op.batch_alter_table('passages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_passages_tagger_version'))
        batch_op.drop_index('ix_passages_document_id_position')

    op.drop_table('passages')
    with op.batch_alter_table('documents', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_documents_superseded_by'))
        batch_op.drop_index(batch_op.f('ix_documents_review_id'))
        batch_op.drop_index(batch_op.f('ix_documents_kind'))
        batch_op.drop_index(batch_op.f('ix_documents_identity'))

    op.drop_table('documents')
    op.drop_table('revisions')
    op.drop_table('reviews')
    op.drop_table('captures')
