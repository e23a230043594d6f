"""Crawl one configured publisher, from its list pages to documents and a closing report."""

import contextlib
import datetime as dt
import fcntl
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import sleep

from corpus.errors import SourceError, StorageError
from corpus.fetches import (
    Crawl,
    Visit,
    add_visits,
    begin_crawl,
    close_crawl,
    get_visit,
    held_addresses,
    iter_visits,
    last_held_fetch,
)
from corpus.store import Store, open_store
from ingest.crawl.job import CrawlJob
from ingest.crawl.report import build_report, kept_report
from ingest.crawl.take_visits import VisitTaker
from ingest.crawl.weighing import weigh_crawl
from ingest.report import CrawlReport, Seen
from ingest.source import FOLDER, Source
from ingest.spiders import load_spider

_LOCK_TRIES, _LOCK_WAIT_S = 30, 0.1
Progress = Callable[[int, int], None]
"""Called with (addresses done, addresses known)."""


@dataclass(frozen=True, kw_only=True)
class CrawlOptions:
    """How far a crawl goes; the same options go on with a crawl that was interrupted."""

    since: dt.date | None = None
    """Leave alone what was certainly published before this day."""
    limit: int | None = None
    """The most documents that are fetched."""
    accept_gone: bool = False
    """Withdraw what answers 404 or 410, however much of a source that is."""
    max_bytes: int = 100_000_000
    deadline_s: float = 120.0
    retries: int = 2
    stand_ins: Mapping[str, int] = field(default_factory=dict)
    """For tests alone; see :class:`ingest.crawl.guard.Guard`. No option leads here."""


def crawl_source(
    source: Source,
    *,
    store: Store,
    data_dir: Path,
    agent: str,
    options: CrawlOptions | None = None,
    progress: Progress | None = None,
) -> CrawlReport:
    """Crawl a publisher, or go on with the crawl of it that was interrupted.

    Fetching happens in a process of its own; what has come is taken in here meanwhile.
    Everything that is known stands in the store, so that a crawl that was killed anywhere
    is gone on with by calling this again.

    Args:
        source: whom to crawl; not a watched folder.
        store: where documents go.
        data_dir: where captures go.
        agent: the user agent, see :func:`user_agent`.
        options: how far to go.
        progress: told after each address.

    Raises:
        SourceError: it is being crawled already, or the crawling process broke down.
        InvalidInputError: it names a spider or an option that there is not.
        StorageError: the store or the data directory cannot be written.
    """
    options = options or CrawlOptions()
    with _alone(data_dir, source) as lock:
        job = _job(source, data_dir, agent, options, 0)
        crawl = begin_crawl(
            store, source.source_id, _kept_options(options), now=dt.datetime.now(dt.UTC)
        )
        job = replace(job, crawl_id=crawl.crawl_id)
        taker = VisitTaker(store, data_dir, source, crawl.crawl_id)
        _take_all(store, taker, crawl)
        _fetch_and_take(job, taker, lock, progress)
        if options.limit is None and options.since is None:
            _revisit_unlisted(job, taker, lock, progress)
        _take_all(store, taker, crawl)
        outage = taker.gone.settle(accept_gone=options.accept_gone)
        report = build_report(store, crawl, dropped_dates=taker.dropped_dates, outage=outage)
        if options.limit is None and options.since is None:
            report = replace(report, collapses=weigh_crawl(store, source, crawl.crawl_id))
        close_crawl(store, crawl.crawl_id, kept_report(report), now=dt.datetime.now(dt.UTC))
        return report


def dry_run(
    source: Source, *, store: Store, agent: str, options: CrawlOptions | None = None
) -> CrawlReport:
    """Read a publisher's list pages and name the documents on them; nothing is kept.

    Raises:
        SourceError: the crawling process broke down.
    """
    options = options or CrawlOptions()
    with tempfile.TemporaryDirectory(prefix="throughline-") as folder:
        data_dir = Path(folder)
        scratch = open_store(data_dir)
        crawl = begin_crawl(scratch, source.source_id, {}, now=dt.datetime.now(dt.UTC))
        job = replace(
            _job(source, data_dir, agent, options, crawl.crawl_id), lists_only=True, limit=None
        )
        for _ in _events(job):
            pass
        visits = [visit for visit in iter_visits(scratch, crawl.crawl_id) if visit.role != "list"]
        report = build_report(scratch, crawl, dropped_dates=0)
    listed = [
        Seen(
            address=visit.address,
            title=(visit.sighting or {}).get("title"),
            reason="held" if last_held_fetch(store, visit.address) else None,
        )
        for visit in visits[: options.limit]
    ]
    return replace(report, dry_run=True, would_fetch=tuple(listed), waiting=0, crawl_id=0)


