"""What our components leave on a spaCy Doc: ``doc._.throughline_…``."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Doc

SPANS_KEY = "throughline"
"""``doc.spans[SPANS_KEY]`` holds each finding's evidence, labelled with its theme."""

_DEFAULTS: dict[str, Any] = {
    "throughline_kind": "other",
    "throughline_cues": (),
    "throughline_reading": None,
    "throughline_vector": None,
    "throughline_untagged": None,
    "throughline_findings": (),
    "throughline_scores": {},
}


def register_attributes() -> None:
    """Register our extension attributes; calling it again changes nothing."""
    from spacy.tokens import Doc  # noqa: PLC0415 - costs two seconds

    for name, default in _DEFAULTS.items():
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)


def batches_of(docs: "Iterable[Doc]", size: int) -> "Iterator[list[Doc]]":
    """Cut a stream into lists of at most ``size``, in order."""
    stream = iter(docs)
    while batch := list(islice(stream, size)):
        yield batch
