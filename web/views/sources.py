"""What is held and what is not: publishers, decades, freshness, gaps, and what was taken away."""

from dataclasses import dataclass

from corpus.coverage import PublisherHoldings, holdings_by_publisher
from corpus.fetches import Crawl, last_crawls
from corpus.ledger import open_collapses
from corpus.quarantine import count_held_back
from corpus.withdrawals import Withdrawal, list_withdrawals
from ingest.source import Source, load_sources
from web.holdings import Library
from web.views.parts import day_words
from web.words import counted

NO_PUBLISHER = "Publisher not stated"


@dataclass(frozen=True, kw_only=True)
class PublisherRow:
    """One publisher's documents, in the order of the page's decades."""

    name: str
    documents: int
    counts: tuple[int, ...]
    undated: int
    last_seen: str


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """One configured publisher: when it was last looked at."""

    name: str
    last_crawl: str
    collapses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class WithdrawalRow:
    """One tombstone, for readers."""

    date: str
    publisher: str
    what: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class QuarantineRow:
    """How many documents of one publisher are held back."""

    publisher: str
    documents: int


@dataclass(frozen=True, kw_only=True)
class SourcesPage:
    """What ``sources.html`` shows."""

    decades: tuple[str, ...]
    publishers: tuple[PublisherRow, ...]
    documents: int
    undated: int
    gaps: tuple[str, ...]
    """Decades between the first and the last held of which nothing is held."""
    sources: tuple[SourceRow, ...]
    collapses: tuple[str, ...]
    quarantined: tuple[QuarantineRow, ...]
    withdrawals: tuple[WithdrawalRow, ...]
    snapshot: str


OUTAGE = "Many of its documents could not be found then. What is held of them is kept meanwhile."


def build(library: Library) -> SourcesPage:
    """Gather the page."""
    store = library.store
    held = holdings_by_publisher(store)
    years = sorted({year for one in held for year in one.by_decade if year is not None})
    decades = range(years[0], years[-1] + 1, 10) if years else range(0)
    collapses = open_collapses(store)
    crawls = last_crawls(store)
    return SourcesPage(
        decades=tuple(f"{year}s" for year in decades),
        publishers=tuple(_publisher(one, decades) for one in held),
        documents=sum(one.documents for one in held),
        undated=sum(one.by_decade.get(None, 0) for one in held),
        gaps=tuple(f"{year}s" for year in decades if year not in years),
        sources=tuple(
            _source(
                source,
                crawls.get(source_id),
                tuple(str(one) for one in collapses if one.source_id == source_id),
            )
            for source_id, source in load_sources(library.settings.data_dir).items()
        ),
        collapses=tuple(f"{one} Take care with {one.affects}." for one in collapses),
        quarantined=tuple(
            QuarantineRow(publisher=name or NO_PUBLISHER, documents=number)
            for name, number in sorted(count_held_back(store).items())
        ),
        withdrawals=tuple(map(_withdrawal, list_withdrawals(store))),
        snapshot=library.snapshot,
    )


def _publisher(held: PublisherHoldings, decades: range) -> PublisherRow:
    return PublisherRow(
        name=held.publisher or NO_PUBLISHER,
        documents=held.documents,
        counts=tuple(held.by_decade.get(year, 0) for year in decades),
        undated=held.by_decade.get(None, 0),
        last_seen=day_words(held.last_captured_at),
    )


def _source(source: Source, crawl: Crawl | None, collapses: tuple[str, ...]) -> SourceRow:
    if crawl is None:
        when = "not looked at yet"
    elif crawl.finished_at is None:
        when = f"begun on {day_words(crawl.started_at)}, not finished"
    else:
        when = day_words(crawl.finished_at)
    outage = (crawl.report or {}).get("outage") if crawl else None
    return SourceRow(
        name=source.name,
        last_crawl=when,
        collapses=(*collapses, *([OUTAGE] if outage else [])),
    )


def _withdrawal(stone: Withdrawal) -> WithdrawalRow:
    return WithdrawalRow(
        date=day_words(stone.withdrawn_at),
        publisher=", ".join(stone.publishers) or NO_PUBLISHER,
        what=counted(stone.n_documents, "document"),
        reason=stone.reason,
    )
