"""``throughline alerts``: send digests, and see or remove who follows what."""

from pathlib import Path

import click

from corpus.alerts import iter_subscriptions, remove
from corpus.sightings import observe
from web.alerts.digests import due, send_digests, utc_now
from web.alerts.post import open_post
from web.alerts.search import title_or_not
from web.commands.options import data_dir_option, json_option, print_json, say, settings_for
from web.holdings import Library
from web.words import counted


@click.group("alerts")
def command() -> None:
    """Send, list and remove searches followed by e-mail."""


@command.command("send")
@click.option("--dry-run", is_flag=True, help="Say what would be sent; send nothing.")
@data_dir_option
@json_option
def send(*, dry_run: bool, data_dir: Path | None, as_json: bool) -> None:
    """Mail every follower what is new to their search; run it once a day.

    Safe to break off and to run again: no match is sent twice.
    """
    library = Library(settings_for(data_dir))
    if dry_run:
        _preview(library, as_json=as_json)
        return
    with open_post(library.settings) as post:
        report = send_digests(library, post, clock=utc_now)
    if as_json:
        print_json(vars(report))
    else:
        say(
            f"{counted(report.followed, 'followed search', 'followed searches')}: "
            f"{counted(report.sent, 'digest')} sent with "
            f"{counted(report.documents, 'document')}, {report.nothing_new} without news."
        )
    for problem in report.problems:
        say(f"throughline: {problem}")
    if report.problems:
        raise SystemExit(1)


def _preview(library: Library, *, as_json: bool) -> None:
    observe(library.store, now=utc_now())
    rows = []
    for subscription in iter_subscriptions(library.store, confirmed=True):
        search, matches = due(library, subscription)
        documents = [match.document_id for match in matches]
        rows.append(
            {
                "id": subscription.subscription_id,
                "search": search.title,
                "documents": documents,
            }
        )
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['id']}  {counted(len(row['documents']), 'document')}  {row['search']}")


@command.command("list")
@data_dir_option
@json_option
def list_(*, data_dir: Path | None, as_json: bool) -> None:
    """List who follows what, oldest first."""
    library = Library(settings_for(data_dir))
    rows = [
        {
            "id": each.subscription_id,
            "address": each.address,
            "search": title_or_not(library, each.search),
            "asked_at": each.asked_at.isoformat(),
            "confirmed_at": each.confirmed_at.isoformat() if each.confirmed_at else None,
        }
        for each in iter_subscriptions(library.store)
    ]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        state = "confirmed" if row["confirmed_at"] else "not confirmed"
        click.echo(f"{row['id']}  {row['address']}  {state}  {row['search']}")
    if not rows:
        say("Nobody follows a search.")


@command.command("remove")
@click.argument("id_or_address")
@data_dir_option
def remove_(id_or_address: str, data_dir: Path | None) -> None:
    """Delete a follower by id, or everything of an address."""
    removed = remove(Library(settings_for(data_dir)).store, id_or_address)
    say(f"{counted(removed, 'followed search', 'followed searches')} deleted.")
