"""Answers about snapshots."""

from pydantic import Field

from web.api.schemas.common import Shape


class RedactionShape(Shape):
    """A document that was withdrawn from a snapshot after it was published."""

    document_id: str
    reason: str
    withdrawn_at: str = Field(description="ISO 8601, UTC.")


class SnapshotFileShape(Shape):
    """One file of a package."""

    name: str
    href: str = Field(description="Where it is downloaded.")
    size_bytes: int
    sha256: str | None = Field(description="null for SHA256SUMS, which names the others.")


class SnapshotShape(Shape):
    """A snapshot: what is held now, or what was published."""

    snapshot: str = Field(description="Its name: what answers give, what snapshot= takes.")
    current: bool = Field(description="Whether it is what is held now.")
    published_at: str | None = Field(
        description="ISO 8601, UTC; null for what is held now and was not published."
    )
    manifest_sha256: str | None = Field(
        description="The id of its package: the SHA-256 of manifest.json."
    )
    codebook_version: str
    tagger_version: str
    rows: dict[str, int] = Field(description="Rows of each table, as it was published.")
    withdrawn: list[RedactionShape]
    how_to_cite: str


class SnapshotDetailShape(SnapshotShape):
    """The same with its files."""

    files: list[SnapshotFileShape]
