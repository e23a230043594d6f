"""What a query was taken to mean, as chips that a reader can take back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nlp.understand import other_meanings
from nlp.understood import Effect, QueryReading, ReadingKind
from web.search.listing import Listing
from web.search.looking import LookForm


@dataclass(frozen=True, kw_only=True)
class Lead:
    """A page to go on to."""

    words: str
    endpoint: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One part of a query as it was read."""

    words: str
    """Such as ``Published after 2015``."""
    how: str
    """``filter``: only what fits is listed. ``set-aside``: it would have left nothing.
    ``soft``: what fits comes first. ``note``: it is only said."""
    back: Mapping[str, str] | None
    """Query parameters of the search without it; ``None`` where it does nothing."""
    only: Mapping[str, str] | None = None
    """For a theme: query parameters of the passages in this list that have it."""
    count: int = 0
    """How many these are."""
    lead: Lead | None = None
    """The page on which the whole of it stands, by date."""


def readings_of(
    listing: Listing, form: LookForm, arguments: Mapping[str, str]
) -> tuple[Reading, ...]:
    """Put the readings of an answer in words, in the query's order.

    Args:
        listing: what was answered.
        form: what the address says of the list; its tab and narrowing go with a reading.
        arguments: the search form's parameters.
    """
    readings = listing.answer.understood.readings
    return tuple(_reading(one, listing, form, arguments) for one in readings)


def _reading(
    one: QueryReading, listing: Listing, form: LookForm, arguments: Mapping[str, str]
) -> Reading:
    answer = listing.answer
    set_aside = one.key in answer.released or (answer.loosened and one.kind is ReadingKind.PHRASE)
    how = "set-aside" if set_aside else one.effect.value
    taken_back = replace(form, ignore=(*form.ignore, one.key), tab="", within={})
    count, only = 0, None
    if one.kind is ReadingKind.THEME and "theme" not in form.within:
        count = listing.facets.get("theme", {}).get(one.value, 0)
        within = {**form.within, "theme": one.value}
        narrowed = replace(form, tab=listing.tab, within=within)
        only = {**arguments, **narrowed.arguments()} if count else None
    return Reading(
        words=_capital(one.label),
        how=how,
        back=None if one.effect is Effect.NOTE else {**arguments, **taken_back.arguments()},
        only=only,
        count=count,
        lead=_lead(one) or _read_otherwise(one, answer.understood.text, arguments),
    )


def _lead(one: QueryReading) -> Lead | None:
    """Where a theme was found first and since, or who proposed a reform, and when."""
    if one.kind is ReadingKind.THEME:
        return Lead(
            words="when it was first found, and since",
            endpoint="portal.theme_page",
            arguments={"theme_id": one.value},
        )
    if one.kind is ReadingKind.REFORM:
        return Lead(
            words="who proposed it, and when",
            endpoint="reforms.reform_page",
            arguments={"reform_id": one.value},
        )
    return None


def _read_otherwise(one: QueryReading, text: str, arguments: Mapping[str, str]) -> Lead | None:
    """The same search with an abbreviation's other meaning in its place."""
    others = other_meanings(one)
    if not others or one.span is None:
        return None
    asked = f"{text[: one.span.start]}{others[0]}{text[one.span.end :]}"
    return Lead(
        words=f"search for {others[0]} instead",
        endpoint="portal.search_page",
        arguments={**arguments, "q": asked},
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
