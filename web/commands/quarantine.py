"""``throughline quarantine``: what was held back, and letting it go."""

from pathlib import Path

import click

from corpus.quarantine import get_held_back, list_held_back
from corpus.store import open_store
from ingest.admit import release
from ingest.tampering import load_rules
from web.commands.options import (
    by_option,
    data_dir_option,
    json_option,
    print_json,
    say,
    settings_for,
)
from web.custody_shapes import held_back_shape
from web.words import counted


@click.group("quarantine")
def command() -> None:
    """List, show and release documents that were held back."""


@command.command("list")
@click.option("--released", is_flag=True, help="List what was released instead.")
@data_dir_option
@json_option
def list_command(released: bool, data_dir: Path | None, as_json: bool) -> None:
    """List what is in quarantine, with the rules that fired."""
    held = list_held_back(open_store(settings_for(data_dir).data_dir), released=released)
    if as_json:
        print_json([held_back_shape(one) for one in held])
        return
    for one in held:
        rules = ", ".join(rule.rule_id for rule in one.rules)
        click.echo(
            f"{one.document.document_id}  {one.held_at:%Y-%m-%d}  {rules}  {one.document.title}"
        )
    if not held:
        click.echo("Nothing was released." if released else "Nothing is in quarantine.")


@command.command("show")
@click.argument("document_id")
@click.option("--text", "with_text", is_flag=True, help="Print the text too, as it was taken in.")
@data_dir_option
def show_command(document_id: str, with_text: bool, data_dir: Path | None) -> None:
    """Show one document in quarantine: what fired, and on what."""
    one = get_held_back(open_store(settings_for(data_dir).data_dir), document_id)
    names = {rule.rule_id: rule.name for rule in load_rules().values()}
    click.echo(f"{document_id}: {one.document.title}")
    click.echo(f"Address: {one.document.url or 'none'}")
    click.echo(f"Held back on {one.held_at:%Y-%m-%d}, {counted(len(one.passages), 'passage')}.")
    for rule in one.rules:
        name = names.get(rule.rule_id, "a rule that is no longer used")
        click.echo(f"  {rule.rule_id}: {name}: {rule.found}")
    if one.released_at:
        click.echo(
            f"Released on {one.released_at:%Y-%m-%d} by {one.released_by}: {one.release_reason}"
        )
    if with_text:
        click.echo(f"\n{one.document.text}")


@command.command("release")
@click.argument("document_id")
@click.option("--reason", required=True, help="Why the rule was wrong here; kept for good.")
@by_option
@data_dir_option
def release_command(document_id: str, reason: str, by: str, data_dir: Path | None) -> None:
    """Take a document in after all; who let it go and why is kept."""
    store = open_store(settings_for(data_dir).data_dir)
    done = release(store, document_id, reason=reason, by=by)
    where = f", under review {done.review_id}" if done.review_id else ""
    say(f"Released: {document_id} ({done.outcome}{where}). Index it with: throughline analyse")
