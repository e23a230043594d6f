"""Stance, level and attribution of pairs: rules and words, mixed with what the tokens say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.model import Attribution, Kind, Level, Stance
from nlp.embed import Vectors
from nlp.heads import PairHead, PassageHeads
from nlp.pair_features import LIKE, Pair, pair_features
from nlp.stance_rules import step_signals
from nlp.tag_settings import load_cuts
from nlp.tuned import Tuned, load_tuned
from nlp.tuned_scores import log_shares, score_facets

CODE_VERSION = "1"
_MOST_RULES = 4
_TOKEN_SHARE = 0.6


@dataclass(frozen=True, kw_only=True)
class PairScores:
    """One pair's facets, how sure the stance is, and the rules it rests on."""

    stance: Stance
    stance_score: float
    level: Level
    attribution: Attribution
    rules: tuple[str, ...]
    """Ids of the signals in the evidence sentence that speak for the stance."""


def score_pairs(pairs: Sequence[Pair], heads: PassageHeads) -> list[PairScores]:
    """Decide the facets of each pair; same order.

    A digest restates a review for its readers, so its findings are always ``reported``.
    """
    if not pairs:
        return []
    shares = facet_shares(pairs, heads)
    shift = np.asarray([load_cuts().stance_shift.get(value, 0.0) for value in _values("stance")])
    shares["stance"] = log_shares(shares["stance"] + shift.astype(np.float32))
    best = {
        facet: [(_values(facet)[row.argmax()], float(np.exp(row.max()))) for row in rows]
        for facet, rows in shares.items()
    }
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


def facet_shares(pairs: Sequence[Pair], heads: PassageHeads) -> dict[str, Vectors]:
    """Score every value of every facet, before any shift.

    Returns:
        Facet → natural log of each value's share, float32, shape (pairs, values), in the
        order of the facet's enumeration.
    """
    features = pair_features(pairs, heads.pair_words)
    words = {
        facet: log_shares(_ordered(np.asarray(features @ head.weights.T) + head.bias, head))
        for facet, head in heads.pairs.items()
    }
    if not all(pair.window.states.tuned for pair in pairs):
        return words
    tuned = load_tuned()
    tokens = score_facets([_asked(pair, tuned) for pair in pairs], tuned)
    return {
        facet: log_shares((1 - _TOKEN_SHARE) * words[facet] + _TOKEN_SHARE * tokens[facet])
        for facet in words
    }


def _asked(pair: Pair, tuned: Tuned) -> tuple[Vectors, int, str]:
    kind = LIKE.get(pair.kind, pair.kind)
    return pair.window.states.states, tuned.themes.index(pair.theme), kind.value


def _ordered(logits: Vectors, head: PairHead) -> Vectors:
    """Bring a head's values into the enumeration's order; one it never saw gets no share."""
    rows = np.full((len(logits), len(_values(head.facet))), -30.0, dtype=np.float32)
    for column, value in enumerate(head.values):
        rows[:, _values(head.facet).index(value)] = logits[:, column]
    return rows


def _values(facet: str) -> tuple[str, ...]:
    return load_tuned().values[facet]


def _attribution(kind: Kind, value: str) -> Attribution:
    return Attribution.REPORTED if kind is Kind.DIGEST else Attribution(value)
