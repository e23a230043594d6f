"""A passage's permanent page: its words, its neighbours, and why it was coded as it was."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.coders import desk_is_open
from corpus.findings import findings_of
from corpus.licence import shown_words
from corpus.model import Code, Document, Finding, Judgement, Passage, Review
from nlp.codebook import Codebook, Theme
from nlp.rule_words import rule_words
from web.contact import report_href
from web.holdings import Library
from web.views.echoes import EchoesView, build_echoes
from web.views.parts import (
    Chip,
    PassageView,
    ReviewLink,
    chip,
    date_words,
    day_words,
    passage_view,
    review_link,
)
from web.views.quote_citation import QuoteCitation, cite_quote
from web.views.review_parts import licence_words
from web.words import ATTRIBUTIONS, KINDS, LEVELS

NEIGHBOURS = 2
"""Passages shown before and after."""


@dataclass(frozen=True, kw_only=True)
class Support:
    """One thing that a finding rests on."""

    support_id: str
    words: str
    """What it is; empty for an id that is known no more."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One sentence of the codebook that decides a code."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True)
class JudgementLine:
    """What one person decided, and when."""

    day: str
    coder: str
    codes: tuple[Chip, ...]
    """None where the coder found no theme in the passage."""
    versions: str
    """Of the codebook, and of the machine where the coder saw what it said."""


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
    evidence: tuple[str, ...]
    """The words it rests on, as far as the licence lets us show them."""
    support: tuple[Support, ...]
    """Cues first, then rules of stance, level and attribution, in the machine's order."""
    rules: tuple[Rule, ...]
    """What the codebook says of the theme, stance, level and attribution."""
    tagger_version: str | None


@dataclass(frozen=True, kw_only=True)
class PassagePage:
    """What ``passage.html`` shows."""

    passage: PassageView
    before: tuple[PassageView, ...]
    after: tuple[PassageView, ...]
    title: str
    of: str
    """What it is a passage of, for the head of the window: a review by its published title,
    anything else by kind and publisher, because the titles of news name children."""
    document_id: str
    kind_is_digest: bool
    date: str
    held_since: str
    licence: str
    """What may be shown of the document."""
    text_sha256: str
    """Of the document's text, which the passage is a slice of."""
    review: ReviewLink | None
    why: tuple[WhyCoded, ...]
    judged: tuple[JudgementLine, ...]
    """Every judgement of the passage, oldest first."""
    machine: tuple[Chip, ...]
    """What the machine says of a passage that a person judged: kept, and shown beside."""
    dispute_href: str | None
    """Where a tag is disputed; ``None`` where no address is set."""
    echoes: EchoesView
    can_answer: bool
    """Whether there is a coding desk at which echoes are answered."""
    citation: QuoteCitation


def build(library: Library, passage_id: str, *, page_url: str) -> PassagePage:
    """Gather one passage's page; ``page_url`` is its absolute address.

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
    judged = tuple(
        _judgement(judgement, library.codebook)
        for judgement in store.iter_judgements(passage_id=passage_id)
    )
    return PassagePage(
        passage=shown[passage.passage_id],
        before=tuple(shown[p.passage_id] for p in around if p.position < passage.position),
        after=tuple(shown[p.passage_id] for p in around if p.position > passage.position),
        title=document.title,
        of=_of(document, review),
        document_id=document.document_id,
        kind_is_digest=shown[passage.passage_id].is_digest,
        date=date_words(document.published),
        held_since=day_words(document.captured_at),
        licence=licence_words(document),
        text_sha256=document.text_sha256,
        review=review_link(review) if review else None,
        why=tuple(
            _why(finding, passage, document, library.codebook)
            for finding in findings.get(passage.passage_id, ())
        ),
        judged=judged,
        machine=tuple(
            chip(finding, library.codebook)
            for finding in (store.machine_findings([passage_id]) if judged else {}).get(
                passage.passage_id, ()
            )
        ),
        dispute_href=report_href(
            library, subject=f"Throughline: the coding of {passage_id}", address=page_url
        ),
        echoes=build_echoes(library, passage_id),
        can_answer=library.current is library and desk_is_open(store),
        citation=cite_quote(library, passage, document, review, page_url=page_url),
    )


def _of(document: Document, review: Review | None) -> str:
    if review:
        return review.title
    kind, date = KINDS[document.kind], date_words(document.published)
    return ", ".join(filter(None, (kind, document.publisher, date)))


def _around(passages: Sequence[Passage], passage: Passage) -> list[Passage]:
    return [item for item in passages if abs(item.position - passage.position) <= NEIGHBOURS]


def _confident(findings: Sequence[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.confident]


def _why(finding: Finding, passage: Passage, document: Document, codebook: Codebook) -> WhyCoded:
    text, _ = shown_words(passage, document.licence_tier, document.marks)
    known = codebook.rollup.get(finding.code.theme)
    theme = codebook.theme(finding.code.theme) if known else None
    cues = {cue.cue_id: f"the cue “{cue.phrase}”" for cue in theme.cues} if theme else {}
    return WhyCoded(
        chip=chip(finding, codebook),
        level=LEVELS[finding.code.level],
        attribution=ATTRIBUTIONS[finding.code.attribution],
        score=f"{finding.score:.2f}" if finding.score is not None else "",
        coder=finding.coder or "",
        evidence=tuple(
            text[span.start : span.end] for span in finding.evidence if span.end <= len(text)
        ),
        support=tuple(
            Support(support_id=item, words=cues.get(item) or rule_words(item) or "")
            for item in finding.support
        ),
        rules=_rules(finding.code, theme, codebook),
        tagger_version=finding.tagger_version,
    )


def _rules(code: Code, theme: Theme | None, codebook: Codebook) -> tuple[Rule, ...]:
    found = [Rule(name="The theme", text=theme.definition)] if theme else []
    found += [
        Rule(name=f"Stance: {each.label}", text=each.definition)
        for each in codebook.stances
        if each.stance is code.stance
    ]
    found += [
        Rule(name=f"Level: {each.label}", text=each.definition)
        for each in codebook.levels
        if each.level is code.level
    ]
    found += [
        Rule(name=f"Who says so: {each.label}", text=each.definition)
        for each in codebook.attributions
        if each.attribution is code.attribution
    ]
    return tuple(found)


def _judgement(judgement: Judgement, codebook: Codebook) -> JudgementLine:
    seen = judgement.tagger_version
    return JudgementLine(
        day=day_words(judgement.judged_at),
        coder=judgement.coder,
        codes=tuple(
            chip(
                Finding(
                    passage_id=judgement.passage_id,
                    code=code,
                    confident=True,
                    coder=judgement.coder,
                ),
                codebook,
            )
            for code in judgement.codes
        ),
        versions=f"codebook {judgement.codebook_version}"
        + (f"; the machine’s codes were seen ({seen})" if seen else ""),
    )
