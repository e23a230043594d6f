"""Which review a document is of: by its address, its text, its name, or a story that says so."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from corpus.admission import Placement
from corpus.groups import Member, found_reviews, show, was_decided_by_hand
from corpus.ids import ReviewId
from corpus.model import Document, Kind, Review
from corpus.signatures import Signature, find_candidates
from corpus.store import Store
from ingest.addresses import canonical_address
from ingest.naming import (
    Naming,
    naming_of,
    naming_of_review,
    near_in_time,
    possible_names,
    same_name,
    shows_names,
    would_join_a_name,
)
from ingest.shingles import Likeness, compare, shingle, sign

# Permanent ids: decisions record them.
BY_ADDRESS = "GRP-001"
"""The review's record names this very address."""
BY_TEXT = "GRP-002"
"""Nearly the same words as a document of the review."""
BY_NAME = "GRP-003"
"""The same subject, place and time."""
BY_STORY = "GRP-004"
"""A news story that names the review as its publisher names it."""
FIRST = "GRP-005"
"""The first document of a review that is not known yet."""

NEAR_JACCARD = 0.8
NEAR_CONTAINMENT = 0.8
"""Of a summary's shingles, how many its report must have."""
MIN_SHINGLES = 40
"""Shorter texts are too alike to say anything."""
_CANDIDATES = 20
_GROUPED = frozenset({Kind.REVIEW, Kind.BRIEFING})
_STORY_NAMINGS = 2


@dataclass(frozen=True, kw_only=True)
class NearCopy:
    """A held document that says nearly the same."""

    document: Document
    likeness: Likeness


@dataclass(frozen=True, kw_only=True)
class Compared:
    """A document's signature, and its near copies: the most alike first, then by id."""

    signature: Signature
    copies: tuple[NearCopy, ...]


def find_near_copies(store: Store, document: Document) -> Compared:
    """Find held documents with nearly the same words, other than its own versions."""
    mine = shingle(document.text)
    signature = sign(mine)
    held = store.get_documents(find_candidates(store, signature)[:_CANDIDATES])
    copies = [
        NearCopy(document=other, likeness=compare(mine, shingle(other.text)))
        for other in held.values()
        if other.identity != document.identity
    ]
    near = [copy for copy in copies if _is_near(copy.likeness)]
    near.sort(key=lambda copy: (-copy.likeness.jaccard, copy.document.document_id))
    return Compared(signature=signature, copies=tuple(near))


def place(
    store: Store, document: Document, *, pseudonym: str | None, copies: Sequence[NearCopy]
) -> Placement:
    """Decide which review a document that is not held yet belongs to.

    News, briefings and the like join a review or belong to none; a review's own text
    starts one where it joins none. Nothing is decided that would put a pseudonym and a
    name, or two pseudonyms, under one review.
    """
    if document.kind in _GROUPED:
        return _place_report(store, document, pseudonym, copies)
    if document.kind is Kind.NEWS:
        return _place_story(store, document)
    return Placement()


def _place_report(
    store: Store, document: Document, pseudonym: str | None, copies: Sequence[NearCopy]
) -> Placement:
    naming = naming_of(document, pseudonym)
    reviews = {review.review_id: review for review in store.iter_reviews()}
    by_address = _same_address(document, reviews.values())
    by_text = {
        review_id: copy
        for copy in reversed(copies)  # the most alike of each review is kept
        if (review_id := copy.document.review_id) is not None and copy.document.kind in _GROUPED
    }
    by_name = [
        review_id
        for review_id, review in reviews.items()
        if same_name(naming, naming_of_review(review))
    ]
    alike = dict.fromkeys([*reversed(by_text), *by_name])
    namings = {one: _namings(store, reviews[one]) for one in (*by_address, *alike)}
    matches = [*by_address, *(one for one in alike if _may_meet([naming], namings[one]))]
    if not matches:
        return _start(document)
    found = found_reviews(store)
    # A catalogue's review before one that was found: it is the better record.
    chosen = min(dict.fromkeys(matches), key=lambda one: (one in found, matches.index(one)))
    same = [
        one
        for one in sorted(set(matches) - {chosen})
        if one in found and _may_meet(namings[one], namings[chosen])
    ]
    return _joined(
        chosen,
        document,
        copy=by_text.get(chosen),
        by_address=chosen in by_address,
        # Hands off what a person ever decided about.
        absorbs=() if was_decided_by_hand(store, [*same, chosen]) else tuple(same),
    )


