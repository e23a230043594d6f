"""``throughline demo``: the shipped catalogue, analysed and served."""

from pathlib import Path

import click

from corpus.catalogue import add_catalogue
from web.commands.analyse import analysis_as_text, run_analysis
from web.commands.options import data_dir_option, say, settings_for
from web.commands.serve import require_free_port, serve
from web.holdings import Library


@click.command("demo")
@click.option("--no-serve", is_flag=True, help="Stop once everything is loaded.")
@click.option("--host", help="Address to listen on (default: 127.0.0.1).")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (default: 8000).")
@data_dir_option
def command(no_serve: bool, host: str | None, port: int | None, data_dir: Path | None) -> None:
    """Load the shipped catalogue, analyse it and serve the portal.

    Doing it again changes nothing and is quick.
    """
    settings = settings_for(data_dir, host=host, port=port)
    if not no_serve:
        require_free_port(settings)
    library = Library(settings)
    added = add_catalogue(library.store, codebook_version=library.codebook.version)
    say(
        f"Catalogue: {added.new} reviews new, {added.changed} changed, {added.unchanged} unchanged."
    )
    say(analysis_as_text(run_analysis(settings)))
    if not no_serve:
        serve(settings)
