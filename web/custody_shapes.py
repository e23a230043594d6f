"""How withdrawals, held-back documents and groups look in JSON, and their reasons in words."""

from corpus.group_rows import Decision
from corpus.groups import Group
from corpus.quarantine import HeldBack
from corpus.withdrawals import Withdrawal
from web.shapes import Json, date_shape


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
        "captures_overwritten": list(stone.capture_ids),
        "others_without_capture": stone.n_bereft,
        "finished": stone.finished_at is not None,
    }


def held_back_shape(held: HeldBack) -> Json:
    """A document in quarantine, without its text."""
    released = held.released_at
    return {
        "document_id": held.document.document_id,
        "title": held.document.title,
        "url": held.document.url,
        "publisher": held.document.publisher,
        "kind": held.document.kind.value,
        "rules": [{"rule": rule.rule_id, "found": rule.found} for rule in held.rules],
        "passages": len(held.passages),
        "held_at": held.held_at.isoformat(timespec="seconds"),
        "released_at": released.isoformat(timespec="seconds") if released else None,
        "released_by": held.released_by,
        "release_reason": held.release_reason,
    }


def group_shape(group: Group) -> Json:
    """A review's documents, each with every decision about it, oldest first."""
    return {
        "review_id": group.review.review_id,
        "title": group.review.title,
        "found": group.found,
        "documents": [
            {
                "document_id": member.document.document_id,
                "kind": member.document.kind.value,
                "title": member.document.title,
                "published": date_shape(member.document.published),
                "decisions": [decision_shape(decision) for decision in member.decisions],
            }
            for member in group.members
        ],
    }


def decision_shape(decision: Decision) -> Json:
    """Why a document is where it is; ``by`` is a person's name, or ``None`` for a rule."""
    return {
        "action": decision.action,
        "reason": decision.reason,
        "rule": decision.rule,
        "by": decision.decided_by,
        "at": decision.decided_at.isoformat(timespec="seconds"),
        "from_review_id": decision.from_review_id,
        "evidence": dict(decision.evidence),
    }


def decision_words(decision: Decision) -> str:
    """The same as a line: what, when, who or which rule, and why."""
    who = f"by {decision.decided_by}" if decision.decided_by else f"by rule {decision.rule}"
    return f"{decision.action} {decision.decided_at:%Y-%m-%d} {who}: {decision.reason}"
