"""What others published and what was measured, set beside the report's own figures."""

from collections.abc import Iterator

from nlp.measured import Limits, Measured
from web.comparing import CAVEAT, Compared, Nearest
from web.report.blocks import Block, Paragraph, Row, Run, Table
from web.report.model import AnnualReport
from web.report.theme_tables import THREE, Numbering, Refusals
from web.report.words import GAP, figure_words, moment_words

_COUNTED = "confident only"
"""In the name of the measured figures that are of what counts use."""


def published_blocks(report: AnnualReport, numbering: Numbering, site: str) -> Iterator[Block]:
    """Figures that others published, each in its own unit, with the nearest of ours."""
    if not report.compared:
        return
    refusals = Refusals()
    yield Table(
        number=numbering.next(),
        caption="Figures that others published, each in its own unit, with our nearest",
        columns=("Published", "Value, in its unit", "Ours are of", *THREE),
        rows=tuple(
            _compared(one, nearest, refusals) for one in report.compared for nearest in one.nearest
        ),
        notes=(*refusals.notes(), CAVEAT),
        wide=True,
        wordy=True,
        weights=(30, 18, 18, 11, 11, 12),
    )
    yield Paragraph(
        (
            Run("Why each two are not alike, and the passages behind ours as they stand now: "),
            Run("published figures", f"{site}/published-figures"),
            Run("."),
        )
    )


def _compared(one: Compared, nearest: Nearest, refusals: Refusals) -> Row:
    population, figure = one.figure.population, one.figure
    years = f"{population.from_year} to {population.to_year}" if population else GAP
    return Row(
        head=Run(f"{figure.title}: {figure.statement}"),
        cells=(
            f"{figure.value} {figure.unit}"
            if figure.value[:1].isdigit()
            else f"{figure.value} ({figure.unit})",
            f"{years}, by date of {nearest.clock.value}: {nearest.held} reviews held",
            figure_words(nearest.cell.machine),
            figure_words(nearest.cell.human),
            refusals.words(nearest.cell, nearest.held),
        ),
    )


def measured_blocks(report: AnnualReport, numbering: Numbering, site: str) -> Iterator[Block]:
    """How well the tagger finds top themes on labelled passages, where it is this tagger."""
    measured = report.method.measured
    method = Run("method page", f"{site}/method")
    if measured is None:
        yield Paragraph(
            (
                Run(
                    "The figures of the evaluation that ship are of another tagger than read these "
                    "passages, so they are not shown here. They stand on the "
                ),
                method,
                Run("."),
            )
        )
        return
    yield _measured(measured, report, numbering.next())
    yield Paragraph((Run("By sub-theme, stance and level, these stand on the "), method, Run(".")))


def _measured(measured: Measured, report: AnnualReport, number: int) -> Table:
    counted = " ".join(
        f"{one.name[:1].upper()}{one.name[1:]}: {_share(one.value)}{_limits(one.interval)}."
        for one in measured.figures
        if _COUNTED in one.name
    )
    labels = {row.key: row.label for row in report.themes.rows}
    return Table(
        number=number,
        caption=f"How well tagger {measured.tagger_version} finds top themes: "
        f"{measured.passages} passages that people labelled",
        columns=("Theme", "People gave it", "Machine gave it", "Precision", "Recall", "F1 (95%)"),
        rows=tuple(
            Row(
                head=Run(labels.get(one.theme_id, one.theme_id)),
                cells=(
                    str(one.passages),
                    str(one.found),
                    _share(one.precision),
                    _share(one.recall),
                    _share(one.f1) + _limits(one.interval),
                ),
            )
            for one in measured.top_themes
        ),
        notes=(
            (
                f"Measured {moment_words(measured.measured_on)}, on passages. Precision: of those "
                "that the machine gave the theme, the share to which people gave it. Recall: of "
                "those to which people gave it, the share that the machine found. F1 joins both."
            ),
            f"Counts use less than this: confident failings alone. {counted}",
        ),
    )


def _share(share: float | None) -> str:
    return GAP if share is None else f"{share:.2f}"


def _limits(limits: Limits | None) -> str:
    return "" if limits is None else f" ({limits[0]:.2f} to {limits[1]:.2f})"
