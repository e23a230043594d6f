"""Counts as a question, as groups of themes and in JSON: the same for API and command line."""

from dataclasses import asdict
from functools import lru_cache
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from corpus.count_table import (
    Cell,
    CountQuestion,
    CountTable,
    DateAxis,
    GroupCount,
    PlainFigure,
    ThemeGroup,
)
from corpus.counts import Grouping, count_grouped, count_reviews
from corpus.damage import count_withheld
from corpus.estimate import Estimate, Refusal
from corpus.ledger import collapse_warnings
from corpus.model import Level
from corpus.store import Store
from nlp.codebook import Codebook
from web.holdings import Library
from web.questions import Year
from web.shapes import Json

TOTAL = "any-theme"
"""The key of the row that counts reviews with any failing; the counter-theme is no part of it."""

NOTES = (
    (
        "Counts are of reviews held here with usable text, not of all reviews: few are held from "
        "before 2010, so a rise in counts is not a rise in failure."
    ),
    "Rapid reviews are not published, so these figures cannot equal the Panel's.",
    (
        "Children are added up over the reviews whose record states how many they are about; "
        "the other reviews may be about any number. Children are never turned into reviews."
    ),
    "News, briefings and the like are mentions and never part of a count.",
    (
        "The plain intervals (Wilson) treat the reviews counted as a draw from all such reviews; "
        "they say nothing of the machine's errors. The corrected estimate is of the reviews held."
    ),
)


class CountsQuestion(BaseModel):
    """Which reviews are counted, by what."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    by: Literal["top-theme", "theme"] = Field(
        default="top-theme", description="Count top themes, or each of their sub-themes."
    )
    from_: Year | None = Field(default=None, alias="from", description="First year counted.")
    to: Year | None = Field(default=None, description="Last year counted.")
    nation: str | None = Field(default=None, description="Only reviews of this nation.")
    type: str | None = Field(default=None, description="Only reviews of this type.")
    level: Level | None = Field(
        default=None, description="case or system; all three cells without it."
    )
    date_axis: DateAxis = Field(
        default=DateAxis.PUBLICATION, description="The date that puts a review into a year."
    )
    exclude: str = Field(
        default="", description="Ids of passages to leave out of every figure, joined by commas."
    )

    @model_validator(mode="after")
    def _years_in_order(self) -> Self:
        if self.from_ and self.to and self.from_ > self.to:
            raise ValueError(f"from ({self.from_}) is after to ({self.to})")
        return self

    @field_validator("exclude")
    @classmethod
    def _names_something(cls, exclude: str) -> str:
        if exclude and not exclude.strip(", "):
            raise ValueError("names nothing; leave it out")
        return exclude

    @property
    def excluded(self) -> tuple[str, ...]:
        """The passages left out, in the order given."""
        return tuple(part.strip() for part in self.exclude.split(",") if part.strip())

    def count_question(self) -> CountQuestion:
        """The same for :func:`corpus.counts.count_reviews`."""
        return CountQuestion(
            from_year=self.from_,
            to_year=self.to,
            nation=self.nation,
            review_type=self.type,
            date_axis=self.date_axis,
            exclude_passages=frozenset(self.excluded),
        )


def count_groups(codebook: Codebook, by: str) -> list[ThemeGroup]:
    """List the rows of a table, in codebook order: the total first, the counter-theme last.

    The counter-theme has a row only among sub-themes, and is in no other row.
    """
    rows = [ThemeGroup(key=TOTAL, themes=codebook.expand_failures())]
    if by == "top-theme":
        return rows + [
            ThemeGroup(key=top.theme_id, themes=codebook.expand_failures(top.theme_id))
            for top in codebook.top_themes
        ]
    in_order = sorted(codebook.themes, key=lambda theme: theme.sort == "counter")
    return rows + [ThemeGroup(key=each.theme_id, themes=(each.theme_id,)) for each in in_order]


def counted(library: Library, question: CountsQuestion) -> CountTable:
    """Count what a question asks for.

    Raises:
        PassageNotFoundError: a passage to be left out is not held.
    """
    groups = tuple(count_groups(library.codebook, question.by))
    asked = _checked(library, question)
    return _table(library.store, library.store.revision, groups, asked)


@lru_cache(maxsize=32)
def _table(
    store: Store, _revision: int, groups: tuple[ThemeGroup, ...], question: CountQuestion
) -> CountTable:
    """Count once for as long as nothing is written: equal revisions mean equal content."""
    return count_reviews(store, groups, question)


def counted_by(
    library: Library, question: CountsQuestion, *, by: Grouping
) -> tuple[CountTable, dict[str, CountTable]]:
    """Count what a question asks for, then each nation, type or decade of it alone.

    Raises:
        PassageNotFoundError: a passage to be left out is not held.
    """
    groups = count_groups(library.codebook, question.by)
    return count_grouped(library.store, groups, _checked(library, question), by=by)


def _checked(library: Library, question: CountsQuestion) -> CountQuestion:
    held = {passage.passage_id for passage in library.store.get_passages(question.excluded)}
    for passage_id in question.excluded:
        if passage_id not in held:
            # Raises, with the sentence for what was never there or was withdrawn.
            library.store.get_passage(passage_id)
    return question.count_question()


def counts_shape(table: CountTable, library: Library, question: CountsQuestion) -> Json:
    """A whole table: what was asked, what it rests on, the total, rows and counter-theme."""
    asked = question.model_dump(mode="json", by_alias=True, exclude={"exclude", "from_", "to"})
    return {
        **asked,
        "from": table.coverage.from_year,
        "to": table.coverage.to_year,
        "excluded_passages": list(question.excluded),
        "snapshot": library.snapshot,
        "codebook_version": library.codebook.version,
        **table_shape(table, library, question),
    }


def table_shape(table: CountTable, library: Library, question: CountsQuestion) -> Json:
    """The figures of a table: what they rest on, the total, rows and counter-theme."""
    snapshot, held = library.snapshot, table.coverage.reviews_held
    total, *rows = [
        _row_shape(row, library.codebook, question.level, held=held, snapshot=snapshot)
        for row in table.rows
    ]
    counter = [row for row in rows if row["counter_theme"]]
    return {
        "coverage": {"denominator": held, **asdict(table.coverage)},
        "total": total,
        "rows": [row for row in rows if not row["counter_theme"]],
        "counter_theme": counter[0] if counter else None,
        "notes": notes_of(table, library),
    }


WITHHELD_NOTE = (
    "Of {} documents no word is shown, because the stored copy is damaged. They are counted as "
    "before, so these figures cannot be followed to every quote."
)


def notes_of(table: CountTable, library: Library) -> list[str]:
    """All that stands beside a table: what to take care with, what it rests on, what it is not."""
    withheld = count_withheld(library.store)
    damage = [WITHHELD_NOTE.format(withheld)] if withheld else []
    return [*collapse_warnings(library.store), *coverage_notes(table), *damage, *NOTES]


def coverage_notes(table: CountTable) -> list[str]:
    """What the figures rest on and leave out, a sentence each; nothing is left out unsaid."""
    coverage, axis = table.coverage, table.question.date_axis
    years = dict.fromkeys((coverage.from_year, coverage.to_year))
    period = " to ".join(map(str, years)) if coverage.to_year else "no date"
    first = f"{coverage.reviews_held} reviews of {coverage.cases} cases are counted ({period})."
    others = [
        (coverage.digest_only, "{} of them are known through our digest alone."),
        (
            coverage.children_stated,
            f"{{}} of them state how many children they are about: {coverage.children} children.",
        ),
        (coverage.guidance, "{} texts of guidance or law are no reviews, and are in no figure."),
        (coverage.undated, f"{{}} more have no {axis} date, and are in no figure."),
        (coverage.without_text, "{} on the register have no usable text here."),
        (coverage.not_analysed, "{} have not been read whole by the machine."),
        (coverage.part_checked, "{} were checked in part, which no human-checked figure uses."),
        (
            coverage.undecided,
            "In {} coders differ on a passage that waits for a lead: its newest judgement counts.",
        ),
        (coverage.unregistered, "{} documents belong to no review on the register."),
        (coverage.excluded_passages, "{} passages were left out on request."),
    ]
    return [first, *(words.format(n) for n, words in others if n)]


def row_label(group: ThemeGroup, codebook: Codebook) -> str:
    """What a reader calls a row."""
    return "Any theme" if group.key == TOTAL else codebook.entry(group.key).label


def cells_asked(row: GroupCount, level: Level | None) -> list[tuple[str, Cell]]:
    """The cells a question is about, by name: one level's, or either, case and system."""
    if level is not None:
        return [(level.value, row.cell(level))]
    return [("either", row.either), ("case", row.case), ("system", row.system)]


