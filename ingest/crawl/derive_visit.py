"""From a visit that has answered to its documents: by its own bytes, or those of its list page."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from corpus.errors import SourceError
from corpus.fetches import Visit, get_fetch
from corpus.model import Capture
from corpus.store import Store
from ingest.build import BuiltDocument
from ingest.captures import read_capture, read_headers
from ingest.crawl.job import inline_address, sighting_from_row
from ingest.derive import derive_documents, derive_inline
from ingest.sniff import DOCX, HTML, ODT, PDF
from ingest.source import Source
from ingest.spiders import load_spider
from ingest.spiders.listing import FetchedPage, Sighting

WRONG_CONTENT_TYPE = "wrong-content-type"
"""The mark of a document that its server called a document of another kind."""


def split_sighting(visit: Visit) -> tuple[Sighting | None, tuple[str, ...]]:
    """Give what the list page said of a visit, and the marks that its channel brings."""
    row = dict(visit.sighting or {})
    marks = tuple(row.pop("marks", ()))
    return (sighting_from_row(row) if row else None), marks


def is_misnamed(served_as: str, media_type: str) -> bool:
    """Whether a server names one kind of document and sent another; its silence is no lie."""
    named = served_as.partition(";")[0].strip().lower()
    return named in (HTML, PDF, DOCX, ODT) and named != media_type


@dataclass
class VisitDeriver:
    """Makes the documents of visits; it remembers the list page that it read last."""

    store: Store
    data_dir: Path
    _page: tuple[int, Mapping[str, Sighting]] = (0, MappingProxyType({}))

    def derive(
        self, visit: Visit, capture: Capture, source: Source
    ) -> tuple[list[BuiltDocument], Sighting | None]:
        """Make a visit's documents, and give what is known of them from their list.

        Raises:
            SourceError: its bytes are nothing that can be read, or must not be kept.
            StorageError: its capture cannot be read.
        """
        sighting, marks = split_sighting(visit)
        if visit.role == "inline":
            whole = self._read_inline(visit, capture, source)
            return derive_inline(capture, whole, source=source, marks=marks), sighting
        data = read_capture(self.data_dir, capture)
        served_as = read_headers(self.data_dir, capture).get("content-type", "")
        if is_misnamed(served_as, capture.media_type):
            marks = (*marks, WRONG_CONTENT_TYPE)
        # The bytes may have come under another address first; here, this one counts.
        capture = replace(capture, address=visit.address)
        built = derive_documents(
            data,
            capture,
            name=visit.address.partition("?")[0],
            source=source,
            sighting=sighting,
            marks=marks,
        )
        return built, sighting

    def _read_inline(self, visit: Visit, capture: Capture, source: Source) -> Sighting:
        """Read a list page again for the text that it carries, which no table repeats.

        Raises:
            SourceError: the page does not carry it any more, as its spider reads it now.
        """
        fetch_id = visit.fetch_id or 0
        if self._page[0] != fetch_id:
            fetch = get_fetch(self.store, fetch_id)
            page = FetchedPage(
                address=fetch.address,
                headers=read_headers(self.data_dir, capture),
                body=read_capture(self.data_dir, capture),
            )
            listing = load_spider(source).read(source, page)
            texts = {inline_address(one, fetch.address): one for one in listing.sightings}
            self._page = (fetch_id, texts)
        found = self._page[1].get(visit.address)
        if found is None or found.text is None:
            raise SourceError("is not on its list page any more, as that is read now")
        return found
