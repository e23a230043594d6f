"""Themes and facets from the tokens of the tuned encoder; numpy alone, no further pass."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlp.embed import Vectors
from nlp.tuned import TokenHead, Tuned

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TokenScores:
    """What one text's tokens say of each theme before they are pooled."""

    attention: Vectors
    """float32, shape (tokens, themes): how much each theme looks at each token."""
    attended: Vectors
    """float32, shape (tokens, themes): what the token says of the theme when looked at."""
    pooled: Vectors
    """float32, shape (tokens, themes): what it adds through the mean."""


def score_tokens(states: Sequence[Vectors], head: TokenHead) -> list[TokenScores]:
    """Score the tokens of several texts in one product; same order.

    Args:
        states: of each text, the tuned encoder's tokens: float32, shape (tokens, DIMENSION).
        head: the weights.
    """
    weights = np.concatenate([head.queries, head.attended, head.pooled]).T
    scores = np.concatenate(states) @ weights
    ends = np.cumsum([len(each) for each in states])[:-1]
    themes = len(head.bias)
    return [
        TokenScores(own[:, :themes], own[:, themes : 2 * themes], own[:, 2 * themes :])
        for own in np.split(scores, ends)
    ]


def pool_tokens(scores: TokenScores, kept: Mask, head: TokenHead) -> Vectors:
    """Pool some of a text's tokens into log odds: float32, shape (themes,)."""
    if not kept.any():
        return head.bias
    look = _softmax(scores.attention[kept])
    logits: Vectors = (
        (look * scores.attended[kept]).sum(axis=0) + scores.pooled[kept].mean(axis=0) + head.bias
    )
    return logits


def score_facets(pairs: Sequence[tuple[Vectors, int, str]], tuned: Tuned) -> dict[str, Vectors]:
    """Score stance, level and attribution of pairs.

    Args:
        pairs: for each the tuned tokens of its window, the theme's place among
            ``tuned.themes``, and the kind of document.
        tuned: the weights.

    Returns:
        Facet → natural log of each value's probability, float32, shape (pairs, values).
    """
    head = tuned.facet_head
    inputs = np.stack(
        [
            np.concatenate(
                [
                    _attend(states, tuned.token_head.queries[theme]),
                    states.mean(axis=0),
                    head.themes[theme],
                    head.kinds[_kind(kind, tuned)],
                ]
            )
            for states, theme, kind in pairs
        ]
    )
    hidden = _gelu(inputs @ head.hidden.T + head.hidden_bias)
    return {
        facet: log_shares(hidden @ weights.T + bias)
        for facet, (weights, bias) in head.outputs.items()
    }


def log_shares(logits: Vectors) -> Vectors:
    """Turn rows of scores into natural logs of shares that add up to one."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    shares: Vectors = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return shares


def _attend(states: Vectors, query: Vectors) -> Vectors:
    look = _softmax((states @ query)[:, None])
    attended: Vectors = (look * states).sum(axis=0)
    return attended


def _softmax(scores: Vectors) -> Vectors:
    raised = np.exp(scores - scores.max(axis=0))
    shares: Vectors = raised / raised.sum(axis=0)
    return shares


def _gelu(values: Vectors) -> Vectors:
    """The tanh form of GELU, which tuning uses too."""
    inner = np.sqrt(2 / np.pi) * (values + 0.044715 * values**3)
    raised: Vectors = 0.5 * values * (1 + np.tanh(inner))
    return raised


def _kind(kind: str, tuned: Tuned) -> int:
    return tuned.kinds.index(kind) if kind in tuned.kinds else tuned.kinds.index("other")
