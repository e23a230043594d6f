"""Scrapy's downloader, with its network replaced by our guarded one."""

from typing import TYPE_CHECKING, cast

from scrapy.http import Headers, Response

from ingest.crawl.guard import FetchFailedError, FetchRefusedError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from ingest.crawl.visitor import Visitor


class FetchHandler:
    """Answers http and https; there is no handler for any other scheme."""

    lazy = False

    def __init__(self, visitor: "Visitor") -> None:
        """Fetch with the crawl's own fetcher."""
        self._fetcher = visitor.fetcher

    @classmethod
    def from_crawler(cls, crawler: "Crawler") -> "FetchHandler":
        """Take the fetcher from the spider that Scrapy runs."""
        return cls(cast("Visitor", crawler.spider))

    async def download_request(self, request: "Request") -> Response:
        """Fetch through every redirect; Scrapy sees the last answer.

        Raises:
            FetchRefusedError: a hop may not be asked.
            FetchFailedError: no whole answer came; Scrapy tries again.
        """
        fetched = await self._fetcher.fetch(request.url, visit_id=request.meta["visit_id"])
        request.meta["download_latency"] = fetched.seconds  # what AutoThrottle goes by
        if fetched.refused is not None:
            raise FetchRefusedError(fetched.refused)
        if fetched.failed is not None:
            request.meta["dont_retry"] = not fetched.worth_retrying
            raise FetchFailedError(fetched.failed)
        return Response(
            fetched.address,
            status=fetched.status or 0,
            headers=Headers(fetched.headers),
            body=fetched.payload or b"",
        )

    async def close(self) -> None:
        """Nothing stays open between two requests."""
