"""Tabs and facets as links, each with the number of passages that it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from corpus.model import Kind
from nlp.codebook import Codebook
from web.search.listing import ALL, NEWS, STANCE_TABS, Listing
from web.search.looking import LookForm
from web.search.narrowing import FACETS
from web.views.parts import theme_label
from web.words import KINDS, STANCES, StanceWords, review_type_words

_FIRST = 8
"""Values shown of a facet before the rest is folded away."""
_LABELS = {
    "theme": "Theme",
    "kind": "Kind of document",
    "decade": "Published in",
    "nation": "Nation",
    "type": "Type of review",
    "publisher": "Source",
}
"""Stance is no list: it has the tabs."""


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One stance's part of a list, or all of it."""

    label: str
    stance: StanceWords | None
    count: int
    chosen: bool
    arguments: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class FacetValue:
    """One value that a list can be narrowed to."""

    label: str
    count: int
    arguments: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class FacetList:
    """One facet: its values, most first, or the one that was chosen."""

    name: str
    label: str
    values: tuple[FacetValue, ...]
    more: tuple[FacetValue, ...]
    """What is folded away behind the first values."""


@dataclass(frozen=True, kw_only=True)
class Narrowed:
    """What a list is narrowed to, with the way back."""

    words: str
    back: Mapping[str, str]


def tab_links(listing: Listing, form: LookForm, arguments: Mapping[str, str]) -> tuple[Tab, ...]:
    """Link the tabs; none where only one of them holds anything."""
    filled = [name for name, count in listing.tabs.items() if count and name != ALL]
    if not filled:
        return ()
    of_news = form.within.get("kind") == Kind.NEWS.value
    tabs = [
        Tab(
            label=TAB_LABELS[name],
            stance=STANCES[STANCE_TABS[name]] if name in STANCE_TABS else None,
            count=count,
            chosen=name == listing.tab and not (of_news and name == ALL),
            arguments={**arguments, **replace(form, tab=name).arguments()},
        )
        for name, count in listing.tabs.items()
        if count or name in (listing.tab, ALL)
    ]
    return (*tabs, *_news_tab(listing, form, arguments, of_news))


def _news_tab(
    listing: Listing, form: LookForm, arguments: Mapping[str, str], of_news: bool
) -> tuple[Tab, ...]:
    """The tab of news reports, which no tab of findings holds; none where none was found."""
    if not listing.news:
        return ()
    narrowed = replace(form, tab=ALL, within={**form.within, "kind": Kind.NEWS.value})
    return (
        Tab(
            label=TAB_LABELS[NEWS],
            stance=None,
            count=listing.news,
            chosen=of_news and listing.tab == ALL,
            arguments={**arguments, **narrowed.arguments()},
        ),
    )


def facet_lists(
    listing: Listing, form: LookForm, arguments: Mapping[str, str], codebook: Codebook
) -> tuple[FacetList, ...]:
    """Link the values of every facet that is not narrowed yet and would leave something out."""
    found = []
    fixed = replace(form, tab=listing.tab)
    for name, label in _LABELS.items():
        counts = {} if name in form.within else listing.facets.get(FACETS[name], {})
        values = tuple(
            FacetValue(
                label=value_words(name, value, codebook),
                count=count,
                arguments={
                    **arguments,
                    **replace(fixed, within={**form.within, name: value}).arguments(),
                },
            )
            for value, count in counts.items()
        )
        if name == "decade":
            values = tuple(sorted(values, key=lambda one: one.label, reverse=True))
        if any(one.count < listing.answer.total for one in values):
            found.append(
                FacetList(name=name, label=label, values=values[:_FIRST], more=values[_FIRST:])
            )
    return tuple(found)


def narrowed_by(
    form: LookForm, arguments: Mapping[str, str], codebook: Codebook, *, review: str = ""
) -> tuple[Narrowed, ...]:
    """Name what a list is narrowed to; ``review`` is the title of the review it keeps to."""
    return tuple(
        Narrowed(
            words=review if name == "review" else value_words(name, value, codebook),
            back={**arguments, **form.without(name).arguments()},
        )
        for name, value in form.within.items()
    )


def value_words(name: str, value: str, codebook: Codebook) -> str:
    """What a facet's value is called."""
    if name == "theme":
        return theme_label(codebook, value)
    if name == "kind":
        return KINDS[Kind(value)]
    if name == "decade":
        return f"{value}s"
    if name == "stance":
        return next(words.label for one, words in STANCES.items() if one.value == value)
    return review_type_words(value) if name == "type" else value


TAB_LABELS: Mapping[str, str] = {
    "failing-found": "Failings found",
    "change-proposed": "Recommendations",
    "good-practice-found": "Good practice",
    "negated-or-hypothetical": "Denied or hypothetical",
    "background": "Background",
    ALL: "Everything found",
    NEWS: "News reports",
}
