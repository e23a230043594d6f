"""The codebook as a page for people: ``python -m nlp.codebook_page > docs/codebook.md``."""

import re
import sys
from collections.abc import Iterable, Sequence

from corpus.model import Code
from corpus.sites import site_name
from nlp.codebook import Codebook, load_codebook
from nlp.codebook_entries import Cue, Exclusion, FirstKnown, Theme, TopTheme, ids_in

COMMAND = "python -m nlp.codebook_page > docs/codebook.md"

_SORTS = {
    "mechanism": "mechanism: what went wrong with the information",
    "reason": "reason: why it went wrong",
    "counter": "counter-theme: reported apart, never in failure totals",
}
_RESIDUAL = " (the residual, for text that gives no detail)"
_SECTIONS = (
    ("how-to-code", "How to code a passage"),
    ("themes", "Themes"),
    ("neighbours", "Near neighbours"),
    ("stance", "Stance"),
    ("tricky-cases", "Tricky cases"),
    ("level", "Level"),
    ("attribution", "Attribution"),
    ("reforms", "Reforms"),
    ("counting-rules", "Counting rules"),
    ("crosswalk", "Crosswalk"),
    ("retired-ids", "Retired ids"),
    ("sources", "Sources"),
)


def render_codebook(codebook: Codebook) -> str:
    """Write the whole page, in Markdown; the same codebook always gives the same text."""
    parts = [
        _opening(codebook),
        _contents(codebook),
        _how_to_code(codebook),
        _themes(codebook),
        _neighbours(codebook),
        _stance(codebook),
        _tricky_cases(codebook),
        _level(codebook),
        _attribution(codebook),
        _reforms(codebook),
        _counting_rules(codebook),
        _crosswalk(codebook),
        _retired(codebook),
        _sources(codebook),
    ]
    return "\n\n".join(parts) + "\n"


def _opening(codebook: Codebook) -> str:
    sub_themes = sum(theme.sort != "counter" and not theme.residual for theme in codebook.themes)
    return _paragraphs(
        "# The codebook",
        f"<!-- Generated from nlp/data/codebook: edit there, then run: {COMMAND} -->",
        f"Version `{codebook.version}`. {len(codebook.top_themes)} top themes, {sub_themes} "
        "sub-themes, a residual and a counter-theme say how information sharing fails children; "
        f"{len(codebook.reforms)} reforms say what has been proposed. Every definition is in our "
        "own words and every example passage is invented. Ids are permanent.",
    )


def _contents(codebook: Codebook) -> str:
    lines = ["## Contents", ""]
    for anchor, title in _SECTIONS:
        lines.append(f"- [{title}](#{anchor})")
        if anchor == "themes":
            for top in codebook.top_themes:
                lines.append(f"  - [{top.label}](#{top.theme_id})")
                lines += [f"    - {_label_link(codebook, each)}" for each in top.theme_ids]
    return "\n".join(lines)


def _how_to_code(codebook: Codebook) -> str:
    rungs = " → ".join(codebook.ladder)
    return _paragraphs(
        _heading("how-to-code"),
        _numbered(_linked(codebook, each) for each in codebook.principles),
        "**The ladder.** The first rung that broke is the mechanism; a later one is coded too "
        "only if the text says that it broke as well.",
        f"> {rungs}",
    )


def _themes(codebook: Codebook) -> str:
    return _paragraphs(_heading("themes"), *(_top_theme(codebook, t) for t in codebook.top_themes))


def _top_theme(codebook: Codebook, top: TopTheme) -> str:
    return _paragraphs(
        f'<a id="{top.theme_id}"></a>',
        f"### {top.label}",
        f"`{top.theme_id}` · {top.definition}",
        *(_theme(codebook, codebook.theme(each)) for each in top.theme_ids),
    )


def _theme(codebook: Codebook, theme: Theme) -> str:
    also = f"*Also called:* {'; '.join(theme.also_called)}." if theme.also_called else ""
    return _paragraphs(
        f'<a id="{theme.theme_id}"></a>',
        f"#### {theme.label}",
        f"`{theme.theme_id}` · {_SORTS[theme.sort]}{_RESIDUAL if theme.residual else ''}",
        _linked(codebook, theme.definition),
        _guard(theme),
        also,
        _listed("Include", theme.include),
        _listed("Exclude", (_exclusion(codebook, each) for each in theme.exclude)),
        f"**Cues.** {_cues(theme.cues)}",
        _examples(codebook, theme),
        _listed("First known", (_first_known(codebook, each) for each in theme.first_known)),
        f"**Maps to.** {_maps_to(theme)}",
        _theme_sources(theme),
    )


