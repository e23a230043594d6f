"""Passages found, each with what it belongs to and why it was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.findings import findings_of
from corpus.ids import PassageId
from corpus.model import Document, Finding, Kind, Passage, Review
from nlp.codebook import Codebook
from nlp.search import Hit
from web.holdings import Library
from web.search.listing import Listing
from web.search.why import why_found
from web.views.parts import (
    NO_DATE,
    PassageView,
    ReviewLink,
    date_words,
    passage_view,
    review_link,
    theme_label,
)
from web.words import KINDS, counted


@dataclass(frozen=True, kw_only=True)
class Result:
    """One passage found."""

    passage: PassageView
    document_id: str
    title: str
    date: str
    """Which date it is, too: ``Review published 2 September 1974``."""
    kind: str
    review: ReviewLink | None
    why: str
    """Such as ``Found by its words and by its meaning``; empty without a query."""
    shared: tuple[str, ...]
    """Labels of the themes that it shares with the passage or paragraph that was asked by."""
    copies: str
    """How many near copies stand behind it, in words; empty for none."""
    more: str
    """How many other hits are of the same review, in words; once a review, else empty."""
    more_arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Source:
    """The passage whose like is sought."""

    passage: PassageView
    title: str
    text: str
    """The whole of it, to search by; not to be shown."""
    themes: frozenset[str]
    """Of its confident findings."""


def source_of(library: Library, passage_id: str) -> Source:
    """Read the passage whose like is sought.

    Raises:
        PassageNotFoundError: no passage has this id.
        WithdrawnError: its document was taken down.
    """
    passage = library.store.get_passage(passage_id)
    document = library.store.get_document(passage.document_id)
    findings = findings_of(library.store, [passage.passage_id]).get(passage.passage_id, ())
    return Source(
        passage=passage_view(passage, document, findings, library.codebook),
        title=document.title,
        text=passage.text,
        themes=frozenset(finding.code.theme for finding in findings),
    )


def results_of(
    library: Library,
    listing: Listing,
    findings: Mapping[PassageId, Sequence[Finding]],
    reviews: Mapping[str, Review],
    *,
    shared_with: frozenset[str],
    more: Mapping[str, str],
) -> tuple[Result, ...]:
    """Show the hits of a page: two queries, however many there are.

    Args:
        library: what is held.
        listing: the page.
        findings: of each hit, those to show.
        reviews: every review, by id.
        shared_with: themes to be told where a hit has them too.
        more: query parameters of the whole list, to link one review's part of it with;
            empty where it is of one review already.
    """
    hits = {hit.passage_id: hit for hit in listing.answer.hits}
    passages = library.store.get_passages(list(hits))
    documents = library.store.get_documents({passage.document_id for passage in passages})
    told: set[str] = set()
    results = []
    for passage in passages:
        document = documents[passage.document_id]
        review = reviews.get(document.review_id) if document.review_id else None
        others = 0
        if review and more and review.review_id not in told:
            told.add(review.review_id)
            others = listing.of_review.get(review.review_id, 1) - 1
        results.append(
            _result(
                passage,
                document,
                findings.get(passage.passage_id, ()),
                hits[passage.passage_id],
                review=review,
                codebook=library.codebook,
                shared_with=shared_with,
                others=others,
                more=more,
            )
        )
    return tuple(results)


def _result(
    passage: Passage,
    document: Document,
    findings: Sequence[Finding],
    hit: Hit,
    *,
    review: Review | None,
    codebook: Codebook,
    shared_with: frozenset[str],
    others: int,
    more: Mapping[str, str],
) -> Result:
    themes = dict.fromkeys(finding.code.theme for finding in findings)
    nearest = (hit.nearest_sentence,) if hit.nearest_sentence else ()
    return Result(
        passage=passage_view(
            passage, document, findings, codebook, matched=hit.words, nearest=nearest
        ),
        document_id=document.document_id,
        title=document.title,
        date=_date(document),
        kind=KINDS[document.kind],
        review=review_link(review) if review else None,
        why=why_found(hit),
        shared=tuple(theme_label(codebook, one) for one in themes if one in shared_with),
        copies=counted(len(hit.copies), "near copy", "near copies") if hit.copies else "",
        more=f"{counted(others, 'more passage')} from this review" if others else "",
        more_arguments={**more, "within_review": review.review_id} if others and review else {},
    )


def _date(document: Document) -> str:
    date = date_words(document.published)
    if date == NO_DATE:
        return "Date of publication not known"
    return f"Review published {date}" if document.kind is Kind.DIGEST else f"Published {date}"
