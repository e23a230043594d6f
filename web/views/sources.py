"""What is held and what is not: publishers, decades, freshness, gaps, and what was taken away."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.coverage import PublisherHoldings, holdings_by_publisher
from corpus.fetches import Crawl, last_crawls
from corpus.ledger import Collapse, open_collapses
from corpus.quarantine import count_held_back
from corpus.recurrence import DatedReview
from corpus.withdrawals import Withdrawal, list_withdrawals
from ingest.source import Source, load_sources
from web.holdings import Library
from web.views.parts import day_words, decade_words
from web.views.review_parts import TIERS
from web.whole import whole_recurrence
from web.words import counted

NO_PUBLISHER = "Publisher not stated"
FRESH_DAYS = 60
"""Days after which a source counts as not looked at lately: most publish monthly."""


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
    licence: str
    """What may be shown of its texts."""
    last_crawl: str
    age: str
    """Such as ``12 days ago``; empty where it was never looked through."""
    is_stale: bool
    """Never looked through to the end, or not for longer than :data:`FRESH_DAYS`."""
    collapses: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class DecadeRow:
    """The reviews on the register of one decade of publication."""

    decade: str
    known: int
    with_text: int
    """Of these, how many have text here: a report, or our summary of one."""


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What there is, each number beside what it is part of."""

    reviews: int
    with_text: int
    documents: int
    publishers: int
    sources: int
    fresh: int
    """Sources looked through within :data:`FRESH_DAYS`."""
    quarantined: int
    withdrawn: int
    """Documents, each version counted."""


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

    totals: Totals
    fresh_days: int
    reviews: tuple[DecadeRow, ...]
    """By decade of publication, empty ones in between included; undated ones last."""
    review_gaps: tuple[str, ...]
    """Runs of years without any review, such as ``1975 to 1984``: the longest first."""
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


_LEAST_GAP = 3
"""Years without a review that are worth a line."""

_MOST_GAPS = 5


def build(library: Library, *, now: dt.datetime | None = None) -> SourcesPage:
    """Gather the page; ``now`` is what freshness is reckoned from, with its zone."""
    store = library.store
    held = holdings_by_publisher(store)
    years = sorted({year for one in held for year in one.by_decade if year is not None})
    decades = range(years[0], years[-1] + 1, 10) if years else range(0)
    collapses = open_collapses(store)
    whole = whole_recurrence(library)
    sources = _sources(library, collapses, now or dt.datetime.now(dt.UTC))
    quarantined = count_held_back(store)
    withdrawals = list_withdrawals(store)
    return SourcesPage(
        totals=Totals(
            reviews=len(whole.held) + len(whole.without_text),
            with_text=len(whole.held),
            documents=sum(one.documents for one in held),
            publishers=sum(one.publisher is not None for one in held),
            sources=len(sources),
            fresh=sum(not source.is_stale for source in sources),
            quarantined=sum(quarantined.values()),
            withdrawn=sum(stone.n_documents for stone in withdrawals),
        ),
        fresh_days=FRESH_DAYS,
        reviews=_by_decade(whole.held, whole.without_text),
        review_gaps=_gaps([*whole.held, *whole.without_text]),
        decades=tuple(f"{year}s" for year in decades),
        publishers=tuple(_publisher(one, decades) for one in held),
        documents=sum(one.documents for one in held),
        undated=sum(one.by_decade.get(None, 0) for one in held),
        gaps=tuple(f"{year}s" for year in decades if year not in years),
        sources=sources,
        collapses=tuple(f"{one} Take care with {one.affects}." for one in collapses),
        quarantined=tuple(
            QuarantineRow(publisher=name or NO_PUBLISHER, documents=number)
            for name, number in sorted(quarantined.items())
        ),
        withdrawals=tuple(map(_withdrawal, withdrawals)),
        snapshot=library.snapshot,
    )


def _by_decade(
    held: Sequence[DatedReview], without: Sequence[DatedReview]
) -> tuple[DecadeRow, ...]:
    with_text = Counter(_decade(item) for item in held)
    known = with_text + Counter(_decade(item) for item in without)
    dated = sorted(decade for decade in known if decade is not None)
    wanted: list[int | None] = list(range(dated[0], dated[-1] + 10, 10)) if dated else []
    if None in known:
        wanted.append(None)
    return tuple(
        DecadeRow(decade=decade_words(each), known=known[each], with_text=with_text[each])
        for each in wanted
    )


def _decade(item: DatedReview) -> int | None:
    return item.date.year // 10 * 10 if item.date else None


def _gaps(reviews: Sequence[DatedReview]) -> tuple[str, ...]:
    years = sorted({item.date.year for item in reviews if item.date})
    runs = [
        (before + 1, after - 1) for before, after in pairwise(years) if after - before > _LEAST_GAP
    ]
    runs.sort(key=lambda run: (run[0] - run[1], run[0]))
    return tuple(f"{first} to {last}" for first, last in runs[:_MOST_GAPS])


def _sources(
    library: Library, collapses: Sequence[Collapse], now: dt.datetime
) -> tuple[SourceRow, ...]:
    crawls = last_crawls(library.store)
    return tuple(
        _source(
            source,
            crawls.get(source_id),
            tuple(str(one) for one in collapses if one.source_id == source_id),
            now,
        )
        for source_id, source in load_sources(library.settings.data_dir).items()
    )


def _publisher(held: PublisherHoldings, decades: range) -> PublisherRow:
    return PublisherRow(
        name=held.publisher or NO_PUBLISHER,
        documents=held.documents,
        counts=tuple(held.by_decade.get(year, 0) for year in decades),
        undated=held.by_decade.get(None, 0),
        last_seen=day_words(held.last_captured_at),
    )


def _source(
    source: Source, crawl: Crawl | None, collapses: tuple[str, ...], now: dt.datetime
) -> SourceRow:
    if crawl is None:
        when = "not looked at yet"
    elif crawl.finished_at is None:
        when = f"begun on {day_words(crawl.started_at)}, not finished"
    else:
        when = day_words(crawl.finished_at)
    outage = (crawl.report or {}).get("outage") if crawl else None
    finished = crawl.finished_at if crawl else None
    days = max(0, (now - finished).days) if finished else None
    return SourceRow(
        name=source.name,
        licence=TIERS[source.licence_tier],
        last_crawl=when,
        age="" if days is None else "today" if not days else f"{counted(days, 'day')} ago",
        is_stale=days is None or days > FRESH_DAYS,
        collapses=(*collapses, *([OUTAGE] if outage else [])),
    )


def _withdrawal(stone: Withdrawal) -> WithdrawalRow:
    return WithdrawalRow(
        date=day_words(stone.withdrawn_at),
        publisher=", ".join(stone.publishers) or NO_PUBLISHER,
        what=counted(stone.n_documents, "document"),
        reason=stone.reason,
    )
