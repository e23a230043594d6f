"""The figures of an evaluation, against counting by hand and against the outside check."""

import json
import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import FakeEncoder

from corpus.errors import InvalidInputError
from corpus.model import Attribution, Code, Level, Span, Stance
from nlp.codebook import load_codebook
from nlp.evaluate_tags import evaluate_tags, score_codes
from nlp.tagger import TaggedCode, load_tagger

CHECK = (Path(__file__).parents[2] / ".." / "shared" / "checks" / "score_tags.py").resolve()


def code(theme: str, stance: Stance = Stance.FAILING) -> Code:
    return Code(theme=theme, stance=stance, level=Level.CASE, attribution=Attribution.CLAIM)


def tagged(one: Code, *, confident: bool = False) -> TaggedCode:
    return TaggedCode(code=one, score=0.5, confident=confident, evidence=(Span(0, 1),), support=())


def random_codings(seed: int, n: int = 80) -> tuple[list[list[Code]], list[list[Code]]]:
    chance = random.Random(seed)
    themes = list(load_codebook().rollup)[:12]

    def one(theme: str) -> Code:
        return Code(
            theme=theme,
            stance=chance.choice(list(Stance)),
            level=chance.choice(list(Level)),
            attribution=chance.choice(list(Attribution)),
        )

    gold = [[one(t) for t in chance.sample(themes, chance.randint(0, 3))] for _ in range(n)]
    other = [
        [one(c.theme) if chance.random() < 0.6 else one(chance.choice(themes)) for c in codes]
        for codes in gold
    ]
    # one code a theme, as the tagger gives
    return gold, [list({c.theme: c for c in codes}.values()) for codes in other]


def test_figures_agree_with_counting_by_hand() -> None:
    gold = [[code("checks-not-made")], [code("shared-too-late")], []]
    found = [
        [tagged(code("checks-not-made"), confident=True)],
        [tagged(code("loop-not-closed", Stance.BACKGROUND))],
        [tagged(code("checks-not-made"))],
    ]
    scores = score_codes(gold, found)
    assert scores["theme"]["micro_f1"] == pytest.approx(2 / 5)
    assert scores["top_theme"]["micro_f1"] == pytest.approx(4 / 5)
    assert scores["any_theme"]["precision"] == pytest.approx(2 / 3)
    assert scores["failing"]["f1"] == pytest.approx(2 / 4)
    assert scores["confident"]["failing"] == {
        "precision": 1.0,
        "recall": 0.5,
        "f1": pytest.approx(2 / 3),
        "support": 2,
    }
    assert scores["stance"]["accuracy"] == pytest.approx(1 / 2)
    low, high = scores["intervals"]["top_theme.micro_f1"]
    assert 0 <= low <= scores["top_theme"]["micro_f1"] <= high <= 1


@pytest.mark.parametrize("seed", [1, 2])
def test_figures_agree_with_the_check_from_outside(seed: int, tmp_path: Path) -> None:
    if not CHECK.exists():
        pytest.skip("the outside check is not here")
    gold, other = random_codings(seed)
    for name, codings in (("gold", gold), ("other", other)):
        rows = [
            {"id": str(number), "codes": [vars(each) for each in codes]}
            for number, codes in enumerate(codings)
        ]
        (tmp_path / name).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, CHECK, tmp_path / "gold", tmp_path / "other"],
        capture_output=True,
        check=True,
        text=True,
    )
    outside = json.loads(done.stdout)
    ours = score_codes(gold, [[tagged(each) for each in codes] for codes in other])
    for view in ("theme", "top_theme"):
        assert ours[view]["micro_f1"] == pytest.approx(outside[view]["f1"])
        assert ours[view]["macro_f1"] == pytest.approx(outside[view]["macro_f1"])
    for view in ("any_theme", "failing"):
        assert ours[view]["f1"] == pytest.approx(outside[view]["f1"])
    for facet in ("stance", "level", "attribution"):
        assert ours[facet] == pytest.approx(outside[facet])


def test_a_whole_evaluation_runs_from_files(tmp_path: Path) -> None:
    gold, passages = tmp_path / "gold.jsonl", tmp_path / "passages.jsonl"
    passages.write_text(
        '{"id": "a", "text": "Nobody told the police."}\n{"id": "b", "text": "Unlabelled."}\n',
        encoding="utf-8",
    )
    gold.write_text('{"id": "a", "codes": []}\n', encoding="utf-8")
    scores = evaluate_tags(gold, passages, load_tagger(FakeEncoder)).as_dict()
    assert scores["n"] == 1
    assert scores["passages_per_second"] > 0
    assert json.loads(json.dumps(scores))["codebook_version"] == load_codebook().version


def test_an_unknown_theme_in_gold_is_named(tmp_path: Path) -> None:
    gold, passages = tmp_path / "gold.jsonl", tmp_path / "passages.jsonl"
    passages.write_text('{"id": "a", "text": "x"}', encoding="utf-8")
    row = {"id": "a", "codes": [vars(replace(code("checks-not-made"), theme="checks"))]}
    gold.write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(InvalidInputError, match="'checks'"):
        evaluate_tags(gold, passages, load_tagger(FakeEncoder))
