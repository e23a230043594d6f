"""Alembic revisions of the store; ``corpus.store.open_store`` runs them."""
