"""The JSON API, version 1: one endpoint a file, one envelope for every answer."""

from web.api.blueprint import api

# Imported for their routes, in the order in which the document lists them.
from web.api import status, themes, reviews, documents, passages, echoes, counts  # isort: skip
from web.api import snapshots, exports, pages  # isort: skip

__all__ = [
    "api",
    "counts",
    "documents",
    "echoes",
    "exports",
    "pages",
    "passages",
    "reviews",
    "snapshots",
    "status",
    "themes",
]
