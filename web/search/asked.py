"""A question with how its answer is looked at, as the API, files and saved links ask it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self
from urllib.parse import unquote

from pydantic import BeforeValidator, Field, model_validator

from nlp.search import SearchQuery
from web.holdings import Library
from web.parameters import ParameterError
from web.questions import PassageQuestion, split_values
from web.search.listing import ALL, Look, Sort
from web.search.narrowing import FACETS, WITHIN, check_narrowing

_ORDERS: Mapping[str | None, Sort] = {"date": "oldest", "-date": "newest", "review": "review"}


def _within(what: str) -> Any:  # noqa: ANN401 - as pydantic's Field
    return Field(
        default=None,
        description=f"With q or like: of what was found, only this {what}. The filter of the "
        "same name is applied before ranking, and so finds others.",
    )


def _keys(value: object) -> object:
    parts = split_values(value)
    return [unquote(one) for one in parts] if isinstance(parts, list) else parts


class ListQuestion(PassageQuestion):
    """Which passages, and how the list of them is narrowed and sorted."""

    like: str | None = Field(
        default=None,
        description="Id of a passage: what is like it in words, meaning and themes is ranked, "
        "without itself and near copies. Not with q.",
    )
    sort: Literal["relevance", "date", "-date", "review"] | None = Field(
        default=None,
        description="With q or like: relevance (without sort), date, -date or review, which "
        "puts a review's passages together. Else date (without sort) or -date.",
    )
    plain: bool = Field(
        default=False, description="With q: read nothing into it but quoted phrases."
    )
    ignore: Annotated[tuple[str, ...], BeforeValidator(_keys)] = Field(
        default=(),
        description="With q: keys of readings in meta.understood to take back; a comma within "
        "a key as %2C.",
    )
    tab: Literal[
        "all",
        "failing-found",
        "change-proposed",
        "good-practice-found",
        "negated-or-hypothetical",
        "background",
    ] = Field(
        default="all",
        description="With q or like: only passages with a finding of this stance, and of those "
        "on what q is about only where that is so of it. meta.tabs counts each.",
    )
    within_theme: str | None = _within("theme or top theme")
    within_stance: str | None = _within("stance")
    within_kind: str | None = _within("kind")
    within_decade: str | None = _within("decade of publication, by its first year")
    within_nation: str | None = _within("nation")
    within_type: str | None = _within("type of review")
    within_publisher: str | None = _within("publisher")

    @model_validator(mode="after")
    def _one_question(self) -> Self:
        if self.q.strip() and self.like:
            raise ValueError("q and like are two questions: send one of them")
        return self

    @property
    def is_ranked(self) -> bool:
        """Whether passages are searched for, not listed."""
        return bool(self.q.strip() or self.like)

    @property
    def is_narrowed(self) -> bool:
        """Whether only part of what was found is wanted."""
        return bool(self.within or self.tab != ALL)

    @property
    def within(self) -> dict[str, str]:
        """By facet the value that the list is narrowed to."""
        given = {name: getattr(self, f"{WITHIN}{name}", None) for name in FACETS}
        return {name: value for name, value in given.items() if value is not None}

    def look(self) -> Look:
        """How the list is looked at."""
        return Look(
            within=self.within, tab=self.tab, sort=_ORDERS.get(self.sort), like=self.like or ""
        )

    def check(self, library: Library) -> None:
        """Refuse a narrowing that means nothing.

        Raises:
            ParameterError: naming each parameter.
        """
        problems = check_narrowing(self.within, library.codebook)
        if problems:
            raise ParameterError(problems)

    def search_query(self, library: Library, *, limit: int, offset: int = 0) -> SearchQuery:
        """What to search for, before the list is looked at.

        Raises:
            PassageNotFoundError, WithdrawnError: the passage whose like is sought is not held.
            ThemeNotFoundError: a theme is not in the codebook.
        """
        return SearchQuery(
            text=library.store.get_passage(self.like).text if self.like else self.q,
            filter=self.passage_filter(library.codebook),
            limit=limit,
            offset=offset,
            plain=self.plain,
            ignore=self.ignore,
            paragraph=bool(self.like),
        )
