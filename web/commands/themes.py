"""``throughline themes``: the codebook."""

import click

from nlp.codebook import Codebook, Theme, TopTheme, load_codebook
from web.commands.options import json_option, print_json
from web.shapes import theme_shape, top_theme_shape


@click.command("themes")
@click.argument("theme", required=False)
@json_option
def command(theme: str | None, as_json: bool) -> None:
    """Show the codebook, or one theme of it."""
    codebook = load_codebook()
    if theme is None:
        shapes = [top_theme_shape(top, codebook) for top in codebook.top_themes]
        document: object = {"codebook_version": codebook.version, "themes": shapes}
        text = "\n".join(_top_as_text(top, codebook) for top in codebook.top_themes)
    else:
        entry = codebook.entry(theme)
        if isinstance(entry, TopTheme):
            document = top_theme_shape(entry, codebook)
            text = _top_as_text(entry, codebook)
        else:
            document = theme_shape(entry)
            text = _theme_as_text(entry)
    if as_json:
        print_json(document)
    else:
        click.echo(text)


def _top_as_text(top: TopTheme, codebook: Codebook) -> str:
    rows = [f"  {theme_id:34} {codebook.theme(theme_id).label}" for theme_id in top.theme_ids]
    return "\n".join([f"{top.theme_id}: {top.label}", *rows, ""])


def _theme_as_text(theme: Theme) -> str:
    return "\n".join(
        [
            f"{theme.theme_id}: {theme.label} (part of {theme.top_theme})",
            "",
            theme.definition,
            "",
            f"Include: {theme.include}",
            "Exclude:",
            *(f"  {exclusion.when}: {exclusion.then}" for exclusion in theme.exclude),
            "Cues: " + "; ".join(cue.phrase for cue in theme.cues),
        ]
    )
