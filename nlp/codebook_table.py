"""A TOML table that is read field by field and names file, entry and field when one is wrong."""

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar, cast

from corpus.errors import InvalidInputError

T = TypeVar("T")


class Table:
    """One entry of a codebook file; every field must be asked for, or :meth:`done` refuses it."""

    def __init__(self, data: object, *, file: str, entry: str) -> None:
        """Take the parsed table; ``entry`` says which one it is until its id is known.

        Raises:
            InvalidInputError: this is not a table.
        """
        self.file = file
        self.entry = entry
        if not isinstance(data, Mapping):
            raise InvalidInputError(f"Codebook: {file}, {entry} should be a table.")
        self._data = data
        self._asked: set[str] = set()

    def name(self, field: str) -> str:
        """Read the field that identifies this entry, and use it in later errors."""
        value = self.text(field)
        self.entry = value
        return value

    def text(self, field: str, *, default: str | None = None) -> str:
        """Read a line of text; it may be left out only where there is a default."""
        value = self._take(field, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            self.refuse(field, "should be text, and not empty")
        return value

    def number(self, field: str) -> int:
        """Read a whole number."""
        value = self._take(field, None)
        if not isinstance(value, int) or isinstance(value, bool):
            self.refuse(field, "should be a whole number")
        return value

    def flag(self, field: str) -> bool:
        """Read a true or false; left out, it is false."""
        value = self._take(field, False)
        if not isinstance(value, bool):
            self.refuse(field, "should be true or false")
        return value

    def texts(self, field: str, *, optional: bool = False) -> tuple[str, ...]:
        """Read a list of texts, in order; it may be empty."""
        items = self._list(field, optional=optional)
        if not all(isinstance(item, str) and item.strip() for item in items):
            self.refuse(field, "should be a list of texts")
        return cast("tuple[str, ...]", items)

    def mapping(self, field: str, *, optional: bool = False) -> dict[str, str]:
        """Read a table of texts, in the file's order."""
        value = self._take(field, {} if optional else None)
        if not isinstance(value, Mapping) or not all(isinstance(v, str) for v in value.values()):
            self.refuse(field, "should be a table of texts")
        return dict(value)

    def choice(self, field: str, allowed: Mapping[str, T]) -> T:
        """Read a text that must be one of ``allowed``, and give what it stands for."""
        value = self.text(field)
        if value not in allowed:
            self.refuse(field, f"is {value!r}, not one of {', '.join(allowed)}")
        return allowed[value]

    def tables(self, field: str, *, optional: bool = False) -> tuple["Table", ...]:
        """Read a list of tables, in order."""
        return tuple(
            Table(item, file=self.file, entry=f"{self.entry}, {field} {number}")
            for number, item in enumerate(self._list(field, optional=optional), start=1)
        )

    def done(self) -> None:
        """Refuse fields that nobody asked for: a misspelt one must not be lost in silence."""
        for field in self._data:
            if field not in self._asked:
                known = ", ".join(sorted(self._asked))
                self.refuse(field, f"is not known; the known fields are {known}")

    def refuse(self, field: str, reason: str) -> NoReturn:
        """Raise the error that names file, entry and field."""
        raise InvalidInputError(f"Codebook: {self.file}, {self.entry}: {field!r} {reason}.")

    def _list(self, field: str, *, optional: bool) -> tuple[Any, ...]:
        value = self._take(field, [] if optional else None)
        if not isinstance(value, list):
            self.refuse(field, "should be a list")
        return tuple(value)

    def _take(self, field: str, default: object) -> Any:  # noqa: ANN401 - TOML values are of any type
        self._asked.add(field)
        value = self._data.get(field, default)
        if value is None:
            self.refuse(field, "is missing")
        return value
