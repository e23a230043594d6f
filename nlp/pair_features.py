"""What the stance, level and attribution heads see of a passage–theme pair."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from corpus.model import Kind, Span
from nlp.codebook import load_codebook
from nlp.embed import Vectors
from nlp.lexical import WordFeatures
from nlp.reading import Window
from nlp.signals import DERIVED, SignalMatch, load_signals
from nlp.stance_rules import STEP_NAMES, decide_stance

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

CODE_VERSION = "2"
LIKE = {Kind.DIGEST: Kind.BRIEFING}
"""A digest restates a named review, as a briefing does; no training row is a digest."""
_KIND_WEIGHT = 2.0
_THEME_WEIGHT = 0.5
_SIGNAL_WEIGHT = 0.5


@dataclass(frozen=True, eq=False, kw_only=True)
class Pair:
    """A passage–theme pair before its facets are known."""

    theme: str
    kind: Kind
    window: Window
    sentence: int
    """The evidence: its place among the window's sentences."""

    @property
    def span(self) -> Span:
        """The evidence sentence within the window's text; all of it where it has none."""
        if not self.window.sentences:
            return Span(0, len(self.window.text))
        return self.window.sentences[self.sentence]

    @property
    def signals(self) -> tuple[SignalMatch, ...]:
        """The signals of the evidence sentence."""
        return self.window.signals[self.sentence] if self.window.sentences else ()

    @property
    def evidence_text(self) -> str:
        """The evidence sentence."""
        return self.window.text[self.span.start : self.span.end]


def pair_features(pairs: Sequence[Pair], words: WordFeatures) -> "csr_matrix":
    """Describe pairs: one row each, same order, the same columns whatever the pairs."""
    from scipy.sparse import csr_matrix, hstack  # noqa: PLC0415 - most commands tag nothing

    dense = np.stack([_dense(pair) for pair in pairs])
    whole = words.rows([pair.window.text for pair in pairs])
    evidence = words.rows([pair.evidence_text for pair in pairs])
    return hstack([csr_matrix(dense), whole, evidence]).tocsr()


def _dense(pair: Pair) -> Vectors:
    return np.concatenate(
        [
            _one_hot(_kinds(), LIKE.get(pair.kind, pair.kind), _KIND_WEIGHT),
            _one_hot(_themes(), pair.theme, _THEME_WEIGHT),
            _signals(pair),
        ]
    ).astype(np.float32)


def _signals(pair: Pair) -> Vectors:
    columns = _signal_columns()
    row = np.zeros(2 * len(columns) + len(STEP_NAMES), dtype=np.float32)
    for match in pair.signals:
        for name in (match.signal_id, match.says):
            row[columns[name]] = _SIGNAL_WEIGHT
    for sentence in pair.window.signals:
        for match in sentence:
            for name in (match.signal_id, match.says):
                row[len(columns) + columns[name]] = _SIGNAL_WEIGHT
    _, step = decide_stance(pair.signals, pair.kind)
    row[2 * len(columns) + STEP_NAMES.index(step)] = _SIGNAL_WEIGHT
    return row


@cache
def _signal_columns() -> dict[str, int]:
    signals = load_signals()
    names = [signal.signal_id for signal in signals]
    says = sorted({signal.says for signal in signals} | set(DERIVED))
    return {name: column for column, name in enumerate([*names, *says])}


@cache
def _themes() -> tuple[str, ...]:
    return tuple(theme.theme_id for theme in load_codebook().themes)


@cache
def _kinds() -> tuple[str, ...]:
    return tuple(kind for kind in Kind if kind not in LIKE)


def _one_hot(names: Sequence[str], name: str, weight: float) -> Vectors:
    row = np.zeros(len(names), dtype=np.float32)
    if name in names:
        row[names.index(name)] = weight
    return row
