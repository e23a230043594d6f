"""Every theme's score for every passage of an index, a byte each, to be agreed with."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.findings import findings_of
from corpus.model import Stance
from corpus.store import Store
from nlp.codebook import load_codebook
from nlp.embed import Vectors

THEME_ROWS = "themes.npy"
THEME_NAMES = "themes.json"
FLOOR = 0.01
"""Scores are kept as logarithms above it: whether a theme is unlikely or most unlikely
tells passages apart, and differences below this one do not."""
_SPAN = float(np.log(1 + 1 / FLOOR))
_BATCH = 2_000

Marks = npt.NDArray[np.uint8]
"""For one passage, shape (marks,): its themes in the order of ``mark_names``, then stances."""

KnownMarks = Callable[[Sequence[str]], Mapping[str, Marks]]
"""Marks at hand for some of these passages, by id."""


def mark_names() -> tuple[str, ...]:
    """What the marks are of: the codebook's themes, then ``stance:…``."""
    themes = (theme.theme_id for theme in load_codebook().themes)
    return (*themes, *(f"stance:{stance.value}" for stance in Stance))


def to_marks(
    themes: Mapping[str, float], stances: Iterable[tuple[str, float]], names: Sequence[str]
) -> Marks:
    """Keep scores as bytes.

    Args:
        themes: a score, 0 to 1, for every theme that has one.
        stances: the stance and score of each finding; the highest of each stance counts.
        names: as of :func:`mark_names`.
    """
    scores = dict(themes)
    for stance, score in stances:
        name = f"stance:{stance}"
        scores[name] = max(score, scores.get(name, 0.0))
    values = np.array([scores.get(name, 0.0) for name in names])
    logs = np.log1p(values / FLOOR) / _SPAN
    marks: Marks = np.rint(255 * logs.clip(0, 1)).astype(np.uint8)
    return marks


@dataclass(frozen=True, eq=False)
class ThemeRows:
    """The marks of an index's passages, mapped into memory; rows are those of the index."""

    names: tuple[str, ...]
    marks: Marks
    """uint8, shape (marks, rows): a theme's scores lie side by side."""

    def __len__(self) -> int:
        """How many passages there are."""
        return int(self.marks.shape[1])

    def agreement(self, weights: Mapping[str, float]) -> Vectors:
        """How well each row agrees with what a query is about: float32, shape (rows,).

        The weighted mean of the logarithms of its scores, from 0 to 1. A theme that the
        index does not know counts for nothing.
        """
        total = np.zeros(len(self), dtype=np.float32)
        for name, weight in weights.items():
            if name in self.names:
                row = self.marks[self.names.index(name)]
                total += np.float32(weight / 255) * row
        return total

    def of(self, rows: npt.NDArray[np.int64]) -> Marks:
        """The marks of some rows: shape (rows, marks), in the order given."""
        found: Marks = np.ascontiguousarray(self.marks[:, rows].T)
        return found


def open_theme_rows(folder: Path, rows: int) -> ThemeRows | None:
    """Map the marks of an index folder; ``None`` where it has none that fit its rows.

    An index without them answers by words and meaning.
    """
    try:
        names = json.loads((folder / THEME_NAMES).read_text(encoding="utf-8"))
        marks = np.load(folder / THEME_ROWS, mmap_mode="r")
    except (OSError, ValueError, EOFError):
        return None
    fits = marks.dtype == np.uint8 and marks.shape == (len(names), rows)
    return ThemeRows(tuple(names), marks) if fits else None


def write_theme_rows(
    known: Sequence[KnownMarks], *, judged: KnownMarks | None = None
) -> Callable[[Path, Sequence[str]], None]:
    """Make what writes the marks beside an index; see :data:`nlp.build_index.WriteBeside`.

    Args:
        known: asked in turn for each batch of passages; one that nobody knows has no theme.
        judged: what people said of passages; raises a mark, and lowers none.
    """

    def write(folder: Path, ids: Sequence[str]) -> None:
        names = mark_names()
        # Written through a map: a million passages never stand in memory at once.
        shape = (len(names), len(ids))
        marks = np.lib.format.open_memmap(
            folder / THEME_ROWS, mode="w+", dtype=np.uint8, shape=shape
        )
        for start in range(0, len(ids), _BATCH):
            batch = ids[start : start + _BATCH]
            gathered = _gather(batch, known, len(names))
            if judged is not None:
                gathered = np.maximum(gathered, _gather(batch, [judged], len(names)))
            marks[:, start : start + len(batch)] = gathered.T
        marks.flush()
        (folder / THEME_NAMES).write_text(json.dumps(names), encoding="utf-8")

    return write


def marks_in(
    rows: ThemeRows | None, place: Callable[[Sequence[str]], npt.NDArray[np.int64]]
) -> KnownMarks:
    """Know the marks of an index's own passages.

    Args:
        rows: of the index; nothing is known where there are none, or of other names.
        place: the rows of passages, -1 where the index does not hold one.
    """

    def known(ids: Sequence[str]) -> Mapping[str, Marks]:
        if rows is None or rows.names != mark_names():
            return {}
        at = place(ids)
        held = np.flatnonzero(at >= 0)
        return {
            ids[one]: marks for one, marks in zip(held.tolist(), rows.of(at[held]), strict=True)
        }

    return known


def marks_of_findings(store: Store, *, judged: bool = False) -> KnownMarks:
    """Know the marks of passages as far as their standing findings tell.

    Only themes that became a finding have a score there, so that agreement with what a
    tagger found is coarser than with its own scores. A person's judgement counts as sure.

    Args:
        store: what is held.
        judged: look at people's judgements alone.
    """

    def known(ids: Sequence[str]) -> Mapping[str, Marks]:
        names = mark_names()
        found = findings_of(store, list(ids), include_possible=True)
        marks = {}
        for passage_id, findings in found.items():
            scored = [
                (one.code, 1.0 if one.score is None else one.score)
                for one in findings
                if one.coder is not None or not judged
            ]
            if scored:
                themes = {code.theme: score for code, score in reversed(scored)}
                stances = [(code.stance.value, score) for code, score in scored]
                marks[str(passage_id)] = to_marks(themes, stances, names)
        return marks

    return known


def _gather(ids: Sequence[str], known: Sequence[KnownMarks], width: int) -> Marks:
    found: dict[str, Marks] = {}
    for source in known:
        missing = [one for one in ids if one not in found]
        if missing:
            found.update(source(missing))
    nothing = np.zeros(width, dtype=np.uint8)
    return np.stack([found.get(one, nothing) for one in ids])
