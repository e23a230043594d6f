"""Withdrawal from what was published: every held snapshot lets go of a document's words."""

import datetime as dt
from collections.abc import Callable, Collection
from pathlib import Path

from corpus.erasing import scrub
from corpus.snapshots.redact import redact_package
from corpus.snapshots.shelf import SHELF, HeldSnapshot, list_held, shelf_held
from corpus.store import DATABASE_NAME, Store, open_store
from corpus.withdrawals import begin_withdrawal, open_withdrawals


def withdraw_from_snapshots(
    data_dir: Path,
    document_ids: Collection[str],
    *,
    reason: str,
    at: dt.datetime,
    purge_index: Callable[[Store, Path], object],
    review_ids: Collection[str] = (),
    by: str = "withdrawal",
) -> tuple[str, ...]:
    """Take documents out of the files and the copy of every held snapshot.

    Their rows leave the package, which keeps its id: what is left out is named in
    ``redactions.json`` with each row's hash, so that the manifest still verifies. The copy
    that answers are given from gets tombstones. Doing it again does nothing; a run that
    was interrupted is finished by the next one.

    Args:
        data_dir: where the snapshots lie.
        document_ids: every version; those that a snapshot does not hold are passed over.
        reason: a sentence that readers will see.
        at: when, with its zone.
        purge_index: takes what the store no longer holds out of a data directory's index;
            :func:`nlp.purge.purge_index`.
        review_ids: reviews whose own records are withdrawn too.
        by: who asked.

    Returns:
        The snapshots that held any of them, newest first.

    Raises:
        BrokenPackageError: a package cannot be read.
        StorageError: a file cannot be written, or another program uses a copy.
    """
    if not (data_dir / SHELF).is_dir():
        return ()
    with shelf_held(data_dir):
        return _withdraw_from_all(
            data_dir,
            document_ids,
            review_ids,
            reason=reason,
            by=by,
            at=at,
            purge_index=purge_index,
        )


def _withdraw_from_all(
    data_dir: Path,
    document_ids: Collection[str],
    review_ids: Collection[str],
    *,
    reason: str,
    by: str,
    at: dt.datetime,
    purge_index: Callable[[Store, Path], object],
) -> tuple[str, ...]:
    moment = at.astimezone(dt.UTC).isoformat(timespec="seconds")
    touched = []
    for held in list_held(data_dir):
        redacted = redact_package(
            held, document_ids, review_ids=review_ids, reason=reason, at=moment
        )
        erased = _erase_from_copy(
            held, document_ids, review_ids, reason=reason, by=by, at=at, purge_index=purge_index
        )
        if redacted or erased:
            touched.append(held.name)
    return tuple(touched)


def _erase_from_copy(
    held: HeldSnapshot,
    document_ids: Collection[str],
    review_ids: Collection[str],
    *,
    reason: str,
    by: str,
    at: dt.datetime,
    purge_index: Callable[[Store, Path], object],
) -> bool:
    if not (held.copy / DATABASE_NAME).is_file():
        return False
    store = open_store(held.copy)
    try:
        # Reviews first: asked for by its own id, a review's record goes too.
        asked = [one for one in review_ids if any(store.iter_documents(review_id=one))]
        for one in asked:
            begin_withdrawal(store, one, reason=reason, by=by, at=at)
        for one in store.get_documents(document_ids):
            begin_withdrawal(store, one, reason=reason, by=by, at=at)
        unfinished = bool(open_withdrawals(store))
        if unfinished:
            purge_index(store, held.copy)
            scrub(store, at)
    finally:
        store.close()
    return unfinished
