"""Every kind of failure that an answer can name, with what it means."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from inspect import getdoc

from web.errors import HTTP_PROBLEMS, code_of, status_of
from web.reference import all_errors


@dataclass(frozen=True, kw_only=True)
class ProblemKind:
    """One kind of failure."""

    code: str
    status: int
    title: str
    meaning: str


@cache
def problem_kinds() -> Mapping[str, ProblemKind]:
    """Every kind by its code, in the order of the codes."""
    kinds = {
        code_of(status): ProblemKind(
            code=code_of(status), status=status.value, title=status.phrase, meaning=sentence
        )
        for status, sentence in HTTP_PROBLEMS.items()
    }
    for error in all_errors():
        status = status_of(error)
        meaning = " ".join((getdoc(error) or "").split("\n\n")[0].split()).replace("``", "")
        kinds[error.code] = ProblemKind(
            code=error.code, status=status.value, title=status.phrase, meaning=meaning
        )
    return dict(sorted(kinds.items()))
