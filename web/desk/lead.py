"""The lead's pages: drawing, progress, differences, and what comes of them."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus.agreement import agreement_table, independent_codings
from corpus.coders import list_coders
from corpus.coding_items import Difference, get_item, hand_over, read_items
from corpus.codings import Circumstances, adjudicate
from corpus.draws import draw, extend_draw
from corpus.errors import InvalidInputError, StorageError
from web.current import current_library
from web.desk import lead_pages
from web.desk.code_form import CodeForm, Decided, decide_none, read_form
from web.desk.coding import OLD_FORM, decided_by, judgement_of
from web.desk.draw_form import LARGEST_SEED, plan_of
from web.desk.item_page import new_token
from web.desk.seen import tagger_seen
from web.desk.sessions import LARGEST_ID, this_coder, utc_now
from web.words import counted


def add_lead(desk: Blueprint) -> None:
    """Add the lead's pages; nobody else gets an answer there."""
    for rule, view in (
        ("/progress", progress_page),
        ("/draws", draws_page),
        (f"/draws/<int(max={LARGEST_ID}):draw_id>", draw_page),
        ("/differences", differences_page),
        (f"/differences/<int(max={LARGEST_ID}):item_id>", difference_show),
        ("/agreement", agreement_page),
    ):
        desk.get(rule, endpoint=view.__name__)(_for_leads(view))
    for rule, action in (
        ("/draws", draw_now),
        (f"/draws/<int(max={LARGEST_ID}):draw_id>/extend", extend_now),
        ("/hand-over", hand_over_now),
        (f"/differences/<int(max={LARGEST_ID}):item_id>", difference_save),
    ):
        desk.post(rule, endpoint=action.__name__)(_for_leads(action))


def progress_page() -> str:
    """Show how far everybody is."""
    page = lead_pages.build_progress(current_library())
    return render_template("desk/progress.html", page=page, coder=this_coder())


def draws_page() -> str:
    """Show what was drawn, and the form to draw more."""
    given = {"seed": str(secrets.randbelow(LARGEST_SEED))}
    return _draws(given, problem="")


def draw_now() -> ResponseReturnValue:
    """Draw; a form that cannot be used is shown again with what to change."""
    library = current_library()
    try:
        drawn = draw(
            library.store,
            plan_of(request.form, library),
            codebook_version=library.codebook.version,
            tagger_version=library.versions.tagger,
            by=this_coder().coder_id,
            at=utc_now(),
        )
    except InvalidInputError as error:
        given = {**request.form, "coders": request.form.getlist("coders")}
        return _draws(given, problem=str(error)), 400
    n_items = len(read_items(library.store, draw_id=drawn.draw_id))
    flash(
        f"“{drawn.title}” is drawn: {counted(n_items, 'passage')} to code."
        if n_items
        else f"“{drawn.title}” is drawn. Every passage of it is judged already, so nobody has "
        "anything to code."
    )
    return redirect(url_for("desk.draw_page", draw_id=drawn.draw_id), 303)


def draw_page(draw_id: int) -> str:
    """Show one draw: how it was drawn, and how far it is."""
    page = lead_pages.build_draw(current_library(), draw_id)
    return render_template("desk/draw.html", page=page, coder=this_coder())


def extend_now(draw_id: int) -> ResponseReturnValue:
    """Add passages that drawn reviews have gained."""
    added = extend_draw(current_library().store, draw_id, at=utc_now())
    flash(f"{added} passages were added." if added else "Nothing was lacking.")
    return redirect(url_for("desk.draw_page", draw_id=draw_id), 303)


def hand_over_now() -> ResponseReturnValue:
    """Give one coder's open passages to another."""
    store = current_library().store
    active = {str(each.coder_id): each for each in list_coders(store) if each.is_active}
    everyone = {str(each.coder_id): each for each in list_coders(store)}
    giver = everyone.get(request.form.get("from", ""))
    taker = active.get(request.form.get("to", ""))
    if giver is None or taker is None or giver == taker:
        raise InvalidInputError("Choose who gives passages away and, another, who gets them.")
    moved = hand_over(store, giver.coder_id, taker.coder_id, at=utc_now())
    flash(f"{moved} open passages went from {giver.name} to {taker.name}.")
    return redirect(url_for("desk.progress_page"), 303)


def differences_page() -> str:
    """List where coders differ or are not sure."""
    page = lead_pages.build_differences(current_library())
    return render_template("desk/differences.html", page=page, coder=this_coder())


def difference_show(item_id: int) -> str:
    """Show one difference with the form to decide it."""
    page = lead_pages.build_difference(current_library(), this_coder(), item_id)
    return render_template("desk/difference.html", page=page, coder=this_coder())


def difference_save(item_id: int) -> ResponseReturnValue:
    """Decide a difference: by one coder's codes, or by the lead's own."""
    library, coder = current_library(), this_coder()
    form, action = read_form(request.form), request.form.get("action", "save")
    item = get_item(library.store, item_id)
    difference = lead_pages.difference_of(library, coder, item)
    if g.form_is_old:
        return _difference_again(item_id, form, (OLD_FORM,))
    if action == "more":
        return _difference_again(item_id, form, ())
    form, decided = _decided(action, form, difference)
    if decided.problems:
        return _difference_again(item_id, form, decided.problems)
    try:
        adjudicate(
            library.store,
            judgement_of(library, item, coder, form, decided),
            difference.numbers,
            Circumstances(
                token=form.token or new_token(),
                item_id=item_id,
                tagger_version=tagger_seen(library, item, form.seen),
                decisions=decided.decisions,
            ),
        )
    except (InvalidInputError, StorageError) as error:
        return _difference_again(item_id, form, (str(error),))
    flash("Decided. Your decision stands in pages and counts.")
    return redirect(url_for("desk.differences_page"), 303)


def agreement_page() -> str:
    """Show how far coders agree who coded apart."""
    library = current_library()
    table = agreement_table(independent_codings(library.store), library.rollup)
    page = lead_pages.build_agreement(library, table)
    return render_template("desk/agreement.html", page=page, coder=this_coder())


def _decided(action: str, form: CodeForm, difference: Difference) -> tuple[CodeForm, Decided]:
    """What the lead decides, with the form as it then stands: a coder's reforms come along."""
    if not action.startswith("take-"):
        return form, decided_by(action, form, current_library())
    number = action.removeprefix("take-")
    for held, judgement in zip(difference.numbers, difference.judgements, strict=True):
        if str(held) == number:
            # What the lead has filled in themselves must not be lost without a word.
            beside = decide_none(form)
            taken = replace(form, reforms=tuple(dict.fromkeys((*judgement.reforms, *form.reforms))))
            return taken, replace(beside, codes=() if beside.problems else judgement.codes)
    return form, Decided(problems=("That judgement is not one of these.",))


def _difference_again(
    item_id: int, form: CodeForm, problems: tuple[str, ...]
) -> ResponseReturnValue:
    page = lead_pages.build_difference(
        current_library(), this_coder(), item_id, form=form, problems=problems
    )
    html = render_template("desk/difference.html", page=page, coder=this_coder())
    return html, 400 if problems else 200


def _draws(given: dict[str, Any], *, problem: str) -> str:
    page = lead_pages.build_draws(current_library(), given, problem=problem)
    return render_template("desk/draws.html", page=page, coder=this_coder())


def _for_leads(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    @wraps(view)
    def guarded(**arguments: Any) -> ResponseReturnValue:  # noqa: ANN401 - Flask's
        if not this_coder().is_lead:
            return render_template("desk/leads_only.html", coder=this_coder()), 403
        return view(**arguments)

    return guarded
