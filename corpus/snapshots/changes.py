"""Why a figure differs between two snapshots: a split that adds up to the whole change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from corpus.snapshots.layers import (
    CountedDocument,
    FigureGroup,
    Figures,
    Layers,
    Reading,
    count_figures,
)

Cause = Literal["removed_documents", "new_documents", "codebook", "model", "human_corrections"]
CAUSES: tuple[Cause, ...] = (
    "removed_documents",
    "new_documents",
    "codebook",
    "model",
    "human_corrections",
)
"""In the order in which they are exchanged (docs/decisions/0011)."""

_Value = TypeVar("_Value")

FIGURES = ("machine", "human_checked", "standing")


@dataclass(frozen=True, kw_only=True)
class CodebookFacts:
    """What of a codebook moves figures."""

    version: str
    groups: Sequence[FigureGroup]
    """The rows of figures."""
    entries: Mapping[str, str]
    """Theme → a hash of its definition, cues and all else that its entry says."""


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of the two snapshots compared."""

    name: str
    layers: Layers
    codebook: CodebookFacts
    reader: str | None
    """What read the passages, apart from the codebook; ``None`` where that is not known."""
    published: Mapping[str, Figures] | None = None
    """The figures as they were published; they differ from those of the layers by what was
    withdrawn since. ``None`` for what was not published."""


@dataclass(frozen=True, kw_only=True)
class FigureChange:
    """One figure that differs, or whose causes cancel out."""

    key: str
    by: str
    figure: str
    """One of :data:`FIGURES`."""
    before: int
    after: int
    parts: Mapping[Cause, int]
    """What each cause adds; together ``after - before``."""


def split_changes(before: Side, after: Side) -> list[FigureChange]:
    """Split every changed figure by its causes.

    One thing after the other is exchanged for its later state, in the order of
    :data:`CAUSES`, and every figure is counted anew after each: what a step adds is that
    cause's part. So the parts are whole numbers of reviews and always add up; a cause that
    did not change has the part 0.

    Returns:
        Figures that changed or have a part that is not 0: in the order of the later
        codebook's rows, then those that only the earlier has.
    """
    steps = [count_figures(layers, groups) for layers, groups in _exchanges(before, after)]
    nothing = Figures(machine=0, human_checked=0, standing=0)
    rows = {each.group.key: each.by for each in (*after.codebook.groups, *before.codebook.groups)}
    changes = []
    for key, by in rows.items():
        counted = [step.get(key, nothing) for step in steps]
        published = [
            counted[0] if before.published is None else before.published.get(key, nothing),
            counted[-1] if after.published is None else after.published.get(key, nothing),
        ]
        changes += [
            change
            for figure in FIGURES
            if (change := _change(key, by, figure, counted, published)) is not None
        ]
    return changes


def _change(
    key: str, by: str, figure: str, counted: Sequence[Figures], published: Sequence[Figures]
) -> FigureChange | None:
    values = [int(getattr(each, figure)) for each in counted]
    first, last = (int(getattr(each, figure)) for each in published)
    parts = {
        cause: later - earlier
        for cause, earlier, later in zip(CAUSES, values, values[1:], strict=False)
    }
    # What was withdrawn since: from the earlier it is removed, to the later it was new.
    parts["removed_documents"] += values[0] - first
    parts["new_documents"] += last - values[-1]
    if first == last and not any(parts.values()):
        return None
    return FigureChange(key=key, by=by, figure=figure, before=first, after=last, parts=parts)


def _exchanges(before: Side, after: Side) -> list[tuple[Layers, Sequence[FigureGroup]]]:
    """The states between: the earlier, then after each exchange; the last is the later."""
    old, new = before.layers, after.layers
    common = {
        one: document
        for one, document in old.documents.items()
        # Regrouped or newly dated: it leaves one review and comes to another.
        if new.documents.get(one) == document
    }
    removed = Layers(documents=common, readings=old.readings, judgements=old.judgements)
    added = _passages_of(new.documents, but=common)
    grown = Layers(
        documents=new.documents,
        readings={**old.readings, **_only(new.readings, added)},
        judgements={**old.judgements, **_only(new.judgements, added)},
    )
    recoded = replace(grown, readings=_recoded(grown.readings, before, after))
    reread = replace(recoded, readings=new.readings)
    earlier, later = before.codebook.groups, after.codebook.groups
    return [
        (old, earlier),
        (removed, earlier),
        (grown, earlier),
        (recoded, later),
        (reread, later),
        (new, later),
    ]


def _passages_of(
    documents: Mapping[str, CountedDocument], *, but: Mapping[str, CountedDocument]
) -> set[str]:
    return {
        passage_id
        for one, document in documents.items()
        if one not in but
        for passage_id in document.passage_ids
    }


def _only(values: Mapping[str, _Value], keys: set[str]) -> dict[str, _Value]:
    return {key: value for key, value in values.items() if key in keys}


def _recoded(readings: Mapping[str, Reading], before: Side, after: Side) -> Mapping[str, Reading]:
    """The readings as the later codebook alone makes them.

    Where nothing but the codebook changed, every other reading is its doing. Where the
    model changed too, only what is said of themes whose entries changed is.
    """
    if before.codebook.version == after.codebook.version:
        return readings
    later = after.layers.readings
    if before.reader is not None and before.reader == after.reader:
        return {one: later.get(one, reading) for one, reading in readings.items()}
    old, new = before.codebook.entries, after.codebook.entries
    changed = frozenset(one for one in {*old, *new} if old.get(one) != new.get(one))
    return {
        one: _mixed(reading, later[one], changed) if one in later else reading
        for one, reading in readings.items()
    }


def _mixed(reading: Reading, later: Reading, changed: frozenset[str]) -> Reading:
    if reading.themes == later.themes:
        return reading
    themes = (reading.themes - changed) | (later.themes & changed)
    return replace(reading, themes=themes)
