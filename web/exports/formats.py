"""Which export comes in which format, and how each is written: one table for API and shell."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from pydantic import BaseModel

from corpus.errors import InvalidInputError
from web.bibliography import bibtex, ris
from web.bibliography.reference import Reference
from web.counting import CountsQuestion
from web.exports.annotations import prodigy_chunks, webannotation_chunks
from web.exports.codebook import CodebookExport, codebook_export
from web.exports.counts import counts_export
from web.exports.export import Export
from web.exports.passages import PassagesExport, findings_export, passages_export
from web.exports.qdc import qdc_text
from web.exports.references import passage_references, review_references
from web.exports.reviews import ReviewsExport, reviews_export
from web.exports.skos import skos_text
from web.exports.tabular import csv_chunks, jsonl_chunks, parquet_chunks
from web.holdings import Library

Chunks = Iterator[bytes]
Bibliography = Callable[..., Iterator[str]]


@dataclass(frozen=True, kw_only=True)
class Written:
    """A file about to be written: how many records it will hold, then its bytes."""

    rows: int
    snapshot: str
    chunks: Callable[[], Chunks]


@dataclass(frozen=True, kw_only=True)
class Format:
    """One way to write one thing."""

    suffix: str
    """What its file name ends with, without the dot."""
    media_type: str
    write: Callable[[Library, BaseModel], Written]


@dataclass(frozen=True, kw_only=True)
class What:
    """One thing that can be exported."""

    question: type[BaseModel]
    """The filters that it takes; any other is refused by name."""
    formats: Mapping[str, Format]


def format_of(what: str, name: str) -> Format:
    """Look a format up.

    Raises:
        InvalidInputError: this thing does not come in this format; those it has are named.
    """
    formats = EXPORTS[what].formats
    if name not in formats:
        raise InvalidInputError(
            f"{what} cannot be written as {name}. Its formats: {', '.join(formats)}."
        )
    return formats[name]


def _table(
    suffix: str, media: str, chunks: Callable[[Export], Chunks], make: Callable[..., Export]
) -> Format:
    def write(library: Library, question: BaseModel) -> Written:
        export = make(library, question)
        return Written(rows=export.count, snapshot=export.snapshot, chunks=lambda: chunks(export))

    return Format(suffix=suffix, media_type=media, write=write)


def _bibliography(
    suffix: str, media: str, entries: Bibliography, cite: Callable[..., list[Reference]]
) -> Format:
    def write(library: Library, question: BaseModel) -> Written:
        cited, snapshot = cite(library, question), library.snapshot
        return Written(
            rows=len(cited),
            snapshot=snapshot,
            chunks=lambda: (entry.encode() for entry in entries(cited, snapshot=snapshot)),
        )

    return Format(suffix=suffix, media_type=media, write=write)


def _codebook(suffix: str, media: str, text: Callable[[Library], str]) -> Format:
    def write(library: Library, _question: BaseModel) -> Written:
        return Written(
            rows=len(library.codebook.themes),
            snapshot=library.snapshot,
            chunks=lambda: iter([text(library).encode()]),
        )

    return Format(suffix=suffix, media_type=media, write=write)


def _tables(make: Callable[..., Export]) -> dict[str, Format]:
    return {
        "csv": _table("csv", "text/csv", csv_chunks, make),
        "jsonl": _table("jsonl", "application/jsonl", jsonl_chunks, make),
        "parquet": _table("parquet", "application/vnd.apache.parquet", parquet_chunks, make),
    }


def _bibliographies(cite: Callable[..., list[Reference]]) -> dict[str, Format]:
    return {
        "ris": _bibliography("ris", ris.MEDIA_TYPE, ris.ris_entries, cite),
        "bibtex": _bibliography("bib", bibtex.MEDIA_TYPE, bibtex.bibtex_entries, cite),
    }


_ANNOTATIONS = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'

EXPORTS: Mapping[str, What] = MappingProxyType(
    {
        "passages": What(
            question=PassagesExport,
            formats=_tables(passages_export)
            | _bibliographies(passage_references)
            | {
                "webannotation": _table(
                    "anno.jsonld", _ANNOTATIONS, webannotation_chunks, passages_export
                ),
                "prodigy": _table(
                    "prodigy.jsonl", "application/jsonl", prodigy_chunks, passages_export
                ),
            },
        ),
        "findings": What(question=PassagesExport, formats=_tables(findings_export)),
        "reviews": What(
            question=ReviewsExport,
            formats=_tables(reviews_export) | _bibliographies(review_references),
        ),
        "codebook": What(
            question=CodebookExport,
            formats=_tables(codebook_export)
            | {
                "skos": _codebook(
                    "ttl", "text/turtle", lambda library: skos_text(library.codebook, "turtle")
                ),
                "skos-jsonld": _codebook(
                    "jsonld",
                    "application/ld+json",
                    lambda library: skos_text(library.codebook, "json-ld"),
                ),
                "qdc": _codebook(
                    "qdc", "application/xml", lambda library: qdc_text(library.codebook)
                ),
            },
        ),
        "counts": What(question=CountsQuestion, formats=_tables(counts_export)),
    }
)
"""What can be exported, each with its filters and its formats."""
