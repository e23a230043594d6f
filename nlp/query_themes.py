"""What a query is about, in the codebook's themes, by nearness to what the codebook says."""

import math
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from corpus.ids import short_digest
from nlp.codebook import Codebook
from nlp.embed import DIMENSION, Vectors
from nlp.query_states import query_states
from nlp.tuned import load_tuned
from nlp.tuned_scores import pool_tokens, score_tokens

MOST_THEMES = 3
NEAREST_PHRASES = 3
"""A theme is as near as the mean of its nearest phrases: one chance likeness is not enough."""
LEAST_NEARNESS = 0.35
"""Below it a query is about no theme; questions about the weather reach 0.15."""
SURE_NEARNESS = 0.5
"""From here on a theme counts in full; between the two in proportion."""
MOST_BEHIND = 0.1
"""A theme this far behind the nearest one is not meant too."""

# Chosen on the queries of tests/evals (docs/evaluation.md).
_LOGIT_WIDTH = 2.5
"""How much less likely a theme is whose log odds are lower: the tagger is too sure of queries."""
_NEARNESS_WIDTH = 0.05
_TAGGER_MIDDLE = -3.0
"""Where half of the queries are about a theme; those about pizza lie at -9."""
_TAGGER_WIDTH = 2.0
_MOST_WEIGHED = 10
_MOST_TOKENS = 64
"""What is read of a pasted paragraph: its time grows with them."""
_LEAST_USED = 0.15
"""Below it a query is about something else, and themes would only stir the order."""
_LEAST_STRENGTH = 0.35
_LEAST_SHARE = 0.15


@dataclass(frozen=True)
class QueryTheme:
    """One theme that a query seems to be about."""

    theme_id: str
    strength: float
    """Above 0, at most 1."""


@dataclass(frozen=True)
class QueryAbout:
    """What a query is about, as far as passages can agree with it."""

    weights: Mapping[str, float] = field(default_factory=dict)
    """For each theme that may be meant its share; together 1, or empty."""
    strength: float = 0.0
    """How sure it is that the query is about any theme at all, 0 to 1."""

    @property
    def themes(self) -> tuple[QueryTheme, ...]:
        """Those worth naming, likeliest first; none where the query is about nothing known."""
        named = sorted(self.weights.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_THEMES]
        if self.strength < _LEAST_STRENGTH:
            return ()
        return tuple(
            QueryTheme(theme, min(1.0, share * self.strength))
            for theme, share in named
            if share >= _LEAST_SHARE
        )

    def without(self, ignored: Collection[str]) -> "QueryAbout":
        """Leave out themes that the reader took back."""
        kept = {theme: share for theme, share in self.weights.items() if theme not in ignored}
        left = sum(kept.values())
        if not left:
            return QueryAbout()
        return QueryAbout(
            {theme: share / left for theme, share in kept.items()}, self.strength * left
        )


def read_about(nearness: Mapping[str, float], logits: Mapping[str, float]) -> QueryAbout:
    """Put together what the tagger and the codebook's phrases say of a query.

    The tagger reads whole sentences best. Where it sees no theme, which happens with two
    or three words, the phrases speak: "worked in silos".

    Args:
        nearness: of each theme, as of :meth:`ThemePhrases.nearness`.
        logits: each theme's log odds by the tagger's tokens; may be empty.
    """
    near = max(nearness.values(), default=0.0)
    phrases = min(1.0, max(0.0, (near - LEAST_NEARNESS) / (SURE_NEARNESS - LEAST_NEARNESS)))
    tagger = _sigmoid((max(logits.values()) - _TAGGER_MIDDLE) / _TAGGER_WIDTH) if logits else 0.0
    weights: dict[str, float] = {}
    for strength, scores, width in (
        (tagger, logits, _LOGIT_WIDTH),
        ((1 - tagger) * phrases, nearness, _NEARNESS_WIDTH),
    ):
        for theme, share in _shares(scores, width).items():
            weights[theme] = weights.get(theme, 0.0) + strength * share
    strength = sum(weights.values())
    if strength < _LEAST_USED:
        return QueryAbout()
    best = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:_MOST_WEIGHED]
    total = sum(share for _, share in best)
    return QueryAbout({theme: share / total for theme, share in best}, min(1.0, strength))


def token_logits_of(text: str, stamps: Path | None = None) -> dict[str, float]:
    """Score every theme for a query by the tuned encoder's tokens; its first ones alone.

    Args:
        text: the query.
        stamps: a folder that notes which files were hashed (:mod:`nlp.checked_files`).
    """
    tuned = load_tuned()
    states = query_states(stamps).encode(text, most_tokens=_MOST_TOKENS)
    scores = score_tokens([states], tuned.token_head)[0]
    logits = pool_tokens(scores, np.ones(len(states), dtype=bool), tuned.token_head)
    return dict(zip(tuned.themes, logits.tolist(), strict=True))


def _shares(scores: Mapping[str, float], width: float) -> dict[str, float]:
    if not scores:
        return {}
    highest = max(scores.values())
    raised = {theme: math.exp((score - highest) / width) for theme, score in scores.items()}
    total = sum(raised.values())
    return {theme: value / total for theme, value in raised.items()}


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


class ThemePhrases:
    """The codebook's phrases as vectors, to compare queries with."""

    def __init__(self, theme_ids: Sequence[str], vectors: Vectors) -> None:
        """Take unit vectors of shape (n, DIMENSION), the themes' ids in the same order."""
        self._vectors = vectors
        self._rows = {
            theme: np.array([at for at, other in enumerate(theme_ids) if other == theme])
            for theme in dict.fromkeys(theme_ids)
        }

    def nearness(self, vector: Vectors) -> dict[str, float]:
        """How near each theme's nearest phrases are to a query: mean cosines."""
        cosines = self._vectors @ vector
        return {
            theme: float(np.sort(cosines[rows])[-NEAREST_PHRASES:].mean())
            for theme, rows in self._rows.items()
        }

    def nearest(self, vector: Vectors) -> tuple[QueryTheme, ...]:
        """Find what a query is about: at most three themes, nearest first; often none."""
        nearness = self.nearness(vector)
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
