"""Values that a filter can have: what is held, and what the register could hold."""

from typing import TypeVar, get_args

from pydantic import BaseModel

from corpus.catalogue.schema import Nation, ReviewType
from corpus.errors import ReviewNotFoundError, WithdrawnError, quoted
from corpus.filters import register_values
from corpus.groups import merged_into
from corpus.store import Store
from web.holdings import Library
from web.parameters import ParameterError

Question = TypeVar("Question", bound=BaseModel)


def check_held(
    library: Library, *, nation: str | None = None, review_type: str | None = None
) -> None:
    """Refuse a misspelt nation or type, which would otherwise look like nothing found.

    Raises:
        ParameterError: naming the parameter, with the values there are.
    """
    for name, value, form in (("nation", nation, Nation), ("type", review_type, ReviewType)):
        if value is None or value in get_args(form):
            continue
        nations, types = register_values(library.store)
        known = sorted({*get_args(form), *(nations if name == "nation" else types)})
        if value not in known:
            raise ParameterError([(name, f"{quoted(value)} is none of {', '.join(known)}")])


def follow_merges(library: Library, question: Question) -> Question:
    """Ask of the review that the one asked for was merged into; else the question as it is."""
    asked = getattr(question, "review", None)
    if not asked:
        return question
    return question.model_copy(update={"review": standing_review(library, asked)})


def standing_review(library: Library, review_id: str) -> str:
    """Find the id that a review goes by: its own where it is held, else that of its successor.

    A published snapshot keeps no decisions, so those of the current library lead on.
    """
    seen: set[str] = set()
    while review_id not in seen and not _holds(library.store, review_id):
        seen.add(review_id)
        review_id = merged_into(library.current.store, review_id) or review_id
    return review_id


def _holds(store: Store, review_id: str) -> bool:
    try:
        store.get_review(review_id)
    except (ReviewNotFoundError, WithdrawnError):
        return False
    return True