def cell_figures(cell: Cell, *, held: int, snapshot: str) -> dict[str, Json]:
    """The three figures of a cell, by name; ``held`` is the corrected one's denominator."""
    common = {"n_human_checked": cell.n_human_checked, "snapshot": snapshot}
    return {
        "machine": _plain_shape(cell.machine) | common,
        "human_checked": _plain_shape(cell.human) | common,
        "corrected": {"denominator": held, **_corrected_shape(cell.corrected)} | common,
    }


def _plain_shape(figure: PlainFigure) -> Json:
    return {
        "n": figure.n,
        "denominator": figure.denominator,
        "estimate": _rounded(figure.share),
        "ci_low": _rounded(figure.ci_low),
        "ci_high": _rounded(figure.ci_high),
        "method": "wilson",
        "n_digest_only": figure.n_digest_only,
        "n_children": figure.n_children,
        "n_children_stated": figure.n_children_stated,
        "review_ids": list(figure.review_ids),
        "passage_ids": list(figure.passage_ids),
    }


def _corrected_shape(figure: Estimate | Refusal) -> Json:
    """The corrected estimate; a refused one has no numbers, and the sentence why."""
    if isinstance(figure, Refusal):
        nothing = dict.fromkeys(("n", "estimate", "ci_low", "ci_high"))
        return {**nothing, "method": "refused", "refused": asdict(figure)}
    return {
        "n": round(figure.count, 1),
        "estimate": _rounded(figure.share),
        "ci_low": _rounded(figure.ci_low),
        "ci_high": _rounded(figure.ci_high),
        "method": figure.method,
        "refused": None,
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 6)


def _row_shape(
    row: GroupCount, codebook: Codebook, level: Level | None, *, held: int, snapshot: str
) -> Json:
    cells = cells_asked(row, level)
    return {
        "theme": row.group.key,
        "label": row_label(row.group, codebook),
        "themes": list(row.group.themes),
        "counter_theme": _is_counter(row.group, codebook),
        "cells": [
            {"level": name, **cell_figures(cell, held=held, snapshot=snapshot)}
            for name, cell in cells
        ],
        "years": [asdict(year) for year in cells[0][1].years],
        "mentions": {"n": len(row.mention_ids), "document_ids": list(row.mention_ids)},
    }


def _is_counter(group: ThemeGroup, codebook: Codebook) -> bool:
    return all(codebook.theme(theme).sort == "counter" for theme in group.themes)
