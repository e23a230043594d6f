"""Which tagger's codes a form showed, so that a judgement names what its coder saw."""

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from corpus.coding_items import CodingItem
from corpus.ids import PassageId
from web.holdings import Library


def tagger_of(library: Library, passage_id: PassageId) -> str | None:
    """The tagger whose findings a passage carries; ``None`` where it was never read."""
    found = library.store.machine_findings([passage_id]).get(passage_id)
    return found[0].tagger_version if found else library.versions.tagger


def sign_seen(library: Library, item: CodingItem) -> str:
    """Write down for a form which tagger had read its passage when it was shown."""
    return _signer().dumps([item.passage_id, tagger_of(library, item.passage_id)])


def tagger_seen(library: Library, item: CodingItem, seen: str) -> str | None:
    """The tagger that a form says it was shown under.

    Where it says nothing that we signed for this passage, the one that has read it now.
    """
    try:
        passage_id, tagger = _signer().loads(seen)
    except (BadSignature, ValueError, TypeError):
        return tagger_of(library, item.passage_id)
    return tagger if passage_id == item.passage_id else tagger_of(library, item.passage_id)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt="tagger-seen")
