"""What a crawl found of each field, handed to the coverage ledger."""

from collections.abc import Iterator, Mapping

from corpus.errors import NotFoundError
from corpus.fetches import iter_visits
from corpus.model import Document
from corpus.store import Store
from ingest.ledger import weigh
from ingest.source import Source

_SEEN = ("new", "updated", "unchanged")


def weigh_crawl(store: Store, source: Source, crawl_id: int) -> tuple[str, ...]:
    """Weigh a crawl against what its source gave before and must give.

    Returns:
        The fields that collapsed, each as a sentence; none where the gate holds.
    """
    rows = list(_rows(store, crawl_id))
    return tuple(str(collapse) for collapse in weigh(store, source, str(crawl_id), rows))


def _rows(store: Store, crawl_id: int) -> Iterator[Mapping[str, object]]:
    """Give the fields of each document seen; what it lacks is empty."""
    for visit in iter_visits(store, crawl_id):
        if visit.outcome not in _SEEN:
            continue
        for document_id in visit.document_ids:
            try:
                document = store.get_document(document_id)
            except NotFoundError:  # withdrawn since
                continue
            yield _row(store, document, (visit.sighting or {}).get("pseudonym"))


def _row(store: Store, document: Document, pseudonym: str | None) -> Mapping[str, object]:
    passages = list(store.iter_passages(document_id=document.document_id))
    return {
        "title": document.raw_title or document.title,
        "published": str(document.published or ""),
        "incident": str(document.incident or ""),
        "publisher": document.publisher,
        "partnership": document.partnership,
        "nation": document.nation,
        "review_type": document.review_type,
        "pseudonym": pseudonym,
        "author": document.author,
        "kind": document.kind.value,
        "page_count": str(document.page_count or ""),
        "passages": bool(passages),
        "paragraph_numbers": any(passage.paragraph for passage in passages),
    }
