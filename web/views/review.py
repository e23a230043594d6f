"""A page a review: its record, its findings in reading order, and where they come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.filters import PassageFilter, select_passage_ids
from corpus.findings import findings_of
from corpus.groups import show
from corpus.ids import DocumentId, PassageId
from corpus.known_names import ANONYMOUS, shown_names
from corpus.model import Document, Figure, Finding, Kind, Passage, Review
from corpus.review_history import read_history
from web.contact import report_href
from web.custody_shapes import decision_words
from web.holdings import Library
from web.views.citation import Citation, cite
from web.views.echoes import EchoesView, build_echoes
from web.views.parts import (
    PassageView,
    SourceLink,
    date_words,
    day_words,
    passage_view,
    source_link,
    source_links,
)
from web.views.review_parts import (
    EchoChoice,
    HistoryLine,
    Provenance,
    ThemeLine,
    echo_choices,
    history_lines,
    provenance,
    read_words,
    theme_lines,
)
from web.views.reviews import DocumentLink, document_link
from web.words import review_type_words

MOST_PASSAGES = 100
"""Passages on one page; the documents' own pages have the others."""


@dataclass(frozen=True, kw_only=True)
class FigureView:
    """A number that the review published, in its own unit."""

    statement: str
    value: str
    unit: str
    period: str | None
    source: SourceLink | None


@dataclass(frozen=True, kw_only=True)
class DocumentPart:
    """One document about the review, with its passages in reading order."""

    link: DocumentLink
    is_digest: bool
    why: str
    """Why it is under this review; empty for what belongs to it from the start."""
    passages: tuple[PassageView, ...]
    """Those with a finding, all of a digest's; as many as the page has room for."""
    left_out: int
    """Passages with a finding that it had no room for."""


@dataclass(frozen=True, kw_only=True)
class EchoPart:
    """The echoes of one failing of the review, and the others to choose from."""

    choices: tuple[EchoChoice, ...]
    passed_over: bool
    """Whether echoes of something were asked for that is no failing of this review."""
    here: PassageView | None
    """The failing whose echoes are shown; ``None`` where the review found none."""
    view: EchoesView | None


@dataclass(frozen=True, kw_only=True)
class ReviewPage:
    """What ``review.html`` shows."""

    review: Review
    review_type: str
    also_known_as: tuple[str, ...]
    """Names that the review is known by; none where its publisher kept the child anonymous."""
    identity: str | None
    """Who joined the pseudonym to a name, in a sentence."""
    incident: str
    published: str
    held_since: str
    report: SourceLink | None
    """The review itself, at its publisher's."""
    sources: tuple[SourceLink, ...]
    figures: tuple[FigureView, ...]
    parts: tuple[DocumentPart, ...]
    by_theme: tuple[ThemeLine, ...]
    echoes: EchoPart
    provenance: tuple[Provenance, ...]
    read: str
    """How far people have read it."""
    history: tuple[HistoryLine, ...]
    citation: Citation
    report_href: str | None
    """Where to report a problem with this page; ``None`` where no address is set."""
    snapshot: str


