"""The search form: what a reader asked, read back into the filters that everything shares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TypeVar

from corpus.dates import PartialDate
from corpus.errors import InvalidInputError, ThemeNotFoundError
from corpus.filters import PassageFilter
from corpus.model import Attribution, EvidenceGrade, Kind, Level, Review, Stance
from nlp.codebook import Codebook
from web.words import ATTRIBUTIONS, GRADES, KINDS, LEVELS, STANCES, review_type_words

LONGEST_QUERY = 2000
"""Characters: room for a pasted paragraph, not for a whole document. The search page keeps so
many of a longer one and says so; an address that asks to follow a longer one is refused."""

_YEARS = range(1900, 2101)
_YES = frozenset({"1", "true", "yes", "on"})

Choice = TypeVar("Choice", Stance, Level, Attribution, Kind, EvidenceGrade)


@dataclass(frozen=True, kw_only=True)
class SearchForm:
    """What the reader asked for, as typed; empty fields ask for nothing."""

    q: str = ""
    theme: str = ""
    stance: str = ""
    level: str = ""
    attribution: str = ""
    kind: str = ""
    grade: str = ""
    nation: str = ""
    type: str = ""
    publisher: str = ""
    review: str = ""
    since: str = ""
    until: str = ""
    possible: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was asked."""
        return self == SearchForm(possible=self.possible)

    @property
    def has_filters(self) -> bool:
        """Whether anything beside the words was asked."""
        return SearchForm(q=self.q) != self

    def arguments(self) -> dict[str, str]:
        """The form as query parameters, without empty ones: pages link with these."""
        named = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "possible"}
        named["from"], named["to"] = named.pop("since"), named.pop("until")
        if self.possible:
            named["possible"] = "1"
        return {name: value for name, value in named.items() if value}


PARAMETERS = frozenset(f.name for f in fields(SearchForm)) - {"since", "until"} | {"from", "to"}
"""What the form's fields are called in an address."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice in a list of the form."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class OptionGroup:
    """Choices under one heading: a top theme with its sub-themes."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What the form's lists offer, with what was chosen."""

    themes: tuple[OptionGroup, ...]
    stances: tuple[Option, ...]
    levels: tuple[Option, ...]
    attributions: tuple[Option, ...]
    kinds: tuple[Option, ...]
    grades: tuple[Option, ...]
    nations: tuple[Option, ...]
    types: tuple[Option, ...]


def read_form(arguments: Mapping[str, str]) -> SearchForm:
    """Read the form's fields from query parameters; unknown ones are ignored."""

    def text(name: str) -> str:
        return arguments.get(name, "").strip()

    return SearchForm(
        q=text("q"),
        theme=text("theme"),
        stance=text("stance"),
        level=text("level"),
        attribution=text("attribution"),
        kind=text("kind"),
        grade=text("grade"),
        nation=text("nation"),
        type=text("type"),
        publisher=text("publisher"),
        review=text("review"),
        since=text("from"),
        until=text("to"),
        possible=text("possible").lower() in _YES,
    )


def read_filter(form: SearchForm, codebook: Codebook, problems: list[str]) -> PassageFilter:
    """Read a form's filters; what cannot be used is added to ``problems``, a sentence each."""
    if len(form.q) > LONGEST_QUERY:
        problems.append(f"Search for at most {LONGEST_QUERY:,} characters; these are more.")
    since = _year(form.since, "Published from", problems)
    until = _year(form.until, "Published up to", problems)
    if since is not None and until is not None and since > until:
        problems.append(f"Published from {since} is later than up to {until}: swap the two years.")
    return PassageFilter(
        themes=_themes(form.theme, codebook, problems),
        stances=_choice(form.stance, Stance, "stance", problems),
        levels=_choice(form.level, Level, "level", problems),
        attributions=_choice(form.attribution, Attribution, "voice", problems),
        kinds=_choice(form.kind, Kind, "kind of document", problems),
        grades=_choice(form.grade, EvidenceGrade, "kind of evidence", problems),
        nation=form.nation or None,
        review_type=form.type or None,
        publisher=form.publisher or None,
        review_id=form.review or None,
        from_year=since,
        to_year=until,
        include_possible=form.possible,
    )


def _themes(theme: str, codebook: Codebook, problems: list[str]) -> tuple[str, ...]:
    if not theme:
        return ()
    try:
        return codebook.expand(theme)
    except ThemeNotFoundError:
        problems.append("That theme is not in the codebook: choose one from the list.")
        return ()


def _choice(text: str, choices: type[Choice], name: str, problems: list[str]) -> tuple[Choice, ...]:
    if not text:
        return ()
    try:
        return (choices(text),)
    except ValueError:
        problems.append(f"There is no such {name}: choose one from the list.")
        return ()


def _year(text: str, name: str, problems: list[str]) -> int | None:
    if not text:
        return None
    try:
        year = PartialDate.parse(text).year
    except InvalidInputError:
        year = 0
    if year in _YEARS:
        return year
    problems.append(f"“{name}” should be a year in four digits, such as 2003.")
    return None


def offer(form: SearchForm, codebook: Codebook, reviews: Iterable[Review]) -> Choices:
    """Fill the form's lists; nations and types are those of the reviews given."""
    held = list(reviews)
    nations = sorted({review.nation for review in held})
    types = sorted({review.review_type for review in held})
    return Choices(
        themes=_theme_options(codebook, form.theme),
        stances=tuple(_option(s.value, words.label, form.stance) for s, words in STANCES.items()),
        levels=tuple(_option(level.value, label, form.level) for level, label in LEVELS.items()),
        attributions=tuple(
            _option(voice.value, label, form.attribution) for voice, label in ATTRIBUTIONS.items()
        ),
        kinds=tuple(_option(kind.value, label, form.kind) for kind, label in KINDS.items()),
        grades=tuple(_option(grade.value, label, form.grade) for grade, label in GRADES.items()),
        nations=tuple(_option(nation, nation, form.nation) for nation in nations),
        types=tuple(_option(one, review_type_words(one), form.type) for one in types),
    )


def _option(value: str, label: str, chosen: str) -> Option:
    return Option(value=value, label=label, chosen=value == chosen)


def _theme_options(codebook: Codebook, chosen: str) -> tuple[OptionGroup, ...]:
    return tuple(
        OptionGroup(
            label=top.label,
            options=(
                _option(top.theme_id, f"{top.label}: all", chosen),
                *(
                    _option(theme_id, codebook.theme(theme_id).label, chosen)
                    for theme_id in top.theme_ids
                ),
            ),
        )
        for top in codebook.top_themes
    )
