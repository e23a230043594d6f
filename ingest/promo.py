"""Promo boxes: the publisher's own advertising in the middle of an article."""

import re
from collections.abc import Sequence

from ingest.extracted import Block

# "Share your story", "Celebrate those who've inspired you": an order to the reader.
_CALL = re.compile(
    r"(?:share|celebrate|tell|nominate|sign|subscribe|join|write|send|have|get|take|help|enter|"
    r"register|want|support|follow|do you|would you|are you|could you|become|apply)\b"
    r".*\b(?:you|your|you[’']ve|you[’']re|us|our|involved|up|now|today)\b.*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\S+@\S+\.\S+")
_CONTACT = re.compile(r"\b(?:e-?mail|contact|write to|get in touch|send)\b", re.IGNORECASE)
# Sentences that only somebody who wants something of the reader writes.
_SOLICITS = re.compile(
    r"\b(?:nominat\w+|sign up|subscribe|register (?:now|here|your interest)|find out more|"
    r"click here|our nominations form|share your|like to (?:share|write)|invites? you|"
    r"please note that|apply now|book (?:now|your place)|filling in our)\b",
    re.IGNORECASE,
)
_ASKS_READER = re.compile(r"(?:do|would|are|have|could|is) (?:you|there)\b.*\?", re.IGNORECASE)
_MAX_BLOCKS = 10
_MIN_SOLICITING_SHARE = 0.5


def find_promo_boxes(
    blocks: Sequence[Block], real_headings: Sequence[bool]
) -> list[tuple[int, int]]:
    """Find promo boxes as half-open ranges of block positions, in reading order.

    A box opens with a heading that orders the reader to do something for the publisher.
    It ends with the line that says where to write: what follows that line is the article
    again, even without a heading. A box without such a line ends at the next heading, and
    counts only if most of it solicits: guidance, too, tells its readers what to do.

    Args:
        blocks: a document's blocks in reading order.
        real_headings: of each block, whether it is a heading and not a caption or by-line
            set as one.
    """
    boxes: list[tuple[int, int]] = []
    for start, block in enumerate(blocks):
        if boxes and start < boxes[-1][1]:
            continue
        if real_headings[start] and _CALL.fullmatch(block.text):
            end = _box_end(blocks, real_headings, start)
            if end:
                boxes.append((start, end))
    return boxes


def _box_end(blocks: Sequence[Block], real_headings: Sequence[bool], start: int) -> int | None:
    section_end = start + 1
    limit = min(len(blocks), start + 1 + _MAX_BLOCKS)
    while section_end < limit and not real_headings[section_end]:
        section_end += 1
    section = [block.text for block in blocks[start + 1 : section_end]]
    for position, text in enumerate(section):
        if _ADDRESS.search(text) and _CONTACT.search(text):
            end = position + 1
            while end < len(section) and _solicits(section[end]):
                end += 1
            return start + 1 + end
    soliciting = sum(map(_solicits, section))
    if section and soliciting >= _MIN_SOLICITING_SHARE * len(section):
        return section_end
    return None


def _solicits(text: str) -> bool:
    return bool(_SOLICITS.search(text) or _ASKS_READER.match(text))
