"""Attempts at tuning the encoder, each on an eighth of the rows: minutes, not half an hour."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from attempt_study import Study
from package_copy import place_of
from tag_measures import pair_outcomes
from tag_sets import StancePair

from corpus.model import Kind, Stance
from nlp.agreement import kappa
from nlp.embed import DIMENSION, MiniLmEncoder, Vectors
from nlp.jsonl import codes_of, read_json_lines
from nlp.low_rank import RANK
from nlp.pair_features import LIKE
from nlp.train import SEED
from nlp.training_rows import TrainingRow
from nlp.tune import SHIPPED, Recipe, tune
from nlp.tune_mean import mean_of
from nlp.tuned import Tuned, read_tuned, save_tuned
from nlp.tuned_encoder import TunedEncoder
from nlp.tuned_scores import pool_tokens, score_facets, score_tokens

SHARE = 0.125
MORE_TURNED = Path(__file__).parents[1] / "evals" / "turned_rows.jsonl"
TURNED = "stance-turns"
"""The file whose rows stand in pairs that differ in their stance."""

Pair = tuple[str, Kind, str]
"""A text, its kind and a theme."""


@dataclass(frozen=True, kw_only=True)
class TunedAttempt:
    """One way to tune; what is scored are the tokens alone, without words, rules or shifts."""

    name: str
    says: str
    recipe: Recipe = SHIPPED
    rank: int = RANK
    turned: bool = True
    """Whether pairs that differ in their stance are among the rows."""
    more_turned: bool = False
    """Whether pairs of ``tests/evals/turned_rows.jsonl`` are, which nothing that ships saw."""


@dataclass(frozen=True, kw_only=True)
class TunedFigures:
    """What an attempt reached."""

    scores: Vectors
    """Log odds of every theme for each labelled passage, shape (passages, themes)."""
    rows: int
    kappa: float
    """Of the stances of the themes that coders gave."""
    same: float
    """Of minimal pairs: one stance for both, the theme given and no cut."""
    seconds: float


def measure_tuned(
    attempt: TunedAttempt, study: Study, encoder: MiniLmEncoder, pairs: Sequence[StancePair]
) -> TunedFigures:
    """Tune once, and score the labelled passages and the minimal pairs."""
    rows = [row for row in study.rows if is_taken(row, turned=attempt.turned)]
    if attempt.more_turned:
        rows += [row for row in read_more_turned() if is_taken(row, turned=True)]
    key = f"tuned {attempt.recipe} {attempt.turned} {attempt.more_turned}"
    run, seconds = study.once(
        key, lambda: tune(rows, encoder, seed=SEED, order=SEED, recipe=attempt.recipe)
    )
    tuned = _as_read(mean_of([run], rank=attempt.rank))
    told = _Told(TunedEncoder(encoder, tuned), tuned)
    asked = [
        (text, kind, code)
        for text, kind, codes in zip(
            study.coded.texts, study.coded.kinds, study.coded.gold, strict=True
        )
        for code in codes
    ]
    given = told.stances([(text, kind, code.theme) for text, kind, code in asked])
    stances = [
        (code.stance.value, one.value) for (_, _, code), one in zip(asked, given, strict=True)
    ]
    return TunedFigures(
        scores=told.themes(study.coded.texts),
        rows=len(rows),
        kappa=kappa(stances) or 0.0,
        same=_same(told, pairs),
        seconds=seconds,
    )


def read_more_turned() -> list[TrainingRow]:
    """Read the pairs that no training that ships has seen, two lines each."""
    lines = MORE_TURNED.read_text(encoding="utf-8").split("\n")
    return [
        TrainingRow(
            row_id=f"{MORE_TURNED.stem}:{number}",
            text=row["text"],
            kind=Kind(row["kind"]),
            codes=codes_of(row, name=MORE_TURNED.name, line=number),
        )
        for number, row in read_json_lines(lines, name=MORE_TURNED.name)
    ]


def is_taken(row: TrainingRow, *, turned: bool) -> bool:
    """Whether a row is in the eighth that is learned from: of a pair both rows or neither."""
    name, _, number = row.row_id.partition(":")
    line = int(number)
    if name in (TURNED, MORE_TURNED.stem):
        return turned and place_of(f"{name}.jsonl", (line + 1) // 2) < SHARE
    return place_of(f"{name}.jsonl", line) < SHARE


def _as_read(tuned: Tuned) -> Tuned:
    with TemporaryDirectory() as name:
        save_tuned(tuned, Path(name))
        return read_tuned(Path(name))


class _Told:
    """What a tuned copy says of texts."""

    def __init__(self, encoder: TunedEncoder, tuned: Tuned) -> None:
        self._encoder, self._tuned = encoder, tuned

    def themes(self, texts: Sequence[str]) -> Vectors:
        states = [states for states, _ in self._encoder.encode(texts)]
        scores = score_tokens(states, self._tuned.token_head)
        every = [np.ones(len(each), dtype=np.bool_) for each in states]
        return np.stack(
            [
                pool_tokens(own, kept, self._tuned.token_head)
                for own, kept in zip(scores, every, strict=True)
            ]
        )

    def stances(self, pairs: Sequence[Pair]) -> list[Stance]:
        states = [states for states, _ in self._encoder.encode([text for text, _, _ in pairs])]
        asked = [
            (own, self._tuned.themes.index(theme), LIKE.get(kind, kind).value)
            for own, (_, kind, theme) in zip(states, pairs, strict=True)
        ]
        best = score_facets(asked, self._tuned)["stance"].argmax(axis=1)
        return [Stance(self._tuned.values["stance"][place]) for place in best]


def _same(told: _Told, pairs: Sequence[StancePair]) -> float:
    asked = [
        (text, kind, pair.theme)
        for pair in pairs
        for text, kind in zip(pair.texts, pair.kinds, strict=True)
    ]
    given = told.stances(asked)
    both = list(zip(given[::2], given[1::2], strict=True))
    return pair_outcomes([pair.stances for pair in pairs], both).same


_HEAVY = Recipe(facet_share=1.5)
TUNED_ATTEMPTS: Sequence[TunedAttempt] = (
    TunedAttempt(name="tuned", says="encoder tuned as what ships, one order"),
    TunedAttempt(name="tuned-uncut", says="the same, changes whole", rank=DIMENSION),
    TunedAttempt(name="tuned-rank-32", says="the same, changes cut to rank 32", rank=32),
    TunedAttempt(name="tuned-rank-16", says="the same, changes cut to rank 16", rank=16),
    TunedAttempt(
        name="tuned-two-rounds", says="the same, two rounds of five", recipe=Recipe(epochs=2)
    ),
    TunedAttempt(
        name="tuned-upper", says="the same, layers 4 to 6 alone", recipe=Recipe(first_layer=3)
    ),
    TunedAttempt(
        name="tuned-heavy-facets",
        says="the same, stance, level and attribution weigh 1.5 in place of 0.4 beside themes",
        recipe=_HEAVY,
    ),
    TunedAttempt(
        name="tuned-no-turns", says="the same, without the pairs whose stance turns", turned=False
    ),
    TunedAttempt(
        name="tuned-more-turns",
        says="the same, with pairs of `turned_rows.jsonl` too",
        more_turned=True,
    ),
    TunedAttempt(
        name="tuned-more-turns-heavy",
        says="with these, stance, level and attribution weigh 1.5",
        recipe=_HEAVY,
        more_turned=True,
    ),
)
"""In the order of the table."""
