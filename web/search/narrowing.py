"""Narrowing what was found: one value a facet, on top of the filters that were searched with."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeVar

from corpus.errors import ThemeNotFoundError
from corpus.filters import PassageFilter
from corpus.model import Kind, Stance
from nlp.codebook import Codebook

FACETS: Mapping[str, str] = {
    "theme": "theme",
    "stance": "stance",
    "kind": "kind",
    "decade": "decade",
    "nation": "nation",
    "type": "review_type",
    "publisher": "publisher",
}
"""What a facet is called in an address, and what the index's columns call it; page order."""

WITHIN = "within_"
"""Stands before a facet's name in the address of a narrowed list."""

_Value = TypeVar("_Value")


def check_narrowing(within: Mapping[str, str], codebook: Codebook) -> list[tuple[str, str]]:
    """Name the values that mean nothing, each with a sentence."""
    problems = []
    for name, value in within.items():
        try:
            _NARROW[name](PassageFilter(), value, codebook)
        except (ValueError, ThemeNotFoundError):
            problems.append((f"{WITHIN}{name}", f"{value[:40]!r} is nothing to narrow by"))
    return problems


def narrow(
    wanted: PassageFilter, within: Mapping[str, str], codebook: Codebook
) -> PassageFilter | None:
    """Add what a list is narrowed to; ``None`` where nothing can be both.

    Raises:
        ValueError: a value means nothing.
        ThemeNotFoundError: a theme is not in the codebook.
    """
    narrowed: PassageFilter | None = wanted
    for name, value in within.items():
        if narrowed is not None:
            narrowed = _NARROW[name](narrowed, value, codebook)
    return narrowed


def _both(held: tuple[_Value, ...], also: tuple[_Value, ...]) -> tuple[_Value, ...]:
    """What two lists of allowed values allow together; an empty first one allows all."""
    return tuple(value for value in also if value in held) if held else also


def _theme(wanted: PassageFilter, value: str, codebook: Codebook) -> PassageFilter | None:
    themes = _both(wanted.themes, codebook.expand(value))
    return replace(wanted, themes=themes) if themes else None


def _stance(wanted: PassageFilter, value: str, _: Codebook) -> PassageFilter | None:
    stances = _both(wanted.stances, (Stance(value),))
    return replace(wanted, stances=stances) if stances else None


def _kind(wanted: PassageFilter, value: str, _: Codebook) -> PassageFilter | None:
    kinds = _both(wanted.kinds, (Kind(value),))
    return replace(wanted, kinds=kinds) if kinds else None


def _decade(wanted: PassageFilter, value: str, _: Codebook) -> PassageFilter | None:
    first = int(value) if value.isascii() and len(value) == 4 else 0
    if not 1000 <= first <= 9990 or first % 10:
        raise ValueError(value)
    since = max(first, wanted.from_year or first)
    until = min(first + 9, wanted.to_year or first + 9)
    return replace(wanted, from_year=since, to_year=until) if since <= until else None


def _named(field: str) -> Callable[[PassageFilter, str, Codebook], PassageFilter | None]:
    def add(wanted: PassageFilter, value: str, _: Codebook) -> PassageFilter | None:
        if not value:
            raise ValueError(value)
        held = getattr(wanted, field)
        changes: dict[str, str] = {field: value}
        return replace(wanted, **changes) if held in (None, value) else None  # type: ignore[arg-type]  # text fields only

    return add


_NARROW: Mapping[str, Callable[[PassageFilter, str, Codebook], PassageFilter | None]] = {
    "theme": _theme,
    "stance": _stance,
    "kind": _kind,
    "decade": _decade,
    "nation": _named("nation"),
    "type": _named("review_type"),
    "publisher": _named("publisher"),
    "review": _named("review_id"),
}
