"""The report as it is read, part by part; page, file and document are written from this."""

from collections.abc import Iterator, Sequence

from web.report.beside import published_blocks
from web.report.blocks import (
    Block,
    Heading,
    Quotation,
    ReadableReport,
    Row,
    Run,
    Table,
    leaves,
    plain,
)
from web.report.last_parts import change_part, coverage_part, method_part, reviews_part
from web.report.model import AnnualReport, CrosswalkFigures, Quote
from web.report.theme_tables import (
    Numbering,
    Refusals,
    case_and_system,
    three_figures,
    trend,
)
from web.report.words import figure_words
from web.words import DIGEST_LABEL, counted

DRAFT = "Draft: of what is held now, not of a published snapshot. Not to be cited."
_PANEL = "Child Safeguarding Practice Review Panel"
NOT_THE_PANELS = (
    "Only published reviews are held here, and not all of them. Rapid reviews are not published, "
    "so no figure here can equal the Panel’s."
)


def readable(report: AnnualReport, *, site: str = "") -> ReadableReport:
    """Put a report into the order in which it is read."""
    numbering = Numbering()
    blocks: list[Block] = []
    for part in (
        _opening(report),
        _themes(report, numbering, site),
        _earlier(report, numbering, site),
        _quotes(report),
        _proposed(report, numbering, site),
        _crosswalk(report, numbering, site),
        change_part(report, numbering),
        coverage_part(report, numbering),
        method_part(report, numbering, site),
        reviews_part(report, numbering),
    ):
        blocks += part
    return ReadableReport(
        title=f"Annual report {report.year}",
        subtitle=(
            f"What safeguarding reviews published in {report.year} found about the sharing of "
            "information"
        ),
        banner=DRAFT if report.draft else None,
        facts=tuple(_facts(report)),
        citation=report.citation,
        leaves=leaves(blocks),
    )


def _facts(report: AnnualReport) -> Iterator[tuple[str, str]]:
    state = "draft, not published" if report.draft else f"published {report.published}"
    yield "Snapshot", f"{report.snapshot} ({state})"
    if report.manifest_sha256:
        yield "SHA-256 of its manifest", report.manifest_sha256
    yield "Codebook", report.method.codebook_version
    yield "Tagger", ", ".join(report.method.taggers) or "none has read these reviews yet"
    yield "Reviews counted", str(report.themes.coverage.reviews_held)
    if report.withdrawn_since:
        yield (
            "Withdrawn since it was published",
            f"{counted(report.withdrawn_since, 'document')}; nothing of them is in this report",
        )


def _opening(report: AnnualReport) -> Iterator[Block]:
    coverage, total = report.themes.coverage, report.themes.rows[0].count.either
    yield Heading("At a glance", 1, "glance")
    yield plain(
        f"{counted(coverage.reviews_held, 'review')} published in {report.year} "
        f"{'is' if coverage.reviews_held == 1 else 'are'} held with usable text, "
        f"{coverage.digest_only} of them as Throughline’s restatement alone. The machine found at "
        f"least one failing to share or use information in {figure_words(total.machine)}; people, "
        f"in {figure_words(total.human)} of the reviews that they checked whole."
    )
    yield plain(
        "Three figures stand side by side and are never mixed: what the machine found, what "
        "people found in the reviews they checked, and an estimate that corrects the first by "
        "the second. The estimate is given only where enough was checked for its interval to "
        "hold; else the reason is given instead."
    )
    yield plain(NOT_THE_PANELS, "note")
    for sentence in report.held.collapses:
        yield plain(f"Our data got worse. {sentence}", "warning")


def _themes(report: AnnualReport, numbering: Numbering, site: str) -> Iterator[Block]:
    year, scope = report.year, report.themes
    tops = [row for row in scope.rows if row.sort in {"total", "top-theme"}]
    subs = [row for row in scope.rows if row.sort != "total"]
    yield Heading(f"Themes in {year}", 1, "themes")
    yield plain(
        "A review counts once for a theme, however many of its passages find it. A top theme "
        "is found where any of its sub-themes is, so sub-themes do not add up to it. The "
        "counter-theme, sharing that was itself unlawful or excessive, is in no total."
    )
    yield three_figures(
        numbering.next(),
        f"Reviews published in {year} that found a failing, by top theme",
        scope,
        tops,
        site,
    )
    yield three_figures(
        numbering.next(),
        f"The same by sub-theme, under each top theme, {year}",
        scope,
        subs,
        site,
    )
    yield case_and_system(
        numbering.next(),
        f"Case level and system level, {year}",
        scope.rows,
        site,
    )


