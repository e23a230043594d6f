"""Tables in Markdown, and pages of which a part is generated."""

from collections.abc import Sequence


class MissingBlockError(ValueError):
    """A page lacks the marks between which a generated part stands."""


def number(value: float | None, places: int = 2) -> str:
    """A figure for a table; a dash where there is none."""
    return "–" if value is None else f"{value:.{places}f}"


def span(ends: tuple[float, float] | None) -> str:
    """An interval for a table."""
    return "" if ends is None else f"{ends[0]:.2f} to {ends[1]:.2f}"


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table; cells are written as they are, but for bars and ends of lines."""
    lines = [_row(heads), "|" + "---|" * len(heads), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[object]) -> str:
    clean = (" ".join(str(cell).split()).replace("|", "\\|") for cell in cells)
    return "| " + " | ".join(clean) + " |"


def set_block(page: str, name: str, text: str) -> str:
    """Put new text between the marks of a block, and leave the rest of the page as it is.

    Raises:
        MissingBlockError: the page has no such block, or its end comes first.
    """
    start, end = f"<!-- measured: {name} -->", f"<!-- end: {name} -->"
    before, opened, rest = page.partition(start)
    _, closed, after = rest.partition(end)
    if not opened or not closed:
        raise MissingBlockError(f"The page needs {start} and, after it, {end}.")
    return f"{before}{start}\n\n{text.strip()}\n\n{end}{after}"
