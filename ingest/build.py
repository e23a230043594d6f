"""What extractors give to documents and passages: cleaned, segmented, with ids and licence."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from corpus.errors import SourceError
from corpus.ids import CaptureId, DocumentId, PassageId, sha256_text
from corpus.model import Capture, Document, LicenceTier, Passage
from ingest.clean import CleanTitle, clean_titles
from ingest.extracted import BlockKind, Extracted
from ingest.licence import Host, choose_kind, find_host
from ingest.plausible import is_plausible
from ingest.segment import Segment, segment_blocks

CHANNEL_TAMPERED = "channel-tampered"
"""Somebody has put text of their own into this publisher's titles."""
TITLE_CLEANED = "title-cleaned"
TEASER_ONLY = "teaser-only"
"""The publisher gave the opening alone; the article is not here."""
IMPLAUSIBLE_DATE = "implausible-date"

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
    items: Sequence[Extracted], capture: Capture, *, marks: tuple[str, ...] = ()
) -> list[BuiltDocument]:
    """Build the documents of one file, in its order; pure, nothing is written.

    Args:
        items: what was extracted from one file; the items of a feed together.
        capture: the file; documents that state no identity of their own go by its hash,
            so that two files of one name are two documents.
        marks: what is known of the file, for every document in it.

    Raises:
        SourceError: the documents' publisher is one whose text must not be kept, or there
            is a document without any passage that is not a teaser.
    """
    channel = items[0].channel_title
    served = ([channel] if channel is not None else []) + [item.raw_title for item in items]
    titles = clean_titles(served, language=items[0].language)
    if any(title.injected for title in titles):
        marks = (*marks, CHANNEL_TAMPERED)
    channel_title = titles[0].title if channel is not None else None
    return [
        _build(item, title, capture, marks, channel_title)
        for item, title in zip(items, titles[-len(items) :], strict=True)
    ]


def _build(
    item: Extracted,
    title: CleanTitle,
    capture: Capture,
    marks: tuple[str, ...],
    channel_title: str | None,
) -> BuiltDocument:
    host = find_host(item.url)
    _refuse_by_licence(host)
    shown_title = title.title or PurePath(capture.address).stem
    kind = choose_kind(
        host,
        title=shown_title,
        cover=[block.text for block in item.blocks],
        is_news=item.is_news,
    )
    segmented = segment_blocks(item.blocks, kind)
    teaser_only = bool(item.blocks) and all(b.kind is BlockKind.SUMMARY for b in item.blocks)
    if not segmented.segments and not item.is_news:
        raise SourceError("holds no paragraph that could be searched: check that it is the report")
    plausible = item.published is not None and is_plausible(item.published, now=capture.captured_at)
    text = segmented.text
    identity = item.identity or f"capture:{capture.capture_id}"
    document_id = DocumentId.of(identity, sha256_text(text))
    document = Document(
        document_id=document_id,
        identity=identity,
        kind=kind,
        title=shown_title,
        text=text,
        text_sha256=sha256_text(text),
        licence_tier=host.tier if host else LicenceTier.OWNER,
        captured_at=capture.captured_at,
        url=item.url,
        publisher=host.publisher if host else item.publisher or channel_title,
        author=item.author,
        published=item.published if plausible else None,
        published_from=item.published_from if plausible else None,
        capture_id=CaptureId(capture.capture_id),
        raw_title=title.raw,
        title_rule=title.rule,
        marks=(
            *item.marks,
            *marks,
            *([TITLE_CLEANED] if title.rule else []),
            *([TEASER_ONLY] if teaser_only else []),
            *([IMPLAUSIBLE_DATE] if item.published and not plausible else []),
        ),
        skipped=dict(Counter(segmented.skipped) + Counter(item.dropped)),
    )
    return BuiltDocument(document, _passages(document, segmented.segments))


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
