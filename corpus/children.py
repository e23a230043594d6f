"""How many children a review is about, where its record states it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

STATEMENT = "Children the review is about"
"""The wording of the catalogue's figure that gives the number, with the page that states it."""

_ONE_AGE = re.compile(
    r"(?:about )?(?:newborn|\d+(?: (?:day|week|month|year)s?)?)(?: \([^)]*\))?", re.ASCII
)


def children_stated(
    *, age: str | None, case_names: Sequence[str], figures: Sequence[Mapping[str, Any]]
) -> int | None:
    """Read the number of children from a review's record.

    A figure with its own source comes first. Without one, a record that gives one age, and
    not two names, is about one child. Ranges of ages, several ages and overviews, whose
    figures are of the children of other reviews, state nothing here.

    Args:
        age: the age as the record has it, such as ``16 months``.
        case_names: names of the case; two may be two children or two spellings.
        figures: the record's figures, as stored.

    Returns:
        The number, or ``None`` where it is not stated.
    """
    for figure in figures:
        if figure["statement"] == STATEMENT:
            return int(figure["value"])
    if age and len(case_names) < 2 and _ONE_AGE.fullmatch(age):
        return 1
    return None
