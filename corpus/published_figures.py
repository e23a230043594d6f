"""Figures that others published, from the register, each in its own unit and never in another."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from corpus.ids import ReviewId
from corpus.model import Figure, Review
from corpus.store import Store

OVERVIEWS = frozenset({"thematic overview", "national review"})
"""Types of review whose figures are about other reviews, incidents or children."""


@dataclass(frozen=True, kw_only=True)
class Population:
    """What a published figure is a figure of, and what of ours lies nearest."""

    words: str
    unpublished: bool
    """Whether nobody outside can see what was counted, as with rapid reviews."""
    from_year: int
    to_year: int
    nation: str
    crosswalk: str
    """The key of a row of the codebook's crosswalk."""
    reasons: tuple[str, ...]
    """Why it is not like ours, beyond what holds of every figure."""


@dataclass(frozen=True, kw_only=True)
class PublishedFigure:
    """A figure as it was published; it is quoted, and never worked with."""

    review_id: ReviewId
    title: str
    publisher: str | None
    published: str | None
    """When, as precisely as is known: an ISO date of any precision."""
    statement: str
    value: str
    """The number or, where it was stated in words alone, the words."""
    unit: str
    period: str | None
    source_url: str
    population: Population | None
    """``None`` where none of our themes lies near: there is nothing to put beside it."""


def published_figures(store: Store) -> list[PublishedFigure]:
    """List the figures of overviews and national reviews on the register.

    Returns:
        In order of publication, then as the record has them; those stated in words alone
        follow the numbers of their publication.
    """
    found = []
    for review in store.iter_reviews():
        if review.review_type in OVERVIEWS:
            found += [_of_record(review, figure) for figure in review.figures]
            found += [_in_words(review, each) for each in _listed() if _is_of(review, each)]
    return found


@cache
def listed_statements() -> tuple[tuple[str, str], ...]:
    """List review and statement of every figure that the data file describes."""
    return tuple((each["review"], each["statement"]) for each in _listed())


def _of_record(review: Review, figure: Figure) -> PublishedFigure:
    described = next(
        (
            each
            for each in _listed()
            if (each["review"], each["statement"]) == (review.review_id, figure.statement)
        ),
        None,
    )
    return PublishedFigure(
        **_publication(review),
        statement=figure.statement,
        value=figure.value,
        unit=figure.unit,
        period=figure.period,
        source_url=figure.source_url,
        population=_population(described) if described else None,
    )


def _is_of(review: Review, described: Mapping[str, Any]) -> bool:
    return described["review"] == review.review_id and "words" in described


def _in_words(review: Review, described: Mapping[str, Any]) -> PublishedFigure:
    return PublishedFigure(
        **_publication(review),
        statement=described["statement"],
        value=described["words"],
        unit=described["unit"],
        period=None,
        source_url=described["source_url"],
        population=_population(described),
    )


def _publication(review: Review) -> dict[str, Any]:
    return {
        "review_id": review.review_id,
        "title": review.title,
        "publisher": review.publisher,
        "published": str(review.published) if review.published else None,
    }


def _population(described: Mapping[str, Any]) -> Population:
    return Population(
        words=described["population"],
        unpublished=described["unpublished"],
        from_year=described["from"],
        to_year=described["to"],
        nation=described["nation"],
        crosswalk=described["crosswalk"],
        reasons=tuple(described["reasons"]),
    )


@cache
def _listed() -> tuple[Mapping[str, Any], ...]:
    text = resources.files("corpus.catalogue").joinpath("published.toml").read_text("utf-8")
    return tuple(tomllib.loads(text)["figure"])
