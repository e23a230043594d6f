"""Alembic's entry: migrate the connection that ``corpus.store`` hands over."""

from alembic import context

from corpus.tables import metadata

connection = context.config.attributes["connection"]
# Batch mode: SQLite alters a table by copying it.
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
