"""Passages coded by people that train: kept apart from measuring, by case."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from fakes import FakeEncoder
from samples import make_code

from corpus.catalogue import load_catalogue
from corpus.errors import InvalidInputError
from corpus.model import Kind
from nlp.find_themes import decide_facets, find_themes
from nlp.heads import Heads, PassageHeads, load_heads, read_heads, save_heads
from nlp.judged_rows import (
    FOLDS,
    JudgedRow,
    deal_folds,
    evaluated_keys,
    read_judged_rows,
    write_judged_rows,
)
from nlp.reading import read_passages
from nlp.theme_scores import word_logits
from nlp.train import train
from nlp.training_rows import TrainingRow, load_training_rows, text_key

EVALS = Path(__file__).parents[1] / "evals"
DEV = (Path(__file__).parents[2] / ".." / "shared" / "eval" / "dev_passages.jsonl").resolve()
THEME = "identity-mismatch"
# Two words that no row that ships holds, each told of in the reviews of one case alone.
MARKS = {"first-case": "zorblax", "second-case": "quendrel"}
FRAMES = {
    "first-case": "Sheet {} of the zorblax list had been left aside.",
    "second-case": "In drawer {} a quendrel card lay unread.",
}


def judged(text: str, case: str, *themes: str) -> JudgedRow:
    codes = tuple(make_code(theme) for theme in themes)
    row = TrainingRow(row_id="judged:1", text=text, kind=Kind.REVIEW, codes=codes)
    return JudgedRow(row=row, case=case)


def rows_of(case: str) -> list[JudgedRow]:
    return [judged(FRAMES[case].format(n), case, THEME) for n in range(12)]


@pytest.fixture(scope="module")
def coded() -> list[JudgedRow]:
    rows = rows_of("first-case") + rows_of("second-case")
    folds = deal_folds(rows)
    assert len(set(folds.values())) == 2, "choose names of cases that fall into two parts"
    return rows


@pytest.fixture(scope="module")
def trained(coded: Sequence[JudgedRow]) -> Heads:
    return train(load_training_rows()[::80], FakeEncoder(), judged=coded)


def score(heads: PassageHeads, text: str) -> float:
    return float(word_logits([text], heads.theme)[0, heads.theme.themes.index(THEME)])


def only(heads: Heads, text: str) -> PassageHeads:
    (found, places), *others = heads.apart([text])
    assert (places, others) == ([0], [])
    return found


def test_a_judged_passage_is_read_by_heads_that_never_saw_its_case(
    coded: Sequence[JudgedRow], trained: Heads
) -> None:
    for each in coded:
        reads, word = only(trained, each.row.text), MARKS[each.case]
        other = next(mark for case, mark in MARKS.items() if case != each.case)
        # Its own case taught the word, and these heads do not know it; the other one's they do.
        assert score(reads, f"The {word} list.") < score(reads, f"The {other} list.")
        assert score(trained, f"The {word} list.") > score(reads, f"The {word} list.")
    new = "The zorblax list was not kept."
    assert only(trained, new) is trained
    assert score(trained, new) > score(trained, "The other list was not kept.")


def test_every_part_is_trained_without_its_cases(
    coded: Sequence[JudgedRow], trained: Heads
) -> None:
    folds = deal_folds(coded)
    assert trained.judged == folds
    assert len(trained.parts) == FOLDS
    for each in coded:
        assert only(trained, each.row.text.upper()) is trained.parts[folds[each.key]]


def test_texts_go_to_their_heads_and_come_back_in_order(
    coded: Sequence[JudgedRow], trained: Heads
) -> None:
    texts = ["Not judged.", coded[0].row.text, "Nor this.", coded[-1].row.text]
    places = [place for _, found in trained.apart(texts) for place in found]
    assert sorted(places) == [0, 1, 2, 3]
    assert len(trained.apart(texts)) == 3


def test_the_weights_name_the_passages_that_trained_them(
    coded: Sequence[JudgedRow], trained: Heads, tmp_path: Path
) -> None:
    save_heads(trained, tmp_path)
    read = read_heads(tmp_path)
    assert set(read.judged) == {each.key for each in coded}
    assert read.trained_on["judged"] == len(coded)
    for mine, theirs in zip(read.parts, trained.parts, strict=True):
        assert np.array_equal(mine.theme.word_weights, theirs.theme.word_weights)
        assert all(
            np.array_equal(mine.pairs[facet].weights, head.weights)
            for facet, head in theirs.pairs.items()
        )
    # A finding names the row that is nearest, which must be one that can be looked up.
    assert not [row_id for row_id in read.row_ids if row_id.startswith("judged")]


def test_the_heads_that_ship_were_trained_on_no_judged_passage() -> None:
    heads = load_heads()
    assert (dict(heads.judged), heads.parts) == ({}, ())
    assert only(heads, "Any text.") is heads


def test_the_tagger_labels_a_judged_passage_across_parts(
    coded: Sequence[JudgedRow], trained: Heads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nlp.find_themes.load_heads", lambda: trained)
    text = coded[0].row.text
    texts = [text, text.replace("Sheet 0", "Sheet 99"), coded[-1].row.text]
    readings = read_passages(texts, [Kind.REVIEW] * 3, FakeEncoder())
    found = [
        {each.theme: each.score for each in themes.findings}
        for themes in find_themes(readings, [()] * 3)
    ]
    # The same sentence but for a word, which no head was trained on.
    assert found[0].get(THEME, 0.0) < found[1][THEME]
    decided = decide_facets(
        [(reading, find_themes([reading], [()])[0].findings) for reading in readings]
    )
    assert [{each.theme: each.score for each in one} for one in decided] == found


# -- folds ---------------------------------------------------------------------------


def test_a_case_lies_in_one_part_whatever_else_is_judged() -> None:
    rows = [judged(f"Passage {n}.", f"case {n % 7}") for n in range(70)]
    folds = deal_folds(rows)
    assert set(folds.values()) <= set(range(FOLDS))
    for case in range(7):
        own = {folds[each.key] for each in rows if each.case == f"case {case}"}
        alone = deal_folds([each for each in rows if each.case == f"case {case}"])
        assert len(own) == 1
        assert set(alone.values()) == own


def test_cases_that_share_a_text_lie_in_one_part() -> None:
    rows = [judged(f"Passage {n}.", f"case {n}") for n in range(20)]
    chain = [judged(f"Passage {n}.", f"case {n + 1}") for n in range(19)]
    assert len(set(deal_folds(rows).values())) > 1
    assert len(set(deal_folds(rows + chain).values())) == 1


# -- files and what must not train -------------------------------------------------------


def test_rows_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    rows = [
        judged("A line.\u2028And another.", "first-case", THEME),
        judged("None.", "second-case"),
    ]
    path = tmp_path / "rows.jsonl"
    path.write_text(write_judged_rows(rows), encoding="utf-8")
    read = read_judged_rows(path)
    assert [(each.row.text, each.row.codes, each.case) for each in read] == [
        (each.row.text, each.row.codes, each.case) for each in rows
    ]


def evaluated_texts() -> list[str]:
    def lines(path: Path) -> list[dict[str, object]]:
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    texts = [str(row["text"]) for row in lines(EVALS / "off_domain.jsonl")]
    for row in lines(EVALS / "stance_pairs.jsonl"):
        texts += [str(each["text"]) for each in row["passages"]]  # type: ignore[attr-defined]  # JSON
    texts += [passage.text for entry in load_catalogue() for passage in entry.passages]
    return texts + [str(row["text"]) for row in lines(DEV)] if DEV.exists() else texts


def test_every_text_that_is_measured_on_is_known_as_such() -> None:
    texts = evaluated_texts()
    assert len(texts) > 1500
    assert not [text for text in texts if text_key(text) not in evaluated_keys()]


def test_no_row_that_ships_is_measured_on() -> None:
    rows = load_training_rows()
    assert not [row.row_id for row in rows if text_key(row.text) in evaluated_keys()]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"text": ""}, "text"),
        ({"case": None}, "case"),
        ({"kind": "poem"}, "kind"),
        ({"codes": [{"theme": "none-such"}]}, "stance"),
        ({"text": "EVALUATED"}, "measured"),
    ],
)
def test_a_row_that_must_not_train_is_named(
    tmp_path: Path, change: dict[str, object], named: str
) -> None:
    if change.get("text") == "EVALUATED":
        change = {"text": evaluated_texts()[0].upper().replace(" ", "  ")}
    row = {"text": "A passage.", "kind": "review", "codes": [], "case": "c"} | change
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(InvalidInputError, match=f"(?s)rows.jsonl, line 1.*{named}"):
        read_judged_rows(path)
