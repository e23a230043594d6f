"""A passage's permanent page: its words, its neighbours, and why it was coded as it was."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.coders import desk_is_open
from corpus.findings import findings_of
from corpus.licence import shown_text
from corpus.model import Document, Finding, Kind, Passage, Review
from nlp.codebook import Codebook
from web.holdings import Library
from web.views.echoes import EchoesView, build_echoes
from web.views.parts import (
    Chip,
    PassageView,
    ReviewLink,
    chip,
    date_words,
    passage_view,
    review_link,
)
from web.words import ATTRIBUTIONS, DIGEST_LABEL, LEVELS

NEIGHBOURS = 2
"""Passages shown before and after."""


@dataclass(frozen=True, kw_only=True)
class WhyCoded:
    """One finding with what it rests on."""

    chip: Chip
    level: str
    attribution: str
    score: str
    """The machine's score as a number; empty for a coder's finding."""
    coder: str
    """Who coded it by hand; empty for the machine."""
    definition: str
    evidence: tuple[str, ...]
    """The words it rests on, as far as the licence lets us show them."""
    support: tuple[str, ...]
    """Cues in words, and ids of rules."""
    tagger_version: str | None


@dataclass(frozen=True, kw_only=True)
class PassagePage:
    """What ``passage.html`` shows."""

    passage: PassageView
    before: tuple[PassageView, ...]
    after: tuple[PassageView, ...]
    title: str
    document_id: str
    kind_is_digest: bool
    date: str
    review: ReviewLink | None
    why: tuple[WhyCoded, ...]
    judged: tuple[str, ...]
    """Who judged the passage, oldest first: ``catalogue, 1 January 2026``."""
    echoes: EchoesView
    can_answer: bool
    """Whether there is a coding desk at which echoes are answered."""
    citation: str
    """Names what the reader saw, and the snapshot it was seen under."""


def build(library: Library, passage_id: str) -> PassagePage:
    """Gather one passage's page.

    Raises:
        PassageNotFoundError: no passage has this id.
    """
    store = library.store
    passage = store.get_passage(passage_id)
    document = store.get_document(passage.document_id)
    review = store.get_review(document.review_id) if document.review_id else None
    around = _around(list(store.iter_passages(document_id=passage.document_id)), passage)
    ids = [item.passage_id for item in around]
    findings = findings_of(store, ids, include_possible=True)
    shown = {
        item.passage_id: passage_view(
            item, document, _confident(findings.get(item.passage_id, ())), library.codebook
        )
        for item in around
    }
    return PassagePage(
        passage=shown[passage.passage_id],
        before=tuple(shown[p.passage_id] for p in around if p.position < passage.position),
        after=tuple(shown[p.passage_id] for p in around if p.position > passage.position),
        title=document.title,
        document_id=document.document_id,
        kind_is_digest=shown[passage.passage_id].is_digest,
        date=date_words(document.published),
        review=review_link(review) if review else None,
        why=tuple(
            _why(finding, passage, document, library.codebook)
            for finding in findings.get(passage.passage_id, ())
        ),
        judged=tuple(
            f"{judgement.coder}, codebook {judgement.codebook_version}"
            for judgement in store.iter_judgements(passage_id=passage_id)
        ),
        echoes=build_echoes(library, passage_id),
        can_answer=library.current is library and desk_is_open(store),
        citation=_citation(passage, document, review, library),
    )


def _around(passages: Sequence[Passage], passage: Passage) -> list[Passage]:
    return [item for item in passages if abs(item.position - passage.position) <= NEIGHBOURS]


def _confident(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.confident]


def _why(finding: Finding, passage: Passage, document: Document, codebook: Codebook) -> WhyCoded:
    text, _ = shown_text(passage.text, document.licence_tier, document.marks)
    known = codebook.rollup.get(finding.code.theme)
    theme = codebook.theme(finding.code.theme) if known else None
    cues = {cue.cue_id: f"the cue “{cue.phrase}”" for cue in theme.cues} if theme else {}
    return WhyCoded(
        chip=chip(finding, codebook),
        level=LEVELS[finding.code.level],
        attribution=ATTRIBUTIONS[finding.code.attribution],
        score=f"{finding.score:.2f}" if finding.score is not None else "",
        coder=finding.coder or "",
        definition=theme.definition if theme else "",
        evidence=tuple(
            text[span.start : span.end] for span in finding.evidence if span.end <= len(text)
        ),
        support=tuple(cues.get(item, item) for item in finding.support),
        tagger_version=finding.tagger_version,
    )


def _citation(passage: Passage, document: Document, review: Review | None, library: Library) -> str:
    where = f"Passage {passage.passage_id}, Throughline snapshot {library.snapshot}."
    if document.kind is Kind.DIGEST:
        published = f" Review published: {date_words(review.published)}." if review else ""
        return f"Throughline. {DIGEST_LABEL}: {document.title}.{published} {where}"
    who = document.publisher or document.author or "Publisher not known"
    return f"{who} ({date_words(document.published)}). {document.title}. {where}"
