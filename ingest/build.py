"""What extractors give to documents and passages: cleaned, segmented, with ids and licence."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from corpus.errors import SourceError
from corpus.ids import CaptureId, DocumentId, PassageId, sha256_text
from corpus.model import Capture, Document, LicenceTier, Passage
from ingest.addresses import canonical_address
from ingest.clean import CleanTitle, clean_titles
from ingest.extracted import BlockKind, Extracted
from ingest.licence import Host, choose_kind, find_host
from ingest.particulars import Particulars, read_particulars
from ingest.segment import Segment, segment_blocks
from ingest.settle import settle_address, settle_incident, settle_published
from ingest.spiders.listing import Sighting
from ingest.tampering import is_marked, stand_in_marks

CHANNEL_TAMPERED = "channel-tampered"
"""Somebody has put text of their own into this publisher's titles."""
TITLE_CLEANED = "title-cleaned"
TEASER_ONLY = "teaser-only"
"""The publisher gave the opening alone; the article is not here."""

_BREAK = "\n\n"
_REFUSED_TIERS = {
    LicenceTier.PERMISSION: "ask its publisher for permission first",
    LicenceTier.NEVER: "take it from the original publisher instead",
}


@dataclass(frozen=True)
class BuiltDocument:
    """A document with its passages, ready to be added."""

    document: Document
    passages: tuple[Passage, ...]


def build_documents(
    items: Sequence[Extracted],
    capture: Capture,
    *,
    marks: tuple[str, ...] = (),
    sighting: Sighting | None = None,
) -> list[BuiltDocument]:
    """Build the documents of one file, in its order; pure, nothing is written.

    Args:
        items: what was extracted from one file; the items of a feed together.
        capture: the file; documents that state no identity of their own go by its hash,
            so that two files of one name are two documents.
        marks: what is known of the file, for every document in it.
        sighting: what the list page that led to the file says of it. It fills in what the
            document does not say, and never changes what it says.

    Raises:
        SourceError: the documents' publisher is one whose text must not be kept, or there
            is a document without any passage that is neither a teaser nor what a rule of
            ``ingest/data/tampering.toml`` holds back.
    """
    channel = items[0].channel_title
    listed = [sighting.title or ""] if sighting else []
    served = [*([] if channel is None else [channel]), *listed, *(i.raw_title for i in items)]
    titles = clean_titles(served, language=items[0].language)
    if any(title.injected for title in titles):
        marks = (*marks, CHANNEL_TAMPERED)
    return [
        _build(
            item,
            _Context(
                capture=capture,
                sighting=sighting,
                marks=marks,
                title=title if title.title or not sighting else titles[-len(items) - 1],
                channel_title=None if channel is None else titles[0].title,
            ),
        )
        for item, title in zip(items, titles[-len(items) :], strict=True)
    ]


@dataclass(frozen=True, kw_only=True)
class _Context:
    """What a document is built with, besides what was extracted of it."""

    capture: Capture
    sighting: Sighting | None
    marks: tuple[str, ...]
    title: CleanTitle
    channel_title: str | None


def _build(item: Extracted, context: _Context) -> BuiltDocument:
    sighting = context.sighting
    url, address_marks = settle_address(item, context.capture, sighting)
    host = find_host(url)
    _refuse_by_licence(host)
    shown_title = context.title.title or PurePath(context.capture.address).stem
    cover = [block.text for block in item.blocks]
    kind = choose_kind(
        host,
        title=shown_title,
        cover=cover,
        is_news=item.is_news,
        listed=sighting.kind if sighting else None,
    )
    segmented = segment_blocks(item.blocks, kind)
    teaser_only = bool(item.blocks) and all(b.kind is BlockKind.SUMMARY for b in item.blocks)
    words = _BREAK.join(cover)
    marks = (*item.marks, *context.marks)
    if not segmented.segments and not is_marked(marks):
        marks = (*marks, *stand_in_marks(shown_title, words))
        if not item.is_news and not is_marked(marks):
            raise SourceError(
                "holds no paragraph that could be searched: check that it is the report"
            )
    stated = read_particulars(shown_title, cover, kind)
    now = context.capture.captured_at
    published = settle_published(item, sighting, now)
    incident = settle_incident(stated.incident, sighting, now)
    identity = _identity(item, url, context)
    # What is held back for its words must have them, also where none is a passage.
    text = segmented.text or (words if is_marked(marks) else "")
    document = Document(
        document_id=DocumentId.of(identity, sha256_text(text)),
        identity=identity,
        kind=kind,
        title=shown_title,
        text=text,
        text_sha256=sha256_text(text),
        licence_tier=host.tier if host else LicenceTier.OWNER,
        captured_at=context.capture.captured_at,
        url=url,
        publisher=host.publisher
        if host
        else _first(item, sighting, "publisher") or context.channel_title,
        author=item.author or _first(stated, sighting, "author"),
        published=published.date,
        published_from=published.stated_in,
        incident=incident.date,
        incident_from=incident.stated_in,
        review_type=_first(stated, sighting, "review_type"),
        partnership=_first(stated, sighting, "partnership"),
        nation=_first(stated, sighting, "nation"),
        page_count=item.page_count or (sighting.page_count if sighting else None),
        capture_id=CaptureId(context.capture.capture_id),
        raw_title=context.title.raw,
        title_rule=context.title.rule,
        marks=tuple(
            dict.fromkeys(
                (
                    *marks,
                    *address_marks,
                    *([TITLE_CLEANED] if context.title.rule else []),
                    *([TEASER_ONLY] if teaser_only else []),
                    *published.marks,
                    *incident.marks,
                )
            )
        ),
        skipped=dict(sorted((Counter(segmented.skipped) + Counter(item.dropped)).items())),
    )
    return BuiltDocument(document, _passages(document, segmented.segments))


def _identity(item: Extracted, url: str | None, context: _Context) -> str:
    """Give what stays the same when the publisher changes the text.

    What the list page calls it goes first: a page's address may change, a content id does not.
    """
    listed = context.sighting.identity if context.sighting else None
    trusted = item.identity if not item.url or item.url == url else None
    return listed or trusted or canonical_address(url) or f"capture:{context.capture.capture_id}"


def _first(own: Extracted | Particulars, sighting: Sighting | None, name: str) -> str | None:
    """Take a field from the document, or from its list page where the document is silent."""
    value = getattr(own, name) or (getattr(sighting, name) if sighting else None)
    return str(value) if value else None


def _passages(document: Document, segments: Sequence[Segment]) -> tuple[Passage, ...]:
    return tuple(
        Passage(
            passage_id=PassageId.of(document.document_id, segment.start_char, segment.end_char),
            document_id=document.document_id,
            position=position,
            start_char=segment.start_char,
            end_char=segment.end_char,
            text=document.text[segment.start_char : segment.end_char],
            heading=segment.heading,
            paragraph=segment.paragraph,
            page=segment.page,
        )
        for position, segment in enumerate(segments)
    )


def _refuse_by_licence(host: Host | None) -> None:
    if host and host.tier in _REFUSED_TIERS:
        raise SourceError(
            f"comes from {host.publisher} ({host.host}), whose text may not be kept here: "
            + _REFUSED_TIERS[host.tier]
        )
