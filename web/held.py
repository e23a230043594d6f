"""Values that a filter can have: what is held, and what the register could hold."""

from typing import get_args

from corpus.catalogue.schema import Nation, ReviewType
from corpus.filters import register_values
from web.holdings import Library
from web.parameters import ParameterError


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
            raise ParameterError([(name, f"{value!r} is none of {', '.join(known)}")])
