"""The one shape of every answer: what it was made from, then the data."""

from typing import Any

from flask import Response, jsonify
from pydantic import BaseModel, ConfigDict, Field

from web.holdings import Library

LICENCE = (
    "Throughline's own words, codes and figures: CC BY 4.0. Publishers' words stay their "
    "owners': each passage names its licence tier and is cut to what that tier allows."
)


class NoQuery(BaseModel):
    """An endpoint without parameters: any at all is refused by name."""

    model_config = ConfigDict(extra="forbid")


class Meta(BaseModel):
    """What an answer was made from; equal snapshots give equal answers."""

    model_config = ConfigDict(extra="allow")

    snapshot: str = Field(description="Name of the content answered from.")
    codebook_version: str
    tagger_version: str
    model: str = Field(description="The encoder, with the SHA-256 of its weights.")
    generated_at: str | None = Field(
        description="When the content answered from was last analysed: ISO 8601, UTC. "
        "Not the time of the call, so that equal content gives equal bytes."
    )
    licence: str
    how_to_cite: str


class Answer(BaseModel):
    """Every answer of the API."""

    meta: Meta
    data: Any


def answer(library: Library, data: object, **meta: object) -> Response:
    """Wrap data in the envelope; ``meta`` adds keys such as ``next_cursor``."""
    versions = library.versions
    snapshot = library.snapshot
    described = Meta(
        snapshot=snapshot,
        codebook_version=versions.codebook,
        tagger_version=versions.tagger,
        model=f"{versions.model}@sha256:{versions.model_sha256}",
        generated_at=versions.analysed_at,
        licence=LICENCE,
        how_to_cite=f"Throughline, snapshot {snapshot}, codebook {versions.codebook}, "
        f"tagger {versions.tagger}.",
    )
    return jsonify({"meta": described.model_dump() | meta, "data": data})
