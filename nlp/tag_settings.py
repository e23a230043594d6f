"""Where the tagger draws its lines between no finding, a possible one and a confident one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from corpus.errors import InvalidInputError
from corpus.model import Stance


@dataclass(frozen=True, kw_only=True)
class Cuts:
    """The lines, on calibrated scores between 0 and 1, and the shift of stances."""

    possible: float
    """The best theme of a passage is a finding at all when its score reaches it."""
    further: float
    """Every other theme of the passage is one when its score reaches this."""
    confident: float
    """A finding is confident when its top theme's score times its stance's reaches it."""
    sure_stance: float = 0.0
    """And when its stance's share reaches this."""
    unknown_kind: float = 1.0
    """What that product is multiplied by in a document of kind ``other``."""
    stance_shift: Mapping[str, float] = field(default_factory=dict)
    """Stance → what is added to the natural log of its share before the best is taken."""


@cache
def load_cuts() -> Cuts:
    """Load the cuts that ship, once a process.

    Raises:
        InvalidInputError: a cut is missing or is not between 0 and 1.
    """
    data = tomllib.loads(files("nlp").joinpath("data/tagging.toml").read_text(encoding="utf-8"))
    for name in ("possible", "further", "confident", "sure_stance", "unknown_kind"):
        if not isinstance(data.get(name), float) or not 0 < data[name] < 1:
            raise InvalidInputError(f"tagging.toml: {name} must be a number between 0 and 1.")
    shift = data.get("stance_shift", {})
    if set(shift) - set(Stance) or not all(isinstance(each, float) for each in shift.values()):
        raise InvalidInputError("tagging.toml: stance_shift gives each stance a number.")
    return Cuts(
        possible=data["possible"],
        further=data["further"],
        confident=data["confident"],
        sure_stance=data["sure_stance"],
        unknown_kind=data["unknown_kind"],
        stance_shift=shift,
    )
