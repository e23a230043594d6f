"""What an annual report refuses."""

from corpus.errors import NotFoundError


class YearNotHeldError(NotFoundError):
    """No review published in this year is held; ``/reports`` lists the years that have one."""

    code = "year-not-held"

    def __init__(self, year: int, held: tuple[int, ...]) -> None:
        """Name the years nearest to it."""
        near = sorted(sorted(held, key=lambda one: abs(one - year))[:3])
        hint = (
            f" The years nearest to it of which some are: {', '.join(map(str, near))}."
            if near
            else " No review with a date is held at all. Load some with: throughline ingest"
        )
        super().__init__(f"No review published in {year} is held with usable text.{hint}")
        self.year = year
