"""Attempts at tagging, on a few invented rows and passages, and the table that lists them."""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from attempt_figures import f1_of, theme_names, truth_of
from attempt_stances import STANCE_ATTEMPTS, measure_stance
from attempt_study import Study
from attempt_themes import THEME_ATTEMPTS
from attempt_tuned import (
    TUNED_ATTEMPTS,
    TURNED,
    TunedAttempt,
    is_taken,
    measure_tuned,
    read_more_turned,
)
from fakes import FakeEncoder
from samples import make_code
from tag_sets import Coded, read_stance_pairs

from corpus.model import Code, Kind, Stance
from nlp.embed import shared_encoder
from nlp.training_rows import TrainingRow, load_training_rows, text_key
from nlp.tune import Recipe

SCRIPT = Path(__file__).with_name("attempts.py")
PAGE = Path(__file__).parents[2] / "docs" / "evaluation.md"
CHECKS, LATE, LOOP = "checks-not-made", "shared-too-late", "loop-not-closed"
PLACES = {name: place for place, name in enumerate(theme_names())}
TEXTS = {
    CHECKS: "The school made no check with the doctor at visit {}.",
    LATE: "The referral reached the office three weeks late in year {}.",
    LOOP: "Nobody told the nurse what became of her report number {}.",
}


def row(theme: str, number: int) -> TrainingRow:
    stance = Stance.FAILING if number % 2 else Stance.BACKGROUND
    said = "" if number % 2 else " Guidance says how this is done."
    return TrainingRow(
        row_id=f"{theme}:{number}",
        text=TEXTS[theme].format(number) + said,
        kind=Kind.REVIEW,
        codes=(make_code(theme, stance),),
    )


@pytest.fixture(scope="module")
def study() -> Study:
    """Forty rows of three themes, and six passages worded like them."""
    rows = [row(theme, number) for number in range(14) for theme in TEXTS]
    asked = [row(theme, number) for number in (91, 92) for theme in TEXTS]
    coded = Coded(
        texts=tuple(each.text for each in asked),
        kinds=tuple(each.kind for each in asked),
        gold=tuple(each.codes for each in asked),
        groups=("restated",) * len(asked),
    )
    return Study(rows, coded, FakeEncoder)


def test_rows_that_tuning_never_sees_are_left_out(study: Study) -> None:
    assert len(study.rows) == 40
    assert not {f"{LATE}:2", f"{CHECKS}:9"} & {each.row_id for each in study.rows}


@pytest.mark.parametrize(
    "name", ["vector-1", "words", "vector-words", "neighbours", "mix-sentences"]
)
def test_what_learns_from_rows_finds_the_like_of_them(study: Study, name: str) -> None:
    (attempt,) = [each for each in THEME_ATTEMPTS if each.name == name]
    scores = attempt.score(study).scores
    known = [PLACES[theme] for theme in TEXTS]
    best = [known[place] for place in scores[:, known].argmax(axis=1)]
    assert best == [PLACES[codes[0].theme] for codes in study.coded.gold]
    assert f1_of(scores, study.gold, top=False).best == 1.0


def test_stances_are_told_by_what_the_words_say(study: Study) -> None:
    (attempt,) = [each for each in STANCE_ATTEMPTS if each.name == "stance-signals"]
    (right, kappa), seconds = measure_stance(attempt, study)
    assert (right, kappa) == (1.0, 1.0)
    assert seconds > 0


def test_an_eighth_of_the_rows_holds_whole_pairs() -> None:
    rows = load_training_rows()
    taken = [row for row in rows if is_taken(row, turned=True)]
    assert len(rows) / 9 < len(taken) < len(rows) / 7
    more = [row for row in read_more_turned() if is_taken(row, turned=True)]
    turned = [row for row in taken if row.row_id.startswith(TURNED)]
    for pairs in (turned, more):
        lines = {int(row.row_id.split(":")[1]) for row in pairs}
        assert lines
        assert all(line + (1 if line % 2 else -1) in lines for line in lines)


def test_the_further_pairs_turn_on_a_theme_and_are_in_no_training() -> None:
    rows = read_more_turned()
    for one, other in zip(rows[::2], rows[1::2], strict=True):
        stances = ({code.theme: code.stance for code in row.codes} for row in (one, other))
        mine, theirs = stances
        assert any(mine[theme] is not theirs[theme] for theme in mine.keys() & theirs.keys())
    known = {text_key(row.text) for row in load_training_rows()}
    assert not known & {text_key(row.text) for row in rows}


@pytest.mark.model
def test_a_tuned_attempt_learns_from_its_share_of_the_rows_without_those_that_turn() -> None:
    every_row = load_training_rows()
    turned = [row for row in every_row if row.row_id.startswith("stance-turns:")]
    rows = [*every_row[::40], *turned[:60]]
    asked = [each for each in rows if each.codes][:6]
    coded = Coded(
        texts=tuple(each.text for each in asked),
        kinds=tuple(each.kind for each in asked),
        gold=tuple(each.codes for each in asked),
        groups=("restated",) * len(asked),
    )
    study = Study(rows, coded, shared_encoder)
    recipe = Recipe(epochs=1)
    every, some = (
        measure_tuned(
            TunedAttempt(name="tried", says="", recipe=recipe, turned=turned),
            study,
            shared_encoder(),
            read_stance_pairs()[:4],
        )
        for turned in (True, False)
    )
    assert 0 < some.rows < every.rows < len(rows) / 4
    assert some.scores.shape == (6, len(theme_names()))
    assert not np.array_equal(some.scores, every.scores)


def test_a_cut_from_other_passages_is_never_better_than_the_best() -> None:
    codes: list[list[Code]] = [[make_code(theme)] for theme in TEXTS] * 20
    truth = truth_of(codes)
    noise = np.random.default_rng(1).normal(size=truth.shape)
    f1 = f1_of((truth + noise).astype(np.float32), truth, top=True)
    assert 0 < f1.divided <= f1.best < 1
    assert f1_of(truth.astype(np.float32), truth, top=True).divided == 1.0


def test_every_attempt_stands_in_the_table_with_its_command() -> None:
    listed = subprocess.run(
        [sys.executable, str(SCRIPT), "--list"], capture_output=True, text=True, check=True
    ).stdout
    names = [line.split()[0] for line in listed.splitlines()]
    themes = [each.name for each in THEME_ATTEMPTS]
    tuned = [each.name for each in TUNED_ATTEMPTS]
    assert names == themes + tuned + [each.name for each in STANCE_ATTEMPTS]
    measured = json.loads(SCRIPT.with_suffix(".json").read_text(encoding="utf-8"))
    shown = re.findall(r"`attempts\.py ([\w-]+)`", PAGE.read_text(encoding="utf-8"))
    assert shown == list(measured) == names


def test_an_attempt_that_nobody_knows_is_named() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "no-such"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no attempt is called no-such" in done.stderr
