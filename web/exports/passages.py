"""Passages and their findings as exports: what the search page counts, whole."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Self

from pydantic import Field, model_validator

from corpus.export_files import FileColumn
from corpus.filters import PassageFilter, select_passage_ids
from corpus.findings import findings_of
from corpus.model import Finding
from web.exports.export import Export, Flat, joined, picked
from web.holdings import Library
from web.passages import shape_passages
from web.search.asked import ListQuestion
from web.search.listing import list_found
from web.shapes import Json

BATCH = 500
"""Passages read at a time: what an export keeps in memory."""
_EVERY_HIT = 1_000_000
"""More than a search ever puts forward."""

PASSAGE_COLUMNS = (
    FileColumn("passage_id"),
    FileColumn("document_id"),
    FileColumn("review_id"),
    FileColumn("title"),
    FileColumn("kind"),
    FileColumn("publisher"),
    FileColumn("date"),
    FileColumn("text"),
    FileColumn("text_cut", "flag"),
    FileColumn("whose_words"),
    FileColumn("heading"),
    FileColumn("paragraph"),
    FileColumn("page", "whole"),
    FileColumn("position", "whole"),
    FileColumn("start_char", "whole"),
    FileColumn("end_char", "whole"),
    FileColumn("document_text_sha256"),
    FileColumn("licence_tier"),
    FileColumn("evidence_grade"),
    FileColumn("source_url"),
    FileColumn("themes"),
    FileColumn("codes"),
)
FINDING_COLUMNS = (
    FileColumn("passage_id"),
    FileColumn("document_id"),
    FileColumn("review_id"),
    FileColumn("title"),
    FileColumn("kind"),
    FileColumn("date"),
    FileColumn("theme"),
    FileColumn("top_theme"),
    FileColumn("stance"),
    FileColumn("level"),
    FileColumn("attribution"),
    FileColumn("score", "number"),
    FileColumn("confident", "flag"),
    FileColumn("by"),
    FileColumn("tagger_version"),
    FileColumn("evidence"),
    FileColumn("support"),
    FileColumn("start_char", "whole"),
    FileColumn("end_char", "whole"),
    FileColumn("document_text_sha256"),
    FileColumn("text"),
    FileColumn("text_cut", "flag"),
    FileColumn("whose_words"),
    FileColumn("licence_tier"),
    FileColumn("source_url"),
)
_OF_PASSAGE = (
    "passage_id",
    "document_id",
    "review_id",
    "title",
    "kind",
    "date",
    "start_char",
    "end_char",
    "document_text_sha256",
    "text",
    "text_cut",
    "whose_words",
    "licence_tier",
    "source_url",
)


class PassagesExport(ListQuestion):
    """Which passages to export, and in which order: as the search page and the API."""

    within_review: str | None = Field(
        default=None, description="Of what was found, only passages of this review, by its id."
    )

    @model_validator(mode="after")
    def _sort_fits_question(self) -> Self:
        if self.sort == "relevance" and not self.is_ranked:
            raise ValueError("sort=relevance goes with q or like")
        return self

    @property
    def within(self) -> dict[str, str]:
        """By facet, or as ``review``, the value that the list is narrowed to."""
        own = {"review": self.within_review} if self.within_review else {}
        return super().within | own


def found_ids(library: Library, question: PassagesExport) -> list[str]:
    """List every passage that a question finds, in the order in which pages show them.

    Raises:
        ParameterError: the list is narrowed by what means nothing.
        StaleIndexError: there are words to search for and no index that fits the store.
        ThemeNotFoundError: a theme is not in the codebook.
    """
    question.check(library)
    if question.is_ranked or question.is_narrowed or question.sort == "review":
        query = replace(question.search_query(library, limit=_EVERY_HIT), sentences=False)
        return [hit.passage_id for hit in list_found(library, query, question.look()).answer.hits]
    wanted = question.passage_filter(library.codebook)
    ids: list[str] = list(select_passage_ids(library.store, wanted))
    return ids[::-1] if question.sort == "-date" else ids


def passages_export(library: Library, question: PassagesExport) -> Export:
    """Every passage found, each with its findings."""
    ids = found_ids(library, question)

    def records() -> Iterator[Json]:
        for batch in in_batches(ids):
            yield from shape_passages(library, batch, include_possible=question.possible)

    return Export(
        what="passages",
        snapshot=library.snapshot,
        codebook_version=library.codebook.version,
        count=len(ids),
        records=records,
        columns=PASSAGE_COLUMNS,
        flatten=_flat_passage,
    )


def findings_export(library: Library, question: PassagesExport) -> Export:
    """A record a finding of the passages found.

    Where the question names themes, stances, levels or attributions, only the findings
    that meet all of them; so its passages are those of the passages' export.
    """
    wanted = question.passage_filter(library.codebook)
    of_passage: dict[str, list[int]] = {}
    for batch in in_batches(found_ids(library, question)):
        found = findings_of(library.store, batch, include_possible=question.possible)
        for passage_id in batch:
            kept = [n for n, f in enumerate(found.get(passage_id, ())) if meets(f, wanted)]  # type: ignore[call-overload]  # a passage's id is a str
            if kept:
                of_passage[passage_id] = kept

    def records() -> Iterator[Json]:
        for batch in in_batches(list(of_passage)):
            for shaped in shape_passages(library, batch, include_possible=question.possible):
                findings = shaped["findings"]
                common = {name: shaped[name] for name in _OF_PASSAGE}
                for number in of_passage[shaped["passage_id"]]:
                    if number < len(findings):
                        yield common | findings[number]

    return Export(
        what="findings",
        snapshot=library.snapshot,
        codebook_version=library.codebook.version,
        count=sum(len(kept) for kept in of_passage.values()),
        records=records,
        columns=FINDING_COLUMNS,
        flatten=_flat_finding,
    )


def meets(finding: Finding, wanted: PassageFilter) -> bool:
    """Whether one finding is what a filter asks of findings: theme, stance, level, voice."""
    code = finding.code
    return (
        (not wanted.themes or code.theme in wanted.themes)
        and (not wanted.stances or code.stance in wanted.stances)
        and (not wanted.levels or code.level in wanted.levels)
        and (not wanted.attributions or code.attribution in wanted.attributions)
        and (finding.confident or wanted.include_possible)
    )


def in_batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a list into runs of :data:`BATCH`, in order."""
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _flat_passage(record: Json) -> Flat:
    findings = record["findings"]
    codes = [":".join((f["theme"], f["stance"], f["level"], f["attribution"])) for f in findings]
    themes = list(dict.fromkeys(finding["theme"] for finding in findings))
    return picked(record, PASSAGE_COLUMNS) | {"themes": joined(themes), "codes": joined(codes)}


def _flat_finding(record: Json) -> Flat:
    spans = [f"{span['start']}-{span['end']}" for span in record["evidence"]]
    support = joined(record["support"])
    return picked(record, FINDING_COLUMNS) | {"evidence": joined(spans), "support": support}
