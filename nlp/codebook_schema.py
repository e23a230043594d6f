"""Parsed codebook files to entries: which fields each has, and of what form."""

import re
from collections.abc import Mapping
from typing import Any

from corpus.model import Attribution, Code, Level, Stance
from nlp.codebook_entries import (
    AttributionDefault,
    AttributionDefinition,
    Choice,
    Confidence,
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
    Sort,
    Source,
    StanceDefinition,
    Theme,
    TrickyCase,
)
from nlp.codebook_table import Table

_SORTS: Mapping[str, Sort] = {"mechanism": "mechanism", "reason": "reason", "counter": "counter"}
_CONFIDENCES: Mapping[str, Confidence] = {"seen": "seen", "reported": "reported", "open": "open"}
_STANCES = {stance.value: stance for stance in Stance}
_LEVELS = {level.value: level for level in Level}
_ATTRIBUTIONS = {attribution.value: attribution for attribution in Attribution}
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CUE_ID = re.compile(r"[A-Z]{3}-[0-9]{3}")


def file_table(data: Mapping[str, Any], file: str) -> Table:
    """Wrap a whole file; its top-level fields are the table's fields."""
    return Table(data, file=file, entry="the file")


def read_theme(table: Table, *, top_theme: str) -> Theme:
    """Read one sub-theme.

    Raises:
        InvalidInputError: a field is missing, unknown or of the wrong form.
    """
    theme_id = _slug(table, "id")
    theme = Theme(
        theme_id=theme_id,
        top_theme=top_theme,
        label=table.text("label"),
        sort=table.choice("sort", _SORTS),
        also_called=table.texts("also_called"),
        definition=table.text("definition"),
        include=table.texts("include"),
        exclude=tuple(_exclusion(each) for each in table.tables("exclude")),
        cues=_cues(table, theme_id),
        examples=tuple(_example(each) for each in table.tables("examples")),
        first_known=tuple(_first_known(each) for each in table.tables("first_known")),
        sources=table.texts("sources"),
        maps_to=table.texts("maps_to"),
        maps_note=table.text("maps_note", default=""),
        residual=table.flag("residual"),
        guard=table.text("guard", default=""),
        guard_sources=table.texts("guard_sources", optional=True),
        source_notes=table.mapping("source_notes", optional=True),
    )
    table.done()
    return theme


def read_top_theme(table: Table) -> tuple[str, str, str]:
    """Read a top theme's id, label and definition; its sub-themes stand in a file of that name."""
    read = (_slug(table, "id"), table.text("label"), table.text("definition"))
    table.done()
    return read


def read_reform(table: Table) -> Reform:
    """Read one reform."""
    reform = Reform(
        reform_id=_slug(table, "id"),
        label=table.text("label"),
        definition=table.text("definition"),
        answers=table.texts("answers"),
        sources=table.texts("sources"),
    )
    table.done()
    return reform


def read_stance(table: Table) -> StanceDefinition:
    """Read what one stance means."""
    stance = table.choice("id", _STANCES)
    definition = StanceDefinition(
        stance=stance, label=table.text("label"), definition=table.text("definition")
    )
    table.done()
    return definition


def read_decision(table: Table) -> Decision:
    """Read one step of the decision order."""
    decision = Decision(
        question=table.text("question"),
        answer=table.text("answer"),
        notes=table.texts("notes", optional=True),
    )
    table.done()
    return decision


def read_level(table: Table) -> LevelDefinition:
    """Read what one level means."""
    level = table.choice("id", _LEVELS)
    definition = LevelDefinition(
        level=level, label=table.text("label"), definition=table.text("definition")
    )
    table.done()
    return definition


def read_level_test(table: Table) -> LevelTest:
    """Read one test that tells case from system."""
    test = LevelTest(
        name=table.name("name"),
        test=table.text("test"),
        sources=table.texts("sources", optional=True),
    )
    table.done()
    return test


