"""A page a reform: who proposed it, by date and sort of source. An answer, not a failing."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template

from corpus.errors import NotFoundError
from corpus.licence import shown_text
from corpus.model import Kind, Review
from corpus.reforms import Proposal, proposals_of
from nlp.codebook import Codebook, Reform
from web.current import current_library
from web.holdings import Library
from web.views.parts import ReviewLink, by_id, date_words, review_link, theme_label
from web.whole import all_reviews
from web.words import KINDS, counted

reforms = Blueprint("reforms", __name__)


@dataclass(frozen=True, kw_only=True)
class ThemeLink:
    """A failing that the reform answers."""

    theme_id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class ProposalView:
    """One passage that proposes the reform."""

    passage_id: str
    date: str
    source: str
    """What sort of source it is: ``Public inquiry``, ``Guidance`` or ``News report``."""
    review: ReviewLink | None
    title: str
    text: str
    """Within the licence; empty where nothing may be shown."""
    is_digest: bool


@dataclass(frozen=True, kw_only=True)
class ReformPage:
    """What ``reform.html`` shows."""

    reform_id: str
    label: str
    definition: str
    answers: tuple[ThemeLink, ...]
    proposals: tuple[ProposalView, ...]
    """Oldest first, those without a date last."""
    by_source: tuple[str, ...]
    """Such as ``Public inquiry: 2 passages``, most first."""
    others: tuple[tuple[str, str], ...]
    """Id and label of the codebook's other reforms."""
    snapshot: str


@reforms.get("/reforms/<reform_id>")
def reform_page(reform_id: str) -> str:
    """Show who proposed a reform, and when."""
    return render_template("reform.html", page=build(current_library(), reform_id))


def build(library: Library, reform_id: str) -> ReformPage:
    """Gather one reform's page.

    Raises:
        NotFoundError: the codebook has no such reform.
    """
    codebook = library.codebook
    reform = _reform(codebook, reform_id)
    reviews = by_id(all_reviews(library))
    proposals = tuple(_proposal(one, reviews) for one in proposals_of(library.store, reform_id))
    sources = Counter(one.source for one in proposals)
    return ReformPage(
        reform_id=reform.reform_id,
        label=reform.label,
        definition=reform.definition,
        answers=tuple(
            ThemeLink(theme_id=theme, label=theme_label(codebook, theme))
            for theme in reform.answers
        ),
        proposals=proposals,
        by_source=tuple(
            f"{source}: {counted(number, 'passage')}" for source, number in sources.most_common()
        ),
        others=tuple(
            (other.reform_id, other.label)
            for other in codebook.reforms
            if other.reform_id != reform.reform_id
        ),
        snapshot=library.snapshot,
    )


def _reform(codebook: Codebook, reform_id: str) -> Reform:
    for reform in codebook.reforms:
        if reform.reform_id == reform_id:
            return reform
    known = ", ".join(reform.reform_id for reform in codebook.reforms)
    raise NotFoundError(f"The codebook has no reform {reform_id[:60]!r}. It has {known}.")


def _proposal(one: Proposal, reviews: Mapping[str, Review]) -> ProposalView:
    review = reviews.get(one.review_id) if one.review_id else None
    link = review_link(review) if review else None
    text, cut = shown_text(one.passage.text, one.licence_tier, one.marks)
    of_review = link is not None and one.kind in (Kind.DIGEST, Kind.REVIEW)
    return ProposalView(
        passage_id=one.passage.passage_id,
        date=date_words(one.date),
        source=link.review_type if link and of_review else KINDS[one.kind],
        review=link,
        title=one.title,
        text=f"{text}…" if cut and text else text,
        is_digest=one.kind is Kind.DIGEST,
    )
