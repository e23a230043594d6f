"""The tuned encoder: cut to low rank, saved, pooled over tokens, and tuned twice alike."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from corpus.errors import ModelError
from corpus.model import Span
from nlp.embed import DIMENSION, Vectors, shared_encoder
from nlp.low_rank import LowRank, cut_rank
from nlp.token_states import encode_states
from nlp.training_rows import TrainingRow, load_training_rows
from nlp.tune import Recipe, tune
from nlp.tune_mean import mean_of
from nlp.tuned import WEIGHTS_NAME, TokenHead, Tuned, load_tuned, read_tuned, save_tuned
from nlp.tuned_encoder import TunedEncoder, tuned_encoder
from nlp.tuned_scores import pool_tokens, score_facets, score_tokens

RANDOM = np.random.default_rng(5)


def numbers(*shape: int, scale: float = 1.0) -> Vectors:
    drawn: Vectors = (RANDOM.standard_normal(shape) * scale).astype(np.float32)
    return drawn


def token_head(themes: int) -> TokenHead:
    return TokenHead(
        queries=numbers(themes, DIMENSION, scale=0.1),
        attended=numbers(themes, DIMENSION, scale=0.1),
        pooled=numbers(themes, DIMENSION, scale=0.1),
        bias=numbers(themes),
    )


def test_a_change_of_low_rank_survives_the_cut_and_another_comes_as_near_as_it_can() -> None:
    low = numbers(40, 3) @ numbers(3, 30)
    assert np.allclose(cut_rank(low, rank=3).whole(), low, atol=0.02)
    full = numbers(40, 30)
    errors = [float(np.linalg.norm(cut_rank(full, rank=r).whole() - full)) for r in (1, 10, 29)]
    assert errors == sorted(errors, reverse=True)


def test_pooling_looks_at_the_kept_tokens_alone() -> None:
    head, states = token_head(4), numbers(6, DIMENSION)
    kept = np.asarray([True, True, False, True, False, False])
    some = pool_tokens(score_tokens([states], head)[0], kept, head)
    alone = pool_tokens(score_tokens([states[kept]], head)[0], np.ones(3, dtype=bool), head)
    assert np.allclose(some, alone, atol=1e-4)


def test_pooling_is_attention_plus_mean() -> None:
    head, states = token_head(2), numbers(3, DIMENSION)
    look = np.exp(states @ head.queries[1])
    seen = (look / look.sum()) @ states
    expected = seen @ head.attended[1] + states.mean(axis=0) @ head.pooled[1] + head.bias[1]
    found = pool_tokens(score_tokens([states], head)[0], np.ones(3, dtype=bool), head)
    assert found[1] == pytest.approx(expected, abs=1e-3)


def test_no_token_left_says_what_the_bias_says() -> None:
    head = token_head(2)
    scores = score_tokens([numbers(3, DIMENSION)], head)[0]
    assert np.array_equal(pool_tokens(scores, np.zeros(3, dtype=bool), head), head.bias)


def test_shares_of_facets_add_up_to_one() -> None:
    tuned = load_tuned()
    shares = score_facets([(numbers(4, DIMENSION), 0, "review")], tuned)
    assert set(shares) == {"stance", "level", "attribution"}
    assert all(np.exp(rows).sum() == pytest.approx(1, abs=1e-4) for rows in shares.values())


def test_what_was_saved_is_read_back_to_half_precision(tmp_path: Path) -> None:
    tuned = load_tuned()
    save_tuned(tuned, tmp_path / "again")
    again = read_tuned(tmp_path / "again")
    assert again.version == tuned.version
    assert np.array_equal(again.token_head.queries, tuned.token_head.queries)


def test_a_missing_or_damaged_file_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make train"):
        read_tuned(tmp_path)
    save_tuned(load_tuned(), tmp_path)
    (tmp_path / WEIGHTS_NAME).write_bytes(b"\0" * 64)
    with pytest.raises(ModelError, match="make train"):
        read_tuned(tmp_path)


@pytest.mark.model
def test_a_text_reads_the_same_whatever_it_is_read_with() -> None:
    text = "The school was not told that the police had been called."
    alone = encode_states(shared_encoder(), [text])[0]
    among = encode_states(shared_encoder(), [text, "Short.", text * 4])[0]
    assert np.allclose(alone.states, among.states, atol=1e-4)
    span = Span(0, len("The school"))
    inside = {text[start:end] for start, end in alone.offsets[alone.within(span)]}
    assert inside == {"The", "school"}


@pytest.mark.model
def test_tuning_moves_a_copy_and_the_same_seed_moves_it_alike(tmp_path: Path) -> None:
    encoder, rows = shared_encoder(), load_training_rows()[::600]
    before = encoder.encode(["The school was not told."])
    one, two = (mean_of([_tune(rows, order=3)]) for _ in range(2))
    assert np.array_equal(before, encoder.encode(["The school was not told."]))
    assert _bytes(one, tmp_path / "one") == _bytes(two, tmp_path / "two")
    assert any(isinstance(each, LowRank) and each.whole().any() for each in one.changes.values())
    moved = TunedEncoder(encoder, one).encode(["The school was not told."])[0][0]
    shipped = tuned_encoder(encoder).encode(["The school was not told."])[0][0]
    assert not np.allclose(moved, shipped, atol=1e-3)


@pytest.mark.model
def test_the_mean_of_two_orders_lies_between_them(tmp_path: Path) -> None:
    rows = load_training_rows()[::200]
    one, other = (_tune(rows, order=order) for order in (3, 4))
    mean = mean_of([one, other])
    assert mean.trained_on["orders"] == 2
    heads = [each.token_head.queries for each in (one, other, mean)]
    assert np.allclose(heads[2], (heads[0] + heads[1]) / 2)
    assert not np.allclose(heads[0], heads[1])
    assert _bytes(mean_of([one, one]), tmp_path / "a") == _bytes(mean_of([one]), tmp_path / "b")


def _tune(rows: Sequence[TrainingRow], *, order: int) -> Tuned:
    return tune(rows, shared_encoder(), seed=3, order=order, recipe=Recipe(epochs=1))


def _bytes(tuned: Tuned, folder: Path) -> bytes:
    save_tuned(tuned, folder)
    return (folder / WEIGHTS_NAME).read_bytes()
