"""``throughline group``: which documents are of one review, and putting that right by hand."""

import datetime as dt
from pathlib import Path

import click

from corpus.groups import merge, show, split
from corpus.store import open_store
from web.commands.options import (
    by_option,
    data_dir_option,
    json_option,
    print_json,
    say,
    settings_for,
)
from web.custody_shapes import decision_words, group_shape


@click.group("group")
def command() -> None:
    """Show, split and merge the documents of one review."""


@command.command("show")
@click.argument("review_id")
@data_dir_option
@json_option
def show_command(review_id: str, data_dir: Path | None, as_json: bool) -> None:
    """Show a review's documents, with the reason for each."""
    group = show(open_store(settings_for(data_dir).data_dir), review_id)
    if as_json:
        print_json(group_shape(group))
        return
    made = "made from its documents" if group.found else "of the catalogue"
    click.echo(f"{group.review.title} ({review_id}, {made})")
    for member in group.members:
        document = member.document
        click.echo(f"  {document.document_id}  {document.kind.value}  {document.title}")
        for decision in member.decisions:
            click.echo(f"      {decision_words(decision)}")


@command.command("split")
@click.argument("document_id")
@click.option("--reason", required=True, help="What shows that it is of another review.")
@by_option
@data_dir_option
def split_command(document_id: str, reason: str, by: str, data_dir: Path | None) -> None:
    """Take a document out of its review; no rule ever puts it back."""
    store = open_store(settings_for(data_dir).data_dir)
    began = split(store, document_id, reason=reason, by=by, at=dt.datetime.now(dt.UTC))
    now = f"is under review {began} now" if began else "belongs to no review now"
    say(f"The document {document_id} {now}. Bring the index up to date with: throughline analyse")


@command.command("merge")
@click.argument("from_review_id")
@click.argument("into_review_id")
@click.option("--reason", required=True, help="What shows that they are one review.")
@by_option
@data_dir_option
def merge_command(
    from_review_id: str, into_review_id: str, reason: str, by: str, data_dir: Path | None
) -> None:
    """Put all documents of one review under another."""
    store = open_store(settings_for(data_dir).data_dir)
    at = dt.datetime.now(dt.UTC)
    moved = merge(store, from_review_id, into_review_id, reason=reason, by=by, at=at)
    say(
        f"Documents moved to {into_review_id}: {moved}. Bring the index up to date with: "
        "throughline analyse"
    )
