"""``throughline analyse``: tag, embed and index."""

from pathlib import Path

import click

from corpus.settings import Settings
from nlp.analyse import AnalyseReport, analyse
from nlp.embed import set_threads
from nlp.tagger import load_tagger
from web.commands.options import data_dir_option, progress_bar, say, settings_for
from web.holdings import Library


@click.command("analyse")
@data_dir_option
@click.option("--all", "everything", is_flag=True, help="Analyse again what is up to date too.")
def command(data_dir: Path | None, everything: bool) -> None:
    """Tag, embed and index what is new or has changed."""
    settings = settings_for(data_dir)
    report = run_analysis(settings, everything=everything)
    say(analysis_as_text(report))


def analysis_as_text(report: AnalyseReport) -> str:
    """Say in a line what an analysis did."""
    declined = "".join(f", {count} {reason}" for reason, count in sorted(report.untagged.items()))
    index = "rebuilt" if report.index_rebuilt else "up to date"
    return (
        f"Analysis: {report.seen} passages read, {report.tagged} with a theme{declined}; "
        f"index {index} with {report.indexed} passages."
    )


def run_analysis(settings: Settings, *, everything: bool = False) -> AnalyseReport:
    """Analyse a data directory, with a progress bar where somebody watches."""
    library = Library(settings)
    set_threads(settings.analyse_threads)
    with progress_bar("Analysing passages") as progress:
        return analyse(
            library.store,
            settings.data_dir,
            tagger=load_tagger(),
            codebook=library.codebook,
            everything=everything,
            batch_size=settings.batch_size,
            progress=progress,
        )
