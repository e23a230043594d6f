"""Lists that are read page by page while they are gone through."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from throughline.errors import ClientError

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]

Page = tuple[Mapping[str, Any], list[Row]]
"""The ``meta`` of one page, and its rows."""


class Rows:
    """An iterator of rows; the next page is fetched when it is needed.

    ``meta`` is that of the newest page read: ``meta["total"]`` is how many rows the whole
    list has, and on the last page ``meta.get("withdrawn")`` how many of them were taken
    down while it was read.
    """

    def __init__(self, pages: Callable[[], Iterator[Page]]) -> None:
        """Take a function that begins reading pages; nothing is fetched yet."""
        self._pages = pages()
        self._waiting: list[Row] = []
        self.meta: Mapping[str, Any] = {}

    def __iter__(self) -> Iterator[Row]:
        """Go on with the rows that have not been read."""
        return self

    def __next__(self) -> Row:
        """Read the next row, fetching a page where none is waiting."""
        while not self._waiting:
            self.meta, rows = next(self._pages)
            self._waiting = rows[::-1]
        return self._waiting.pop()

    def to_frame(self) -> "pd.DataFrame":
        """Read all remaining rows into a pandas DataFrame, a column a key.

        Raises:
            ClientError: pandas is not installed.
        """
        return frame_of(list(self))


def frame_of(rows: list[Row]) -> "pd.DataFrame":
    """Make a DataFrame of rows, a column a key.

    Raises:
        ClientError: pandas is not installed.
    """
    try:
        import pandas as pd  # noqa: PLC0415 - only those who ask for a frame need it
    except ImportError as error:
        raise ClientError("to_frame() needs pandas: pip install pandas") from error
    return pd.DataFrame(rows)
