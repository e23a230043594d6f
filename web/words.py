"""What readers see in place of our codes: stances, kinds, grades and scores in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from corpus.damage import COPY_OVERWRITTEN
from corpus.licence import COPY_DAMAGED
from corpus.model import Attribution, EvidenceGrade, Finding, Kind, Level, Review, Stance

DIGEST_LABEL = "Throughline’s summary of what was reported"
"""Stands with every digest passage: those words are ours, never a quotation."""


@dataclass(frozen=True)
class StanceWords:
    """A stance as a reader sees it; the symbol differs in shape, never in colour alone."""

    slug: str
    label: str
    symbol: str


STANCES: Mapping[Stance, StanceWords] = MappingProxyType(
    {
        Stance.FAILING: StanceWords("failing-found", "Failing found", "●"),
        Stance.GOOD_PRACTICE: StanceWords("good-practice-found", "Good practice found", "✓"),
        Stance.CHANGE_PROPOSED: StanceWords("change-proposed", "Change proposed", "▲"),
        Stance.BACKGROUND: StanceWords("background", "Background", "○"),
        Stance.NEGATED: StanceWords("negated-or-hypothetical", "Denied or hypothetical", "?"),
    }
)
"""In the order in which pages list them."""

LEVELS: Mapping[Level, str] = MappingProxyType(
    {
        Level.CASE: "one child’s case",
        Level.SYSTEM: "arrangements beyond one case",
    }
)

ATTRIBUTIONS: Mapping[Attribution, str] = MappingProxyType(
    {
        Attribution.OWN_VOICE: "the review itself",
        Attribution.REPORTED: "a report of what the review found",
        Attribution.CLAIM: "somebody’s claim, not a review’s finding",
    }
)

KINDS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.REVIEW: "Review",
        Kind.DIGEST: "Throughline’s summary of a review",
        Kind.BRIEFING: "Briefing",
        Kind.GUIDANCE: "Guidance",
        Kind.ACADEMIC: "Research",
        Kind.HISTORIC: "Historic document",
        Kind.NEWS: "News report",
        Kind.OTHER: "Other document",
    }
)
"""In the order in which the search form lists them."""

GRADES: Mapping[EvidenceGrade, str] = MappingProxyType(
    {
        EvidenceGrade.OFFICIAL: "official page (government, court, parliament or council)",
        EvidenceGrade.PARTNERSHIP: "safeguarding partnership’s page",
        EvidenceGrade.RESEARCH: "research page",
        EvidenceGrade.TRADE_PRESS: "trade press",
        EvidenceGrade.PRESS: "press",
        EvidenceGrade.SECONDARY: "several minor press pages that agree",
    }
)

MARKS: Mapping[str, str] = MappingProxyType(
    {
        "channel-tampered": (
            "Someone had tampered with the feed that this came through. The text that they "
            "put in was taken out before anything was indexed."
        ),
        "teaser-only": "Only the opening was published openly; the whole is not held here.",
        "implausible-date": (
            "The date that came with it cannot be right, so it is shown without a date."
        ),
        COPY_DAMAGED: (
            "Its stored copy was found damaged, so none of its words can be proved; they are "
            "withheld until the copy is restored."
        ),
        COPY_OVERWRITTEN: (
            "The stored copy that it was taken from was overwritten, because something else in it "
            "was withdrawn; it is checked anew when its publisher is next crawled."
        ),
        "pages-without-text": "Some of its pages are pictures, and their text is not held here.",
        "wrong-file-name": "The file’s name said that it was of another kind than it is.",
    }
)
"""Sentences for a document's marks; an unknown mark is shown as it is."""


def review_type_words(review_type: str) -> str:
    """Write a review's type as a reader expects it, with a capital: ``Public inquiry``."""
    if review_type == "other":
        return "Other report"
    return review_type[:1].upper() + review_type[1:]


def score_band(score: float | None) -> str:
    """Say how sure the machine was: ``high``, ``middling`` or ``low score``."""
    if score is None:
        return "no score"
    return "high score" if score >= 0.8 else "middling score" if score >= 0.6 else "low score"


def how_coded(finding: Finding) -> str:
    """Say who coded a finding: a person, or the machine with its score band."""
    if finding.coder is not None:
        return "coded by hand"
    possible = "" if finding.confident else ", possible only"
    return f"tagged by machine, {score_band(finding.score)}{possible}"


_TYPE_PREFIX = re.compile(r"[^:]*\breview: (?=\S)", re.IGNORECASE)
_SHORT = 80


def short_title(review: Review) -> str:
    """Shorten a review's title for tables and charts.

    A child's name stands alone only where it is part of the published title and nobody
    had to join it to a pseudonym; else the title loses its type prefix and is clipped
    between words.
    """
    named = review.case_names
    if (
        1 <= len(named) <= 2
        and review.identity_link is None
        and all(name in review.title for name in named)
    ):
        return " and ".join(named)
    title = _TYPE_PREFIX.sub("", review.title, count=1)
    if len(title) <= _SHORT:
        return title
    return title[:_SHORT].rsplit(" ", 1)[0].rstrip(",:;(") + "…"


def counted(number: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun: ``1 review``, ``2 reviews``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
