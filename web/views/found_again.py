"""Each recommendation on a theme, with the later reviews that found the failing."""

from dataclasses import dataclass

from corpus.found_again import FoundAgain, Later
from corpus.licence import shown_words
from corpus.model import Kind
from corpus.recurrence import Evidence
from web.charts.again import LATER_IS_NOT_BECAUSE, recommendations
from web.holdings import Library
from web.recurring import RecurrenceQuestion, ground
from web.views.parts import ReviewLink, date_words, review_link
from web.words import counted


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A passage's beginning within its licence, and where it stands."""

    passage_id: str
    text: str
    is_digest: bool


@dataclass(frozen=True, kw_only=True)
class LaterView:
    """A later review that found the failing."""

    review: ReviewLink
    date: str
    after: str
    """Such as ``12 years after``."""
    passage_id: str
    """Where it says so."""


@dataclass(frozen=True, kw_only=True)
class RecommendedView:
    """One recommendation, and what came after it."""

    review: ReviewLink
    date: str
    quote: Quote
    sentence: str
    """Such as ``Found again in 12 of 96 reviews held from after it, first 3 years after.``"""
    later: tuple[LaterView, ...]


@dataclass(frozen=True, kw_only=True)
class AgainView:
    """Every recommendation on a theme, oldest first."""

    items: tuple[RecommendedView, ...]
    caution: str


def found_again_view(library: Library, question: RecurrenceQuestion) -> AgainView:
    """Prepare what was recommended on the theme asked for, by date of publication."""
    by_publication = RecurrenceQuestion.model_validate(
        question.model_dump(exclude={"clock", "stance"}, by_alias=True)
    )
    theme = question.theme or ""
    found = recommendations(ground(library, by_publication), library.codebook, theme)
    return AgainView(
        items=tuple(_recommended(item) for item in found), caution=LATER_IS_NOT_BECAUSE
    )


def _recommended(item: FoundAgain) -> RecommendedView:
    return RecommendedView(
        review=review_link(item.review),
        date=date_words(item.date),
        quote=_quote(item.evidence),
        sentence=_sentence(item),
        later=tuple(_later(later) for later in item.later),
    )


def _sentence(item: FoundAgain) -> str:
    if not item.held_after:
        return "No review is held from after it."
    of = counted(item.held_after, "review")
    if not item.later:
        return f"Found again in none of {of} held from after it, which is no sign that it ended."
    first = _after(item.later[0])
    return f"Found again in {len(item.later)} of {of} held from after it, first {first}."


def _later(later: Later) -> LaterView:
    return LaterView(
        review=review_link(later.review),
        date=date_words(later.date),
        after=_after(later),
        passage_id=later.evidence.passage.passage_id,
    )


def _after(later: Later) -> str:
    return f"{counted(later.years, 'year')} after" if later.years else "within the same year"


def _quote(evidence: Evidence) -> Quote:
    text, cut = shown_words(evidence.passage, evidence.licence_tier, evidence.marks)
    return Quote(
        passage_id=evidence.passage.passage_id,
        text=f"{text}…" if cut and text else text,
        is_digest=evidence.kind is Kind.DIGEST,
    )
