"""``throughline withdraw``: take documents down everywhere."""

from collections.abc import Iterator
from pathlib import Path

import click

from corpus.errors import InvalidInputError
from corpus.store import open_store
from corpus.withdrawals import Withdrawal
from web.commands.options import by_option, data_dir_option, say, settings_for
from web.withdrawing import finish, withdraw


@click.command("withdraw")
@click.argument("ids", nargs=-1, metavar="[DOCUMENT_OR_REVIEW_ID]...")
@click.option("--reason", default="", help="Why; readers will see this sentence.")
@by_option
@data_dir_option
def command(ids: tuple[str, ...], reason: str, by: str, data_dir: Path | None) -> None:
    """Take documents down everywhere, for good.

    Their words leave pages, search, API, exports, index, captures and the database file
    before this returns; a tombstone stays, and they are not taken in again. A review's id
    takes all of its documents. Without an id, what was interrupted is finished.
    """
    settings = settings_for(data_dir)
    store = open_store(settings.data_dir)
    if not ids:
        count = finish(store, settings.data_dir)
        say(f"Withdrawals that were open and are finished now: {count}.")
        return
    if not reason.strip():
        raise InvalidInputError("A withdrawal needs a reason, which readers will see: --reason.")
    for stone in withdraw(store, settings.data_dir, ids, reason=reason, by=by):
        say(_line(stone))
        for line in _captures(stone):
            say(line)


def _line(stone: Withdrawal) -> str:
    documents = "1 document" if stone.n_documents == 1 else f"{stone.n_documents} documents"
    return (
        f"Withdrawn: {stone.asked} ({documents}, {stone.n_passages} passages, "
        f"{stone.n_judgements} judgements), {stone.withdrawn_at:%Y-%m-%d}: {stone.reason}"
    )


def _captures(stone: Withdrawal) -> Iterator[str]:
    for capture_id in stone.capture_ids:
        yield f"  capture overwritten: {capture_id}"
    if stone.n_bereft:
        yield (
            f"  documents that stay and rested on a capture of these: {stone.n_bereft}. Each is "
            "marked until a crawl brings its text without what was withdrawn."
        )
