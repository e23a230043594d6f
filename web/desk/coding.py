"""Coding: each coder's queue, and the page of one passage."""

from dataclasses import dataclass, replace

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus.coders import Coder
from corpus.coding_items import (
    CodingItem,
    ItemNotFoundError,
    ItemState,
    get_item,
    next_item,
    read_items,
)
from corpus.codings import Circumstances, Doubt, save_coding, save_doubt
from corpus.drawn import Draw, list_draws
from corpus.errors import InvalidInputError, StorageError
from corpus.model import Judgement
from web.current import current_library
from web.desk import item_page
from web.desk.code_form import (
    CodeForm,
    Decided,
    confirm_all,
    decide,
    decide_none,
    default_attribution,
    note_problems,
    read_form,
    whole_codes,
)
from web.desk.seen import tagger_seen
from web.desk.sessions import LARGEST_ID, this_coder, utc_now
from web.holdings import Library

OLD_FORM = "Your session had changed since this page was opened. Nothing is lost: send it again."


@dataclass(frozen=True, kw_only=True)
class DrawQueue:
    """One draw as one coder has it before them."""

    draw: Draw
    items: tuple[tuple[CodingItem, ItemState], ...]
    n_done: int
    next_id: int | None
    """Their first open item; else one they were not sure of."""


@dataclass(frozen=True, kw_only=True)
class QueuePage:
    """What ``desk/queue.html`` shows."""

    queues: tuple[DrawQueue, ...]
    n_open: int


def add_coding(desk: Blueprint) -> None:
    """Add the pages of coding."""
    desk.get("/")(queue_page)
    desk.get(f"/items/<int(max={LARGEST_ID}):item_id>")(item_show)
    desk.post(f"/items/<int(max={LARGEST_ID}):item_id>")(item_save)


def queue_page() -> str:
    """Show what is to be coded."""
    coder = this_coder()
    page = build_queue(current_library(), coder)
    return render_template("desk/queue.html", page=page, coder=coder)


def item_show(item_id: int) -> str:
    """Show one passage with its form."""
    coder = this_coder()
    item = own_item(current_library(), coder, item_id)
    page = item_page.build(current_library(), coder, item)
    return render_template("desk/item.html", page=page, coder=coder)


def item_save(item_id: int) -> ResponseReturnValue:
    """Do what the pressed button says; what cannot be saved is shown again as it was sent."""
    library, coder = current_library(), this_coder()
    item = own_item(library, coder, item_id)
    form, action = read_form(request.form), request.form.get("action", "save")
    if g.form_is_old:
        return _again(library, coder, item, form, (OLD_FORM,))
    if item.state_of(coder.name) is ItemState.SETTLED:
        return _again(library, coder, item, form, ("A lead has decided this passage since.",))
    if action == "more":
        return _again(library, coder, item, _with_line(library, item, form), ())
    decided = (
        Decided(problems=note_problems(form))
        if action == "unsure"
        else decided_by(action, form, library)
    )
    if decided.problems:
        return _again(library, coder, item, form, decided.problems)
    try:
        flash(_save(library, coder, item, form, None if action == "unsure" else decided))
    except (InvalidInputError, StorageError) as error:
        # A full disk must not cost what somebody typed.
        return _again(library, coder, item, form, (str(error),))
    return _onwards(library, coder, item)


def build_queue(library: Library, coder: Coder) -> QueuePage:
    """Gather what a coder has to code, draw by draw, the newest first."""
    items = [each for each in read_items(library.store, coder=coder.name) if not each.replaced]
    queues = []
    for draw in list_draws(library.store):
        mine = tuple((i, i.state_of(coder.name)) for i in items if i.draw_id == draw.draw_id)
        if mine:
            queues.append(_queue(draw, mine))
    n_open = sum(state is ItemState.OPEN for queue in queues for _, state in queue.items)
    return QueuePage(queues=tuple(queues), n_open=n_open)


def own_item(library: Library, coder: Coder, item_id: int) -> CodingItem:
    """Read an item that is a coder's to code.

    Raises:
        ItemNotFoundError: there is none, or it is others'.
    """
    item = get_item(library.store, item_id)
    if coder.name not in item.coders:
        raise ItemNotFoundError(item_id)
    return item


