"""Catalogue files into reviews, digests, passages and hand codes."""

import datetime as dt
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from corpus.catalogue.schema import FindingEntry, FindingKind, ReviewEntry, parse_review
from corpus.errors import InvalidInputError
from corpus.ids import DocumentId, PassageId, ReviewId, sha256_text
from corpus.known_names import shown_address, shown_review, withheld_words
from corpus.model import (
    Attribution,
    Code,
    Document,
    Figure,
    Judgement,
    Kind,
    LicenceTier,
    Passage,
    Review,
)

CODER = "catalogue"
PUBLISHER = "Throughline"
RELEASED = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
"""When this catalogue was released; it stands in for the clock, so loads do not differ."""

_HEADINGS: dict[FindingKind, str] = {
    "failing": "Failing",
    "good practice": "Good practice",
    "recommendation": "Recommendation",
}
_BREAK = "\n\n"


@dataclass(frozen=True, kw_only=True)
class HandCode:
    """What the catalogue's coder wrote down about one passage; no codes is a result too."""

    passage_id: PassageId
    codes: tuple[Code, ...]
    reforms: tuple[str, ...]
    note: str

    def judgement(self, *, codebook_version: str) -> Judgement:
        """Make the judgement that this coding is under one version of the codebook."""
        return Judgement(
            passage_id=self.passage_id,
            coder=CODER,
            judged_at=RELEASED,
            codebook_version=codebook_version,
            codes=self.codes,
            reforms=self.reforms,
            note=self.note,
        )


@dataclass(frozen=True, kw_only=True)
class CatalogueEntry:
    """One file: a review, our digest of it, a passage and a hand coding for each finding."""

    review: Review
    document: Document
    passages: tuple[Passage, ...]
    """In the file's order; none where no finding has been recorded yet."""
    hand_codes: tuple[HandCode, ...]
    """One for each passage, same order."""


@cache
def load_catalogue() -> tuple[CatalogueEntry, ...]:
    """Read every review that ships, by id; read once, then remembered.

    Raises:
        InvalidInputError: a file is not as :mod:`corpus.catalogue.schema` says.
    """
    folder = resources.files("corpus.catalogue") / "reviews"
    files = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".toml")),
        key=lambda file: file.name,
    )
    return tuple(read_entry(file.name, file.read_text(encoding="utf-8")) for file in files)


def read_entry(name: str, text: str) -> CatalogueEntry:
    """Turn one file into what the store holds; the file's name gives the review's id.

    Raises:
        InvalidInputError: the name is not a slug with ``.toml``, or the text is not as
            :mod:`corpus.catalogue.schema` says.
    """
    stem = name.removesuffix(".toml")
    if not ReviewId.pattern.fullmatch(stem):
        raise InvalidInputError(f"{name}: the file's name should be the review's slug and .toml.")
    entry = parse_review(name, text)
    review = _review(ReviewId(stem), entry)
    document = _digest(review, entry)
    passages = _passages(document, entry)
    words = withheld_words(review)
    if words:
        # As the store would hand them out, but here: what is never held can never be shown.
        passages = tuple(
            replace(passage, source_url=shown_address(passage.source_url, words))
            for passage in passages
        )
        review = shown_review(review)
    return CatalogueEntry(
        review=review,
        document=document,
        passages=passages,
        hand_codes=tuple(
            _hand_code(passage, finding)
            for passage, finding in zip(passages, entry.finding, strict=True)
        ),
    )


def _review(review_id: ReviewId, entry: ReviewEntry) -> Review:
    return Review(
        review_id=review_id,
        case_id=entry.case or review_id,
        title=entry.title,
        review_type=entry.review_type,
        nation=entry.nation,
        place=entry.place,
        publisher=entry.publisher,
        author=entry.author,
        published=entry.published,
        incident=entry.incident,
        child_age=entry.child_age,
        case_names=entry.case_names,
        aliases=entry.aliases,
        identity_link=entry.identity_link,
        reference=entry.reference,
        report_url=entry.report_url,
        agencies=entry.agencies,
        summary=entry.summary,
        cautions=entry.cautions,
        sources=entry.sources,
        figures=tuple(
            Figure(
                statement=figure.statement,
                value=str(figure.value),
                unit=figure.unit,
                period=figure.period,
                source_url=figure.source_url,
            )
            for figure in entry.figure
        ),
    )


def _digest(review: Review, entry: ReviewEntry) -> Document:
    identity = f"catalogue:{review.review_id}"
    text = _BREAK.join([entry.summary, *(finding.text for finding in entry.finding)])
    text_sha256 = sha256_text(text)
    return Document(
        document_id=DocumentId.of(identity, text_sha256),
        identity=identity,
        kind=Kind.DIGEST,
        title=review.title,
        text=text,
        text_sha256=text_sha256,
        # Open, because every word of it is ours; the reviews themselves are their publishers'.
        licence_tier=LicenceTier.OPEN,
        captured_at=RELEASED,
        publisher=PUBLISHER,
        published=review.published,
        published_from="the review's publication date" if review.published else None,
        review_id=review.review_id,
    )


def _passages(document: Document, entry: ReviewEntry) -> tuple[Passage, ...]:
    passages = []
    start = len(entry.summary) + len(_BREAK)
    for position, finding in enumerate(entry.finding):
        end = start + len(finding.text)
        passages.append(
            Passage(
                passage_id=PassageId.of(document.document_id, start, end),
                document_id=document.document_id,
                position=position,
                start_char=start,
                end_char=end,
                text=finding.text,
                heading=_HEADINGS[finding.kind],
                paragraph=str(finding.id),
                evidence_grade=finding.evidence,
                source_url=finding.source_url,
            )
        )
        start = end + len(_BREAK)
    return tuple(passages)


def _hand_code(passage: Passage, finding: FindingEntry) -> HandCode:
    return HandCode(
        passage_id=passage.passage_id,
        codes=tuple(
            Code(
                theme=code.theme,
                stance=code.stance,
                level=code.level,
                # docs/decisions/0004: a digest reports a named review, it does not speak for it.
                attribution=Attribution.REPORTED,
            )
            for code in finding.codes
        ),
        reforms=finding.reform,
        note=finding.theme_hint or "",
    )
