"""What an ingest or a crawl did: every document and address, by what became of it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.ids import DocumentId
from ingest.admit import Outcome


@dataclass(frozen=True, kw_only=True)
class TakenIn:
    """One document that is now held."""

    file: str
    """The name of the file it came in, without its folder."""
    document_id: DocumentId
    title: str
    outcome: Outcome
    passages: int
    skipped: Mapping[str, int]
    """Blocks that were not passages, by kind."""
    marks: tuple[str, ...]
    rules: tuple[str, ...] = ()
    """The tampering rules that fired."""


@dataclass(frozen=True, kw_only=True)
class Refused:
    """One argument or file that was not taken in; nothing of it is in the store."""

    name: str
    """As it was given, or its path under the folder that was given."""
    reason: str
    """One sentence that names the file and says what to do."""


@dataclass(frozen=True, kw_only=True)
class IngestReport:
    """Everything one call did; the caller exits with 1 when ``refused`` is not empty."""

    documents: tuple[TakenIn, ...] = ()
    refused: tuple[Refused, ...] = ()
    hidden_files: int = 0
    """Files in folders that were passed over because their names begin with a dot."""
    dropped_dates: int = 0
    """Publication dates that cannot be true, so that the documents have none."""
    skipped: Mapping[str, int] = field(default_factory=dict)
    """Blocks of new documents that were not passages, by kind."""

    @property
    def new(self) -> tuple[TakenIn, ...]:
        """Documents that were not held before."""
        return self._with("new")

    @property
    def unchanged(self) -> tuple[TakenIn, ...]:
        """Documents that were held with this very text."""
        return self._with("unchanged")

    @property
    def new_version(self) -> tuple[TakenIn, ...]:
        """Documents that were held with another text, which is kept and superseded."""
        return self._with("new-version")

    @property
    def quarantined(self) -> tuple[TakenIn, ...]:
        """Documents that were held back, because a rule found them tampered with."""
        return self._with("quarantined")

    @property
    def withheld(self) -> tuple[TakenIn, ...]:
        """Documents that were withdrawn earlier, and are not taken in again."""
        return self._with("withheld")

    @property
    def held_back(self) -> tuple[TakenIn, ...]:
        """Documents in quarantine, and those that were withdrawn and stay out."""
        return self._with("quarantined") + self._with("withheld")

    def _with(self, outcome: Outcome) -> tuple[TakenIn, ...]:
        return tuple(document for document in self.documents if document.outcome == outcome)


def sum_up(
    documents: list[TakenIn], refused: list[Refused], *, hidden_files: int, dropped_dates: int
) -> IngestReport:
    """Make the report of one call; skipped blocks of unchanged documents are not counted again."""
    skipped: Counter[str] = Counter()
    for document in documents:
        if document.outcome != "unchanged":
            skipped.update(document.skipped)
    return IngestReport(
        documents=tuple(documents),
        refused=tuple(refused),
        hidden_files=hidden_files,
        dropped_dates=dropped_dates,
        skipped=dict(sorted(skipped.items())),
    )


def join_reports(reports: Sequence[IngestReport]) -> IngestReport:
    """Make one report of several, in their order."""
    skipped: Counter[str] = Counter()
    for report in reports:
        skipped.update(report.skipped)
    return IngestReport(
        documents=tuple(one for report in reports for one in report.documents),
        refused=tuple(one for report in reports for one in report.refused),
        hidden_files=sum(report.hidden_files for report in reports),
        dropped_dates=sum(report.dropped_dates for report in reports),
        skipped=dict(sorted(skipped.items())),
    )


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One address that a crawl came to, and what became of it."""

    address: str
    title: str | None = None
    reason: str | None = None
    document_ids: tuple[str, ...] = ()


OUTCOMES = (
    "new",
    "updated",
    "unchanged",
    "quarantined",
    "withheld",
    "gone",
    "missing",
    "suspected",
    "refused",
    "failed",
)
"""What can become of a document that a crawl visits, in the order of the closing report."""


@dataclass(frozen=True, kw_only=True)
class CrawlReport:
    """Everything one crawl of one source did."""

    source_id: str
    crawl_id: int
    by_outcome: Mapping[str, tuple[Seen, ...]]
    """Each of :data:`OUTCOMES`, in the order the addresses were found."""
    requests: int = 0
    """Exchanges with the publisher, robots.txt, redirects and retries counted."""
    fetched: int = 0
    """Pages and documents that came whole and anew."""
    not_modified: int = 0
    """Pages and documents that the publisher said had not changed."""
    list_pages: int = 0
    waiting: int = 0
    """Documents that a limit left for another time."""
    passed_over: Mapping[str, str] = field(default_factory=dict)
    """Links on list pages that were left alone, with why."""
    refused_dates: tuple[str, ...] = ()
    """Dates on list pages that cannot be, as they were written."""
    dropped_dates: int = 0
    collapses: tuple[str, ...] = ()
    """Fields that were lost, each as a sentence: the ledger's gate failed."""
    outage: str | None = None
    """Why documents that answered 404 or 410 were not withdrawn, and what to do."""
    dry_run: bool = False
    would_fetch: tuple[Seen, ...] = ()
    """In a dry run, the documents that are listed; ``reason`` says which are held."""

    def of(self, outcome: str) -> tuple[Seen, ...]:
        """The addresses with one outcome."""
        return self.by_outcome.get(outcome, ())

    @property
    def passed(self) -> bool:
        """Whether the gate holds: no field was lost, and no site looks out of order."""
        return not self.collapses and self.outage is None
