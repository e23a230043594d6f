"""Stance, level and attribution of pairs: the rules, with a learned head over them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.model import Attribution, Kind, Level, Stance
from nlp.heads import Heads
from nlp.pair_features import Pair, pair_features
from nlp.stance_rules import step_signals

_MOST_RULES = 4


@dataclass(frozen=True, kw_only=True)
class PairScores:
    """One pair's facets, how sure the stance is, and the rules it rests on."""

    stance: Stance
    stance_score: float
    level: Level
    attribution: Attribution
    rules: tuple[str, ...]
    """Ids of the signals in the evidence sentence that speak for the stance."""


def score_pairs(pairs: Sequence[Pair], heads: Heads) -> list[PairScores]:
    """Decide the facets of each pair; same order.

    A digest restates a review for its readers, so its findings are always ``reported``.
    """
    if not pairs:
        return []
    features = pair_features(pairs, heads.pair_words)
    best: dict[str, list[tuple[str, float]]] = {}
    for facet, head in heads.pairs.items():
        logits = np.asarray(features @ head.weights.T) + head.bias
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        scores = odds / odds.sum(axis=1, keepdims=True)
        best[facet] = [(head.values[row.argmax()], float(row.max())) for row in scores]
    return [
        PairScores(
            stance=Stance(stance),
            stance_score=score,
            level=Level(level),
            attribution=_attribution(pair.kind, attribution),
            rules=step_signals(pair.signals, Stance(stance))[:_MOST_RULES],
        )
        for pair, (stance, score), (level, _), (attribution, _) in zip(
            pairs, best["stance"], best["level"], best["attribution"], strict=True
        )
    ]


def _attribution(kind: Kind, value: str) -> Attribution:
    return Attribution.REPORTED if kind is Kind.DIGEST else Attribution(value)
