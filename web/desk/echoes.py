"""Answering at the desk whether a finding and its echo are the same failing."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus.echo_answers import SameFailing, iter_echo_answers, standing_answers
from corpus.errors import InvalidInputError
from corpus.findings import findings_of
from web.current import current_library
from web.desk.sessions import this_coder, utc_now
from web.echoes import answer_echo
from web.holdings import Library
from web.views.echoes import EchoesView, build_echoes
from web.views.parts import PassageView, passage_view


@dataclass(frozen=True, kw_only=True)
class EchoAnswerPage:
    """What ``desk/echoes.html`` shows."""

    here: PassageView
    echoes: EchoesView
    mine: dict[str, str]
    """The coder's own latest answers, by the echo's passage."""


def add_echoes(desk: Blueprint) -> None:
    """Add the page on which echoes are answered."""
    desk.get("/echoes/<passage_id>")(echoes_page)
    desk.post("/echoes/<passage_id>")(echoes_answer)


def echoes_page(passage_id: str) -> str:
    """Show a finding's echoes, with what this coder has answered."""
    page = build(current_library(), passage_id, this_coder().name)
    return render_template("desk/echoes.html", page=page, coder=this_coder(), problem="")


def echoes_answer(passage_id: str) -> ResponseReturnValue:
    """Keep an answer."""
    library, coder = current_library(), this_coder()
    try:
        given = request.form.get("answer", "")
        if given not in list(SameFailing):
            raise InvalidInputError("Answer same, related or different.")
        answer_echo(
            library,
            passage_id,
            request.form.get("of", ""),
            SameFailing(given),
            person=coder.name,
            at=utc_now(),
        )
    except InvalidInputError as error:
        page = build(library, passage_id, coder.name)
        problem = str(error)
        return render_template("desk/echoes.html", page=page, coder=coder, problem=problem), 400
    flash(f"Kept: {given}.")
    return redirect(url_for("desk.echoes_page", passage_id=passage_id), 303)


def build(library: Library, passage_id: str, person: str) -> EchoAnswerPage:
    """Gather the page.

    Raises:
        PassageNotFoundError: no passage has this id.
    """
    store = library.store
    passage = store.get_passage(passage_id)
    document = store.get_document(passage.document_id)
    findings = findings_of(store, [passage_id]).get(passage.passage_id, ())
    standing = standing_answers(iter_echo_answers(store, passage_id=passage_id))
    return EchoAnswerPage(
        here=passage_view(passage, document, findings, library.codebook),
        echoes=build_echoes(library, passage_id),
        mine={
            (second if first == passage_id else first): by_person[person].answer.value
            for (first, second), by_person in standing.items()
            if person in by_person
        },
    )
