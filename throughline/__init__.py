"""A small client for Throughline's API: paging, retry and one pinned snapshot.

    import throughline as tl

    with tl.Client("http://127.0.0.1:8000") as client:
        for passage in client.passages(theme="home-education-invisibility"):
            print(passage["date"], passage["text"])

It needs httpx, and pandas only for ``to_frame()``; nothing else of Throughline is loaded.
"""

from throughline.client import Answer, Client
from throughline.errors import ApiError, ClientError, SnapshotChangedError
from throughline.rows import Rows

__all__ = ["Answer", "ApiError", "Client", "ClientError", "Rows", "SnapshotChangedError"]
