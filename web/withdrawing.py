"""Withdrawal from end to end: store, captures, index, snapshots, and the file's free space."""

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from corpus.erasing import scrub
from corpus.snapshots.withdrawal import withdraw_from_snapshots
from corpus.store import Store
from corpus.withdrawals import (
    Withdrawal,
    begin_withdrawal,
    captures_to_overwrite,
    list_withdrawals,
    open_withdrawals,
)
from ingest.overwrite import overwrite_withdrawn
from nlp.purge import purge_index


def withdraw(
    store: Store,
    data_dir: Path,
    asked: Sequence[str],
    *,
    reason: str,
    by: str,
    block_text: bool = True,
) -> tuple[Withdrawal, ...]:
    """Withdraw documents, or all documents of reviews, everywhere; returns their tombstones.

    The words leave every answer with the first step and every file with the last. A run
    that was interrupted is finished by the next one, whatever that is asked for.

    Args:
        store: what is held.
        data_dir: where captures, index and snapshots lie.
        asked: ids of documents and reviews; none only finishes what was interrupted.
        reason: a sentence that readers will see.
        by: who asked, or the rule that decided.
        block_text: keep the same words out under any other address too.

    Raises:
        InvalidInputError: there is no reason.
        DocumentNotFoundError: nothing held has one of these ids; the ones before it are gone.
        StorageError: a file cannot be written; the withdrawal stays open.
    """
    now = dt.datetime.now(dt.UTC)
    done = set()
    try:
        for one in asked:
            stone = begin_withdrawal(
                store, one, reason=reason, by=by, at=now, block_text=block_text
            )
            done.add(stone.withdrawal_id)
    finally:
        # One wrong id must not leave the words of those before it in any file.
        finish(store, data_dir)
    return tuple(stone for stone in list_withdrawals(store) if stone.withdrawal_id in done)


def finish(store: Store, data_dir: Path) -> int:
    """Finish the withdrawals that are open; returns how many those were.

    Raises:
        StorageError: a file cannot be written; they stay open.
    """
    unfinished = open_withdrawals(store)
    now = dt.datetime.now(dt.UTC)
    if captures_to_overwrite(store):
        overwrite_withdrawn(store, data_dir, at=now)
    if unfinished:
        purge_index(store, data_dir)
        for stone in unfinished:
            withdraw_from_snapshots(
                data_dir,
                stone.document_ids,
                review_ids=stone.review_ids,
                reason=stone.reason,
                by=stone.withdrawn_by,
                at=stone.withdrawn_at,
                purge_index=purge_index,
            )
        scrub(store, now)
    return len(unfinished)
