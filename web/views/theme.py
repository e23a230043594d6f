"""A page a theme: its codebook entry and its recurrence, review by review."""

import re
from dataclasses import dataclass

from corpus.recurrence import recurrence
from nlp.codebook import Codebook, Theme, TopTheme
from web.holdings import Library
from web.views import recurrences
from web.views.downloads import FileLink, search_files
from web.views.parts import theme_label
from web.views.recurrences import RecurrenceView

SORTS = {
    "mechanism": "What went wrong with the information",
    "reason": "Why it went wrong",
    "counter": "The opposite fault; never added to the failings",
}


@dataclass(frozen=True, kw_only=True)
class ThemeLink:
    """Another theme, in a line."""

    theme_id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of a codebook sentence: plain text, or a theme that it names."""

    text: str
    theme_id: str | None


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """What a theme does not cover, and what to code instead."""

    when: str
    then: tuple[Run, ...]


@dataclass(frozen=True, kw_only=True)
class Known:
    """A statement of the codebook about when a theme was first found."""

    runs: tuple[Run, ...]
    confidence: str


@dataclass(frozen=True, kw_only=True)
class ThemePage:
    """What ``theme.html`` shows, for a top theme or a sub-theme."""

    theme_id: str
    label: str
    definition: str
    parent: ThemeLink | None
    """The top theme of a sub-theme."""
    children: tuple[ThemeLink, ...]
    """The sub-themes of a top theme, in codebook order."""
    theme: Theme | None
    """A sub-theme's codebook entry."""
    sort: str | None
    left_out: tuple[LeftOut, ...]
    first_known: tuple[Known, ...]
    examples: tuple[str, ...]
    """Invented sentences: never from a review."""
    reforms: tuple[str, ...]
    """Reforms that answer this theme."""
    recurrence: RecurrenceView
    files: tuple[FileLink, ...]
    codebook_version: str
    snapshot: str


def build(library: Library, theme_id: str) -> ThemePage:
    """Gather one theme's page.

    Raises:
        ThemeNotFoundError: the codebook has no such theme; the sentence names near ones.
    """
    codebook = library.codebook
    entry = codebook.entry(theme_id)
    theme = entry if isinstance(entry, Theme) else None
    found = recurrence(library.store, themes=codebook.expand_failures(theme_id))
    return ThemePage(
        theme_id=entry.theme_id,
        label=entry.label,
        definition=entry.definition,
        parent=_link(codebook, theme.top_theme) if theme else None,
        children=tuple(_link(codebook, child) for child in entry.theme_ids)
        if isinstance(entry, TopTheme)
        else (),
        theme=theme,
        sort=SORTS[theme.sort] if theme else None,
        left_out=_left_out(theme, codebook) if theme else (),
        first_known=_first_known(theme, codebook) if theme else (),
        examples=tuple(example.text for example in theme.examples) if theme else (),
        reforms=tuple(
            reform.label for reform in codebook.reforms if entry.theme_id in reform.answers
        ),
        recurrence=recurrences.view(found, library),
        files=search_files({"theme": entry.theme_id}),
        codebook_version=codebook.version,
        snapshot=library.snapshot,
    )


def runs(text: str, codebook: Codebook) -> tuple[Run, ...]:
    """Split a sentence of the codebook at the theme ids that it writes between backticks.

    An id becomes its label; backticks around anything else are dropped.
    """
    found = []
    for number, part in enumerate(re.split(r"`([^`]*)`", text)):
        known = number % 2 == 1 and theme_label(codebook, part) != part
        if part:
            label = theme_label(codebook, part) if known else part
            found.append(Run(text=label, theme_id=part if known else None))
    return tuple(found)


def _left_out(theme: Theme, codebook: Codebook) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(when=item.when, then=runs(item.then, codebook)) for item in theme.exclude)


def _first_known(theme: Theme, codebook: Codebook) -> tuple[Known, ...]:
    return tuple(
        Known(runs=runs(item.text, codebook), confidence=codebook.confidence[item.confidence])
        for item in theme.first_known
    )


def _link(codebook: Codebook, theme_id: str) -> ThemeLink:
    return ThemeLink(theme_id=theme_id, label=codebook.entry(theme_id).label)
