"""The closing report of a crawl, made from the store alone, so that it survives a crash."""

from collections import defaultdict
from dataclasses import asdict
from typing import Any

from corpus.fetches import Crawl, Visit, get_passed_over, iter_fetches, iter_visits
from corpus.store import Store
from ingest.report import OUTCOMES, CrawlReport, Seen


def build_report(
    store: Store, crawl: Crawl, *, dropped_dates: int, outage: str | None = None
) -> CrawlReport:
    """Sum up what became of every address of a crawl."""
    visits = list(iter_visits(store, crawl.crawl_id))
    fetches = list(iter_fetches(store, crawl_id=crawl.crawl_id))
    lists = [visit for visit in visits if visit.role == "list"]
    documents = [visit for visit in visits if visit.role != "list"]
    by_outcome: dict[str, list[Seen]] = defaultdict(list)
    for visit in visits:
        if visit.outcome in OUTCOMES:
            by_outcome[visit.outcome].append(_seen(visit))
    return CrawlReport(
        source_id=crawl.source_id,
        crawl_id=crawl.crawl_id,
        by_outcome={outcome: tuple(by_outcome[outcome]) for outcome in OUTCOMES},
        requests=sum(fetch.status is not None for fetch in fetches),
        fetched=sum(fetch.outcome == "fetched" for fetch in fetches),
        not_modified=sum(fetch.outcome == "unchanged" for fetch in fetches),
        list_pages=sum(visit.outcome == "read" for visit in lists),
        waiting=sum(visit.outcome is None for visit in documents),
        passed_over=get_passed_over(store, crawl.crawl_id),
        refused_dates=tuple(
            date for visit in lists for date in (visit.sighting or {}).get("refused_dates", ())
        ),
        dropped_dates=dropped_dates,
        outage=outage,
    )


def kept_report(report: CrawlReport) -> dict[str, Any]:
    """Write what the store keeps of a report: numbers, and no name that may be withdrawn later."""
    named = {"by_outcome", "passed_over", "would_fetch"}
    return {name: value for name, value in report_row(report).items() if name not in named}


def report_row(report: CrawlReport) -> dict[str, Any]:
    """Write a report as JSON."""
    row = asdict(report)
    row["counts"] = {outcome: len(report.of(outcome)) for outcome in OUTCOMES} | {
        "fetched": report.fetched,
        "not_modified": report.not_modified,
        "passed_over": len(report.passed_over),
    }
    row["passed"] = report.passed
    return row


def _seen(visit: Visit) -> Seen:
    return Seen(
        address=visit.address,
        title=(visit.sighting or {}).get("title"),
        reason=visit.reason,
        document_ids=visit.document_ids,
    )
