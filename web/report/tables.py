"""The report as tables of data: the same for workbook and CSV, each column with its meaning."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from corpus.count_table import Cell, PlainFigure
from corpus.estimate import Refusal
from corpus.export_files import FileColumn
from corpus.snapshots.changes import CAUSES
from web.report.model import AnnualReport, Quote, ReviewFacts, Scope, ThemeRow, reference
from web.report.proposals import PRAISED, PROPOSED
from web.spreadsheet import Value

Record = Mapping[str, Value]


@dataclass(frozen=True, kw_only=True)
class DataTable:
    """One table of data."""

    name: str
    title: str
    columns: tuple[FileColumn, ...]
    rows: tuple[Record, ...]
    traced: Mapping[str, str] = field(default_factory=dict)
    """Column of figures → the column with the reference that its passages stand under."""
    of_reviews: tuple[str, ...] = ()
    """Columns that count rows of the table of reviews: the denominators."""


_ROW = (
    FileColumn("scope", "text", "The year, or the years together, that the figures are of."),
    FileColumn("theme", "text", "Theme id; any-theme for the total."),
    FileColumn("label", "text", "The theme’s label in the codebook."),
    FileColumn("sort", "text", "total, top-theme, theme, residual or counter-theme."),
    FileColumn("top_theme", "text", "Id of the top theme that a sub-theme belongs to."),
    FileColumn("level", "text", "case, system, or either: at least one of them."),
    FileColumn("reviews_held", "whole", "Reviews held with usable text in the scope."),
)
_PLAIN = (
    ("n", "whole", "Reviews that find the theme failing"),
    ("of", "whole", "Reviews counted: the denominator"),
    ("share", "number", "n divided by its denominator"),
    ("ci_low", "number", "Lower limit of Wilson’s 95% interval of the share"),
    ("ci_high", "number", "Upper limit of the same"),
    ("digest_only", "whole", "Of the n, reviews known through a restatement alone"),
    ("children", "whole", "Children of those of the n whose record states how many"),
    ("children_stated", "whole", "How many of the n state it"),
    ("reference", "text", "What the table of passages lists them under"),
)
_CORRECTED = (
    FileColumn("corrected_n", "number", "Corrected estimate: reviews of those held."),
    FileColumn("corrected_share", "number", "Corrected estimate: share of reviews_held."),
    FileColumn("corrected_ci_low", "number", "Lower limit of its 95% interval."),
    FileColumn("corrected_ci_high", "number", "Upper limit of its 95% interval."),
    FileColumn("corrected_method", "text", "How it was estimated; refused where it was not."),
    FileColumn("corrected_refused", "text", "The sentence why it is refused."),
    FileColumn("human_checked_reviews", "whole", "Reviews that people judged whole."),
)
_WHO = {"machine": "machine", "human": "human-checked"}


def _plain_columns() -> tuple[FileColumn, ...]:
    return tuple(
        FileColumn(f"{who}_{name}", sort, f"{words}: {said}.")  # type: ignore[arg-type]  # a Sort
        for who, words in _WHO.items()
        for name, sort, said in _PLAIN
    )


FIGURE_COLUMNS = (*_ROW, *_plain_columns(), *_CORRECTED)
_TRACED = {
    f"{who}_{name}": f"{who}_reference"
    for who in _WHO
    for name in ("n", "share", "ci_low", "ci_high", "digest_only", "children", "children_stated")
}
_OF_REVIEWS = ("reviews_held", "machine_of", "human_of", "human_checked_reviews")


def data_tables(report: AnnualReport) -> tuple[DataTable, ...]:
    """Every table of a report, in the order in which a workbook has them."""
    return tuple(make(report) for make in _TABLES)


def _themes(report: AnnualReport) -> DataTable:
    return _figures("themes", f"Figures of {report.year}", (report.themes,), levels=True)


def _years(report: AnnualReport) -> DataTable:
    return _figures("years", "Top themes, year by year", report.years)


def _period(report: AnnualReport) -> DataTable:
    scopes = () if report.time_blocked else (report.period,)
    return _figures("period", f"Top themes, {report.period.name} together", scopes)


def _figures(
    name: str, title: str, scopes: tuple[Scope, ...], *, levels: bool = False
) -> DataTable:
    return DataTable(
        name=name,
        title=title,
        columns=FIGURE_COLUMNS,
        rows=tuple(
            _figure_record(scope, row, level, cell)
            for scope in scopes
            for row in scope.rows
            for level, cell in (row.cells() if levels else row.cells()[:1])
        ),
        traced=_TRACED,
        of_reviews=_OF_REVIEWS,
    )


def _figure_record(scope: Scope, row: ThemeRow, level: str, cell: Cell) -> Record:
    return {
        "scope": scope.name,
        "theme": row.key,
        "label": row.label,
        "sort": row.sort,
        "top_theme": row.top_theme,
        "level": level,
        "reviews_held": scope.coverage.reviews_held,
        **_three(scope.name, row.key, level, cell),
    }


def _three(scope: str, key: str, level: str, cell: Cell) -> Record:
    return {
        **_plain("machine", cell.machine, reference(scope, key, level, "machine")),
        **_plain("human", cell.human, reference(scope, key, level, "human_checked")),
        **_corrected(cell),
    }


def _plain(who: str, figure: PlainFigure, named: str) -> Record:
    values: dict[str, Value] = {
        "n": figure.n,
        "of": figure.denominator,
        "share": rounded(figure.share),
        "ci_low": rounded(figure.ci_low),
        "ci_high": rounded(figure.ci_high),
        "digest_only": figure.n_digest_only,
        "children": figure.n_children,
        "children_stated": figure.n_children_stated,
        "reference": named,
    }
    return {f"{who}_{name}": value for name, value in values.items()}


def _corrected(cell: Cell) -> Record:
    found = cell.corrected
    if isinstance(found, Refusal):
        said: Record = {"corrected_method": "refused", "corrected_refused": found.reason}
    else:
        said = {
            "corrected_n": round(found.count, 1),
            "corrected_share": rounded(found.share),
            "corrected_ci_low": rounded(found.ci_low),
            "corrected_ci_high": rounded(found.ci_high),
            "corrected_method": found.method,
        }
    return {**said, "human_checked_reviews": cell.n_human_checked}


def rounded(number: float | None) -> float | None:
    """A share as every answer gives it: to six places."""
    return None if number is None else round(number, 6)


def _recommended(report: AnnualReport) -> DataTable:
    named = str(report.year)
    return DataTable(
        name="recommended",
        title=f"Changes proposed and good practice found, {report.year}",
        columns=(
            *_ROW[1:4],
            FileColumn("proposed_n", "whole", "Reviews that propose a change; standing findings."),
            FileColumn("proposed_reference", "text", "What its passages are listed under."),
            FileColumn("praised_n", "whole", "Reviews that found good practice."),
            FileColumn("praised_reference", "text", "What its passages are listed under."),
            FileColumn("of", "whole", "Reviews held with usable text: the denominator."),
        ),
        rows=tuple(
            {
                "theme": one.key,
                "label": one.label,
                "sort": one.sort,
                "proposed_n": one.n_proposed,
                "proposed_reference": reference(named, one.key, "either", PROPOSED),
                "praised_n": one.n_praised,
                "praised_reference": reference(named, one.key, "either", PRAISED),
                "of": report.themes.coverage.reviews_held,
            }
            for one in report.proposals
        ),
        traced={"proposed_n": "proposed_reference", "praised_n": "praised_reference"},
        of_reviews=("of",),
    )


def _crosswalk(report: AnnualReport) -> DataTable:
    return DataTable(
        name="crosswalk",
        title=f"Headings that others report by, with the nearest figures of {report.year}",
        columns=(
            FileColumn("heading", "text", "Id of this row: headings have none of their own."),
            FileColumn("publication", "text", "Who reported by it."),
            FileColumn("reported", "text", "The heading, in short."),
            FileColumn("themes", "text", "Labels of our themes, counted as one."),
            FileColumn("note", "text", "Why the two are not the same."),
            _ROW[6],
            *_plain_columns(),
            *_CORRECTED,
        ),
        rows=tuple(
            {
                "heading": line.key,
                "publication": line.publication,
                "reported": line.reported,
                "themes": "; ".join(line.themes),
                "note": line.note,
                "reviews_held": report.themes.coverage.reviews_held,
                **(
                    {}
                    if line.cell is None
                    else _three(str(report.year), line.key, "either", line.cell)
                ),
            }
            for line in report.crosswalk
        ),
        traced=_TRACED,
        of_reviews=_OF_REVIEWS,
    )


def _agreement(report: AnnualReport) -> DataTable:
    both = {one.review_id for one in report.reviews if one.checked and one.machine_read}
    scope = report.period
    rows = []
    for row in () if report.time_blocked else scope.rows:
        machine = both & set(row.count.either.machine.review_ids)
        people = both & set(row.count.either.human.review_ids)
        rows.append(
            {
                "scope": scope.name,
                "theme": row.key,
                "label": row.label,
                "found_by_both": len(machine & people),
                "by_machine_alone": len(machine - people),
                "by_people_alone": len(people - machine),
                "reviews": len(both),
                "machine_reference": reference(scope.name, row.key, "either", "machine"),
                "human_reference": reference(scope.name, row.key, "either", "human_checked"),
            }
        )
    return DataTable(
        name="agreement",
        title="Machine and people on the same reviews",
        columns=(
            *_ROW[:3],
            FileColumn("found_by_both", "whole", "Reviews in which both find the theme."),
            FileColumn("by_machine_alone", "whole", "In which the machine alone does."),
            FileColumn("by_people_alone", "whole", "In which people alone do."),
            FileColumn("reviews", "whole", "Reviews that both read whole."),
            FileColumn("machine_reference", "text", "What the machine’s passages stand under."),
            FileColumn("human_reference", "text", "What people’s passages stand under."),
        ),
        rows=tuple(rows),
        traced={
            "found_by_both": "human_reference",
            "by_machine_alone": "machine_reference",
            "by_people_alone": "human_reference",
        },
        of_reviews=("reviews",),
    )


def _changes(report: AnnualReport) -> DataTable:
    parts = {
        "removed_documents": "documents that are no longer held",
        "new_documents": "documents that are new",
        "codebook": "the codebook",
        "model": "the model",
        "human_corrections": "people’s corrections",
    }
    return DataTable(
        name="changes",
        title="What moved since the snapshot before",
        columns=(
            FileColumn("since", "text", "The snapshot compared with."),
            *_ROW[:3],
            FileColumn("figure", "text", "machine, human_checked or standing."),
            FileColumn("before", "whole", "Reviews then."),
            FileColumn("after", "whole", "Reviews in this report’s snapshot."),
            FileColumn("change", "whole", "The difference; the parts add up to it."),
            *(FileColumn(cause, "whole", f"The part of {parts[cause]}.") for cause in CAUSES),
        ),
        rows=tuple(
            {
                "since": report.change.since,
                "scope": move.scope,
                "theme": move.key,
                "label": move.label,
                "figure": move.figure,
                "before": move.before,
                "after": move.after,
                "change": move.after - move.before,
                **move.parts,
            }
            for move in report.change.moves
        ),
    )


def _coverage(report: AnnualReport) -> DataTable:
    return DataTable(
        name="coverage",
        title=f"What is held of {report.year}",
        columns=(
            FileColumn("by", "text", "nation, type, publisher or kind."),
            FileColumn("value", "text", "Which one."),
            FileColumn("reviews", "whole", "Reviews counted; empty where none can be."),
            FileColumn("documents", "whole", "Documents held; ours under their own kind alone."),
        ),
        rows=tuple(
            {"by": one.of, "value": one.value, "reviews": one.reviews, "documents": one.documents}
            for one in report.held.tallies
        ),
        of_reviews=("reviews",),
    )


_REVIEW_COLUMNS = (
    FileColumn("review_id", "text", "The review’s id."),
    FileColumn("title", "text", "Its title as published."),
    FileColumn("published", "text", "When, as precisely as it is known."),
    FileColumn("year", "whole", "The year that it counts for."),
    FileColumn("nation", "text", "Whose arrangements it examines."),
    FileColumn("type", "text", "What sort of review it is."),
    FileColumn("publisher", "text", "Who published it."),
    FileColumn("held_as", "text", "full text, digest (our restatement), or no usable text."),
    FileColumn("children", "whole", "How many children it is about, where its record states it."),
    FileColumn("machine_read", "text", "yes where the machine read all of it."),
    FileColumn("checked", "text", "yes where people judged all of it."),
    FileColumn("address", "text", "Its page."),
)


def _reviews(report: AnnualReport) -> DataTable:
    title = f"The reviews of {report.period.name} that the figures count"
    rows = tuple(_review(one) for one in report.reviews)
    return DataTable(name="reviews", title=title, columns=_REVIEW_COLUMNS, rows=rows)


def _missing(report: AnnualReport) -> DataTable:
    title = f"Reviews of {report.year} on the register without usable text"
    rows = tuple(_review(one) for one in report.held.missing)
    return DataTable(name="missing", title=title, columns=_REVIEW_COLUMNS, rows=rows)


def _review(one: ReviewFacts) -> Record:
    return {
        "review_id": one.review_id,
        "title": one.title,
        "published": one.published,
        "year": one.year,
        "nation": one.nation,
        "type": one.review_type,
        "publisher": one.publisher,
        "held_as": one.held_as,
        "children": one.n_children,
        "machine_read": "yes" if one.machine_read else "no",
        "checked": "yes" if one.checked else "no",
        "address": one.link,
    }


def _withdrawals(report: AnnualReport) -> DataTable:
    return DataTable(
        name="withdrawals",
        title="What was withdrawn, of all years",
        columns=(
            FileColumn("day", "text", "When."),
            FileColumn("publishers", "text", "Of whom."),
            FileColumn("documents", "whole", "How many documents, each version counted."),
            FileColumn("reason", "text", "Why."),
        ),
        rows=tuple(
            {
                "day": one.day,
                "publishers": one.publishers,
                "documents": one.documents,
                "reason": one.reason,
            }
            for one in report.held.withdrawals
        ),
    )


_PLACE = (
    FileColumn("review_id", "text", "The review."),
    FileColumn("review", "text", "Its title."),
    FileColumn("year", "whole", "The year that it was published in."),
    FileColumn("passage_id", "text", "The passage’s permanent id."),
    FileColumn("paragraph", "text", "Its printed number; of a digest, ours."),
    FileColumn("page", "whole", "The page it begins on, from 1."),
    FileColumn("text", "text", "Its beginning, as far as its licence and names let it be shown."),
    FileColumn("text_cut", "text", "yes where words are left out."),
    FileColumn("whose_words", "text", "throughline for a restatement of ours, else publisher."),
    FileColumn("licence_tier", "text", "A open, B owner’s, C press, D permission, X never."),
    FileColumn("address", "text", "Its page."),
)


def _quotes(report: AnnualReport) -> DataTable:
    chosen = [("failing-found", one.key, one.label, one.quotes) for one in report.quotes]
    chosen += [("change-proposed", one.key, one.label, one.quotes) for one in report.proposals]
    return DataTable(
        name="quotes",
        title="The passages shown in the report",
        columns=(
            FileColumn("stance", "text", "failing-found or change-proposed."),
            *_ROW[1:3],
            *_PLACE,
            FileColumn("coded_by", "text", "people or machine."),
        ),
        rows=tuple(
            {"stance": stance, "theme": key, "label": label, **_quote(report, quote)}
            for stance, key, label, quotes in chosen
            for quote in quotes
        ),
    )


def _quote(report: AnnualReport, quote: Quote) -> Record:
    return {
        **_place(report, quote.passage.passage_id),
        "text": quote.text,
        "text_cut": "yes" if quote.cut else "no",
        "coded_by": "people" if quote.by_people else "machine",
    }


def _passages(report: AnnualReport) -> DataTable:
    return DataTable(
        name="passages",
        title="The passages behind the figures",
        columns=(
            FileColumn("reference", "text", "The figure that it is behind: look it up by this."),
            *_PLACE,
        ),
        rows=tuple(
            {"reference": trace.reference, **_place(report, passage_id)}
            for trace in report.traces
            for passage_id in trace.passage_ids
        ),
    )


def _place(report: AnnualReport, passage_id: str) -> Record:
    passage = report.passages[passage_id]
    review = report.review(passage.review_id)
    return {
        "review_id": passage.review_id,
        "review": review.title,
        "year": review.year,
        "passage_id": passage_id,
        "paragraph": passage.paragraph,
        "page": passage.page,
        "text": passage.text,
        "text_cut": "yes" if passage.cut else "no",
        "whose_words": passage.whose_words,
        "licence_tier": passage.licence_tier.value,
        "address": passage.link,
    }


def dictionary(tables: tuple[DataTable, ...]) -> DataTable:
    """What every column of every table is."""
    return DataTable(
        name="dictionary",
        title="What each column is",
        columns=(
            FileColumn("table", "text", "The table."),
            FileColumn("column", "text", "The column."),
            FileColumn("sort", "text", "text, whole (a whole number) or number."),
            FileColumn("description", "text", "What it is."),
            FileColumn("traced_by", "text", "The column with its reference into passages."),
        ),
        rows=tuple(_dictionary_rows(tables)),
    )


def _dictionary_rows(tables: tuple[DataTable, ...]) -> Iterator[Record]:
    for table in tables:
        for column in table.columns:
            counts_reviews = "reviews" if column.name in table.of_reviews else None
            yield {
                "table": table.name,
                "column": column.name,
                "sort": column.sort,
                "description": column.description,
                "traced_by": table.traced.get(column.name, counts_reviews),
            }


_TABLES: tuple[Callable[[AnnualReport], DataTable], ...] = (
    _themes,
    _years,
    _period,
    _recommended,
    _crosswalk,
    _agreement,
    _changes,
    _coverage,
    _missing,
    _withdrawals,
    _quotes,
    _reviews,
    _passages,
)
