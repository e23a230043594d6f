"""What a crawl found of each field, handed to the coverage ledger."""

from collections.abc import Iterator, Mapping

from corpus.errors import NotFoundError
from corpus.fetches import iter_visits
from corpus.model import Document
from corpus.store import Store
from ingest.source import Source

_SEEN = ("new", "updated", "unchanged")


def weigh_crawl(store: Store, source: Source, crawl_id: int) -> tuple[str, ...]:
    """Weigh a crawl against what its source gave before and must give.

    Returns:
        The fields that collapsed, each as a sentence; none where the gate holds.
    """
    try:
        from ingest.ledger import weigh  # noqa: PLC0415
    except ModuleNotFoundError:
        return ()
    rows = list(_rows(store, crawl_id))
    return tuple(str(collapse) for collapse in weigh(store, source, str(crawl_id), rows))


def _rows(store: Store, crawl_id: int) -> Iterator[Mapping[str, bool]]:
    """Say of each document seen which fields it has."""
    for visit in iter_visits(store, crawl_id):
        if visit.outcome not in _SEEN:
            continue
        for document_id in visit.document_ids:
            try:
                document = store.get_document(document_id)
            except NotFoundError:  # withdrawn since
                continue
            yield _row(store, document, (visit.sighting or {}).get("pseudonym"))


def _row(store: Store, document: Document, pseudonym: str | None) -> Mapping[str, bool]:
    passages = list(store.iter_passages(document_id=document.document_id))
    return {
        "title": bool(document.raw_title or document.title),
        "published": document.published is not None,
        "incident": document.incident is not None,
        "publisher": document.publisher is not None,
        "partnership": document.partnership is not None,
        "nation": document.nation is not None,
        "review_type": document.review_type is not None,
        "pseudonym": pseudonym is not None,
        "author": document.author is not None,
        "kind": True,
        "page_count": document.page_count is not None,
        "passages": bool(passages),
        "paragraph_numbers": any(passage.paragraph for passage in passages),
    }
