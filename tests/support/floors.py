"""What tagging may not fall below: figures with their floors, and the data behind them."""

import math
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import ThroughlineError

TOLERANCE = 0.01
"""How far below the present figure a new floor lies: another processor rounds otherwise."""

HEADING = """\
# What the figures may not fall below; the gate beside this file compares. After a change for
# the better, `--repin` raises the floors. It lowers none, unless told to with `--lower`.
"""


class FloorError(Exception):
    """The floors cannot be read, or may not be changed as asked; the message says why."""


Measures = Mapping[str, Callable[[], dict[str, float]]]
"""Part → what measures its figures."""


@dataclass(frozen=True, kw_only=True)
class Floors:
    """The floors, and what the passages were that they were measured on."""

    hashes: Mapping[str, str]
    """File name → SHA-256."""
    parts: Mapping[str, Mapping[str, float]]
    """Part (``dev`` or ``own``) → figure → floor; of every figure, more is better."""


def read_floors(path: Path) -> Floors:
    """Read the floors.

    Raises:
        FloorError: the file is missing or malformed.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        hashes, parts = data.pop("sha256"), data
        floats = {
            part: {name: float(value) for name, value in floors.items()}
            for part, floors in parts.items()
        }
    except (OSError, tomllib.TOMLDecodeError, KeyError, AttributeError, ValueError) as error:
        raise FloorError(f"{path.name} cannot be read as floors: {error}.") from error
    return Floors(hashes=hashes, parts=floats)


def write_floors(floors: Floors, path: Path) -> None:
    """Write the floors; the same floors give the same bytes."""
    lines = [HEADING, "[sha256]"]
    lines += [f'"{name}" = "{value}"' for name, value in floors.hashes.items()]
    for part, figures in floors.parts.items():
        lines += ["", f"[{part}]", *(f'"{name}" = {value:.3f}' for name, value in figures.items())]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


def changed_files(floors: Floors, hashes: Mapping[str, str]) -> list[str]:
    """Name the files that are not what the floors were measured on."""
    return [name for name, value in hashes.items() if floors.hashes.get(name) != value]


def fallen(floors: Floors, figures: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Say which figures lie below their floors, or have gone; parts not measured are let be."""
    problems = []
    for part, measured in figures.items():
        for name, floor in floors.parts.get(part, {}).items():
            value = measured.get(name)
            if value is None:
                problems.append(f"{part} {name} was not measured; its floor is {floor:.3f}")
            elif value < floor:
                problems.append(f"{part} {name} is {value:.3f}, below its floor of {floor:.3f}")
    return problems


def repin(
    floors: Floors,
    figures: Mapping[str, Mapping[str, float]],
    hashes: Mapping[str, str],
    *,
    lower: bool = False,
) -> Floors:
    """Set floors a little below the present figures.

    A figure that has moved down within the tolerance keeps its floor. Parts that were not
    measured keep theirs.

    Raises:
        FloorError: a figure lies below its floor, and ``lower`` was not given.
    """
    if not lower and (problems := fallen(floors, figures)):
        raise FloorError(f"No floor is lowered without --lower, and {'; '.join(problems)}.")
    parts = dict(floors.parts)
    for part, measured in figures.items():
        old = {} if lower else floors.parts.get(part, {})
        parts[part] = {
            name: max(_floor_of(value), old.get(name, -1.0)) for name, value in measured.items()
        }
    return Floors(hashes={**floors.hashes, **hashes}, parts=parts)


def _floor_of(value: float) -> float:
    return math.floor(round((value - TOLERANCE) * 1000, 6)) / 1000


def run_gate(
    path: Path,
    measures: Measures,
    hashes: Mapping[str, str],
    *,
    again: bool = False,
    lower: bool = False,
) -> int:
    """Compare, or with ``again`` pin anew; returns the exit code.

    Args:
        path: the floors.
        measures: part → what measures it. A part that is left out is let be.
        hashes: of the labelled passages as they are; empty where they are absent.
        again: write new floors.
        lower: let new floors be lower.
    """
    try:
        first = again and not path.exists()
        floors = Floors(hashes=hashes, parts={}) if first else read_floors(path)
        if changed := changed_files(floors, hashes):
            say(f"not what the floors were measured on: {', '.join(changed)}")
            if not again:
                return 3
        figures = {part: measure() for part, measure in measures.items()}
        show(floors, figures)
        if again:
            write_floors(repin(floors, figures, hashes, lower=lower), path)
            say(f"wrote {path.name}")
            return 0
    except (FloorError, ThroughlineError) as error:
        say(str(error))
        return 1
    for problem in (problems := fallen(floors, figures)):
        say(problem)
    return 3 if problems else 0


def show(floors: Floors, figures: Mapping[str, Mapping[str, float]]) -> None:
    """Print each figure beside its floor."""
    for part, measured in figures.items():
        for name, value in measured.items():
            floor = floors.parts.get(part, {}).get(name)
            beside = "no floor yet" if floor is None else f"floor {floor:.3f}"
            say(f"{part:4} {name:36} {value:.3f}  {beside}")


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