def decided_by(action: str, form: CodeForm, library: Library) -> Decided:
    """What a form and the button pressed say together."""
    if action == "none":
        return decide_none(form)
    if action == "confirm":
        form = confirm_all(form)
    decided = decide(form, library.codebook)
    if not decided.problems and not decided.codes and not decided.decisions:
        sentence = "No code is filled in. Choose a theme, or press “No theme”."
        return Decided(problems=(sentence,))
    return decided


def judgement_of(
    library: Library, item: CodingItem, coder: Coder, form: CodeForm, decided: Decided
) -> Judgement:
    """The judgement that a form makes."""
    shown = not item.hides_from(coder.name)
    return Judgement(
        passage_id=item.passage_id,
        coder=coder.name,
        judged_at=utc_now(),
        codebook_version=library.codebook.version,
        codes=decided.codes,
        reforms=form.reforms,
        tagger_version=tagger_seen(library, item, form.seen) if shown else None,
        note=form.note.strip(),
    )


def circumstances_of(
    library: Library, item: CodingItem, coder: Coder, form: CodeForm, decided: Decided
) -> Circumstances:
    """How that judgement came about."""
    return Circumstances(
        token=form.token or item_page.new_token(),
        item_id=item.item_id,
        blind=item.hides_from(coder.name),
        tagger_version=tagger_seen(library, item, form.seen),
        decisions=decided.decisions,
    )


def _queue(draw: Draw, mine: tuple[tuple[CodingItem, ItemState], ...]) -> DrawQueue:
    waiting = [item for item, state in mine if state is ItemState.OPEN]
    waiting += [item for item, state in mine if state is ItemState.UNSURE]
    done = {ItemState.DECIDED, ItemState.SETTLED}
    return DrawQueue(
        draw=draw,
        items=mine,
        n_done=sum(state in done for _, state in mine),
        next_id=waiting[0].item_id if waiting else None,
    )


def _save(
    library: Library, coder: Coder, item: CodingItem, form: CodeForm, decided: Decided | None
) -> str:
    """Save what was decided, or a doubt where nothing was; gives the sentence to show."""
    if decided is None:
        _save_doubt(library, coder, item, form)
        return "Kept as not sure: the lead sees it, and you can still decide."
    save_coding(
        library.store,
        judgement_of(library, item, coder, form, decided),
        circumstances_of(library, item, coder, form, decided),
    )
    return f"Saved: {_codes_words(len(decided.codes))}."


def _save_doubt(library: Library, coder: Coder, item: CodingItem, form: CodeForm) -> None:
    doubt = Doubt(
        passage_id=item.passage_id,
        coder=coder.name,
        doubted_at=utc_now(),
        codebook_version=library.codebook.version,
        codes=whole_codes(form, library.codebook),
        note=form.note.strip(),
        tagger_version=tagger_seen(library, item, form.seen),
    )
    save_doubt(
        library.store, doubt, token=form.token or item_page.new_token(), item_id=item.item_id
    )


def _with_line(library: Library, item: CodingItem, form: CodeForm) -> CodeForm:
    (passage,) = library.store.get_passages([item.passage_id])
    kind = library.store.get_document(passage.document_id).kind
    return form.with_blank(default_attribution(kind), more=2)


def _again(
    library: Library,
    coder: Coder,
    item: CodingItem,
    form: CodeForm,
    problems: tuple[str, ...],
) -> ResponseReturnValue:
    # A form keeps its token until it is saved, so that a second sending is still noticed.
    form = form if form.token else replace(form, token=item_page.new_token())
    page = item_page.build(library, coder, item, form=form, problems=problems)
    return render_template("desk/item.html", page=page, coder=coder), 400 if problems else 200


def _onwards(library: Library, coder: Coder, item: CodingItem) -> ResponseReturnValue:
    following = next_item(read_items(library.store, coder=coder.name), coder.name, item)
    if following is None:
        return redirect(url_for("desk.queue_page"), 303)
    return redirect(url_for("desk.item_show", item_id=following.item_id), 303)


def _codes_words(n: int) -> str:
    return "no theme in this passage" if not n else "1 code" if n == 1 else f"{n} codes"
