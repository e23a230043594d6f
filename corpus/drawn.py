"""What was drawn for coding, as frozen values, and the sample of reviews that it makes."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from corpus import tables as t
from corpus.count_table import ReviewSample
from corpus.errors import NotFoundError
from corpus.store import Store


class DrawKind(StrEnum):
    """How passages come to be coded."""

    RANDOM = "random"
    STRATIFIED = "stratified"
    """As many from each stratum: decade and whether the machine finds something."""
    UNCERTAIN = "uncertain"
    """Where the machine is least sure, with a random share beside."""
    REVIEWS = "reviews"
    """Whole reviews, every passage: the only kind that corrected counts rest on."""


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What could be drawn."""

    from_year: int | None = None
    to_year: int | None = None
    """Years of publication, both included; with either, what has no date is left out."""
    nation: str | None = None
    review_type: str | None = None
    themes: tuple[str, ...] = ()
    """What the machine must find for the stratum of finds; any theme where empty."""
    again: bool = False
    """Draw also passages that somebody has judged, or reviews that a draw had in its frame."""


@dataclass(frozen=True, kw_only=True)
class Stratum:
    """A part of the frame, and how many of it were drawn by chance."""

    name: str
    size: int
    drawn: int

    @property
    def chance(self) -> float:
        """Each member's chance of being drawn."""
        return self.drawn / self.size


@dataclass(frozen=True, kw_only=True)
class Draw:
    """What was drawn, of what, and by which seed: enough to draw the same again."""

    draw_id: int
    title: str
    kind: DrawKind
    seed: int
    frame: Frame
    frame_size: int
    """Passages, or reviews where whole ones were drawn."""
    strata: tuple[Stratum, ...]
    hides_machine: bool
    """Coders do not see the machine's codes, also where only one codes."""
    codebook_version: str
    tagger_version: str
    drawn_at: dt.datetime
    drawn_by: int
    """The lead's number, which means nothing outside this library."""


class DrawNotFoundError(NotFoundError):
    """No draw has this number."""

    code = "draw-not-found"

    def __init__(self, draw_id: int) -> None:
        """Keep the number, so callers need not parse the message."""
        super().__init__(f"No draw {draw_id}. They are listed on the coding desk.")
        self.draw_id = draw_id


def list_draws(store: Store) -> list[Draw]:
    """List the draws, newest first."""
    with store.reading() as connection:
        rows = connection.execute(sa.select(t.draws).order_by(t.draws.c.draw_id.desc())).mappings()
        return [_draw(row) for row in rows]


def get_draw(store: Store, draw_id: int) -> Draw:
    """Read one draw.

    Raises:
        DrawNotFoundError: there is none.
    """
    query = sa.select(t.draws).where(t.draws.c.draw_id == draw_id)
    with store.reading() as connection:
        row = connection.execute(query).mappings().first()
    if row is None:
        raise DrawNotFoundError(draw_id)
    return _draw(row)


def review_sample(store: Store) -> ReviewSample | None:
    """Join all draws of whole reviews into one sample with known chances.

    Draws are independent of each other, so a review that two could have drawn has the
    chance that at least one did. Reviews that came after the draws have no known chance,
    and counts that include them are refused until a further draw has them in its frame.

    Returns:
        The sample; ``None`` where no whole reviews were ever drawn.
    """
    missed: dict[str, float] = {}
    drawn: set[str] = set()
    with store.reading() as connection:
        for row in connection.execute(sa.select(t.drawn_reviews)):
            missed[row.review_id] = missed.get(row.review_id, 1.0) * (1.0 - row.chance)
            if row.drawn:
                drawn.add(row.review_id)
    if not missed:
        return None
    chances = {review_id: 1.0 - missed[review_id] for review_id in sorted(missed)}
    return ReviewSample(probability=chances, drawn=frozenset(drawn))


def frame_row(frame: Frame) -> dict[str, Any]:
    """Write a frame as JSON."""
    return asdict(frame) | {"themes": list(frame.themes)}


def _draw(row: Mapping[Any, Any]) -> Draw:
    return Draw(
        **{
            **row,
            "kind": DrawKind(row["kind"]),
            "frame": Frame(**{**row["frame"], "themes": tuple(row["frame"]["themes"])}),
            "strata": tuple(Stratum(**stratum) for stratum in row["strata"]),
        }
    )
