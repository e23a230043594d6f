"""The report's figures: the same tables as ``throughline counts``, year by year."""

import re
from collections.abc import Iterator, Sequence

from corpus.count_table import Cell, CountTable, ThemeGroup
from corpus.counts import count_reviews
from nlp.codebook import Codebook, Theme, TopTheme
from web.counting import TOTAL, CountsQuestion, counted, row_label
from web.holdings import Library
from web.report.model import CrosswalkFigures, Scope, ThemeRow, Trace, reference


def count_scope(library: Library, first: int, last: int, *, sub_themes: bool = False) -> Scope:
    """Count one period: the total and top themes, with their sub-themes where asked for."""
    tops = count_table(library, first, last, "top-theme")
    rows = list(_rows(tops, library.codebook))
    if sub_themes:
        subs = _rows(count_table(library, first, last, "theme"), library.codebook)
        rows = list(_in_order(rows, {row.key: row for row in subs}, library.codebook))
    name = str(first) if first == last else f"{first}-{last}"
    return Scope(name=name, coverage=tops.coverage, rows=tuple(rows))


def count_table(library: Library, first: int, last: int, by: str = "top-theme") -> CountTable:
    """Count one period as ``throughline counts`` does."""
    return counted(library, _question(first, last, by))


def count_crosswalk(library: Library, year: int) -> tuple[CrosswalkFigures, ...]:
    """Count what the codebook sets beside the headings that others reported by."""
    codebook = library.codebook
    compared = {
        f"crosswalk-{number}": _roll_up(codebook, row.rollup)
        for number, row in enumerate(codebook.crosswalk, start=1)
        if row.rollup
    }
    groups = [ThemeGroup(key=key, themes=themes) for key, themes in compared.items()]
    question = _question(year, year, "theme").count_question()
    table = count_reviews(library.store, groups, question)
    cells = {row.group.key: row.either for row in table.rows}
    return tuple(
        CrosswalkFigures(
            key=f"crosswalk-{number}",
            publication=row.publication,
            reported=row.reported,
            themes=tuple(codebook.entry(each).label for each in row.rollup),
            note=_without_keys(row.note, codebook),
            cell=cells.get(f"crosswalk-{number}"),
        )
        for number, row in enumerate(codebook.crosswalk, start=1)
    )


def traces_of(scope: Scope, *, levels: bool) -> Iterator[Trace]:
    """Every plain figure of a scope with the passages behind it; ``levels`` apart, or not."""
    for row in scope.rows:
        for level, cell in row.cells() if levels else row.cells()[:1]:
            yield from _cell_traces(scope.name, row.key, level, cell)


def crosswalk_traces(year: int, lines: Sequence[CrosswalkFigures]) -> Iterator[Trace]:
    """The same for the crosswalk's figures."""
    for line in lines:
        if line.cell is not None:
            yield from _cell_traces(str(year), line.key, "either", line.cell)


def _cell_traces(scope: str, key: str, level: str, cell: Cell) -> Iterator[Trace]:
    for name, figure in (("machine", cell.machine), ("human_checked", cell.human)):
        yield Trace(reference=reference(scope, key, level, name), passage_ids=figure.passage_ids)


def _question(first: int, last: int, by: str) -> CountsQuestion:
    return CountsQuestion.model_validate({"from": first, "to": last, "by": by})


def _rows(table: CountTable, codebook: Codebook) -> Iterator[ThemeRow]:
    for row in table.rows:
        entry = None if row.group.key == TOTAL else codebook.entry(row.group.key)
        yield ThemeRow(
            key=row.group.key,
            label=row_label(row.group, codebook),
            sort=_sort(entry),
            top_theme=entry.top_theme if isinstance(entry, Theme) else None,
            count=row,
        )


def _sort(entry: Theme | TopTheme | None) -> str:
    if not isinstance(entry, Theme):
        return "total" if entry is None else "top-theme"
    if entry.sort == "counter":
        return "counter-theme"
    return "residual" if entry.residual else "theme"


def _in_order(
    tops: Sequence[ThemeRow], subs: dict[str, ThemeRow], codebook: Codebook
) -> Iterator[ThemeRow]:
    """The total, each top theme before its own, the counter-theme last: it is in no other row."""
    yield tops[0]
    for top in tops[1:]:
        yield top
        yield from (
            subs[theme] for theme in codebook.expand(top.key) if subs[theme].sort != "counter-theme"
        )
    yield from (row for row in subs.values() if row.sort == "counter-theme")


def _without_keys(note: str, codebook: Codebook) -> str:
    """A note without the keys of its sources, which only the codebook's page explains."""
    return re.sub(r" \(([^()]+)\)", lambda m: "" if m[1] in codebook.sources else m[0], note)


def _roll_up(codebook: Codebook, rollup: Sequence[str]) -> tuple[str, ...]:
    themes = (theme for each in rollup for theme in codebook.expand_failures(each))
    return tuple(dict.fromkeys(themes))
