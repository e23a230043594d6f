"""What an alert says of each document: what it is, why it matched and what is new about it.

Titles, tags and links only: a mail cannot be called back, so no passage's text goes out.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus.filters import PassageFilter
from corpus.findings import findings_of
from corpus.first_matches import Change, FirstMatch
from corpus.model import Document, Finding, Review
from web.alerts.search import FollowedSearch
from web.exports.passages import in_batches, meets
from web.holdings import Library
from web.words import DIGEST_LABEL, KINDS, STANCES, counted

CHANGES: dict[Change, str] = {
    "document": "New here",
    "text": "New text of a document held before",
    "codes": "Changed tagging of a document held before",
}
_MOST_REASONS = 4
_PASSAGES_READ = 100
"""Passages of one document whose tags are named; the count is of all."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One document in an alert."""

    first_document_id: str
    """Names it for good, whatever is tagged or taken in again."""
    title: str
    what: str
    """Kind and date, such as ``Review, published 4 May 2013``."""
    change: Change
    change_words: str
    why: str
    """Which words or tags it was found by, in a sentence."""
    endpoint: str
    """The page it is on."""
    values: dict[str, str]
    """The variables of that page's address."""
    passage_id: str
    """The first passage found: an anchor on that page."""
    seen_at: dt.datetime


def entries(library: Library, search: FollowedSearch, matches: Sequence[FirstMatch]) -> list[Entry]:
    """Describe matches, in their order."""
    documents = library.store.get_documents({match.document_id for match in matches})
    reviews = {str(review.review_id): review for review in library.store.iter_reviews()}
    findings: dict[str, list[Finding]] = {}
    if search.wanted.asks_for_findings:
        ids = [one for match in matches for one in match.passage_ids[:_PASSAGES_READ]]
        for batch in in_batches(ids):
            findings.update(
                findings_of(library.store, batch, include_possible=search.form.possible).items()
            )
    return [
        _entry(
            match,
            documents[match.document_id],
            reviews.get(documents[match.document_id].review_id or ""),
            _why(match, search, findings, library),
        )
        for match in matches
        if match.document_id in documents
    ]


def _entry(match: FirstMatch, document: Document, review: Review | None, why: str) -> Entry:
    published = document.published.words if document.published else "date not known"
    kind = DIGEST_LABEL if document.kind.value == "digest" else KINDS[document.kind]
    return Entry(
        first_document_id=match.first_document_id,
        title=review.title if review else document.title,
        what=f"{kind}, published: {published}",
        change=match.change,
        change_words=CHANGES[match.change],
        why=why,
        endpoint="portal.review_page" if review else "portal.document_page",
        values={"review_id": review.review_id} if review else {"document_id": document.document_id},
        passage_id=match.passage_ids[0],
        seen_at=match.seen_at,
    )


def _why(
    match: FirstMatch,
    search: FollowedSearch,
    findings: Mapping[str, Sequence[Finding]],
    library: Library,
) -> str:
    parts = ["has your words"] if search.form.q else []
    if search.wanted.asks_for_findings:
        tags = _tags(match, findings, search.wanted, library)
        parts.append(f"tagged {'; '.join(tags)}")
    if not parts:
        parts.append("fits your filters" if search.form.has_filters else "is held now")
    return f"{counted(len(match.passage_ids), 'passage')}: {' and '.join(parts)}"


def _tags(
    match: FirstMatch,
    findings: Mapping[str, Sequence[Finding]],
    wanted: PassageFilter,
    library: Library,
) -> list[str]:
    found = [
        finding
        for passage_id in match.passage_ids
        for finding in findings.get(passage_id, ())
        if meets(finding, wanted)
    ]
    named = list(dict.fromkeys(_tag(finding, library) for finding in found))
    rest = len(named) - _MOST_REASONS
    return named[:_MOST_REASONS] + ([f"and {rest} more"] if rest > 0 else [])


def _tag(finding: Finding, library: Library) -> str:
    by = "by hand" if finding.coder else "by machine"
    theme = finding.code.theme
    # A theme that the codebook no longer has stays in the store until the next analysis.
    label = library.codebook.entry(theme).label if theme in library.rollup else theme
    return f"{label} ({STANCES[finding.code.stance].label.lower()}, {by})"
