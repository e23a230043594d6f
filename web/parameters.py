"""What is wrong with the parameters of an address."""

from collections.abc import Sequence

from corpus.errors import InvalidInputError


class ParameterError(InvalidInputError):
    """A parameter is unknown, was given twice, or has a value that cannot be used."""

    code = "invalid-parameter"

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        """Keep each parameter's name with what is wrong, in the order they are told."""
        super().__init__("; ".join(f"{name}: {sentence}" for name, sentence in problems))
        self.problems = tuple(problems)
