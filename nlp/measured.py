"""How good the tags were when last measured: figures that ship, for pages to show."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from corpus.errors import ModelError

NAME = "data/measured.json"

Limits = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class MeasuredFigure:
    """One figure beside what two people reach on the same passages."""

    name: str
    value: float
    interval: Limits | None
    """95%, by bootstrap over passages."""
    coders: float | None
    """The same figure between two independent coders; ``None`` where nobody measured it."""


@dataclass(frozen=True, kw_only=True)
class MeasuredTheme:
    """How well one theme is found; shares between 0 and 1."""

    theme_id: str
    passages: int
    """Passages that coders gave it."""
    found: int
    """Passages that the machine gave it."""
    precision: float | None
    """``None`` where the machine found none."""
    recall: float | None
    """``None`` where coders gave none."""
    f1: float | None
    interval: Limits | None
    """95% limits of F1."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One measurement of the tagger on passages that coders had labelled."""

    tagger_version: str
    codebook_version: str
    measured_on: str
    """ISO date."""
    passages: int
    figures: tuple[MeasuredFigure, ...]
    top_themes: tuple[MeasuredTheme, ...]
    themes: tuple[MeasuredTheme, ...]
    off_domain: int
    """Passages about other subjects that were looked through."""
    off_domain_wrong: int
    """Those of them in which something was confidently found."""


@cache
def load_measured() -> Measured:
    """Read the figures that ship, once a process.

    Raises:
        ModelError: they are missing or of another form.
    """
    try:
        data = json.loads(files("nlp").joinpath(NAME).read_text(encoding="utf-8"))
        return Measured(
            **{name: data[name] for name in _PLAIN},
            figures=tuple(MeasuredFigure(**_limits(one)) for one in data["figures"]),
            top_themes=tuple(MeasuredTheme(**_limits(one)) for one in data["top_themes"]),
            themes=tuple(MeasuredTheme(**_limits(one)) for one in data["themes"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            "The figures of the evaluation are missing or damaged. Make them with: make evaluation"
        ) from error


_PLAIN = (
    "tagger_version",
    "codebook_version",
    "measured_on",
    "passages",
    "off_domain",
    "off_domain_wrong",
)


def _limits(row: Mapping[str, Any]) -> dict[str, Any]:
    limits = row["interval"]
    return {**row, "interval": None if limits is None else (limits[0], limits[1])}
