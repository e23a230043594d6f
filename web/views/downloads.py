"""Links to the files of a page: what it shows, whole, in every format."""

from collections.abc import Mapping
from dataclasses import dataclass

from web.api.exports import export_endpoint

_OF_SEARCH = (
    ("passages", "csv", "Passages (CSV)"),
    ("passages", "parquet", "Passages (Parquet)"),
    ("passages", "jsonl", "Passages (JSON lines)"),
    ("findings", "csv", "Findings (CSV)"),
    ("passages", "ris", "References (RIS)"),
    ("passages", "bibtex", "References (BibTeX)"),
    ("passages", "webannotation", "Web Annotation"),
    ("passages", "prodigy", "Prodigy"),
)
_OF_REVIEWS = (
    ("reviews", "csv", "Reviews (CSV)"),
    ("reviews", "parquet", "Reviews (Parquet)"),
    ("reviews", "jsonl", "Reviews (JSON lines)"),
    ("reviews", "ris", "References (RIS)"),
    ("reviews", "bibtex", "References (BibTeX)"),
)
_OF_CODEBOOK = (
    ("codebook", "csv", "CSV"),
    ("codebook", "skos", "SKOS (Turtle)"),
    ("codebook", "skos-jsonld", "SKOS (JSON-LD)"),
    ("codebook", "qdc", "REFI-QDA"),
)


@dataclass(frozen=True, kw_only=True)
class FileLink:
    """One file: what to call it and where it is."""

    label: str
    endpoint: str
    arguments: Mapping[str, str]


def search_files(arguments: Mapping[str, str]) -> tuple[FileLink, ...]:
    """Files of everything that a search finds, not of one page of it."""
    return _links(_OF_SEARCH, arguments)


def review_list_files() -> tuple[FileLink, ...]:
    """Files of every review held."""
    return _links(_OF_REVIEWS, {})


def review_files(review_id: str) -> tuple[FileLink, ...]:
    """One review's reference, and every passage held of it."""
    one = {"review": review_id}
    return _links(_OF_REVIEWS[3:], one) + _links(_OF_SEARCH[:4], one)


def codebook_files() -> tuple[FileLink, ...]:
    """Files of the themes."""
    return _links(_OF_CODEBOOK, {})


def _links(
    rows: tuple[tuple[str, str, str], ...], arguments: Mapping[str, str]
) -> tuple[FileLink, ...]:
    return tuple(
        FileLink(label=label, endpoint=export_endpoint(what, name), arguments=dict(arguments))
        for what, name, label in rows
    )
