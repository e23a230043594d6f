"""The codebook: its themes by permanent id, loaded once from data and checked as it loads."""

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, TypeVar

from corpus.errors import InvalidInputError, ThemeNotFoundError
from corpus.ids import digest
from nlp import codebook_schema as schema
from nlp.codebook_checks import check_references
from nlp.codebook_entries import (
    AttributionDefault,
    AttributionDefinition,
    Choice,
    CountingRule,
    CrosswalkRow,
    Cue,
    Decision,
    Example,
    Exclusion,
    FirstKnown,
    LevelDefinition,
    LevelTest,
    Reform,
    Retired,
    Series,
    Source,
    StanceDefinition,
    Theme,
    TopTheme,
    TrickyCase,
)
from nlp.codebook_table import Table

__all__ = [
    "Choice",
    "Codebook",
    "CrosswalkRow",
    "Cue",
    "Example",
    "Exclusion",
    "FirstKnown",
    "Reform",
    "Retired",
    "Theme",
    "TopTheme",
    "TrickyCase",
    "build_codebook",
    "load_codebook",
    "read_codebook_files",
]

T = TypeVar("T")

_FILES = (
    "codebook.toml",
    "crosswalk.toml",
    "reforms.toml",
    "resolver.toml",
    "sources.toml",
    "tricky.toml",
)
_SEMANTIC_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


@dataclass(frozen=True, kw_only=True)
class Codebook:
    """Everything that is coded and how; ids are permanent and retired ones redirect."""

    version: str
    """Semantic version, ``+`` and 8 characters of the data's hash, such as ``0.1.0+3fa9c2d1``."""
    top_themes: tuple[TopTheme, ...]
    themes: tuple[Theme, ...]
    """Every sub-theme, the residual and the counter-theme, in codebook order."""
    reforms: tuple[Reform, ...]
    stances: tuple[StanceDefinition, ...]
    decision_order: tuple[Decision, ...]
    """How the stance is decided: stop at the first yes."""
    tie_break: str
    levels: tuple[LevelDefinition, ...]
    level_tests: tuple[LevelTest, ...]
    attributions: tuple[AttributionDefinition, ...]
    attribution_defaults: tuple[AttributionDefault, ...]
    principles: tuple[str, ...]
    ladder: tuple[str, ...]
    """The first rung that broke is the mechanism."""
    confidence: Mapping[str, str]
    """What ``seen``, ``reported`` and ``open`` mean."""
    counting_rules: tuple[CountingRule, ...]
    crosswalk: tuple[CrosswalkRow, ...]
    crosswalk_caution: str
    series: tuple[Series, ...]
    tricky_cases: tuple[TrickyCase, ...]
    resolver: tuple[Choice, ...]
    sources: Mapping[str, Source]
    """Key → source, in the file's order."""
    retired: tuple[Retired, ...] = ()

    def theme(self, theme_id: str) -> Theme:
        """Look up a sub-theme; a retired id gives its successor.

        Raises:
            ThemeNotFoundError: no sub-theme has this id; near ones are named. For a top
                theme, which is never assigned, these are its own sub-themes.
        """
        entry = self.entry(theme_id)
        if isinstance(entry, TopTheme):
            raise ThemeNotFoundError(theme_id, entry.theme_ids[:3])
        return entry

    def entry(self, theme_id: str) -> Theme | TopTheme:
        """Look up a sub-theme or a top theme; a retired id gives its successor.

        Raises:
            ThemeNotFoundError: neither has this id; near ones are named.
        """
        entry = self._entries.get(self._current(theme_id))
        if entry is None:
            known = [*self._entries, *self._successors]
            raise ThemeNotFoundError(theme_id, tuple(difflib.get_close_matches(theme_id, known)))
        return entry

    def top_theme_of(self, theme_id: str) -> str:
        """Name the top theme that a theme rolls up to; a top theme's is itself.

        Raises:
            ThemeNotFoundError: nothing has this id.
        """
        entry = self.entry(theme_id)
        return entry.theme_id if isinstance(entry, TopTheme) else entry.top_theme

    def expand(self, theme_id: str) -> tuple[str, ...]:
        """List the sub-themes that an id stands for, in codebook order.

        A top theme gives all its own, the counter-theme included; a sub-theme gives
        itself; a retired id gives what its successor gives.

        Raises:
            ThemeNotFoundError: nothing has this id.
        """
        entry = self.entry(theme_id)
        return entry.theme_ids if isinstance(entry, TopTheme) else (entry.theme_id,)

    def expand_failures(self, theme_id: str | None = None) -> tuple[str, ...]:
        """List the sub-themes whose failings count for an id; ``None`` for every theme.

        As :meth:`expand`, but the counter-theme never counts with the failures of its top
        theme or of all (codebook, section 8): asked for by its own id, it stands alone.

        Raises:
            ThemeNotFoundError: nothing has this id.
        """
        if theme_id is None:
            asked = tuple(theme.theme_id for theme in self.themes)
        else:
            asked = self.expand(theme_id)
        failures = tuple(one for one in asked if self.theme(one).sort != "counter")
        return failures or asked

    @cached_property
    def rollup(self) -> Mapping[str, str]:
        """Sub-theme → top theme, for every sub-theme."""
        return MappingProxyType({theme.theme_id: theme.top_theme for theme in self.themes})

    @cached_property
    def cues(self) -> tuple[Cue, ...]:
        """Every theme's cues, in codebook order."""
        return tuple(cue for theme in self.themes for cue in theme.cues)

    @cached_property
    def _entries(self) -> Mapping[str, Theme | TopTheme]:
        entries: list[Theme | TopTheme] = [*self.top_themes, *self.themes]
        return {entry.theme_id: entry for entry in entries}

    @cached_property
    def _successors(self) -> Mapping[str, str]:
        return {each.theme_id: each.successor for each in self.retired}

    def _current(self, theme_id: str) -> str:
        # A successor may itself be retired later; the checks refuse a ring of them.
        while theme_id in self._successors:
            theme_id = self._successors[theme_id]
        return theme_id


