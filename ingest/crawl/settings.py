"""Scrapy's settings for a crawl, each that differs from its default with the reason."""

from collections.abc import Mapping
from typing import Any

_HANDLER = "ingest.crawl.handler.FetchHandler"


def scrapy_settings(*, crawl_delay_s: float, retries: int) -> Mapping[str, Any]:
    """Give the settings of one crawl."""
    return {
        # Only our handler reaches the network: it checks every hop, pins addresses, verifies
        # TLS, keeps robots.txt and records. The others are taken out, file: and ftp: above all.
        "DOWNLOAD_HANDLERS": {
            "http": _HANDLER,
            "https": _HANDLER,
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        # Ways into a running crawl from outside, one of which runs any code it is sent.
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        # What our handler does itself, once, in one place.
        "ROBOTSTXT_OBEY": False,
        "REDIRECT_ENABLED": False,
        "COMPRESSION_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
        # A page that sends its reader on by a tag is a page.
        "METAREFRESH_ENABLED": False,
        # Nothing is carried from one request to the next, and no proxy of the environment
        # may stand between us and the address that was checked.
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "HTTPCACHE_ENABLED": False,
        # One request at a time, slower where the site is slow.
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": crawl_delay_s,
        "AUTOTHROTTLE_MAX_DELAY": 12 * crawl_delay_s,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 0.5,
        "RETRY_TIMES": retries,
        "RETRY_HTTP_CODES": [408, 429, 500, 502, 503, 504],
        "RETRY_EXCEPTIONS": ["ingest.crawl.guard.FetchFailedError"],
        "RETRY_GIVE_UP_LOG_LEVEL": "INFO",  # the closing report names it
        # The store knows which addresses were asked, over crashes too.
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        # In the order in which the publisher lists them.
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        # Every status is an answer that the report counts.
        "HTTPERROR_ALLOW_ALL": True,
        "MEMUSAGE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "STATS_DUMP": False,
    }
