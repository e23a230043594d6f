"""The report's tables of figures, as they are read."""

from collections.abc import Iterable, Iterator

from corpus.count_table import Cell, PlainFigure
from corpus.estimate import Refusal
from web.report.blocks import Row, Run, Table
from web.report.model import AnnualReport, Scope, ThemeRow
from web.report.words import (
    GAP,
    children_words,
    estimate_words,
    figure_words,
    share_words,
)

THREE = ("Machine count", "Human-checked count", "Corrected estimate (95% interval)")
_IN_A_CELL = (
    f"Each cell: reviews that find it, of reviews counted, and the share. {GAP}: no review of the "
    "year is held that could be counted; it is a gap, not a nought."
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Numbering:
    """Numbers tables in the order in which they are read."""

    def __init__(self) -> None:
        """Begin before table 1."""
        self._last = 0

    def next(self) -> int:
        """The number of the next table."""
        self._last += 1
        return self._last


class Refusals:
    """The sentences of one table that say why an estimate is not given, each with a letter."""

    def __init__(self) -> None:
        """Begin without any."""
        self._letters: dict[str, str] = {}

    def words(self, cell: Cell, held: int) -> str:
        """An estimate in words, or that it is not given, with the letter of the reason."""
        if isinstance(cell.corrected, Refusal):
            next_letter = _LETTERS[len(self._letters) % len(_LETTERS)]
            letter = self._letters.setdefault(cell.corrected.reason, next_letter)
            return f"not given ({letter})"
        return estimate_words(cell.corrected, held) or GAP

    def notes(self) -> tuple[str, ...]:
        """The sentences, in the order of their letters."""
        return tuple(f"({letter}) Not given: {why}" for why, letter in self._letters.items())


def three_figures(
    number: int, caption: str, scope: Scope, rows: Iterable[ThemeRow], site: str
) -> Table:
    """The three figures side by side, with the children of the reviews that the first counts."""
    refusals, held = Refusals(), scope.coverage.reviews_held
    made = tuple(
        Row(
            head=_head(row, site),
            cells=(
                figure_words(row.count.either.machine),
                figure_words(row.count.either.human),
                refusals.words(row.count.either, held),
                children_words(row.count.either.human),
            ),
            depth=int(row.top_theme is not None and row.sort != "counter-theme"),
        )
        for row in rows
    )
    return Table(
        number=number,
        caption=caption,
        columns=("Theme", *THREE, "Children in the human-checked reviews"),
        rows=made,
        notes=refusals.notes(),
    )


def case_and_system(number: int, caption: str, rows: Iterable[ThemeRow], site: str) -> Table:
    """Whether a failing was found in one child's case, in arrangements beyond it, or both."""
    return Table(
        number=number,
        caption=caption,
        columns=(
            "Theme",
            "Case level, machine",
            "Case level, human-checked",
            "System level, machine",
            "System level, human-checked",
            "Both levels, human-checked",
        ),
        rows=tuple(
            Row(
                head=_head(row, site),
                cells=(
                    *_levels(row),
                    _both(row.count.case.human, row.count.system.human),
                ),
                depth=int(row.top_theme is not None and row.sort != "counter-theme"),
            )
            for row in rows
        ),
        notes=(
            "A review can find a failing at both levels: the two columns are not to be added up.",
        ),
    )


def trend(number: int, caption: str, years: tuple[Scope, ...], figure: str, site: str) -> Table:
    """Years side by side, each with its own denominator; a year without reviews is a gap."""
    keys = [row for row in years[-1].rows if row.sort in {"total", "top-theme"}]
    return Table(
        number=number,
        caption=caption,
        columns=("Theme", *(year.name for year in years)),
        rows=(
            Row(
                head=Run("Reviews held"),
                cells=tuple(str(year.coverage.reviews_held or GAP) for year in years),
            ),
            *(
                Row(
                    head=_head(row, site),
                    cells=tuple(_in_year(year.row(row.key), figure) for year in years),
                )
                for row in keys
            ),
        ),
        notes=(_IN_A_CELL,),
        wide=True,
        weights=(30, *([9] * len(years))),
    )


def agreement(number: int, caption: str, report: AnnualReport, site: str) -> Table:
    """Where machine and people agree on whole reviews that both have read."""
    both = {one.review_id for one in report.reviews if one.checked and one.machine_read}
    return Table(
        number=number,
        caption=caption,
        columns=(
            "Theme",
            "Found by both",
            "By the machine alone",
            "By people alone",
            "Of what people found, the machine found",
            "Of what the machine found, people confirmed",
        ),
        rows=tuple(
            Row(head=_head(row, site), cells=tuple(_agreed(row, both)))
            for row in report.period.rows
        ),
    )


def _agreed(row: ThemeRow, both: set[str]) -> Iterator[str]:
    machine = both & set(row.count.either.machine.review_ids)
    people = both & set(row.count.either.human.review_ids)
    yield str(len(machine & people))
    yield str(len(machine - people))
    yield str(len(people - machine))
    for found in (people, machine):
        n, of = len(machine & people), len(found)
        yield f"{n} of {of} ({share_words(n / of)})" if of else GAP


def _levels(row: ThemeRow) -> Iterator[str]:
    for cell in (row.count.case, row.count.system):
        yield figure_words(cell.machine)
        yield figure_words(cell.human)


def _both(case: PlainFigure, system: PlainFigure) -> str:
    if not case.denominator:
        return GAP
    n = len(set(case.review_ids) & set(system.review_ids))
    return f"{n} of {case.denominator} ({share_words(n / case.denominator)})"


def _in_year(row: ThemeRow, figure: str) -> str:
    cell = row.count.either
    found = cell.machine if figure == "machine" else cell.human
    if not found.denominator or found.share is None:
        return GAP
    return f"{found.n}/{found.denominator} ({share_words(found.share)})"


def _head(row: ThemeRow, site: str) -> Run:
    if row.sort == "total":
        return Run(row.label)
    label = f"{row.label} (counter-theme)" if row.sort == "counter-theme" else row.label
    return Run(label, f"{site}/themes/{row.key}")
