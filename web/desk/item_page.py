"""The page on which one passage is coded: the passage, what may be seen of it, and the form."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from corpus.coders import Coder
from corpus.coding_items import CodingItem, ItemState, read_items, with_judgements
from corpus.codings import read_draft, read_judgements
from corpus.drawn import get_draw
from corpus.licence import WITHHELD, is_withheld
from corpus.model import Document, Judgement, Passage, Span
from nlp.codebook import Codebook
from web.desk.code_form import (
    CodeForm,
    default_attribution,
    draft_form,
    row_of,
)
from web.desk.seen import sign_seen
from web.highlight import highlight
from web.holdings import Library
from web.views.parts import date_words, voice_of
from web.words import ATTRIBUTIONS, KINDS, LEVELS, STANCES

NEIGHBOURS = 3
"""Passages shown before and after."""


@dataclass(frozen=True, kw_only=True)
class CodeWords:
    """A code as a coder reads it."""

    theme: str
    stance: str
    level: str
    attribution: str


@dataclass(frozen=True, kw_only=True)
class JudgedWords:
    """A judgement as a coder reads it."""

    number: int
    coder: str
    codes: tuple[CodeWords, ...]
    reforms: tuple[str, ...]
    note: str


@dataclass(frozen=True, kw_only=True)
class PassageContext:
    """A passage with what stands around it, whole: coders are staff, not readers."""

    title: str
    kind: str
    voice: str
    date: str
    where: str
    heading: str
    text: Markup
    """Empty where the stored copy is damaged; marked where the machine's evidence is shown."""
    is_marked: bool
    withheld: str
    """Why there is no text; empty where there is."""
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an item stands among a coder's own of the same draw."""

    number: int
    of: int
    n_done: int
    previous_id: int | None
    next_id: int | None


@dataclass(frozen=True, kw_only=True)
class ItemPage:
    """What ``desk/item.html`` shows."""

    item: CodingItem
    draw_title: str
    state: ItemState
    place: Place
    passage: PassageContext
    hidden: bool
    """The machine's codes and other coders' are not shown yet."""
    form: CodeForm
    is_draft: bool
    """The form holds what was typed before a session ended."""
    problems: tuple[str, ...]
    mine: JudgedWords | None
    """What this coder said last."""
    others: tuple[JudgedWords, ...]
    """What the others and the lead said, once it may be seen."""
    codebook: Codebook
    opened: frozenset[str]
    """Themes whose codebook entries stand open: those in the form."""


def build(
    library: Library,
    coder: Coder,
    item: CodingItem,
    *,
    form: CodeForm | None = None,
    problems: tuple[str, ...] = (),
) -> ItemPage:
    """Gather the page of one item for one of its coders.

    Args:
        library: what is held.
        coder: whose page it is.
        item: theirs.
        form: what they sent and has to be sent again; else their draft, their last word or
            what the machine found.
        problems: why it has to be sent again.
    """
    store = library.store
    (passage,) = store.get_passages([item.passage_id])
    document = store.get_document(passage.document_id)
    hidden = item.hides_from(coder.name)
    draft = None if form else read_draft(store, item.item_id, coder.coder_id)
    judged = _judged(library, item)
    mine = judged.get(coder.name)
    if form is None:
        form = (
            draft_form(draft, token=new_token())
            if draft is not None
            else _first_form(library, item, mine, hidden=hidden)
        )
    if not form.seen:
        form = replace(form, seen=sign_seen(library, item))
    blank = default_attribution(document.kind)
    if not form.rows or not form.rows[-1].is_empty:
        form = form.with_blank(blank)
    return ItemPage(
        item=item,
        draw_title=get_draw(store, item.draw_id).title,
        state=item.state_of(coder.name),
        place=_place(library, coder, item),
        passage=passage_context(
            library, passage, document, evidence=() if hidden else _evidence(library, item)
        ),
        hidden=hidden,
        form=form,
        is_draft=draft is not None,
        problems=problems,
        mine=judged_words(mine[0], mine[1], library.codebook) if mine else None,
        others=()
        if hidden
        else tuple(
            judged_words(number, judgement, library.codebook)
            for name, (number, judgement) in judged.items()
            if name != coder.name
        ),
        codebook=library.codebook,
        opened=frozenset(row.theme for row in form.rows if row.theme),
    )


