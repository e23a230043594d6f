"""What is wrong where a chart is not drawn."""

from collections.abc import Sequence

from corpus.errors import NotFoundError, SourceError, quoted


class DatesLostError(SourceError):
    """Dates vanished from a source, so no picture over time is shown until they are back."""

    code = "dates-lost"

    def __init__(self) -> None:
        """Say where to look."""
        super().__init__(
            "This picture over time is not shown: dates vanished from a source, so it would show "
            "what was lost and not what was found. The sources page says which."
        )


class ChartNotFoundError(NotFoundError):
    """No chart has this name."""

    code = "chart-not-found"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        """Name those there are."""
        super().__init__(f"No chart {quoted(name)}. There are: {', '.join(known)}.")
        self.name = name
