"""Gathering an annual report: everything is read once, from one state of the store."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpus.findings import findings_of
from corpus.ids import PassageId
from corpus.known_names import WithheldNames
from corpus.ledger import TIME_FIELDS, blocks_time, collapse_warnings
from corpus.model import Finding, Stance
from corpus.recurrence import NO_REVIEW
from corpus.snapshots.card import cite
from corpus.snapshots.shelf import find_held, list_held
from corpus.store import Store
from web.comparing import compared_figures
from web.counting import notes_of
from web.holdings import Library, PublishedLibrary
from web.report import figures
from web.report.changes import change_since
from web.report.errors import YearNotHeldError
from web.report.held import held_of
from web.report.method import method_of
from web.report.model import (
    EARLIER_YEARS,
    AnnualReport,
    CrosswalkFigures,
    ReviewFacts,
    Scope,
    Trace,
)
from web.report.passages import passage_facts, review_facts
from web.report.proposals import proposal_traces, proposals_of, spoken
from web.report.quotes import Shown, theme_quotes
from web.report.words import moment_words

_AT_A_TIME = 5000


@dataclass(frozen=True, kw_only=True)
class YearHeld:
    """One year in the list of reports."""

    year: int
    reviews: int
    """Reviews with usable text: the denominator. 0 is a gap in what is held."""
    digest_only: int
    checked: int


def settled(library: Library, snapshot: str | None) -> Library:
    """The library to report on: the published copy wherever the state asked for has one.

    Raises:
        SnapshotNotHeldError: it is neither current nor published here.
        BrokenPackageError: its copy is lacking.
    """
    asked = library.at(snapshot)
    if isinstance(asked, PublishedLibrary):
        return asked
    if any(each.name == asked.snapshot for each in list_held(asked.shelf_dir)):
        return _published(asked, asked.snapshot)
    return asked


@lru_cache(maxsize=4)
def _published(library: Library, name: str) -> PublishedLibrary:
    """Open a copy once: each has connections of its own."""
    return PublishedLibrary(library, find_held(library.shelf_dir, name))


def years_held(library: Library) -> tuple[YearHeld, ...]:
    """List the years from the first to the last of which a review is held, newest first."""
    reviews = _counted_reviews(library)
    if not reviews:
        return ()
    years = [one.year for one in reviews]
    return tuple(
        YearHeld(
            year=year,
            reviews=years.count(year),
            digest_only=sum(one.year == year and one.held_as == "digest" for one in reviews),
            checked=sum(one.year == year and one.checked for one in reviews),
        )
        for year in range(max(years), min(years) - 1, -1)
    )


def gather(
    library: Library, year: int, *, since: str | None = None, site: str = ""
) -> AnnualReport:
    """Gather the report of a year.

    Args:
        library: what is reported on; a published snapshot gives a report to cite.
        year: of publication.
        since: the snapshot to compare with; the last one before by default.
        site: the address of the portal that links lead to; paths alone without it.

    Raises:
        YearNotHeldError: no review of the year is held with usable text.
        SnapshotNotHeldError: the snapshot to compare with is not held.
    """
    with library.store.pinned():
        return _Gatherer(library, year, site).report(since)


class _Gatherer:
    """One report on its way: what several parts of it need, read once."""

    def __init__(self, library: Library, year: int, site: str) -> None:
        self.library, self.year, self.store = library, year, library.store
        register = {str(one.review_id): one for one in self.store.iter_reviews()}
        lines = review_facts(self.store, register.values(), site=site)
        self.lines = {k: v for k, v in lines.items() if register[k].review_type != NO_REVIEW}
        dated = sorted({one.year for one in self.lines.values() if _is_held(one)})
        if year not in dated:
            raise YearNotHeldError(year, tuple(dated))
        self.first = max(dated[0], year - EARLIER_YEARS)
        self.inside = _by_date(
            one for one in self.lines.values() if _is_held(one) and self.first <= one.year <= year
        )
        self.withheld, self.site = WithheldNames(register.values()), site

    def report(self, since: str | None) -> AnnualReport:
        library, year = self.library, self.year
        themes = figures.count_scope(library, year, year, sub_themes=True)
        period = figures.count_scope(library, self.first, year)
        blocked = _time_blocked(self.store)
        beside = () if blocked else range(self.first, year + 1)
        years = tuple(figures.count_scope(library, one, one) for one in beside)
        crosswalk = figures.count_crosswalk(library, year)
        of_year = {one.review_id: one for one in self.inside if one.year == year}
        proposed = spoken(self.store, Stance.CHANGE_PROPOSED, of_year)
        praised = spoken(self.store, Stance.GOOD_PRACTICE, of_year)
        traces = _traces(themes, period, years, crosswalk)
        ids = {one for trace in traces for one in trace.passage_ids}
        ids |= {one.passage_id for one in (*proposed, *praised)}
        shown = Shown(
            passages=passage_facts(self.store, ids, self.withheld, site=self.site),
            reviews=self.lines,
            findings=_findings(self.store, sorted(ids)),
        )
        proposals = proposals_of(themes, proposed, praised, shown)
        published = library.held if isinstance(library, PublishedLibrary) else None
        return AnnualReport(
            year=year,
            snapshot=library.snapshot,
            draft=published is None,
            published=moment_words(published.created_at) if published else None,
            published_at=published.created_at if published else None,
            manifest_sha256=published.manifest.sha256 if published else None,
            citation=_citation(library, year),
            withdrawn_since=library.withdrawn_since or 0,
            themes=themes,
            period=period,
            years=years,
            time_blocked=blocked,
            quotes=theme_quotes(themes, shown),
            proposals=proposals,
            crosswalk=crosswalk,
            crosswalk_caution=library.codebook.crosswalk_caution,
            compared=tuple(one for one in compared_figures(library) if one.nearest),
            change=change_since(library, year, since),
            held=held_of(library, year, _by_date(of_year.values()), self.lines),
            method=method_of(library, {one.review_id for one in self.inside}),
            notes=tuple(notes_of(figures.count_table(library, year, year), library)),
            reviews=self.inside,
            passages=shown.passages,
            traces=(*traces, *proposal_traces(themes, proposals)),
        )


def _traces(
    themes: Scope, period: Scope, years: Sequence[Scope], crosswalk: Sequence[CrosswalkFigures]
) -> tuple[Trace, ...]:
    """Every reference once: the report's own year stands among the years too."""
    found: dict[str, Trace] = {}
    for scope in (themes, *years, period):
        for trace in figures.traces_of(scope, levels=scope is themes):
            found.setdefault(trace.reference, trace)
    for trace in figures.crosswalk_traces(int(themes.name), crosswalk):
        found.setdefault(trace.reference, trace)
    return tuple(found.values())


