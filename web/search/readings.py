"""What a query was taken to mean, as chips that a reader can take back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from nlp.understood import Effect, QueryReading, ReadingKind
from web.search.listing import Listing
from web.search.looking import LookForm


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One part of a query as it was read."""

    words: str
    """Such as ``Published after 2015``."""
    how: str
    """``filter``: only what fits is listed. ``set-aside``: it would have left nothing.
    ``soft``: what fits comes first. ``note``: nothing was done."""
    back: Mapping[str, str] | None
    """Query parameters of the search without it; ``None`` where it does nothing."""
    only: Mapping[str, str] | None = None
    """For a theme: query parameters of the passages in this list that have it."""
    count: int = 0
    """How many these are."""


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
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
