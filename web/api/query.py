"""Parameters: read against a model, refused by name where they cannot be used."""

import difflib
from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from werkzeug.datastructures import MultiDict

from web.parameters import ParameterError, problem_words
from web.questions import split_values


class ApiQuery(BaseModel):
    """What every endpoint takes; any other parameter is refused by name."""

    model_config = ConfigDict(extra="forbid")

    select: Annotated[tuple[str, ...], BeforeValidator(split_values)] = Field(
        default=(),
        description="Only these keys of each item of data, joined by commas; all without it.",
    )
    snapshot: str | None = Field(
        default=None,
        max_length=80,
        description="Answer from this published snapshot, by its name or the SHA-256 of its "
        "manifest; from what is held now without it. GET /snapshots lists them.",
    )


class Paged(ApiQuery):
    """A list that is read page by page."""

    per_page: int = Field(default=25, ge=1, le=200, description="Items on a page.")
    cursor: str | None = Field(
        default=None,
        min_length=1,
        description="Opaque: meta.next_cursor of the page before, with the same parameters. "
        "Leave it out, or send *, for the first page.",
    )

    @property
    def after(self) -> str | None:
        """The cursor to go on from; ``*`` asks for the first page, as in OpenAlex."""
        return None if self.cursor == "*" else self.cursor


Query = TypeVar("Query", bound=ApiQuery)


def parameter_names(model: type[BaseModel]) -> list[str]:
    """The names that a model's parameters have in an address."""
    return [field.alias or name for name, field in model.model_fields.items()]


def read_query(model: type[Query], arguments: MultiDict[str, str]) -> Query:
    """Read parameters.

    Raises:
        ParameterError: naming every parameter that cannot be used, and why.
    """
    known = parameter_names(model)
    problems = [
        (name, f"was given {len(values)} times")
        for name, values in arguments.lists()
        if len(values) > 1
    ]
    # Taken as not given, an empty filter would let everything pass.
    problems += [
        (name, "is empty; leave it out")
        for name, value in arguments.items()
        if not value and name in known and name != "q"
    ]
    problems += [(name, _unknown(name, known)) for name in arguments if name not in known]
    if problems:
        raise ParameterError(problems)
    try:
        return model.model_validate(arguments.to_dict())
    except ValidationError as error:
        raise ParameterError([_problem(item) for item in error.errors()]) from error


def check_selected(selected: Sequence[str], known: Sequence[str]) -> None:
    """Refuse a key that an answer does not have.

    Raises:
        ParameterError: naming it, with the keys there are.
    """
    wrong = [name for name in selected if name not in known]
    if wrong:
        there_are = ", ".join(known)
        raise ParameterError(
            [("select", f"there is no key {name!r}; there are {there_are}") for name in wrong]
        )


def _unknown(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    return f"is not a parameter here{hint} (there are {', '.join(sorted(known))})"


def _problem(item: Any) -> tuple[str, str]:  # noqa: ANN401 - pydantic's error details
    # What concerns two parameters names them itself.
    return str(item["loc"][0]) if item["loc"] else "parameters", problem_words(item)