def _findings(store: Store, passage_ids: Sequence[str]) -> Mapping[str, Sequence[Finding]]:
    found: dict[PassageId, list[Finding]] = {}
    for first in range(0, len(passage_ids), _AT_A_TIME):
        found |= findings_of(store, passage_ids[first : first + _AT_A_TIME])
    return {str(key): each for key, each in found.items()}


def _time_blocked(store: Store) -> str | None:
    if not blocks_time(store):
        return None
    return " ".join(
        (
            "No year stands beside another here, because dates vanished from a source:",
            *collapse_warnings(store, TIME_FIELDS),
        )
    )


def _citation(library: Library, year: int) -> str | None:
    if not isinstance(library, PublishedLibrary):
        return None
    manifest, published = library.held.manifest, int(library.held.created_at[:4])
    return f"Annual report {year}, from: {cite(manifest, published)}"


def _is_held(one: ReviewFacts) -> bool:
    return one.held_as != "no usable text"


def _by_date(lines: Iterable[ReviewFacts]) -> tuple[ReviewFacts, ...]:
    """By year, then id: the days of a year are known of some reviews only."""
    return tuple(sorted(lines, key=lambda one: (one.year, one.review_id)))


def _counted_reviews(library: Library) -> tuple[ReviewFacts, ...]:
    register = {str(one.review_id): one for one in library.store.iter_reviews()}
    lines = review_facts(library.store, register.values(), site="")
    return _by_date(
        one
        for key, one in lines.items()
        if _is_held(one) and register[key].review_type != NO_REVIEW
    )
