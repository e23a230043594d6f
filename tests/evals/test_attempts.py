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
from fakes import FakeEncoder
from samples import make_code
from tag_sets import Coded

from corpus.model import Code, Kind, Stance
from nlp.training_rows import TrainingRow

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
    assert names == themes + [each.name for each in STANCE_ATTEMPTS]
    measured = json.loads(SCRIPT.with_suffix(".json").read_text(encoding="utf-8"))
    shown = re.findall(r"`attempts\.py ([\w-]+)`", PAGE.read_text(encoding="utf-8"))
    assert shown == list(measured) == names


def test_an_attempt_that_nobody_knows_is_named() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "no-such"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "no attempt is called no-such" in done.stderr
