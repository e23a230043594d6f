"""Where the tagger draws its lines between no finding, a possible one and a confident one."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.errors import InvalidInputError


@dataclass(frozen=True, kw_only=True)
class Cuts:
    """The two lines, on calibrated scores between 0 and 1."""

    possible: float
    """A theme whose score reaches it is a finding at all."""
    confident: float
    """A finding is confident when its theme's score times its stance's reaches it."""


@cache
def load_cuts() -> Cuts:
    """Load the cuts that ship, once a process.

    Raises:
        InvalidInputError: a cut is missing or is not between 0 and 1.
    """
    data = tomllib.loads(files("nlp").joinpath("data/tagging.toml").read_text(encoding="utf-8"))
    for name in ("possible", "confident"):
        if not isinstance(data.get(name), float) or not 0 < data[name] < 1:
            raise InvalidInputError(f"tagging.toml: {name} must be a number between 0 and 1.")
    return Cuts(possible=data["possible"], confident=data["confident"])
