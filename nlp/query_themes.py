"""What a query is about, in the codebook's themes, by nearness to what the codebook says."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.ids import short_digest
from nlp.codebook import Codebook
from nlp.embed import DIMENSION, Vectors

MOST_THEMES = 3
NEAREST_PHRASES = 3
"""A theme is as near as the mean of its nearest phrases: one chance likeness is not enough."""
LEAST_NEARNESS = 0.35
"""Below it a query is about no theme; questions about the weather reach 0.15."""
SURE_NEARNESS = 0.5
"""From here on a theme counts in full; between the two in proportion."""
MOST_BEHIND = 0.1
"""A theme this far behind the nearest one is not meant too."""


@dataclass(frozen=True)
class QueryTheme:
    """One theme that a query seems to be about."""

    theme_id: str
    strength: float
    """Above 0, at most 1."""


class ThemePhrases:
    """The codebook's phrases as vectors, to compare queries with."""

    def __init__(self, theme_ids: Sequence[str], vectors: Vectors) -> None:
        """Take unit vectors of shape (n, DIMENSION), the themes' ids in the same order."""
        self._vectors = vectors
        self._rows = {
            theme: np.array([at for at, other in enumerate(theme_ids) if other == theme])
            for theme in dict.fromkeys(theme_ids)
        }

    def nearest(self, vector: Vectors) -> tuple[QueryTheme, ...]:
        """Find what a query is about: at most three themes, nearest first; often none."""
        cosines = self._vectors @ vector
        nearness = {
            theme: float(np.sort(cosines[rows])[-NEAREST_PHRASES:].mean())
            for theme, rows in self._rows.items()
        }
        ordered = sorted(nearness.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_THEMES]
        return tuple(
            QueryTheme(theme, min(1.0, (near - LEAST_NEARNESS) / (SURE_NEARNESS - LEAST_NEARNESS)))
            for theme, near in ordered
            if near > LEAST_NEARNESS and near > ordered[0][1] - MOST_BEHIND
        )


def load_theme_phrases(
    folder: Path,
    codebook: Codebook,
    *,
    model_sha256: str,
    encode: Callable[[Sequence[str]], Vectors],
) -> ThemePhrases:
    """Read the phrases' vectors from a folder, or encode them (some seconds) and keep them.

    The file's name hashes phrases and model, so that another codebook or model makes
    another file. Where the folder cannot be written, nothing is kept.
    """
    phrases = codebook_phrases(codebook)
    path = folder / f"themes-{short_digest(phrases, model_sha256)}.npy"
    theme_ids = [theme for theme, _ in phrases]
    vectors = _read(path, len(phrases))
    if vectors is None:
        vectors = encode([phrase for _, phrase in phrases]).reshape(len(phrases), DIMENSION)
        _keep(path, vectors)
    return ThemePhrases(theme_ids, vectors)


def codebook_phrases(codebook: Codebook) -> list[tuple[str, str]]:
    """What the codebook says of each theme: (theme id, phrase), in codebook order."""
    return [
        (theme.theme_id, phrase)
        for theme in codebook.themes
        for phrase in (
            theme.label,
            *theme.also_called,
            theme.definition,
            *theme.include,
            *(cue.phrase for cue in theme.cues),
            *(example.text for example in theme.examples),
        )
    ]


def _read(path: Path, count: int) -> Vectors | None:
    try:
        vectors: Vectors = np.load(path)
    except (OSError, ValueError, EOFError):
        return None
    return vectors if vectors.shape == (count, DIMENSION) else None


def _keep(path: Path, vectors: Vectors) -> None:
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".new", delete=False) as file:
            np.save(file, vectors)
        Path(file.name).replace(path)
    except OSError:
        # A data directory that is only read: the vectors are made again by the next process.
        return
