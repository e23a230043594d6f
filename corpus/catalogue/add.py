"""The shipped catalogue into a store, as often as one likes."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.catalogue.load import CODER, CatalogueEntry, HandCode, load_catalogue
from corpus.model import Document, Judgement, Kind, Passage, Review
from corpus.store import Store, put_document, put_judgements, put_review, refresh_document
from corpus.tombstones import is_withheld


@dataclass(frozen=True, kw_only=True)
class CatalogueReport:
    """How many reviews were added, brought up to date, or found as they should be."""

    new: int
    changed: int
    unchanged: int


@dataclass(frozen=True)
class _Held:
    """What the store holds of the catalogue, read once."""

    reviews: dict[str, Review]
    digests: dict[str, Document]
    passages: dict[str, Passage]
    newest: dict[str, Judgement]
    """The newest judgement of each passage, whoever made it."""

    def lacks_record(self, entry: CatalogueEntry) -> bool:
        return (
            self.reviews.get(entry.review.review_id) != entry.review
            or self.digests.get(entry.document.identity) != entry.document
            or any(self.passages.get(passage.passage_id) != passage for passage in entry.passages)
        )

    def lacks_codes(self, hand_code: HandCode) -> bool:
        """Whether the catalogue has something to say that nobody has said since.

        A person who judged the passage after the catalogue keeps the last word.
        """
        newest = self.newest.get(hand_code.passage_id)
        if newest is None:
            return True
        return newest.coder == CODER and (
            set(newest.codes) != set(hand_code.codes)
            or set(newest.reforms) != set(hand_code.reforms)
        )


def add_catalogue(
    store: Store,
    *,
    codebook_version: str,
    entries: Sequence[CatalogueEntry] | None = None,
) -> CatalogueReport:
    """Add the catalogue's reviews, digests and hand codes, or bring them up to date.

    Whole or not at all, in one transaction. A second run finds everything as it should
    be and writes nothing. A changed text becomes a new version of its digest, judged
    anew; a changed record or address is corrected in place; changed codes follow the
    older ones. A review that left the catalogue stays in the store, and one that was
    withdrawn here stays out.

    Args:
        store: where to.
        codebook_version: what the judgements say they were made under.
        entries: stands in for the shipped catalogue in tests.
    """
    entries = _not_withdrawn(store, load_catalogue() if entries is None else entries)
    held = _read_held(store, entries)
    stale = [entry for entry in entries if held.lacks_record(entry)]
    uncoded = {
        entry.review.review_id: codes
        for entry in entries
        if (codes := [code for code in entry.hand_codes if held.lacks_codes(code)])
    }
    touched = {entry.review.review_id for entry in stale} | set(uncoded)
    if touched:
        _write(
            store, stale, [code for codes in uncoded.values() for code in codes], codebook_version
        )
    new = sum(entry.review.review_id not in held.reviews for entry in entries)
    return CatalogueReport(
        new=new, changed=len(touched) - new, unchanged=len(entries) - len(touched)
    )


def _not_withdrawn(store: Store, entries: Sequence[CatalogueEntry]) -> list[CatalogueEntry]:
    with store.reading() as connection:
        return [entry for entry in entries if not is_withheld(connection, entry.document)]


def _write(
    store: Store,
    stale: Sequence[CatalogueEntry],
    hand_codes: Sequence[HandCode],
    codebook_version: str,
) -> None:
    with store.writing() as connection:
        for entry in stale:
            put_review(connection, entry.review)
            added = put_document(connection, entry.document, entry.passages)
            if added != "new":
                refresh_document(connection, entry.document, entry.passages)
        put_judgements(
            connection,
            [code.judgement(codebook_version=codebook_version) for code in hand_codes],
        )


def _read_held(store: Store, entries: Sequence[CatalogueEntry]) -> _Held:
    wanted = [passage.passage_id for entry in entries for passage in entry.passages]
    return _Held(
        reviews={review.review_id: review for review in store.iter_reviews()},
        digests={
            document.identity: document for document in store.iter_documents(kind=Kind.DIGEST)
        },
        passages={passage.passage_id: passage for passage in store.get_passages(wanted)},
        newest={judgement.passage_id: judgement for judgement in store.iter_judgements()},
    )