def _earlier(report: AnnualReport, numbering: Numbering, site: str) -> Iterator[Block]:
    period = report.period
    first, year = period.coverage.from_year, report.year
    yield Heading("Beside the years before", 1, "trend")
    if report.time_blocked:
        yield plain(report.time_blocked, "warning")
        return
    yield plain(
        "Every year is counted anew with the same codebook and by the same rules. Few reviews "
        "are held of most years, and which ones are held changes from year to year: a rise or "
        "fall here is not yet one in failures. Shares of small numbers move much by chance."
    )
    for figure, words in (("machine", "machine count"), ("human_checked", "human-checked count")):
        yield trend(
            numbering.next(),
            f"Share of reviews that found each top theme, {first} to {year}: {words}",
            report.years,
            figure,
            site,
        )
    if first != year:
        yield three_figures(
            numbering.next(),
            f"The same years together, {first} to {year}: the three figures",
            period,
            period.rows,
            site,
        )


def _quotes(report: AnnualReport) -> Iterator[Block]:
    yield Heading("Illustrative passages", 1, "quotes")
    yield plain(
        "Passages that were found to have each failing, from as many reviews as there are. They "
        "illustrate; they are no sample. Each is the unaltered beginning of a passage, as far as "
        "its licence lets it be shown. Names are those that publishers gave. A passage marked "
        f"“{DIGEST_LABEL}” is a restatement, not a quotation."
    )
    for theme in report.quotes:
        yield Heading(theme.label, 2, f"quotes-{theme.key}")
        yield from map(quotation, theme.quotes)
        if theme.why_none:
            yield plain(theme.why_none, "small")


def quotation(quote: Quote) -> Quotation:
    """Set a passage with its source: review, date, place in the text, permanent address."""
    passage, review = quote.passage, quote.review
    ours = passage.whose_words == "throughline"
    where = []
    if passage.paragraph:
        where.append(f"{'finding' if ours else 'paragraph'} {passage.paragraph}")
    if passage.page is not None:
        where.append(f"page {passage.page}")
    coded = "coded by hand" if quote.by_people else "tagged by machine"
    return Quotation(
        text=quote.text,
        cut=quote.cut,
        ours=ours,
        source=(
            *([Run(f"{DIGEST_LABEL}: ")] if ours else []),
            Run(review.title, review.link),
            Run(f", {', '.join([review.published, *where, coded])}. "),
            Run(passage.passage_id, passage.link),
        ),
    )


def _proposed(report: AnnualReport, numbering: Numbering, site: str) -> Iterator[Block]:
    n = report.themes.coverage.reviews_held
    yield Heading("What was recommended", 1, "recommended")
    yield plain(
        "Reviews of the year that propose a change on a theme, and reviews that found it done "
        "well. These are standing findings: a person’s where one looked, else the machine’s. A "
        "recommendation is not a finding that something failed, and is in no count of failings."
    )
    rows = [one for one in report.proposals if one.sort in {"total", "top-theme", "counter-theme"}]
    yield Table(
        number=numbering.next(),
        caption=f"Reviews published in {report.year} that propose a change, by top theme",
        columns=("Theme", "Change proposed", "Good practice found"),
        rows=tuple(
            Row(
                head=Run(one.label, f"{site}/themes/{one.key}" if one.sort != "total" else None),
                cells=(f"{one.n_proposed} of {n}", f"{one.n_praised} of {n}"),
            )
            for one in rows
        ),
    )
    for one in rows:
        if one.quotes:
            yield Heading(one.label, 2, f"recommended-{one.key}")
            yield from map(quotation, one.quotes)


def _crosswalk(report: AnnualReport, numbering: Numbering, site: str) -> Iterator[Block]:
    yield Heading("Beside the headings that others report by", 1, "crosswalk")
    yield plain(report.crosswalk_caution, "note")
    panels = [line for line in report.crosswalk if line.publication.startswith(_PANEL)]
    others = [line for line in report.crosswalk if line not in panels]
    for caption, lines in (("Headings of the Panel", panels), ("Headings of others", others)):
        if lines:
            full = f"{caption}, with the nearest figures of {report.year}"
            yield _compared(full, lines, report, numbering)
    yield from published_blocks(report, numbering, site)


def _compared(
    caption: str, lines: Sequence[CrosswalkFigures], report: AnnualReport, numbering: Numbering
) -> Table:
    refusals, held = Refusals(), report.themes.coverage.reviews_held
    rows = []
    for line in lines:
        cells = (
            ("", "", "")
            if line.cell is None
            else (
                figure_words(line.cell.machine),
                figure_words(line.cell.human),
                refusals.words(line.cell, held),
            )
        )
        rows.append(
            Row(
                head=Run(f"{line.publication}: {line.reported}"),
                cells=("; ".join(line.themes) or "nothing of ours", *cells, line.note),
            )
        )
    return Table(
        number=numbering.next(),
        caption=caption,
        columns=(
            "Reported heading",
            "Our themes, counted as one",
            "Machine count",
            "Human-checked count",
            "Corrected estimate (95% interval)",
            "Note",
        ),
        rows=tuple(rows),
        notes=refusals.notes(),
        wide=True,
        wordy=True,
        weights=(24, 30, 10, 10, 12, 18),
    )
