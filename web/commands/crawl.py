"""``throughline crawl``: fetch what configured publishers have put out."""

import datetime as dt
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import click

from corpus.errors import SourceError, SourceNotFoundError
from corpus.settings import Settings
from corpus.store import Store, open_store
from ingest.crawl.report import report_row
from ingest.crawl.run import CrawlOptions, crawl_source, dry_run, user_agent
from ingest.report import OUTCOMES, CrawlReport, IngestReport, Seen
from ingest.source import FOLDER, Source, load_sources
from ingest.spiders.folder import list_files
from ingest.take_in import ingest_paths
from web.commands.ingest import as_text, ingest_shape
from web.commands.options import (
    data_dir_option,
    json_option,
    print_json,
    progress_bar,
    say,
    settings_for,
)
from web.shapes import Json
from web.withdrawing import finish

_NAMED = tuple(outcome for outcome in OUTCOMES if outcome != "unchanged")


@click.command("crawl")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--all", "everything", is_flag=True, help="Crawl every configured publisher.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Leave alone what was published before this day.",
)
@click.option("--limit", type=click.IntRange(min=1), help="Fetch at most so many documents each.")
@click.option("--dry-run", is_flag=True, help="Read list pages only, name documents, keep nothing.")
@click.option(
    "--accept-gone",
    is_flag=True,
    help="Withdraw what is not found any more, even where that is much of a site.",
)
@data_dir_option
@json_option
def command(
    *,
    sources: tuple[str, ...],
    everything: bool,
    since: dt.datetime | None,
    limit: int | None,
    dry_run: bool,
    accept_gone: bool,
    data_dir: Path | None,
    as_json: bool,
) -> None:
    """Fetch what configured publishers have put out.

    Gently and conditionally, and only from the hosts in the source's file; a crawl that
    was interrupted is gone on with. The exit status is 3 where a field of a source has
    collapsed or much of it is not found any more, and 1 where a source could not be crawled.
    """
    if everything == bool(sources):
        raise click.UsageError(
            "Name publishers, or give --all. List them with: throughline sources"
        )
    settings = settings_for(data_dir)
    run = _Run(
        settings=settings,
        store=open_store(settings.data_dir),
        options=CrawlOptions(
            since=since.date() if since else None,
            limit=limit,
            accept_gone=accept_gone,
            max_bytes=settings.max_file_mb * 1_000_000,
        ),
        dry=dry_run,
    )
    done = list(run.crawl(_chosen(sources, settings)))
    if as_json:
        print_json([_shape(report) for report in done])
    else:
        click.echo("\n\n".join(_text(report) for report in done))
    stopped = any(isinstance(one, CrawlReport) and not one.passed for one in done)
    if run.broken or any(_is_empty_handed(one) for one in done):
        sys.exit(1)
    sys.exit(3 if stopped else 0)


def _chosen(names: tuple[str, ...], settings: Settings) -> list[Source]:
    configured = load_sources(settings.data_dir)
    for name in names:
        if name not in configured:
            raise SourceNotFoundError(name)
    if names:
        return [configured[name] for name in dict.fromkeys(names)]
    return list(configured.values())


@dataclass
class _Run:
    """One call of the command over several sources."""

    settings: Settings
    store: Store
    options: CrawlOptions
    dry: bool
    broken: bool = False

    def crawl(self, sources: list[Source]) -> Iterator[CrawlReport | IngestReport]:
        """Crawl one after the other; one that breaks down leaves the others to be crawled."""
        for source in sources:
            try:
                if source.spider == FOLDER:
                    yield self._walk(source)
                else:
                    yield self._fetch(source)
            except SourceError as error:
                say(f"throughline: {error}")
                self.broken = True

    def _fetch(self, source: Source) -> CrawlReport:
        agent = user_agent(self.settings.contact, version("throughline"))
        if self.dry:
            return dry_run(source, store=self.store, agent=agent, options=self.options)
        try:
            with progress_bar(f"Crawling {source.name}") as progress:
                return crawl_source(
                    source,
                    store=self.store,
                    data_dir=self.settings.data_dir,
                    agent=agent,
                    options=self.options,
                    progress=progress,
                )
        finally:
            # Also where it broke down: what was withdrawn may have come once more before that.
            finish(self.store, self.settings.data_dir)

    def _walk(self, source: Source) -> IngestReport:
        listed = list_files(source, self.settings.data_dir, self.options.since)
        for one in listed.passed_over:
            say(f"  passed over: {one.address}: {one.reason}")
        files = [str(path) for path in listed.files[: self.options.limit]]
        if self.dry:
            for file in files:
                say(f"  would be taken in: {file}")
        with progress_bar(f"Taking in {source.name}") as progress:
            return ingest_paths(
                [] if self.dry else files,
                store=self.store,
                data_dir=self.settings.data_dir,
                max_file_mb=self.settings.max_file_mb,
                progress=progress,
            )


def _is_empty_handed(report: CrawlReport | IngestReport) -> bool:
    """Whether not even one list page could be read."""
    if isinstance(report, IngestReport):
        return bool(report.refused)
    return report.list_pages == 0 and bool(report.of("failed") or report.of("refused"))


def _shape(report: CrawlReport | IngestReport) -> Json:
    return ingest_shape(report) if isinstance(report, IngestReport) else report_row(report)


def _text(report: CrawlReport | IngestReport) -> str:
    if isinstance(report, IngestReport):
        return as_text(report)
    if report.dry_run:
        return "\n".join(_dry_lines(report))
    return "\n".join(_lines(report))


def _lines(report: CrawlReport) -> Iterator[str]:
    counts = ", ".join(f"{len(report.of(outcome))} {outcome}" for outcome in OUTCOMES)
    yield f"{report.source_id}: {report.fetched} fetched, {counts}"
    yield (
        f"  {report.requests} requests, {report.list_pages} list pages read, "
        f"{report.not_modified} answers not modified"
    )
    for outcome in _NAMED:
        for seen in report.of(outcome):
            yield _line(outcome, seen)
    for address, reason in report.passed_over.items():
        yield f"  passed over: {address}: {reason}"
    if report.refused_dates:
        yield f"  dates that cannot be: {', '.join(report.refused_dates)}"
    if report.dropped_dates:
        yield f"  dates that cannot be true, left out: {report.dropped_dates}"
    if report.waiting:
        yield f"  left for another time by the limit: {report.waiting}"
    for sentence in (*report.collapses, *([report.outage] if report.outage else [])):
        yield f"  GATE: {sentence}"
    if report.of("new") or report.of("updated"):
        yield "Tag and index them with: throughline analyse"


def _dry_lines(report: CrawlReport) -> Iterator[str]:
    new = sum(seen.reason is None for seen in report.would_fetch)
    yield (
        f"{report.source_id}: {len(report.would_fetch)} documents are listed, {new} of them not "
        "held; nothing was kept"
    )
    for seen in report.would_fetch:
        yield _line(seen.reason or "not held", seen)
    for outcome in ("refused", "failed"):
        for seen in report.of(outcome):
            yield _line(outcome, seen)


def _line(outcome: str, seen: Seen) -> str:
    title = f" ({seen.title})" if seen.title else ""
    said = outcome != seen.reason and seen.reason
    return f"  {outcome}: {seen.address}{title}" + (f": {said}" if said else "")