def user_agent(contact: str, version: str) -> str:
    """Name ourselves, with an address to write to where one is set."""
    return f"Throughline/{version}" + (f" (+{contact})" if contact else "")


def _job(
    source: Source, data_dir: Path, agent: str, options: CrawlOptions, crawl_id: int
) -> CrawlJob:
    if source.spider == FOLDER:
        raise SourceError(f"The source {source.source_id!r} is a folder: it is not crawled.")
    load_spider(source)  # an option that it does not know is named here, before anything is begun
    return CrawlJob(
        crawl_id=crawl_id,
        source=source,
        data_dir=data_dir.resolve(),
        agent=agent,
        since=options.since,
        limit=options.limit,
        max_bytes=options.max_bytes,
        deadline_s=options.deadline_s,
        retries=options.retries,
        stand_ins=options.stand_ins,
    )


def _kept_options(options: CrawlOptions) -> dict[str, object]:
    since = options.since.isoformat() if options.since else None
    return {"since": since, "limit": options.limit}


# -- fetching and taking in -----------------------------------------------------------------


def _fetch_and_take(job: CrawlJob, taker: VisitTaker, lock: int, progress: Progress | None) -> None:
    known, store = 0, taker.store
    for done, event in enumerate(_events(job, lock), start=1):
        if "stopped" in event:
            raise StorageError(str(event["stopped"]))
        if event["role"] == "document":
            taker.take(get_visit(store, int(str(event["visit"]))))
        else:  # a list page can bring documents with it, and says what there is to come
            visits = list(iter_visits(store, job.crawl_id))
            known = len(visits)
            for visit in visits:
                if visit.role == "inline":
                    taker.take(visit)
        if progress:
            progress(done, max(done, known))


def _take_all(store: Store, taker: VisitTaker, crawl: Crawl) -> None:
    for visit in iter_visits(store, crawl.crawl_id):
        if visit.role != "list":
            taker.take(visit)


def _revisit_unlisted(
    job: CrawlJob, taker: VisitTaker, lock: int, progress: Progress | None
) -> None:
    """Ask for what the publisher gave before and lists no more: it may be gone."""
    store = taker.store
    visits = list(iter_visits(store, job.crawl_id))
    if any(visit.role == "list" and visit.outcome == "failed" for visit in visits):
        return  # not listed may only mean that the list could not be read
    seen = {visit.address for visit in visits}
    unlisted = [
        Visit(address=address, role="document")
        for address in held_addresses(store, job.source.source_id)
        if address not in seen
    ]
    if unlisted:
        add_visits(store, job.crawl_id, unlisted)
        _fetch_and_take(job, taker, lock, progress)


def _events(job: CrawlJob, *locks: int) -> Iterator[Mapping[str, object]]:
    """Run the crawling process and hear what it says, line by line.

    It is given the source's lock too: should we be killed, the lock is held until it has
    seen that and ended.

    Raises:
        SourceError: it broke down.
    """
    log = job.data_dir / "crawls" / f"{job.source.source_id}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "ingest.crawl.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            pass_fds=locks,
        )
        try:
            if process.stdin is None or process.stdout is None:
                raise SourceError("The crawling process cannot be spoken to.")
            # Kept open: its end tells the process that nobody listens any more.
            process.stdin.write(job.to_json() + "\n")
            process.stdin.flush()
            for line in process.stdout:
                yield json.loads(line)
            if process.wait() != 0:
                raise SourceError(
                    f"The crawl of {job.source.source_id} broke down; what it fetched is kept. "
                    f"See {log}, then run the same command again to go on with it."
                )
        finally:
            _end(process)


def _end(process: "subprocess.Popen[str]") -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    if process.poll() is None:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _alone(data_dir: Path, source: Source) -> Iterator[int]:
    """Hold the source's lock; the system lets go of it when its holders are dead.

    Raises:
        SourceError: another process holds it, and goes on holding it.
    """
    path = data_dir / "crawls" / f"{source.source_id}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        for _ in range(_LOCK_TRIES):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                sleep(_LOCK_WAIT_S)
            else:
                yield file.fileno()
                return
        raise SourceError(
            f"{source.source_id} is being crawled already: wait until that has ended."
        )
