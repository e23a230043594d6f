"""What the lead's pages show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from corpus.agreement import AgreementRow, AgreementTable
from corpus.coders import Coder, list_coders
from corpus.coding_items import (
    CodingItem,
    Difference,
    ItemNotFoundError,
    ItemState,
    get_item,
    open_differences,
    read_items,
    with_judgements,
)
from corpus.codings import read_draft, read_judgements
from corpus.count_rows import held_reviews
from corpus.drawn import Draw, DrawKind, get_draw, list_draws, review_sample
from corpus.errors import InvalidInputError
from corpus.filters import register_values
from corpus.model import Passage
from nlp.codebook import Codebook, Theme, TopTheme
from web.desk.code_form import CodeForm, default_attribution, draft_form
from web.desk.item_page import (
    JudgedWords,
    PassageContext,
    judged_words,
    new_token,
    passage_context,
)
from web.desk.seen import sign_seen
from web.holdings import Library

KIND_WORDS = {
    DrawKind.REVIEWS: "whole reviews (what corrected counts rest on)",
    DrawKind.RANDOM: "random passages",
    DrawKind.STRATIFIED: "passages, as many from each stratum",
    DrawKind.UNCERTAIN: "passages where the machine is unsure, with a random share",
}
"""In the order of the form."""

STATES = tuple(ItemState)


@dataclass(frozen=True, kw_only=True)
class Row:
    """How far one coder is with one draw: items by state."""

    name: str
    states: Mapping[ItemState, int]

    @property
    def total(self) -> int:
        """Items that still count."""
        return sum(self.states.values()) - self.states[ItemState.REPLACED]

    @property
    def done(self) -> int:
        """Items decided, by them or for them."""
        return self.states[ItemState.DECIDED] + self.states[ItemState.SETTLED]


@dataclass(frozen=True, kw_only=True)
class ProgressPage:
    """What ``desk/progress.html`` shows."""

    rows: tuple[Row, ...]
    coders: tuple[Coder, ...]
    n_differences: int
    n_sampled: int
    """Reviews drawn whole, over all draws."""
    n_checked: int
    """Of these, those whose passages are all judged."""


@dataclass(frozen=True, kw_only=True)
class DrawsPage:
    """What ``desk/draws.html`` shows."""

    draws: tuple[tuple[Draw, int, int], ...]
    """Each with how many codings it asks for and how many are done."""
    coders: tuple[Coder, ...]
    nations: tuple[str, ...]
    types: tuple[str, ...]
    codebook: Codebook
    kinds: Mapping[DrawKind, str]
    given: Mapping[str, Any]
    """What was filled in."""
    problem: str


@dataclass(frozen=True, kw_only=True)
class DrawPage:
    """What ``desk/draw.html`` shows."""

    draw: Draw
    kind: str
    drawn_by: str
    rows: tuple[Row, ...]
    n_items: int
    n_double: int
    n_replaced: int
    can_be_extended: bool


@dataclass(frozen=True, kw_only=True)
class DifferenceRow:
    """One difference in the list."""

    difference: Difference
    draw_title: str
    beginning: str


@dataclass(frozen=True, kw_only=True)
class DifferencesPage:
    """What ``desk/differences.html`` shows."""

    rows: tuple[DifferenceRow, ...]


@dataclass(frozen=True, kw_only=True)
class DifferencePage:
    """What ``desk/difference.html`` shows."""

    item: CodingItem
    passage: PassageContext
    judged: tuple[JudgedWords, ...]
    decided: JudgedWords | None
    """What a lead decided already."""
    form: CodeForm
    problems: tuple[str, ...]
    codebook: Codebook
    opened: frozenset[str]
    is_draft: bool


@dataclass(frozen=True, kw_only=True)
class AgreementPage:
    """What ``desk/agreement.html`` shows."""

    table: AgreementTable
    rows: tuple[AgreementRow, ...]
    """Of the table, without what nobody found in any of these passages."""
    n_unused: int
    labels: Mapping[str, str]


def build_progress(library: Library) -> ProgressPage:
    """Gather how far everybody is, over all draws."""
    store = library.store
    sample = review_sample(store)
    drawn = sample.drawn if sample else frozenset()
    held, _ = held_reviews(store, axis="publication")
    checked = {review.review_id for review in held if review.checked}
    return ProgressPage(
        rows=_rows(read_items(store)),
        coders=tuple(list_coders(store)),
        n_differences=len(open_differences(store)),
        n_sampled=len(drawn),
        n_checked=len(checked & drawn),
    )


def build_draws(library: Library, given: Mapping[str, Any], *, problem: str) -> DrawsPage:
    """Gather the draws, and what the form offers."""
    store = library.store
    items = read_items(store)
    nations, types = register_values(store)
    draws = []
    for draw in list_draws(store):
        rows = _rows([item for item in items if item.draw_id == draw.draw_id])
        draws.append((draw, sum(row.total for row in rows), sum(row.done for row in rows)))
    return DrawsPage(
        draws=tuple(draws),
        coders=tuple(each for each in list_coders(store) if each.is_active),
        nations=tuple(nations),
        types=tuple(types),
        codebook=library.codebook,
        kinds=KIND_WORDS,
        given=given,
        problem=problem,
    )


def build_draw(library: Library, draw_id: int) -> DrawPage:
    """Gather one draw.

    Raises:
        DrawNotFoundError: there is none.
    """
    store = library.store
    draw = get_draw(store, draw_id)
    items = read_items(store, draw_id=draw_id)
    return DrawPage(
        draw=draw,
        kind=KIND_WORDS[draw.kind],
        drawn_by=next((e.name for e in list_coders(store) if e.coder_id == draw.drawn_by), ""),
        rows=_rows(items),
        n_items=len(items),
        n_double=sum(item.double for item in items),
        n_replaced=sum(item.replaced for item in items),
        can_be_extended=draw.kind is DrawKind.REVIEWS,
    )


def build_differences(library: Library) -> DifferencesPage:
    """Gather what waits for a lead."""
    store = library.store
    titles = {draw.draw_id: draw.title for draw in list_draws(store)}
    found = open_differences(store)
    passages = {
        passage.passage_id: passage
        for passage in store.get_passages([each.item.passage_id for each in found])
    }
    return DifferencesPage(
        rows=tuple(
            DifferenceRow(
                difference=each,
                draw_title=titles[each.item.draw_id],
                beginning=_beginning(passages[each.item.passage_id]),
            )
            for each in found
        )
    )


def build_difference(
    library: Library,
    coder: Coder,
    item_id: int,
    *,
    form: CodeForm | None = None,
    problems: tuple[str, ...] = (),
) -> DifferencePage:
    """Gather one difference.

    Raises:
        ItemNotFoundError: there is no such item.
    """
    store = library.store
    item = get_item(store, item_id)
    difference = difference_of(library, coder, item)
    (passage,) = store.get_passages([item.passage_id])
    document = store.get_document(passage.document_id)
    draft = None if form else read_draft(store, item_id, coder.coder_id)
    if form is None:
        form = draft_form(draft, token=new_token()) if draft else CodeForm(token=new_token())
    if not form.token:
        form = replace(form, token=new_token())
    if not form.seen:
        form = replace(form, seen=sign_seen(library, item))
    return DifferencePage(
        item=item,
        passage=passage_context(library, passage, document),
        judged=tuple(
            judged_words(number, judgement, library.codebook)
            for number, judgement in zip(difference.numbers, difference.judgements, strict=True)
        ),
        decided=_decision(library, item),
        form=form.with_blank(default_attribution(document.kind)),
        problems=problems,
        codebook=library.codebook,
        opened=frozenset(
            code.theme for judgement in difference.judgements for code in judgement.codes
        ),
        is_draft=draft is not None,
    )


def difference_of(library: Library, coder: Coder, item: CodingItem) -> Difference:
    """An item that a lead may decide, with how its coders judged it.

    Raises:
        ItemNotFoundError: nobody needs a lead there, or not yet.
        InvalidInputError: this lead has still to code it, and what is said of it is hidden.
    """
    if _has_still_to_code(coder, item):
        raise InvalidInputError(
            "This passage is yours to code, apart from the other. Code it first, or leave it to "
            "another lead."
        )
    waits = item.unsure or (item.double and item.is_revealed)
    if item.adjudication is None and not waits:
        raise ItemNotFoundError(item.item_id)
    (difference,) = with_judgements(library.store, [item])
    return difference


def _has_still_to_code(coder: Coder, item: CodingItem) -> bool:
    """Whether a lead would see here what is hidden from them as one of two coders.

    One who was not sure can still decide, and what they decide has to be independent.
    """
    state = item.state_of(coder.name)
    undecided = state is ItemState.OPEN or (item.double and state is ItemState.UNSURE)
    return coder.name in item.coders and coder.name not in item.judged and undecided


def _decision(library: Library, item: CodingItem) -> JudgedWords | None:
    if item.adjudication is None:
        return None
    held = read_judgements(library.store, [item.adjudication])
    return judged_words(item.adjudication, held[item.adjudication], library.codebook)


def build_agreement(library: Library, table: AgreementTable) -> AgreementPage:
    """Put agreement beside the themes' names."""
    entries: list[Theme | TopTheme] = [*library.codebook.top_themes, *library.codebook.themes]
    used = tuple(
        row for row in table.rows if row.reliability.n_items and row.reliability.prevalence != 0
    )
    return AgreementPage(
        table=table,
        rows=used,
        n_unused=len(table.rows) - len(used),
        labels={each.theme_id: each.label for each in entries},
    )


def _rows(items: Sequence[CodingItem]) -> tuple[Row, ...]:
    names = sorted({name for item in items for name in item.coders})
    return tuple(
        Row(
            name=name,
            states={
                state: sum(name in i.coders and i.state_of(name) is state for i in items)
                for state in STATES
            },
        )
        for name in names
    )


def _beginning(passage: Passage) -> str:
    words = passage.text.split()
    return " ".join(words[:18]) + ("…" if len(words) > 18 else "")
