"""Every theme's score for every passage: written, mapped and agreed with."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from nlp.theme_rows import (
    Marks,
    mark_names,
    marks_in,
    open_theme_rows,
    to_marks,
    write_theme_rows,
)

FEAR, SILO = "data-protection-fear", "siloed-decisions"


def known(scores: Mapping[str, Mapping[str, float]]) -> dict[str, Marks]:
    return {one: to_marks(themes, [], mark_names()) for one, themes in scores.items()}


def test_agreement_follows_the_logarithm_of_the_scores(tmp_path: Path) -> None:
    marks = known({"a": {FEAR: 0.9}, "b": {FEAR: 0.1, SILO: 0.9}, "c": {SILO: 0.001}})
    write_theme_rows([lambda _ids: marks])(tmp_path, ["a", "b", "c", "unknown"])
    rows = open_theme_rows(tmp_path, 4)
    assert rows is not None
    agreement = rows.agreement({FEAR: 1.0, "no-such-theme": 5.0})
    assert agreement == pytest.approx(
        [np.log1p(90) / np.log1p(100), np.log1p(10) / np.log1p(100), 0, 0], abs=0.003
    )
    assert rows.agreement({FEAR: 0.5, SILO: 0.5})[1] > agreement[1]


def test_the_first_who_knows_a_passage_is_asked_and_people_raise_it(tmp_path: Path) -> None:
    asked: list[Sequence[str]] = []

    def older(ids: Sequence[str]) -> Mapping[str, Marks]:
        asked.append(ids)
        return known({one: {SILO: 0.5} for one in ids})

    fresh = known({"a": {FEAR: 0.2}})
    judged = known({"a": {SILO: 1.0}})
    write = write_theme_rows([lambda _ids: fresh, older], judged=lambda _ids: judged)
    write(tmp_path, ["a", "b"])
    rows = open_theme_rows(tmp_path, 2)
    assert rows is not None
    assert asked == [["b"]]
    assert rows.agreement({FEAR: 1.0})[0] > 0
    assert rows.agreement({SILO: 1.0})[0] == pytest.approx(1.0)
    again = marks_in(rows, lambda ids: np.array([int(one == "b") or -1 for one in ids]))(["b", "x"])
    assert list(again) == ["b"]
    assert (again["b"] == rows.of(np.array([1]))[0]).all()


def test_marks_that_do_not_fit_their_index_take_no_part(tmp_path: Path) -> None:
    assert open_theme_rows(tmp_path, 1) is None
    write_theme_rows([])(tmp_path, ["a"])
    assert open_theme_rows(tmp_path, 2) is None
    assert open_theme_rows(tmp_path, 1) is not None


def test_a_stance_is_as_sure_as_its_surest_finding() -> None:
    names = mark_names()
    marks = to_marks({}, [("failing-found", 0.2), ("failing-found", 0.8)], names)
    surest = to_marks({}, [("failing-found", 0.8)], names)
    assert (marks == surest).all()
    assert np.flatnonzero(marks).tolist() == [names.index("stance:failing-found")]
