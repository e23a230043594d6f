"""What is wrong with the parameters of an address."""

from collections.abc import Mapping, Sequence
from typing import Any

from corpus.errors import InvalidInputError


class ParameterError(InvalidInputError):
    """A parameter is unknown, was given twice, or has a value that cannot be used."""

    code = "invalid-parameter"

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        """Keep each parameter's name with what is wrong, in the order they are told."""
        super().__init__("; ".join(f"{name}: {sentence}" for name, sentence in problems))
        self.problems = tuple(problems)


def problem_words(item: Mapping[str, Any]) -> str:
    """What is wrong with one value, in a reader's words: no full stop, no name of the value.

    Args:
        item: one of the errors that pydantic lists.
    """
    limits = item.get("ctx", {})
    match item["type"]:
        case "value_error":
            return str(item["msg"]).removeprefix("Value error, ")
        case "int_parsing" | "int_from_float" | "int_type":
            sentence = "should be a whole number"
        case "greater_than_equal":
            sentence = f"should be {limits['ge']} or more"
        case "less_than_equal":
            sentence = f"should be {limits['le']} or less"
        case _:
            sentence = str(item["msg"]).replace("Input should be", "should be")
    given = item.get("input")
    return f"{sentence} (was {given[:40]!r})" if isinstance(given, str) else sentence
