"""What a person may type to be exact: "quoted phrases", -minus and field:terms."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from corpus.filters import PassageFilter
from corpus.model import Attribution, Kind, Level, Span, Stance
from nlp.codebook import Codebook
from nlp.codebook_entries import Theme, TopTheme
from nlp.tokens import stems_of, stop_stems
from nlp.understand_names import KnownNames
from nlp.understood import Effect, QueryReading, ReadingKind

_QUOTED = r'["“”][^"“”]{1,400}["“”]'
_MINUS = re.compile(rf"(?<!\S)[-−–](?P<what>{_QUOTED}|\w[\w'’-]*)")
_FIELD = re.compile(rf"(?<!\S)(?P<name>[A-Za-z]{{4,11}}):(?P<what>{_QUOTED}|[^\s\"“”]{{1,200}})")
_YEARS = re.compile(r"(?:(>=|>|<=|<)?(\d{4})|(\d{4})?(?:\.\.|-|–)(\d{4})?)")

_Member = TypeVar("_Member", Stance, Level, Attribution, Kind)


@dataclass(frozen=True)
class Exact:
    """One operator of a query, with the filter that it makes; empty where it is none."""

    reading: QueryReading
    filter: PassageFilter = field(default_factory=PassageFilter)


def find_operators(text: str, *, codebook: Codebook, names: KnownNames) -> list[Exact]:
    """Find minus and field terms, in the order of the text.

    What looks like one and names nothing, such as ``theme:weather``, is searched for as
    words, and a note says so; ``http://`` is no operator at all.
    """
    found = []
    for match in _MINUS.finditer(text):
        words = _unquoted(match["what"])
        # "-the" would leave next to nothing, and "-" is a dash.
        if set(stems_of(words)) - stop_stems():
            label = f"without “{words}”"
            found.append(Exact(_reading(ReadingKind.WITHOUT, words, label, match)))
    for match in _FIELD.finditer(text):
        read = _FIELDS.get(match["name"].lower())
        if read is None:
            continue
        value = _unquoted(match["what"])
        exact = read(value, match, codebook, names)
        if exact is not None:
            found.append(exact)
        elif any(character.isalnum() for character in value):
            found.append(Exact(_names_nothing(match)))
    return sorted(found, key=lambda one: one.reading.span or Span(0, 0))


def _names_nothing(match: re.Match[str]) -> QueryReading:
    typed, wanted = match[0], _WANTED[match["name"].lower()]
    return QueryReading(
        kind=ReadingKind.FIELD,
        value=typed,
        label=f"“{typed}” is no filter, since it should name {wanted}; its words are searched for",
        effect=Effect.NOTE,
        span=Span(*match.span()),
    )


def _title(
    value: str, match: re.Match[str], _codebook: Codebook, _names: KnownNames
) -> Exact | None:
    if not any(character.isalnum() for character in value):
        return None
    return Exact(_reading(ReadingKind.TITLE, value, f"“{value}” in the title", match))


def _theme(
    value: str, match: re.Match[str], codebook: Codebook, _names: KnownNames
) -> Exact | None:
    wanted = value.casefold().replace(" ", "-")
    entries: dict[str, Theme | TopTheme] = {one.theme_id: one for one in codebook.themes}
    entries |= {one.theme_id: one for one in codebook.top_themes}
    entry = entries.get(wanted) or next(
        (one for one in entries.values() if one.label.casefold() == value.casefold()), None
    )
    if entry is None:
        return None
    label = f"on the theme “{entry.label}”"
    return Exact(
        _reading(ReadingKind.THEME, entry.theme_id, label, match),
        PassageFilter(themes=codebook.expand(entry.theme_id)),
    )


def _stance(
    value: str, match: re.Match[str], _codebook: Codebook, _names: KnownNames
) -> Exact | None:
    stance = _member(value, list(Stance))
    if stance is None:
        return None
    label = f"whose stance is {stance.value.replace('-', ' ')}"
    return Exact(
        _reading(ReadingKind.STANCE, stance.value, label, match), PassageFilter(stances=(stance,))
    )


def _level(
    value: str, match: re.Match[str], _codebook: Codebook, _names: KnownNames
) -> Exact | None:
    level = _member(value, list(Level))
    if level is None:
        return None
    reading = _reading(ReadingKind.LEVEL, level.value, f"at the level of the {level.value}", match)
    return Exact(reading, PassageFilter(levels=(level,)))


def _attribution(
    value: str, match: re.Match[str], _codebook: Codebook, _names: KnownNames
) -> Exact | None:
    said = _member(value, list(Attribution))
    if said is None:
        return None
    reading = _reading(ReadingKind.ATTRIBUTION, said.value, f"said as {said.value}", match)
    return Exact(reading, PassageFilter(attributions=(said,)))


def _kind(
    value: str, match: re.Match[str], _codebook: Codebook, _names: KnownNames
) -> Exact | None:
    kind = _member(value, list(Kind))
    if kind is None:
        return None
    reading = _reading(ReadingKind.DOCUMENT_KIND, kind.value, f"in a {kind.value}", match)
    return Exact(reading, PassageFilter(kinds=(kind,)))


def _nation(
    value: str, match: re.Match[str], _codebook: Codebook, _names: KnownNames
) -> Exact | None:
    nations = {name.casefold(): name for name in _NATIONS}
    nation = nations.get(value.casefold().replace("-", " "))
    if nation is None:
        return None
    reading = _reading(ReadingKind.NATION, nation, f"in {nation}", match)
    return Exact(reading, PassageFilter(nation=nation))


def _review(
    value: str, match: re.Match[str], _codebook: Codebook, names: KnownNames
) -> Exact | None:
    ids = names.called(value)
    if len(ids) != 1:
        return None
    reading = _reading(ReadingKind.REVIEW, ids[0], f"from the review “{value}”", match)
    return Exact(reading, PassageFilter(review_id=ids[0]))


def _year(
    value: str, match: re.Match[str], _codebook: Codebook, _names: KnownNames
) -> Exact | None:
    found = _YEARS.fullmatch(value)
    if found is None or value in {"..", "-", "–"}:
        return None
    sign, one, first, last = found.groups()
    ends = _ends(sign, int(one)) if one else _in_order(_number(first), _number(last))
    if 0 in ends:
        return None
    wanted = PassageFilter(from_year=ends[0], to_year=ends[1])
    label = f"published {ends[0] or 'at any time'} to {ends[1] or 'today'}"
    reading = _reading(ReadingKind.YEARS, f"{ends[0] or ''}-{ends[1] or ''}", label, match)
    return Exact(reading, wanted)


_Read = Callable[[str, re.Match[str], Codebook, KnownNames], Exact | None]
_NATIONS = ("England", "Wales", "Scotland", "Northern Ireland", "United Kingdom")
_FIELDS: dict[str, _Read] = {
    "title": _title,
    "theme": _theme,
    "stance": _stance,
    "level": _level,
    "attribution": _attribution,
    "kind": _kind,
    "nation": _nation,
    "review": _review,
    "year": _year,
    "years": _year,
}

_WANTED = {
    "title": "words of a title",
    "theme": "a theme of the codebook",
    "stance": "one stance",
    "level": "one level",
    "attribution": "one of the voices that the codebook knows",
    "kind": "one kind of document",
    "nation": "a nation of the United Kingdom",
    "review": "one review that is held",
    "year": "a year or a span of years",
    "years": "a year or a span of years",
}
"""What a field's value should have been."""


def _ends(sign: str | None, year: int) -> tuple[int | None, int | None]:
    return {
        ">=": (year, None),
        ">": (year + 1, None),
        "<=": (None, year),
        "<": (None, year - 1),
    }.get(sign or "", (year, year))


def _in_order(first: int | None, last: int | None) -> tuple[int | None, int | None]:
    return (last, first) if first and last and last < first else (first, last)


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _member(value: str, members: list[_Member]) -> _Member | None:
    wanted = value.casefold().replace(" ", "-")
    # "stance:good" is enough where only one value begins so.
    starting = [one for one in members if one.value.startswith(wanted)]
    return starting[0] if len(starting) == 1 else None


def _unquoted(text: str) -> str:
    return text.strip('"“”').strip()


def _reading(kind: ReadingKind, value: str, label: str, match: re.Match[str]) -> QueryReading:
    return QueryReading(
        kind=kind, value=value, label=label, effect=Effect.FILTER, span=Span(*match.span())
    )
