"""The report's tables of figures: each figure with the reference that leads to its passages."""

from corpus.count_table import Cell, PlainFigure
from corpus.estimate import Refusal
from corpus.export_files import FileColumn
from web.report.data_table import ROW, DataTable, Record
from web.report.model import AnnualReport, Scope, ThemeRow, reference
from web.report.proposals import PRAISED, PROPOSED
from web.spreadsheet import Value

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


FIGURE_COLUMNS = (*ROW, *_plain_columns(), *_CORRECTED)
_TRACED = {
    f"{who}_{name}": f"{who}_reference"
    for who in _WHO
    for name in ("n", "share", "ci_low", "ci_high", "digest_only", "children", "children_stated")
}
_OF_REVIEWS = ("reviews_held", "machine_of", "human_of", "human_checked_reviews")


def themes_table(report: AnnualReport) -> DataTable:
    """The year’s figures, theme by theme and level by level."""
    return _figures("themes", f"Figures of {report.year}", (report.themes,), levels=True)


def years_table(report: AnnualReport) -> DataTable:
    """The same of top themes, year by year; none where dates vanished."""
    return _figures("years", "Top themes, year by year", report.years)


def period_table(report: AnnualReport) -> DataTable:
    """The years taken together."""
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


def recommended_table(report: AnnualReport) -> DataTable:
    """Changes proposed and good practice found."""
    named = str(report.year)
    return DataTable(
        name="recommended",
        title=f"Changes proposed and good practice found, {report.year}",
        columns=(
            *ROW[1:4],
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


def crosswalk_table(report: AnnualReport) -> DataTable:
    """Headings that others report by, beside the nearest figures."""
    return DataTable(
        name="crosswalk",
        title=f"Headings that others report by, with the nearest figures of {report.year}",
        columns=(
            FileColumn("heading", "text", "Id of this row: headings have none of their own."),
            FileColumn("publication", "text", "Who reported by it."),
            FileColumn("reported", "text", "The heading, in short."),
            FileColumn("themes", "text", "Labels of our themes, counted as one."),
            FileColumn("note", "text", "Why the two are not the same."),
            ROW[6],
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


def agreement_table(report: AnnualReport) -> DataTable:
    """Machine and people on the same reviews."""
    both = {one.review_id for one in report.reviews if one.checked and one.machine_read}
    scope = report.period
    rows: list[Record] = []
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
            *ROW[:3],
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