def _namings(store: Store, review: Review) -> list[Naming]:
    """How a review is called: by its record, and by each of its documents."""
    members = show(store, review.review_id, whole=True).members
    return [naming_of_review(review)] + [
        naming_of(member.document, _pseudonym(member)) for member in members
    ]


def _pseudonym(member: Member) -> str | None:
    given = (decision.evidence.get("pseudonym") for decision in member.decisions)
    return next((str(one) for one in given if one), None)


def _may_meet(some: Sequence[Naming], others: Sequence[Naming]) -> bool:
    return not any(would_join_a_name(one, other) for one in some for other in others)


def _start(document: Document) -> Placement:
    if document.kind is not Kind.REVIEW:
        return Placement()
    return Placement(
        starts=True, rule=FIRST, reason="It is the first document held of this review."
    )


def _joined(
    review_id: ReviewId,
    document: Document,
    *,
    copy: NearCopy | None,
    by_address: bool,
    absorbs: tuple[str, ...],
) -> Placement:
    if by_address:
        return Placement(
            review_id=review_id,
            absorbs=absorbs,
            rule=BY_ADDRESS,
            reason="The review’s record names this address as that of its report.",
        )
    if copy is not None:
        share = max(copy.likeness.jaccard, copy.likeness.containment)
        return Placement(
            review_id=review_id,
            absorbs=absorbs,
            rule=BY_TEXT,
            reason=f"{share:.0%} of its runs of five words are also in document "
            f"{copy.document.document_id}.",
            evidence=(
                ("document", copy.document.document_id),
                ("jaccard", round(copy.likeness.jaccard, 4)),
                ("containment", round(copy.likeness.containment, 4)),
            ),
        )
    return Placement(
        review_id=review_id,
        absorbs=absorbs,
        rule=BY_NAME,
        reason="It is about the same subject, by the same partnership or of the same place, and "
        f"published within a year ({document.published}).",
    )


def _same_address(document: Document, reviews: Collection[Review]) -> list[ReviewId]:
    own = canonical_address(document.url)
    return [
        review.review_id
        for review in reviews
        if own is not None and canonical_address(review.report_url) == own
    ]


def _place_story(store: Store, document: Document) -> Placement:
    for review in store.iter_reviews():
        naming = naming_of_review(review)
        if not near_in_time(document.published, review.published):
            continue
        if _tells_of(document, review, naming):
            return Placement(
                review_id=review.review_id,
                rule=BY_STORY,
                reason="The story names the review as its publisher does, within a year of it.",
            )
    return Placement()


def _tells_of(document: Document, review: Review, naming: Naming) -> bool:
    page = f"{document.title}\n{document.text}"
    if " review" not in page.lower() and " inquiry" not in page.lower():
        return False
    if review.case_names and shows_names(review):
        return any(
            name in document.title or document.text.count(name) >= _STORY_NAMINGS
            for name in review.case_names
        )
    places = {word for place in naming.places for word in place}
    known = any(alias in page for alias in review.aliases if len(alias) > 1)
    told_where = bool(places) and all(word in page.lower() for word in places)
    # A named story is never joined to a pseudonym: somebody named in it may be the child.
    return known and told_where and not possible_names(page, naming.places)


def _is_near(likeness: Likeness) -> bool:
    return likeness.n_shorter >= MIN_SHINGLES and (
        likeness.jaccard >= NEAR_JACCARD or likeness.containment >= NEAR_CONTAINMENT
    )