def _guard(theme: Theme) -> str:
    return f"> **Guard.** {theme.guard}{_keys(theme.guard_sources)}" if theme.guard else ""


def _exclusion(codebook: Codebook, exclusion: Exclusion) -> str:
    return f"{exclusion.when} → {_linked(codebook, exclusion.then)}"


def _cues(cues: Sequence[Cue]) -> str:
    return " · ".join(f"“{cue.phrase}” (`{cue.cue_id}`)" for cue in cues)


def _examples(codebook: Codebook, theme: Theme) -> str:
    lines = []
    for example in theme.examples:
        codes = "; ".join(_example_code(codebook, theme, code) for code in example.codes)
        lines.append(f"- “{_inner_quotes(example.text)}” → {codes}")
    return "\n".join(["**Examples**", "", *lines])


def _example_code(codebook: Codebook, theme: Theme, code: Code) -> str:
    if code.theme == theme.theme_id:
        return _facets(codebook, code)
    return f"and {_id_link(code.theme)}, {_facets(codebook, code)}"


def _facets(codebook: Codebook, code: Code) -> str:
    stance = next(each.label for each in codebook.stances if each.stance == code.stance)
    facets = [stance.lower(), code.level.value]
    if code.attribution.value != "own-voice":
        facets.append(code.attribution.value)
    return ", ".join(facets)


def _first_known(codebook: Codebook, first: FirstKnown) -> str:
    return f"{_linked(codebook, first.text)} *({first.confidence})*{_keys(first.sources)}"


def _maps_to(theme: Theme) -> str:
    names = " · ".join(theme.maps_to)
    return " ".join(each for each in (f"{names}." if names else "", theme.maps_note) if each)


def _theme_sources(theme: Theme) -> str:
    if not theme.sources:
        return ""
    named = []
    for key in theme.sources:
        note = theme.source_notes.get(key)
        named.append(f"{_key_link(key)} ({note})" if note else _key_link(key))
    return f"**From.** {', '.join(named)}."


def _neighbours(codebook: Codebook) -> str:
    rows = [
        (
            "<br>".join(_id_link(each) for each in choice.between),
            choice.ask,
            _linked(codebook, choice.then),
        )
        for choice in codebook.resolver
    ]
    return _paragraphs(
        _heading("neighbours"),
        "When two or three themes seem to fit, one question decides.",
        _table(("Between", "Ask", "Then"), rows),
    )


def _stance(codebook: Codebook) -> str:
    rows = [(each.label, f"`{each.stance}`", each.definition) for each in codebook.stances]
    steps = []
    for decision in codebook.decision_order:
        lines = [f"{decision.question} {decision.answer}"]
        lines += [f"   - {note}" for note in decision.notes]
        steps.append("\n".join(lines))
    return _paragraphs(
        _heading("stance"),
        "How a passage treats one theme. It belongs to the pair of passage and theme.",
        _table(("Stance", "Id", "Meaning"), rows),
        "**Decision order.** Stop at the first yes.",
        _numbered(steps),
        codebook.tie_break,
    )


def _tricky_cases(codebook: Codebook) -> str:
    rows = []
    for case in codebook.tricky_cases:
        codes = [f"{_id_link(code.theme)}, {_facets(codebook, code)}" for code in case.codes]
        codes += [f"or {_id_link(theme_id)}" for theme_id in case.also_accepted]
        rows.append((str(case.number), case.text, "<br>".join(codes) or "no code", case.why))
    return _paragraphs(
        _heading("tricky-cases"),
        "Invented passages on which coders differ, with the answer.",
        _table(("No.", "Passage", "Codes", "Why"), rows),
    )


def _level(codebook: Codebook) -> str:
    rows = [(each.label, f"`{each.level}`", each.definition) for each in codebook.levels]
    return _paragraphs(
        _heading("level"),
        _table(("Level", "Id", "Meaning"), rows),
        _numbered(f"**{e.name}.** {e.test}{_keys(e.sources)}" for e in codebook.level_tests),
    )


def _attribution(codebook: Codebook) -> str:
    rows = [
        (each.label, f"`{each.attribution}`", each.definition) for each in codebook.attributions
    ]
    defaults = [
        (each.document, f"`{each.attribution}`", each.note)
        for each in codebook.attribution_defaults
    ]
    return _paragraphs(
        _heading("attribution"),
        _table(("Attribution", "Id", "Meaning"), rows),
        "Unless the passage says otherwise:",
        _table(("Document", "Attribution", "Note"), defaults),
    )


