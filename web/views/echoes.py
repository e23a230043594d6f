"""Echoes on a page: a finding beside the earlier and later ones that say the same."""

from dataclasses import dataclass

from corpus.errors import StaleIndexError
from corpus.failings import get_reviews
from corpus.findings import findings_of
from nlp.codebook import Codebook
from nlp.echo_agreement import Shared
from nlp.echo_candidates import Direction
from nlp.echoes import WHY, Echo, Echoes
from web.echoes import NOTE, echoes_of
from web.holdings import Library
from web.views.parts import (
    PassageView,
    ReviewLink,
    date_words,
    passage_view,
    review_link,
    theme_label,
)
from web.words import counted

_ROLES = {"held": "held it in both", "lacked": "did not get it in either", "named": ""}
_HEADINGS: dict[Direction, str] = {"earlier": "Found before", "later": "Found again later"}


@dataclass(frozen=True, kw_only=True)
class AgreementLine:
    """One way in which two findings agree, such as ``Who: Police (held it in both)``."""

    name: str
    what: str


@dataclass(frozen=True, kw_only=True)
class EchoView:
    """One echo with what it has in common with the finding beside it."""

    passage: PassageView
    review: ReviewLink
    years: str
    """``12 years earlier``."""
    agrees: tuple[AgreementLine, ...]
    opinion: str
    """How people answered; empty where nobody has."""


@dataclass(frozen=True, kw_only=True)
class EchoGroup:
    """The echoes in one direction, best first."""

    heading: str
    echoes: tuple[EchoView, ...]


@dataclass(frozen=True, kw_only=True)
class EchoesView:
    """What ``_echoes.html`` shows."""

    passage_id: str
    date: str
    """When the review of this finding was published."""
    groups: tuple[EchoGroup, ...]
    """Directions without an echo are left out."""
    why_none: str
    note: str


def build_echoes(library: Library, passage_id: str) -> EchoesView:
    """Gather the echoes of a passage; without an index, say that there is none.

    Raises:
        PassageNotFoundError: no passage has this id.
    """
    try:
        found = echoes_of(library, passage_id)
    except StaleIndexError as error:
        return EchoesView(passage_id=passage_id, date="", groups=(), why_none=str(error), note="")
    views = _views(library, found)
    return EchoesView(
        passage_id=passage_id,
        date=date_words(found.published),
        groups=tuple(
            EchoGroup(heading=heading, echoes=tuple(views[each] for each in found.of(direction)))
            for direction, heading in _HEADINGS.items()
            if found.of(direction)
        ),
        why_none=WHY[found.absence] if found.absence else "",
        note=NOTE,
    )


def _views(library: Library, found: Echoes) -> dict[Echo, EchoView]:
    store = library.store
    ids = [echo.passage_id for echo in found.echoes]
    passages = {passage.passage_id: passage for passage in store.get_passages(ids)}
    documents = store.get_documents({each.document_id for each in passages.values()})
    findings = findings_of(store, ids)
    reviews = get_reviews(store, {echo.review_id for echo in found.echoes})
    views = {}
    for echo in found.echoes:
        passage = passages[echo.passage_id]
        views[echo] = EchoView(
            passage=passage_view(
                passage,
                documents[passage.document_id],
                findings.get(echo.passage_id, ()),
                library.codebook,
            ),
            review=review_link(reviews[echo.review_id]),
            years=f"{counted(echo.years_between, 'year')} {echo.direction}",
            agrees=tuple(_agreements(echo, library.codebook)),
            opinion=_opinion(echo),
        )
    return views


def _agreements(echo: Echo, codebook: Codebook) -> list[AgreementLine]:
    theirs = theme_label(codebook, echo.finding.code.theme)
    lines = {
        "same-theme": [AgreementLine(name="Theme", what=theirs)],
        "sibling-theme": [
            AgreementLine(
                name="Top theme",
                what=theme_label(codebook, codebook.rollup.get(echo.theme, echo.theme)),
            )
        ],
        "other-theme": [],
    }[echo.basis]
    for name, shared in (
        ("What went wrong", echo.mechanisms),
        ("Who", echo.actors),
        ("About what", echo.objects),
    ):
        if shared:
            lines.append(AgreementLine(name=name, what="; ".join(map(_words, shared))))
    return lines


def _words(each: Shared) -> str:
    role = _ROLES[each.role]
    return f"{each.label} ({role})" if role else each.label


def _opinion(echo: Echo) -> str:
    opinion = echo.opinion
    if not opinion.people:
        return ""
    said = [
        f"{number} {word}"
        for number, word in (
            (opinion.same, "same"),
            (opinion.related, "related"),
            (opinion.different, "different"),
        )
        if number
    ]
    return f"Read by {counted(opinion.people, 'coder')}: {', '.join(said)}."
