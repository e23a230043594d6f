"""A page a document: its record, what was done to its title, and its passages in order."""

from dataclasses import dataclass

from corpus.findings import findings_of
from corpus.licence import SHOWN_WORDS, WITHHELD, is_withheld
from corpus.model import Document, Kind, LicenceTier
from web.holdings import Library
from web.views.parts import (
    PassageView,
    ReviewLink,
    SourceLink,
    date_words,
    day_words,
    passage_view,
    review_link,
    source_link,
)
from web.words import KINDS, MARKS, counted

TITLE_CLEANED = "title-cleaned"


@dataclass(frozen=True, kw_only=True)
class DocumentPage:
    """What ``document.html`` shows."""

    document_id: str
    title: str
    kind: str
    is_digest: bool
    is_news: bool
    publisher: str | None
    author: str | None
    published: str
    published_from: str | None
    held_since: str
    source: SourceLink | None
    title_note: str | None
    """That a rule cleaned the title, and which. The title as served is never shown here:
    what was taken out may be an attacker's advertisement."""
    marks: tuple[str, ...]
    licence: str
    review: ReviewLink | None
    passages: tuple[PassageView, ...]
    skipped: tuple[str, ...]
    """What was not taken as a passage, such as ``3 captions``."""


def build(library: Library, document_id: str) -> DocumentPage:
    """Gather one document's page.

    Raises:
        DocumentNotFoundError: no document has this id.
    """
    store = library.store
    document = store.get_document(document_id)
    passages = list(store.iter_passages(document_id=document_id))
    findings = findings_of(store, [passage.passage_id for passage in passages])
    return DocumentPage(
        document_id=document.document_id,
        title=document.title,
        kind=KINDS[document.kind],
        is_digest=document.kind is Kind.DIGEST,
        is_news=document.kind is Kind.NEWS,
        publisher=document.publisher,
        author=document.author,
        published=date_words(document.published),
        published_from=document.published_from,
        held_since=day_words(document.captured_at),
        source=source_link(document.url),
        title_note=_title_note(document),
        # The title's note says more than the mark does.
        marks=tuple(MARKS.get(mark, mark) for mark in document.marks if mark != TITLE_CLEANED),
        licence=_licence(document),
        review=review_link(store.get_review(document.review_id)) if document.review_id else None,
        passages=tuple(
            passage_view(passage, document, findings.get(passage.passage_id, ()), library.codebook)
            for passage in passages
        ),
        skipped=tuple(
            f"{kind.replace('-', ' ')}: {counted(number, 'block')}"
            for kind, number in sorted(document.skipped.items())
        ),
    )


def _title_note(document: Document) -> str | None:
    if document.title_rule is None:
        return None
    return (
        f"Title cleaned by rule {document.title_rule}: words that the publisher did not "
        "write were taken out. The title as served is kept in the record."
    )


def _licence(document: Document) -> str:
    if document.kind is Kind.DIGEST:
        return "Throughline’s own words, shown in full."
    if is_withheld(document.marks):
        return f"Withheld: {WITHHELD}."
    limit = SHOWN_WORDS[document.licence_tier]
    if document.licence_tier is LicenceTier.OPEN:
        return "Open licence: shown in full."
    if not limit:
        return "Its licence does not let us show any text: only the record is here."
    return (
        f"The text belongs to its publisher. At most {limit} words of a passage are shown; "
        "read the whole at the source."
    )