def _reforms(codebook: Codebook) -> str:
    rows = [
        (
            f'<a id="{reform.reform_id}"></a>{reform.label}<br>`{reform.reform_id}`',
            reform.definition + _keys(reform.sources),
            "<br>".join(_id_link(each) for each in reform.answers),
        )
        for reform in codebook.reforms
    ]
    return _paragraphs(
        _heading("reforms"),
        "Answers to failings, coded beside a theme; the stance is normally change proposed.",
        _table(("Reform", "What", "Mainly answers"), rows),
    )


def _counting_rules(codebook: Codebook) -> str:
    rules = (_linked(codebook, r.text) + _keys(r.sources) for r in codebook.counting_rules)
    return _paragraphs(_heading("counting-rules"), _numbered(rules))


def _crosswalk(codebook: Codebook) -> str:
    series = [(e.keys, e.publication, e.confidence, e.note) for e in codebook.series]
    rows = [
        (
            row.publication,
            f"{row.reported} (`{row.key}`)" if row.key else row.reported,
            ", ".join(_id_link(each) for each in row.rollup) or "nothing",
            row.note,
        )
        for row in codebook.crosswalk
    ]
    return _paragraphs(
        _heading("crosswalk"),
        "What others reported, and which of our themes to add up before comparing. "
        + codebook.crosswalk_caution,
        _table(("Publication", "Reported as", "Compare with", "Note"), rows),
        "Short names in the themes' “maps to” lines:",
        _table(("Names", "Publication", "Sure?", "Note"), series),
    )


def _retired(codebook: Codebook) -> str:
    rows = [
        (f"`{each.theme_id}`", _id_link(each.successor), each.version, each.reason)
        for each in codebook.retired
    ]
    return _paragraphs(
        _heading("retired-ids"),
        "An id is never used again: when a theme is split or merged, its id is retired and "
        "leads to its successor.",
        _table(("Id", "Successor", "Since", "Why"), rows) if rows else "None so far.",
    )


def _sources(codebook: Codebook) -> str:
    sure = [f"*{word}*: {meaning}" for word, meaning in codebook.confidence.items()]
    rows = [
        (
            f'<a id="{_anchor(source.key)}"></a>{source.key}',
            source.title,
            ", ".join(f"[{site_name(each)}](<{each}>)" for each in source.addresses),
        )
        for source in codebook.sources.values()
    ]
    return _paragraphs(
        _heading("sources"),
        "How sure we are of a statement about the past:",
        "\n".join(f"- {each}" for each in sure),
        "Most sources were seen only in their opening part.",
        _table(("Key", "What", "Where"), rows),
    )


def _heading(anchor: str) -> str:
    return f'<a id="{anchor}"></a>\n\n## {dict(_SECTIONS)[anchor]}'


def _linked(codebook: Codebook, text: str) -> str:
    """Turn every theme id between backticks into a link to its entry."""
    for theme_id in dict.fromkeys(ids_in(text)):
        if theme_id in codebook.rollup:
            text = text.replace(f"`{theme_id}`", _id_link(theme_id))
    return text


def _id_link(theme_id: str) -> str:
    return f"[`{theme_id}`](#{theme_id})"


def _label_link(codebook: Codebook, theme_id: str) -> str:
    return f"[{codebook.theme(theme_id).label}](#{theme_id})"


def _keys(keys: Sequence[str]) -> str:
    return f" [{', '.join(_key_link(key) for key in keys)}]" if keys else ""


def _key_link(key: str) -> str:
    return f"[{key}](#{_anchor(key)})"


def _anchor(key: str) -> str:
    return "source-" + re.sub(r"[^a-z0-9]+", "-", key.lower())


def _inner_quotes(text: str) -> str:
    return text.replace('"', "'")


def _listed(title: str, items: Iterable[str]) -> str:
    return "\n".join([f"**{title}**", "", *(f"- {item}" for item in items)])


def _numbered(items: Iterable[str]) -> str:
    return "\n".join(f"{number}. {item}" for number, item in enumerate(items, start=1))


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *([c.replace("|", "\\|") for c in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _paragraphs(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


if __name__ == "__main__":
    sys.stdout.write(render_codebook(load_codebook()))