def build(library: Library, review_id: str, *, page_url: str, echo: str = "") -> ReviewPage:
    """Gather one review's page.

    Args:
        library: what is held.
        review_id: the review.
        page_url: the page's absolute address.
        echo: the passage whose echoes are asked for; the first failing's where it is none here.

    Raises:
        ReviewNotFoundError: no review has this id.
    """
    store, codebook = library.store, library.codebook
    review = store.get_review(review_id)
    documents = list(store.iter_documents(review_id=review_id))
    passages = store.get_passages(select_passage_ids(store, PassageFilter(review_id=review_id)))
    findings: Mapping[PassageId, Sequence[Finding]] = findings_of(
        store, [passage.passage_id for passage in passages]
    )
    kinds = {document.document_id: document.kind for document in documents}
    digests = frozenset(each for each, kind in kinds.items() if kind is Kind.DIGEST)
    kept = [p for p in passages if p.passage_id in findings or p.document_id in digests]
    shown = kept[:MOST_PASSAGES]
    history = read_history(store, review_id)
    captured = min((document.captured_at for document in documents), default=None)
    return ReviewPage(
        review=review,
        review_type=review_type_words(review.review_type),
        also_known_as=shown_names(review),
        identity=_identity(review.identity_link),
        incident=date_words(review.incident),
        published=date_words(review.published),
        held_since=day_words(captured) if captured else "no text held",
        report=source_link(review.report_url),
        sources=source_links(dict.fromkeys(review.sources)),
        figures=tuple(_figure(figure) for figure in review.figures),
        parts=_parts(library, review_id, documents, kept, findings),
        by_theme=theme_lines(
            kept,
            findings,
            codebook,
            here=frozenset(passage.passage_id for passage in shown),
            digests=digests,
        ),
        echoes=_echoes(
            library,
            {document.document_id: document for document in documents},
            {passage.passage_id: passage for passage in kept},
            findings,
            echo_choices(kept, findings, kinds, codebook, asked=echo),
            asked=echo,
        ),
        provenance=provenance(documents, history.versions),
        read=read_words(history),
        history=history_lines(history),
        citation=cite(library, review, page_url=page_url),
        report_href=report_href(
            library, subject=f"Throughline: a problem with {review_id}", address=page_url
        ),
        snapshot=library.snapshot,
    )


def _parts(
    library: Library,
    review_id: str,
    documents: Sequence[Document],
    kept: Sequence[Passage],
    findings: Mapping[PassageId, Sequence[Finding]],
) -> tuple[DocumentPart, ...]:
    why = _reasons(library, review_id)
    everything: dict[str, list[Passage]] = {}
    shown: dict[str, list[Passage]] = {}
    for number, passage in enumerate(kept):
        everything.setdefault(passage.document_id, []).append(passage)
        if number < MOST_PASSAGES:
            shown.setdefault(passage.document_id, []).append(passage)
    return tuple(
        DocumentPart(
            link=document_link(document),
            is_digest=document.kind is Kind.DIGEST,
            why=why.get(document.document_id, ""),
            passages=tuple(
                passage_view(
                    passage, document, findings.get(passage.passage_id, ()), library.codebook
                )
                for passage in shown.get(document.document_id, ())
            ),
            left_out=len(everything.get(document.document_id, ()))
            - len(shown.get(document.document_id, ())),
        )
        for document in documents
    )


def _echoes(
    library: Library,
    documents: Mapping[DocumentId, Document],
    passages: Mapping[PassageId, Passage],
    findings: Mapping[PassageId, Sequence[Finding]],
    choices: tuple[EchoChoice, ...],
    *,
    asked: str,
) -> EchoPart:
    opened = next((choice.passage_id for choice in choices if choice.is_open), None)
    passed_over = asked not in {"", opened}
    if opened is None:
        return EchoPart(choices=(), passed_over=passed_over, here=None, view=None)
    passage = passages[PassageId(opened)]
    here = passage_view(
        passage,
        documents[passage.document_id],
        findings.get(passage.passage_id, ()),
        library.codebook,
    )
    return EchoPart(
        choices=choices, passed_over=passed_over, here=here, view=build_echoes(library, opened)
    )


def _reasons(library: Library, review_id: str) -> dict[str, str]:
    """Say of each document that was put under the review why it is there."""
    return {
        member.document.document_id: decision_words(member.decisions[-1])
        for member in show(library.store, review_id).members
        if member.decisions
    }


def _identity(link: str | None) -> str | None:
    if link is None:
        return None
    if ANONYMOUS in link:
        return (
            "The publisher kept the child anonymous, and so does this page. Others have "
            f"joined a name to this review (by: {link.split(';')[0]}); here that name only "
            "helps search."
        )
    return f"The published pseudonym was joined to the child’s name by: {link}. Not by us."


def _figure(figure: Figure) -> FigureView:
    return FigureView(
        statement=figure.statement,
        value=figure.value,
        unit=figure.unit,
        period=figure.period,
        source=source_link(figure.source_url),
    )