@cache
def load_codebook() -> Codebook:
    """Load the codebook that ships with Throughline, once a process.

    Raises:
        InvalidInputError: its data are at fault; file, entry and field are named.
    """
    return build_codebook(read_codebook_files(shipped_codebook()))


def shipped_codebook() -> Traversable:
    """The folder of the codebook that ships."""
    return files("nlp") / "data" / "codebook"


def read_codebook_files(folder: Traversable) -> dict[str, dict[str, Any]]:
    """Parse a codebook's TOML files: name within the folder → contents.

    Raises:
        InvalidInputError: a file is missing or is not TOML.
    """
    names = [
        *_FILES,
        *sorted(f"themes/{entry.name}" for entry in (folder / "themes").iterdir()),
    ]
    return {name: _parse(folder, name) for name in names}


def build_codebook(data: Mapping[str, Mapping[str, Any]]) -> Codebook:
    """Make a codebook of parsed files, as :func:`read_codebook_files` gives them.

    Raises:
        InvalidInputError: a field is missing, unknown or wrong, or an id is used twice or
            points nowhere; the sentence names file, entry and field.
    """
    main, crosswalk = (schema.file_table(data[name], name) for name in _FILES[:2])
    top_themes, themes = _themes(main, data)
    codebook = Codebook(
        version=_version(main, data),
        top_themes=top_themes,
        themes=themes,
        reforms=_whole(data, "reforms.toml", "reform", schema.read_reform),
        stances=_each(main, "stance", schema.read_stance),
        decision_order=_each(main, "decision", schema.read_decision),
        tie_break=main.text("tie_break"),
        levels=_each(main, "level", schema.read_level),
        level_tests=_each(main, "level_test", schema.read_level_test),
        attributions=_each(main, "attribution", schema.read_attribution),
        attribution_defaults=_each(main, "attribution_default", schema.read_attribution_default),
        principles=main.texts("principles"),
        ladder=main.texts("ladder"),
        confidence=MappingProxyType(main.mapping("confidence")),
        counting_rules=_each(main, "counting_rule", schema.read_counting_rule),
        crosswalk=_each(crosswalk, "row", schema.read_crosswalk_row),
        crosswalk_caution=crosswalk.text("caution"),
        series=_each(crosswalk, "series", schema.read_series),
        tricky_cases=_whole(data, "tricky.toml", "tricky", schema.read_tricky_case),
        resolver=_whole(data, "resolver.toml", "choice", schema.read_choice),
        sources=_sources(data),
        retired=tuple(schema.read_retired(t) for t in main.tables("retired", optional=True)),
    )
    main.done()
    crosswalk.done()
    check_references(codebook)
    return codebook


def _parse(folder: Traversable, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InvalidInputError(f"Codebook: the file {name} is missing.") from error
    except tomllib.TOMLDecodeError as error:
        raise InvalidInputError(f"Codebook: {name} is not TOML: {error}.") from error


def _version(main: Table, data: Mapping[str, Mapping[str, Any]]) -> str:
    version = main.text("version")
    if not _SEMANTIC_VERSION.fullmatch(version):
        main.refuse("version", "should be three numbers, such as 0.1.0")
    return f"{version}+{digest(data)[:8]}"


def _themes(
    main: Table, data: Mapping[str, Mapping[str, Any]]
) -> tuple[tuple[TopTheme, ...], tuple[Theme, ...]]:
    """Read the top themes and, from the file named after each, its sub-themes."""
    top_themes: list[TopTheme] = []
    themes: list[Theme] = []
    for table in main.tables("top_theme"):
        theme_id, label, definition = schema.read_top_theme(table)
        name = f"themes/{theme_id}.toml"
        if name not in data:
            main.refuse("top_theme", f"names {theme_id}, but the file {name} is missing")
        own = _whole(data, name, "theme", partial(schema.read_theme, top_theme=theme_id))
        themes += own
        ids = tuple(theme.theme_id for theme in own)
        top_themes.append(
            TopTheme(theme_id=theme_id, label=label, definition=definition, theme_ids=ids)
        )
    wanted = {f"themes/{top.theme_id}.toml" for top in top_themes}
    for name in data:
        if name.startswith("themes/") and name not in wanted:
            raise InvalidInputError(f"Codebook: {name} belongs to no top theme of codebook.toml.")
    return tuple(top_themes), tuple(themes)


def _sources(data: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Source]:
    sources = _whole(data, "sources.toml", "source", schema.read_source)
    by_key = {source.key: source for source in sources}
    if len(by_key) != len(sources):
        raise InvalidInputError("Codebook: sources.toml: a 'key' is used twice.")
    return MappingProxyType(by_key)


def _whole(
    data: Mapping[str, Mapping[str, Any]], name: str, field: str, read: Callable[[Table], T]
) -> tuple[T, ...]:
    """Read a file that holds one list of tables and nothing else."""
    table = schema.file_table(data[name], name)
    entries = _each(table, field, read)
    table.done()
    return entries


def _each(table: Table, field: str, read: Callable[[Table], T]) -> tuple[T, ...]:
    return tuple(read(each) for each in table.tables(field))
