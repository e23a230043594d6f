"""Checks across the codebook's files: ids are used once and point to what exists."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NoReturn

from corpus.errors import InvalidInputError
from corpus.model import Attribution, Code, Level, Stance
from nlp.codebook_entries import Theme, ids_in

if TYPE_CHECKING:
    from nlp.codebook import Codebook


def check_references(codebook: "Codebook") -> None:
    """Check what no single entry can know of itself.

    Raises:
        InvalidInputError: names file, entry and field.
    """
    _check_ids(codebook)
    _check_cue_ids(codebook.themes)
    top_ids = [top.theme_id for top in codebook.top_themes]
    theme_ids = [theme.theme_id for theme in codebook.themes]
    assignable = frozenset(theme_ids)
    for theme in codebook.themes:
        _check_theme(theme, assignable, frozenset(codebook.sources))
    _check_answers(codebook, assignable)
    _check_crosswalk(codebook, assignable | frozenset(top_ids))
    _check_retired(codebook, assignable | frozenset(top_ids))
    _check_sources(codebook)
    _check_definitions(codebook)


def _check_ids(codebook: "Codebook") -> None:
    used: set[str] = set()
    main = "codebook.toml"
    for file, theme_id in (
        *((main, top.theme_id) for top in codebook.top_themes),
        *((main, each.theme_id) for each in codebook.retired),
        *((f"themes/{theme.top_theme}.toml", theme.theme_id) for theme in codebook.themes),
        *(("reforms.toml", reform.reform_id) for reform in codebook.reforms),
    ):
        if theme_id in used:
            _refuse(file, theme_id, "id", "is used before; ids are permanent and never shared")
        used.add(theme_id)


def _check_theme(theme: Theme, assignable: frozenset[str], keys: frozenset[str]) -> None:
    file = f"themes/{theme.top_theme}.toml"
    pointed = [each for exclusion in theme.exclude for each in exclusion.theme_ids]
    _known(pointed, assignable, file, theme.theme_id, "exclude")
    for example in theme.examples:
        _known(_themes_of(example.codes), assignable, file, theme.theme_id, "examples")
        if theme.theme_id not in _themes_of(example.codes):
            _refuse(file, theme.theme_id, "examples", f"does not code it in {example.text!r}")
    cited = [key for first in theme.first_known for key in first.sources]
    _known(cited, keys, file, theme.theme_id, "first_known")
    _known(theme.sources, keys, file, theme.theme_id, "sources")
    _known(theme.guard_sources, keys, file, theme.theme_id, "guard_sources")
    _known(theme.source_notes, frozenset(theme.sources), file, theme.theme_id, "source_notes")


def _check_cue_ids(themes: tuple[Theme, ...]) -> None:
    """One prefix a theme and one theme a prefix; TOML itself refuses an id used twice."""
    owners: dict[str, str] = {}
    for theme in themes:
        file = f"themes/{theme.top_theme}.toml"
        prefixes = {cue.cue_id.partition("-")[0] for cue in theme.cues}
        if len(prefixes) > 1:
            _refuse(file, theme.theme_id, "cues", f"mixes prefixes: {', '.join(sorted(prefixes))}")
        for prefix in prefixes:
            owner = owners.setdefault(prefix, theme.theme_id)
            if owner != theme.theme_id:
                _refuse(file, theme.theme_id, "cues", f"uses {prefix}, which belongs to {owner}")


def _check_answers(codebook: "Codebook", assignable: frozenset[str]) -> None:
    for reform in codebook.reforms:
        _known(reform.answers, assignable, "reforms.toml", reform.reform_id, "answers")
    for tricky in codebook.tricky_cases:
        entry = f"tricky {tricky.number}"
        _known(_themes_of(tricky.codes), assignable, "tricky.toml", entry, "codes")
        _known(tricky.also_accepted, assignable, "tricky.toml", entry, "also_accepted")
    for number, choice in enumerate(codebook.resolver, start=1):
        named = (*choice.between, *ids_in(choice.then))
        _known(named, assignable, "resolver.toml", f"choice {number}", "between")


def _check_crosswalk(codebook: "Codebook", known: frozenset[str]) -> None:
    used: set[str] = set()
    for row in codebook.crosswalk:
        entry = f"{row.publication}, {row.reported}"
        _known(row.rollup, known, "crosswalk.toml", entry, "rollup")
        if row.key and row.key in used:
            _refuse("crosswalk.toml", entry, "key", "is used before")
        used.add(row.key)


def _check_retired(codebook: "Codebook", known: frozenset[str]) -> None:
    successors = {each.theme_id: each.successor for each in codebook.retired}
    for start, successor in successors.items():
        seen = {start}
        current = successor
        while current in successors and current not in seen:
            seen.add(current)
            current = successors[current]
        # A ring of redirects ends in none of the known ids either.
        _known([current], known, "codebook.toml", start, "successor")


def _check_sources(codebook: "Codebook") -> None:
    keys = frozenset(codebook.sources)
    for reform in codebook.reforms:
        _known(reform.sources, keys, "reforms.toml", reform.reform_id, "sources")
    for test in codebook.level_tests:
        _known(test.sources, keys, "codebook.toml", test.name, "sources")
    for number, rule in enumerate(codebook.counting_rules, start=1):
        _known(rule.sources, keys, "codebook.toml", f"counting rule {number}", "sources")


def _check_definitions(codebook: "Codebook") -> None:
    """Every value that a code can take is defined, once."""
    defined: list[tuple[str, list[str], type[Stance | Level | Attribution]]] = [
        ("stance", [each.stance for each in codebook.stances], Stance),
        ("level", [each.level for each in codebook.levels], Level),
        ("attribution", [each.attribution for each in codebook.attributions], Attribution),
    ]
    for field, found, values in defined:
        if sorted(found) != sorted(values):
            _refuse("codebook.toml", "the file", field, f"should define {', '.join(values)} once")


def _themes_of(codes: Iterable[Code]) -> list[str]:
    return [code.theme for code in codes]


def _known(found: Iterable[str], known: frozenset[str], file: str, entry: str, field: str) -> None:
    for each in found:
        if each not in known:
            _refuse(file, entry, field, f"names {each!r}, which does not exist")


def _refuse(file: str, entry: str, field: str, reason: str) -> NoReturn:
    raise InvalidInputError(f"Codebook: {file}, {entry}: {field!r} {reason}.")
