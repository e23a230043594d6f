"""The JSON API, version 1: one endpoint a file, one envelope for every answer."""

from web.api.blueprint import api

# Imported for their routes.
from web.api import counts, documents, passages, reviews, status, themes  # isort: skip

__all__ = ["api", "counts", "documents", "passages", "reviews", "status", "themes"]