def new_token() -> str:
    """Name a form, so that sending it twice is noticed."""
    return secrets.token_urlsafe(18)


def passage_context(
    library: Library, passage: Passage, document: Document, *, evidence: Sequence[Span] = ()
) -> PassageContext:
    """Gather a passage with those around it, whatever its licence lets readers see.

    ``evidence`` are the words to mark: those that the machine's codes rest on.

    Where the stored copy is damaged nothing is shown, to coders neither: no word of it can
    be proved.
    """
    withheld = is_withheld(document.marks)
    around = [] if withheld else list(library.store.iter_passages(document_id=passage.document_id))
    before = [each.text for each in around if each.position < passage.position]
    after = [each.text for each in around if each.position > passage.position]
    where = [
        f"paragraph {passage.paragraph}" if passage.paragraph else "",
        f"page {passage.page}" if passage.page else "",
    ]
    return PassageContext(
        title=document.title,
        kind=KINDS[document.kind],
        voice=voice_of(document),
        date=date_words(document.published),
        where=", ".join(part for part in where if part),
        heading=passage.heading or "",
        text=Markup() if withheld else highlight(passage.text, evidence=evidence),
        is_marked=bool(evidence) and not withheld,
        withheld=WITHHELD if withheld else "",
        before=tuple(before[-NEIGHBOURS:]),
        after=tuple(after[:NEIGHBOURS]),
    )


def judged_words(number: int, judgement: Judgement, codebook: Codebook) -> JudgedWords:
    """Put a judgement into words."""
    labels = {reform.reform_id: reform.label for reform in codebook.reforms}
    return JudgedWords(
        number=number,
        coder=judgement.coder,
        codes=tuple(
            CodeWords(
                theme=codebook.entry(code.theme).label,
                stance=STANCES[code.stance].label,
                level=LEVELS[code.level],
                attribution=ATTRIBUTIONS[code.attribution],
            )
            for code in judgement.codes
        ),
        reforms=tuple(labels.get(each, each) for each in judgement.reforms),
        note=judgement.note,
    )


def _evidence(library: Library, item: CodingItem) -> list[Span]:
    found = library.store.machine_findings([item.passage_id]).get(item.passage_id, [])
    return [span for finding in found if finding.confident for span in finding.evidence]


_Judged = dict[str, tuple[int, Judgement]]


def _judged(library: Library, item: CodingItem) -> _Judged:
    """Coder → number and judgement; the lead's adjudication too."""
    (held,) = with_judgements(library.store, [item])
    found = {
        judgement.coder: (number, judgement)
        for number, judgement in zip(held.numbers, held.judgements, strict=True)
    }
    if item.adjudication is not None:
        decided = read_judgements(library.store, [item.adjudication])
        found |= {judgement.coder: (number, judgement) for number, judgement in decided.items()}
    return found


def _first_form(
    library: Library, item: CodingItem, mine: tuple[int, Judgement] | None, *, hidden: bool
) -> CodeForm:
    """The form as a coder first meets it: their last word, else what the machine found."""
    if mine is not None:
        _, judgement = mine
        return CodeForm(
            token=new_token(),
            rows=tuple(row_of(code) for code in judgement.codes),
            reforms=judgement.reforms,
            note=judgement.note,
        )
    if hidden:
        return CodeForm(token=new_token())
    found = library.store.machine_findings([item.passage_id]).get(item.passage_id, [])
    rows = [
        row_of(finding.code, was=True, possible=not finding.confident)
        for finding in sorted(found, key=lambda each: not each.confident)
        if finding.code.theme in library.codebook.rollup
    ]
    return CodeForm(token=new_token(), rows=tuple(rows))


def _place(library: Library, coder: Coder, item: CodingItem) -> Place:
    mine = [
        each
        for each in read_items(library.store, coder=coder.name)
        if each.draw_id == item.draw_id and not each.replaced
    ]
    ids = [each.item_id for each in mine]
    at = ids.index(item.item_id) if item.item_id in ids else 0
    done = {ItemState.DECIDED, ItemState.SETTLED}
    return Place(
        number=at + 1,
        of=len(ids),
        n_done=sum(each.state_of(coder.name) in done for each in mine),
        previous_id=ids[at - 1] if at > 0 else None,
        next_id=ids[at + 1] if at + 1 < len(ids) else None,
    )
