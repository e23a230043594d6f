"""The order in which a ranking is shown."""

import numpy as np

from nlp.arrange import Arranged, fold_copies, spread_reviews
from nlp.embed import DIMENSION, Vectors
from nlp.rank import Candidate


def ranked(count: int) -> list[Arranged]:
    return [Arranged(Candidate(row=row, score=-float(row))) for row in range(count)]


def rows(arranged: list[Arranged]) -> list[int]:
    return [one.candidate.row for one in arranged]


def vectors(*angles: float) -> Vectors:
    found = np.zeros((len(angles), DIMENSION), dtype=np.float32)
    found[:, 0], found[:, 1] = np.cos(angles), np.sin(angles)
    return found


def test_near_copies_fold_within_a_review_and_same_texts_anywhere() -> None:
    near, same = 0.2, 0.01  # cosines 0.98 and 0.99995
    folded, groups = fold_copies(
        ranked(5), ["a", "a", "b", "b", "c"], vectors(0.0, near, near, 1.5, same)
    )
    assert rows(folded) == [0, 2, 3]
    assert folded[0].copies == (1, 4)
    assert folded[1].copies == ()
    assert groups == ["a", "b", "b"]


def test_what_was_not_compared_follows_as_it_was() -> None:
    folded, _ = fold_copies(ranked(4), ["a", "a"], vectors(0.0, 0.0))
    assert rows(folded) == [0, 2, 3]


def test_no_review_takes_more_than_its_share_of_the_first_ten() -> None:
    groups = ["a"] * 5 + list("bcdefghij") + ["a"]
    spread = spread_reviews(ranked(16), groups, most=2)
    assert rows(spread) == [0, 1, 5, 6, 7, 8, 9, 10, 11, 12, 2, 3, 4, 13, 14, 15]


def test_nothing_moves_where_every_place_would_be_filled_again() -> None:
    order = ranked(6)
    assert spread_reviews(order, ["a"] * 5 + ["b"], most=2) == order