def read_attribution(table: Table) -> AttributionDefinition:
    """Read what one attribution means."""
    attribution = table.choice("id", _ATTRIBUTIONS)
    definition = AttributionDefinition(
        attribution=attribution, label=table.text("label"), definition=table.text("definition")
    )
    table.done()
    return definition


def read_attribution_default(table: Table) -> AttributionDefault:
    """Read the attribution to assume for one sort of document."""
    default = AttributionDefault(
        document=table.name("document"),
        attribution=table.choice("answer", _ATTRIBUTIONS),
        note=table.text("note", default=""),
    )
    table.done()
    return default


def read_counting_rule(table: Table) -> CountingRule:
    """Read one counting rule."""
    rule = CountingRule(text=table.text("text"), sources=table.texts("sources", optional=True))
    table.done()
    return rule


def read_retired(table: Table) -> Retired:
    """Read one retired id and its successor."""
    retired = Retired(
        theme_id=_slug(table, "id"),
        successor=table.text("successor"),
        version=table.text("version"),
        reason=table.text("reason"),
    )
    table.done()
    return retired


def read_series(table: Table) -> Series:
    """Read one publication that ``maps_to`` refers to."""
    series = Series(
        keys=table.name("keys"),
        publication=table.text("publication"),
        confidence=table.choice("confidence", _CONFIDENCES),
        note=table.text("note", default=""),
    )
    table.done()
    return series


def read_crosswalk_row(table: Table) -> CrosswalkRow:
    """Read one reported label and its roll-up."""
    row = CrosswalkRow(
        publication=table.text("publication"),
        reported=table.text("reported"),
        rollup=table.texts("rollup"),
        key=table.text("key", default=""),
        note=table.text("note", default=""),
    )
    table.done()
    return row


def read_tricky_case(table: Table) -> TrickyCase:
    """Read one passage on which coders differ."""
    case = TrickyCase(
        number=table.number("number"),
        text=table.text("text"),
        codes=tuple(_code(each) for each in table.tables("codes")),
        why=table.text("why"),
        also_accepted=table.texts("also_accepted", optional=True),
    )
    table.done()
    return case


def read_choice(table: Table) -> Choice:
    """Read one question that tells near neighbours apart."""
    choice = Choice(between=table.texts("between"), ask=table.text("ask"), then=table.text("then"))
    table.done()
    return choice


def read_source(table: Table) -> Source:
    """Read one source."""
    source = Source(
        key=table.name("key"), title=table.text("title"), addresses=table.texts("addresses")
    )
    table.done()
    return source


def _slug(table: Table, field: str) -> str:
    value = table.name(field)
    if not _SLUG.fullmatch(value):
        table.refuse(field, "should be lower-case words joined by hyphens")
    return value


def _exclusion(table: Table) -> Exclusion:
    exclusion = Exclusion(when=table.text("when"), then=table.text("then"))
    table.done()
    return exclusion


def _cues(table: Table, theme_id: str) -> tuple[Cue, ...]:
    phrases = table.mapping("cues")
    for cue_id, phrase in phrases.items():
        if not _CUE_ID.fullmatch(cue_id):
            table.refuse("cues", f"has {cue_id!r}, which is not of the form CTR-001")
        if not phrase.strip():
            table.refuse("cues", f"has no phrase for {cue_id}")
    return tuple(
        Cue(cue_id=cue_id, phrase=phrase, theme_id=theme_id) for cue_id, phrase in phrases.items()
    )


def _example(table: Table) -> Example:
    example = Example(
        text=table.text("text"), codes=tuple(_code(each) for each in table.tables("codes"))
    )
    table.done()
    return example


def _code(table: Table) -> Code:
    code = Code(
        theme=table.text("theme"),
        stance=table.choice("stance", _STANCES),
        level=table.choice("level", _LEVELS),
        attribution=table.choice("attribution", _ATTRIBUTIONS),
    )
    table.done()
    return code


def _first_known(table: Table) -> FirstKnown:
    first = FirstKnown(
        text=table.text("text"),
        confidence=table.choice("confidence", _CONFIDENCES),
        sources=table.texts("sources"),
    )
    table.done()
    return first
