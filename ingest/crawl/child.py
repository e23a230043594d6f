"""The process that crawls: one job from standard input, its progress on standard output.

Scrapy's reactor cannot be started twice in a process, so that every crawl has one of its
own; it fetches, and never opens what it fetched.
"""

import os
import sys
import threading

from corpus.store import open_store
from ingest.crawl.exchange import Limits
from ingest.crawl.fetcher import Fetcher
from ingest.crawl.guard import Guard
from ingest.crawl.job import CrawlJob
from ingest.crawl.pace import Pace
from ingest.crawl.recorder import Recorder
from ingest.crawl.settings import scrapy_settings


def main() -> None:
    """Run the job to its end."""
    job = CrawlJob.from_json(sys.stdin.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.exit(0 if run(job) else 1)


def run(job: CrawlJob) -> bool:
    """Crawl until no visit is left; returns whether it came to that."""
    from scrapy.crawler import CrawlerProcess  # noqa: PLC0415 - installs the reactor

    from ingest.crawl.visitor import Visitor  # noqa: PLC0415

    store = open_store(job.data_dir)
    recorder = Recorder(store, job.data_dir, job.source.source_id, job.crawl_id)
    fetcher = Fetcher(
        guard=Guard(hosts=job.source.hosts, stand_ins=job.stand_ins),
        pace=Pace(job.source.crawl_delay_s),
        agent=job.agent,
        record=recorder.record,
        validators=recorder.validators,
        limits=Limits(max_bytes=job.max_bytes, deadline_s=job.deadline_s),
    )
    settings = scrapy_settings(crawl_delay_s=job.source.crawl_delay_s, retries=job.retries)
    process = CrawlerProcess(dict(settings))
    crawler = process.create_crawler(Visitor)
    process.crawl(crawler, job=job, store=store, fetcher=fetcher, recorder=recorder)
    process.start()
    visitor = crawler.spider
    return isinstance(visitor, Visitor) and visitor.ended == "finished"


def _end_with_parent() -> None:
    """End at once when the process that started this one is gone: nobody would listen."""
    while sys.stdin.readline():
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
