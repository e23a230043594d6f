"""The one shape of every answer: what it was made from, then the data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from flask import Response, jsonify
from pydantic import BaseModel, ConfigDict, Field

from corpus.ledger import collapse_warnings
from web.holdings import Library

LICENCE = (
    "Throughline's own words, codes and figures: CC BY 4.0. Publishers' words stay their "
    "owners': each passage names its licence tier and is cut to what that tier allows."
)

TOOL_VERSION = version("throughline")


class Meta(BaseModel):
    """What an answer was made from; equal snapshots give equal answers."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"additionalProperties": True})

    snapshot: str = Field(description="Name of the content answered from.")
    codebook_version: str
    tagger_version: str
    model: str = Field(description="The encoder, with the SHA-256 of its weights.")
    tool_version: str = Field(description="Of Throughline.")
    generated_at: str | None = Field(
        description="When the content answered from was last analysed: ISO 8601, UTC. "
        "Not the time of the call, so that equal content gives equal bytes."
    )
    licence: str
    how_to_cite: str
    warnings: list[str] = Field(
        description="What to take care with: fields that vanished from a source, a sentence "
        "each, naming source and field. Empty where our data did not get worse."
    )
    withdrawn_since: int | None = Field(
        default=None,
        description="With snapshot: how many of its documents were taken down since it was "
        "published; no answer has anything of them.",
    )


class ListMeta(Meta):
    """The same of one page of a list."""

    total: int = Field(description="How many items the whole list has.")
    count_truncated: bool = Field(
        description="Whether the total stopped early: there are at least so many."
    )
    next_cursor: str | None = Field(description="For the next page; null at the end.")


@dataclass(frozen=True, kw_only=True)
class Result:
    """What an endpoint found."""

    data: object
    """A mapping, or a list of mappings."""
    meta: Mapping[str, object] = field(default_factory=dict)
    """Keys of the answer's meta beside the common ones."""
    keep: bool = True
    """Whether the same answer will be given again as long as the content is the same."""


def envelope(library: Library, result: Result, *, select: Sequence[str] = ()) -> Response:
    """Wrap what was found; ``select`` leaves only these keys of each item."""
    described = {**common_meta(library), **result.meta}
    return jsonify({"meta": described, "data": _selected(result.data, select)})


def common_meta(library: Library) -> dict[str, Any]:
    """What every answer says of itself."""
    versions, snapshot = library.versions, library.snapshot
    withdrawn = library.withdrawn_since
    return ({} if withdrawn is None else {"withdrawn_since": withdrawn}) | {
        "snapshot": snapshot,
        "codebook_version": versions.codebook,
        "tagger_version": versions.tagger,
        "model": f"{versions.model}@sha256:{versions.model_sha256}",
        "tool_version": TOOL_VERSION,
        "generated_at": versions.analysed_at,
        "licence": LICENCE,
        "how_to_cite": how_to_cite(library, snapshot),
        "warnings": list(collapse_warnings(library.store)),
    }


def how_to_cite(library: Library, snapshot: str) -> str:
    """Name what an answer rests on, for a footnote."""
    versions = library.versions
    return (
        f"Throughline {TOOL_VERSION}, snapshot {snapshot}, codebook {versions.codebook}, "
        f"tagger {versions.tagger}."
    )


def _selected(data: object, select: Sequence[str]) -> object:
    if not select:
        return data
    if isinstance(data, list):
        return [_selected(item, select) for item in data]
    # In the order asked for; a key that this item lacks is left out.
    return {name: data[name] for name in select if name in data} if isinstance(data, dict) else data
