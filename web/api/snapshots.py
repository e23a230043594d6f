"""``GET /snapshots``, ``/snapshots/{id}`` and the files of a published one."""

from typing import Any

from flask import Response, request, send_file
from pydantic import BaseModel, ConfigDict

from corpus.errors import NotFoundError
from corpus.snapshots.manifest import MANIFEST, SUMS, file_sha256
from corpus.snapshots.shelf import find_held
from web.api.blueprint import PREFIX, api
from web.api.envelope import Result
from web.api.operations import endpoint
from web.api.query import ApiQuery, read_query
from web.api.schemas.snapshots import SnapshotDetailShape, SnapshotShape
from web.current import current_library
from web.holdings import Library
from web.snapshot_shapes import snapshot_detail_shape, snapshots_shape

FILES = PREFIX + "/snapshots/{}/files/"
"""Where a snapshot's files are, ``{}`` standing for its name."""

FOR_EVER = "public, max-age=86400, immutable"
"""For the manifest: no text is in it, and a withdrawal leaves it as it is."""

FOR_AN_HOUR = "private, max-age=3600"
"""For every other file, which a withdrawal may rewrite: no cache that several readers share
keeps it, and a reader's own asks again after an hour."""

MEDIA_TYPES = {
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
    "md": "text/markdown",
    "cff": "text/yaml",
}
_ID = {"snapshot_id": "A snapshot's name, or the SHA-256 of its package's manifest."}


class SnapshotFileNotFoundError(NotFoundError):
    """A snapshot's package has no file of this name."""

    code = "snapshot-file-not-found"

    def __init__(self, snapshot: str, name: str, known: list[str]) -> None:
        """Name the files there are."""
        super().__init__(
            f"The snapshot {snapshot} has no file {name[:80]!r}. It has: {', '.join(known)}."
        )


class _NoQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")


@endpoint("/snapshots", query=ApiQuery, data=list[SnapshotShape])
def list_snapshots(library: Library, query: ApiQuery) -> Result:  # noqa: ARG001 - takes nothing
    """List the snapshots that can be named.

    What is held now, and what was published, newest first. Any question may name one of
    them with snapshot=. A published one never changes, but for documents that are withdrawn
    from it: it says which.
    """
    return Result(data=snapshots_shape(library))


@endpoint("/snapshots/{snapshot_id}", query=ApiQuery, data=SnapshotDetailShape, variables=_ID)
def get_snapshot(library: Library, query: ApiQuery, *, snapshot_id: str) -> Result:  # noqa: ARG001 - as above
    """Read one snapshot with its files.

    The tables as CSV and as Parquet, their schema, a dataset card, how to cite it, and the
    manifest whose SHA-256 is the package's id. Take these rather than page through lists.
    """
    return Result(data=snapshot_detail_shape(library, snapshot_id, files_at=FILES))


@api.get("/snapshots/<snapshot_id>/files/<name>")
def get_snapshot_file(snapshot_id: str, name: str) -> Response:
    """Give one file of a published snapshot."""
    nothing: Any = _NoQuery
    read_query(nothing, request.args)
    library = current_library()
    held = find_held(library.shelf_dir, snapshot_id, current=library.snapshot)
    package, sums = held.package, held.files()
    if name not in {*sums, SUMS} or not (package / name).is_file():
        raise SnapshotFileNotFoundError(held.name, name, [*sums, SUMS])
    path = package / name
    response = send_file(
        path.resolve(),
        mimetype=MEDIA_TYPES.get(name.rpartition(".")[2], "text/plain"),
        as_attachment=True,
        download_name=f"{held.name}-{name}",
        etag=sums.get(name) or file_sha256(path),
        last_modified=None,
    )
    response.headers["Cache-Control"] = FOR_EVER if name == MANIFEST else FOR_AN_HOUR
    return response
