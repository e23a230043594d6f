"""The report's reviews and passages, as far as they may be shown, without withheld names."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from corpus.count_rows import HeldReview, held_reviews
from corpus.known_names import WithheldNames
from corpus.licence import shown_words
from corpus.model import Document, Passage, Review
from corpus.store import Store
from web.report.model import PassageFacts, ReviewFacts
from web.shapes import whose_words
from web.words import review_type_words

_AT_A_TIME = 5000


def review_facts(store: Store, register: Iterable[Review], *, site: str) -> dict[str, ReviewFacts]:
    """Put every dated review on the register in a line, by id."""
    held = {str(one.review_id): one for one in held_reviews(store, axis="publication")[0]}
    return {
        str(review.review_id): _facts(review, held.get(str(review.review_id)), site)
        for review in register
        if review.published
    }


def passage_facts(
    store: Store, passage_ids: Collection[str], withheld: WithheldNames, *, site: str
) -> dict[str, PassageFacts]:
    """Read passages as far as they may be shown, by id."""
    wanted = sorted(passage_ids)
    found = {}
    for first in range(0, len(wanted), _AT_A_TIME):
        for passage, document in _read(store, wanted[first : first + _AT_A_TIME]):
            found[str(passage.passage_id)] = _passage(passage, document, withheld, site)
    return found


def _read(store: Store, passage_ids: list[str]) -> Iterator[tuple[Passage, Document]]:
    passages = store.get_passages(passage_ids)
    documents: Mapping[str, Document] = store.get_documents({one.document_id for one in passages})
    for passage in passages:
        yield passage, documents[passage.document_id]


def _passage(
    passage: Passage, document: Document, withheld: WithheldNames, site: str
) -> PassageFacts:
    text, cut = shown_words(passage, document.licence_tier, document.marks)
    review_id = str(document.review_id or "")
    if withheld.names(text, review_id):
        text, cut = "", True
    return PassageFacts(
        passage_id=passage.passage_id,
        review_id=review_id,
        paragraph=passage.paragraph,
        page=passage.page,
        text=text,
        cut=cut,
        whose_words=whose_words(document),
        licence_tier=document.licence_tier,
        link=f"{site}/passages/{passage.passage_id}",
    )


def _facts(review: Review, held: HeldReview | None, site: str) -> ReviewFacts:
    date = review.published
    assert date is not None  # noqa: S101 - the caller leaves undated reviews out
    return ReviewFacts(
        review_id=review.review_id,
        title=review.title,
        published=date.words,
        year=date.year,
        nation=review.nation,
        review_type=review_type_words(review.review_type),
        publisher=review.publisher,
        held_as="no usable text" if held is None else "digest" if held.digest_only else "full text",
        n_children=held.n_children if held else None,
        machine_read=held is not None and held.n_unread == 0,
        checked=held is not None and held.checked,
        link=f"{site}/reviews/{review.review_id}",
    )
