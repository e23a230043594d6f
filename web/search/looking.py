"""How an address says what a reader looks at: tab, narrowing, order, readings taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import get_args
from urllib.parse import quote, unquote

from nlp.codebook import Codebook
from nlp.understand import MOST_READ_CHARS
from web.search.listing import ALL, STANCE_TABS, Look, Sort
from web.search.narrowing import FACETS, WITHIN, check_narrowing

_MOST_IGNORED, _LONGEST_KEY = 30, MOST_READ_CHARS + 50
"""Readings that can be taken back at once, and characters of one's key; every link repeats
them. A key is a kind and at most all that is read, so that a longer one names no reading."""

_NARROWING = (*FACETS, "review")
_API_SORTS = {"newest": "-date", "oldest": "date", "relevance": ""}


@dataclass(frozen=True, kw_only=True)
class LookForm:
    """What stands in an address beside the search form; empty fields ask for nothing."""

    like: str = ""
    """The id of a passage whose like is sought."""
    paragraph: str = ""
    """A pasted paragraph."""
    tab: str = ""
    sort: str = ""
    within: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    """Keys of readings that were taken back."""
    plain: bool = False

    @property
    def is_paragraph(self) -> bool:
        """Whether a whole text stands in for the query."""
        return bool(self.like or self.paragraph)

    def arguments(self) -> dict[str, str]:
        """As query parameters, without empty ones."""
        named = {
            "like": self.like,
            "paragraph": self.paragraph,
            "tab": self.tab,
            "sort": self.sort,
            "ignore": "|".join(quote(key, safe=": ") for key in self.ignore),
            "plain": "1" if self.plain else "",
            **{f"{WITHIN}{name}": value for name, value in self.within.items()},
        }
        return {name: value for name, value in named.items() if value}

    def look(self) -> Look:
        """What the list is made with; problems must have been asked for before."""
        sort: Sort | None = next((one for one in get_args(Sort) if one == self.sort), None)
        return Look(within=self.within, tab=self.tab, sort=sort, like=self.like)

    def asked(self, tab: str) -> dict[str, str]:
        """The same list as the API and files are asked for it.

        Args:
            tab: the one that is open; a page may choose it by the query.
        """
        named = self.arguments() | {"tab": tab, "sort": _API_SORTS.get(self.sort, self.sort)}
        ignored = {"ignore": ",".join(quote(key, safe=": ") for key in self.ignore)}
        return {
            name: value
            for name, value in (named | ignored).items()
            if value and (name, value) != ("tab", ALL)
        }

    def without(self, name: str) -> "LookForm":
        """The same list, not narrowed by this facet."""
        return replace(self, within={k: v for k, v in self.within.items() if k != name})


def read_look(arguments: Mapping[str, str]) -> LookForm:
    """Read what is looked at from query parameters; unknown ones are ignored."""

    def text(name: str) -> str:
        return arguments.get(name, "").strip()

    within = {name: text(f"{WITHIN}{name}") for name in _NARROWING}
    return LookForm(
        like=text("like"),
        paragraph=text("paragraph"),
        tab=text("tab"),
        sort=text("sort"),
        within={name: value for name, value in within.items() if value},
        ignore=_read_keys(text("ignore")),
        plain=text("plain") == "1",
    )


def _read_keys(text: str) -> tuple[str, ...]:
    keys = [unquote(key) for key in text.split("|", maxsplit=_MOST_IGNORED)[:_MOST_IGNORED]]
    return tuple(key for key in keys if 0 < len(key) <= _LONGEST_KEY)


def look_problems(form: LookForm, query: str, codebook: Codebook) -> list[str]:
    """Say what in an address cannot be used, a sentence each."""
    problems = []
    if sum(map(bool, (form.like, form.paragraph, query))) > 1:
        problems.append("Search for words, for a paragraph, or for passages like one: not at once.")
    if form.tab and form.tab not in (*STANCE_TABS, ALL):
        problems.append("There is no such tab: choose one above the results.")
    if form.sort and form.sort not in get_args(Sort):
        problems.append("There is no such order: choose relevance, newest, oldest or review.")
    if check_narrowing(form.within, codebook):
        problems.append("The results cannot be narrowed like that: choose from what stands there.")
    return problems
