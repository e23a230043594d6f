"""The form by which a lead draws, read into a plan."""

from werkzeug.datastructures import MultiDict

from corpus.coders import list_coders
from corpus.drawn import DrawKind, Frame
from corpus.draws import DrawPlan
from corpus.errors import InvalidInputError
from web.holdings import Library

LARGEST_SEED = 1_000_000
"""Seeds are short enough to be read aloud."""

LARGEST_DRAW = 10_000


def plan_of(sent: MultiDict[str, str], library: Library) -> DrawPlan:
    """Read a plan from the form.

    Raises:
        InvalidInputError: a field cannot be used; the sentence says which.
    """
    kinds = {kind.value: kind for kind in DrawKind}
    kind = kinds.get(sent.get("kind", ""))
    if kind is None:
        raise InvalidInputError("Choose what is drawn.")
    theme = sent.get("theme", "")
    return DrawPlan(
        title=sent.get("title", "").strip(),
        kind=kind,
        size=_number(sent, "size", "How many", 1, LARGEST_DRAW),
        seed=_number(sent, "seed", "The seed", 0, LARGEST_SEED),
        coder_ids=_coders(sent, library),
        frame=Frame(
            from_year=_year(sent, "from", "The first year"),
            to_year=_year(sent, "to", "The last year"),
            nation=sent.get("nation") or None,
            review_type=sent.get("type") or None,
            themes=library.codebook.expand(theme) if theme else (),
            again=sent.get("again") == "1",
        ),
        stratified=sent.get("stratified") == "1",
        random_share=_number(sent, "random", "The random share", 0, 100) / 100,
        double_share=_number(sent, "double", "The share coded twice", 0, 100) / 100,
        hides_machine=sent.get("hides") == "1",
    )


def _coders(sent: MultiDict[str, str], library: Library) -> tuple[int, ...]:
    active = {each.coder_id for each in list_coders(library.store) if each.is_active}
    chosen = {int(each) for each in sent.getlist("coders") if each.isdecimal()}
    return tuple(sorted(chosen & active))


def _year(sent: MultiDict[str, str], name: str, words: str) -> int | None:
    return _number(sent, name, words, 1900, 2100) if sent.get(name) else None


def _number(sent: MultiDict[str, str], name: str, words: str, least: int, most: int) -> int:
    text = sent.get(name, "").strip()
    if not (text.isascii() and text.isdigit()) or not least <= int(text) <= most:
        raise InvalidInputError(f"{words} is a whole number from {least} to {most:,}.")
    return int(text)
