"""How withdrawals, held-back documents and groups look in JSON."""

from corpus.withdrawals import Withdrawal
from web.shapes import Json


def withdrawal_shape(stone: Withdrawal) -> Json:
    """A tombstone: ids, numbers, reason and dates; none of what was withdrawn."""
    return {
        "asked": stone.asked,
        "document_ids": list(stone.document_ids),
        "reason": stone.reason,
        "withdrawn_by": stone.withdrawn_by,
        "withdrawn_at": stone.withdrawn_at.isoformat(timespec="seconds"),
        "publishers": list(stone.publishers),
        "documents": stone.n_documents,
        "passages": stone.n_passages,
        "judgements": stone.n_judgements,
        "finished": stone.finished_at is not None,
    }
