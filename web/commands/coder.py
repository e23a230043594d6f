"""``throughline coder``: accounts of the coding desk."""

import datetime as dt
import sys
from pathlib import Path

import click

from corpus.coders import (
    Coder,
    Role,
    add_coder,
    disable_coder,
    get_coder,
    list_coders,
    set_password,
)
from corpus.errors import InvalidInputError
from corpus.store import open_store
from web.commands.options import data_dir_option, json_option, print_json, say, settings_for

_ROLES = [role.value for role in Role]


@click.group("coder")
def command() -> None:
    """Add, list and disable accounts of the coding desk."""


@command.command("add")
@click.argument("name")
@click.option(
    "--role",
    type=click.Choice(_ROLES),
    required=True,
    help="A coder codes; a lead also draws, follows progress and decides.",
)
@data_dir_option
def add(name: str, role: str, data_dir: Path | None) -> None:
    """Add an account; asks for its password, or reads it from standard input.

    The name stands beside every judgement, also in exports and published snapshots; initials
    will do.
    """
    store = open_store(settings_for(data_dir).data_dir)
    coder = add_coder(store, name, Role(role), _password(), at=_now())
    say(f"{coder.name} can sign in at /desk as a {coder.role.value}.")


@command.command("list")
@data_dir_option
@json_option
def list_(*, data_dir: Path | None, as_json: bool) -> None:
    """List the accounts, disabled ones too."""
    coders = list_coders(open_store(settings_for(data_dir).data_dir))
    if as_json:
        print_json([_shape(coder) for coder in coders])
        return
    for coder in coders:
        state = "" if coder.is_active else "  disabled"
        click.echo(f"{coder.name}  {coder.role.value}  {coder.created_at:%Y-%m-%d}{state}")
    if not coders:
        say("Nobody has an account. Add one with: throughline coder add NAME --role lead")


@command.command("disable")
@click.argument("name")
@data_dir_option
def disable(name: str, data_dir: Path | None) -> None:
    """Close an account for good and sign it out; what it judged stays."""
    store = open_store(settings_for(data_dir).data_dir)
    disable_coder(store, name, at=_now())
    say(f"{get_coder(store, name).name} can no longer sign in.")


@command.command("password")
@click.argument("name")
@data_dir_option
def password(name: str, data_dir: Path | None) -> None:
    """Give an account a new password, and sign it out everywhere."""
    store = open_store(settings_for(data_dir).data_dir)
    coder = get_coder(store, name)
    set_password(store, coder.name, _password())
    say(f"{coder.name} has a new password and is signed out everywhere.")


def _password() -> str:
    """Ask for a password twice, or read a line; never an argument, which others could see."""
    if sys.stdin.isatty():
        asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return asked
    line = sys.stdin.readline().rstrip("\r\n")
    if not line:
        raise InvalidInputError("No password came in on standard input.")
    return line


def _shape(coder: Coder) -> dict[str, str | None]:
    return {
        "name": coder.name,
        "role": coder.role.value,
        "created_at": coder.created_at.isoformat(),
        "disabled_at": coder.disabled_at.isoformat() if coder.disabled_at else None,
    }


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
