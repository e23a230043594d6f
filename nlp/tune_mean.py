"""Tune in several orders of the rows, and take the mean of what was learned."""

import logging
import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context

import numpy as np

from nlp.embed import Vectors, set_threads, shared_encoder
from nlp.low_rank import RANK, LowRank, cut_rank
from nlp.training_rows import TrainingRow
from nlp.tune import SHIPPED, Recipe, tune
from nlp.tuned import FACET_PARTS, TOKEN_PARTS, FacetHead, TokenHead, Tuned

ORDERS = 2
"""Runs averaged: one alone differed from the next by 0.03 of top-theme F1 (decision 13)."""


def tune_mean(
    rows: Sequence[TrainingRow], *, seed: int, recipe: Recipe = SHIPPED, orders: int = ORDERS
) -> Tuned:
    """Tune from one start in several orders of the rows; average weights and cut the rank.

    Runs that start alike end near enough for their mean to be a network again, and a
    steadier one, at no cost when reading (Wortsman et al. 2022, "Model soups"). Each run
    has one thread and a process of its own, so that the outcome does not depend on how
    many processors there are.

    Args:
        rows: coded passages.
        seed: of the start; the orders are seeded by it and the numbers after it.
        recipe: of each run.
        orders: how many runs.
    """
    context = get_context("spawn")
    workers = min(orders, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        runs = [pool.submit(_run, rows, seed, seed + place, recipe) for place in range(orders)]
        return mean_of([run.result() for run in runs])


def mean_of(runs: Sequence[Tuned], *, rank: int = RANK) -> Tuned:
    """Average runs that started alike, then cut the layers' changes to low rank."""
    first = runs[0]
    changes: dict[str, LowRank | Vectors] = {}
    for name in first.changes:
        change = _mean([_whole(run.changes[name]) for run in runs])
        changes[name] = cut_rank(change, rank) if change.ndim == 2 else change
    tokens = {name: _mean([getattr(run.token_head, name) for run in runs]) for name in TOKEN_PARTS}
    facets = {name: _mean([getattr(run.facet_head, name) for run in runs]) for name in FACET_PARTS}
    outputs = {
        facet: (
            _mean([run.facet_head.outputs[facet][0] for run in runs]),
            _mean([run.facet_head.outputs[facet][1] for run in runs]),
        )
        for facet in first.facet_head.outputs
    }
    return replace(
        first,
        changes=changes,
        token_head=TokenHead(**tokens),
        facet_head=FacetHead(**facets, outputs=outputs),
        trained_on=first.trained_on | {"orders": len(runs)},
    )


def _mean(parts: Sequence[Vectors]) -> Vectors:
    averaged: Vectors = np.mean(parts, axis=0, dtype=np.float32)
    return averaged


def _whole(change: LowRank | Vectors) -> Vectors:
    return change.whole() if isinstance(change, LowRank) else change


def _run(rows: Sequence[TrainingRow], seed: int, order: int, recipe: Recipe) -> Tuned:
    logging.basicConfig(level=logging.INFO, format=f"order {order}: %(message)s")
    # A second thread is worth more to another run, and would change the last digits.
    set_threads(1)
    return tune(rows, shared_encoder(), seed=seed, order=order, recipe=recipe)
