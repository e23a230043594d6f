"""Scores of three rankings on passages and queries from files."""

import json
import math
from collections.abc import Sequence
from pathlib import Path

import pytest
from fakes import FakeEncoder

from corpus.errors import InvalidInputError
from nlp.embed import shared_encoder
from nlp.evaluate_search import evaluate_search, read_query_file, score_rankings

PASSAGES = [
    {"id": "a#1", "text": "The nursery rang the school.", "kind": "review"},
    {"id": "a#2", "text": "Consent was thought a barrier."},
    {"id": "b/3", "text": "The weather was fine. \ud800 "},
]
QUERIES = [
    {"id": "q1", "query": "nursery school", "relevant": [{"id": "a#1", "grade": 2}]},
    {
        "id": "q2",
        "query": "consent barrier",
        "relevant": [{"id": "a#2", "grade": 1}, {"id": "gone", "grade": 2}],
    },
    {"id": "q3", "query": "lost", "relevant": [{"id": "gone", "grade": 1}]},
]


def write_lines(path: Path, rows: Sequence[object]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def write_both(tmp_path: Path, queries: Sequence[object] = QUERIES) -> tuple[Path, Path]:
    return (
        write_lines(tmp_path / "passages.jsonl", PASSAGES),
        write_lines(tmp_path / "queries.jsonl", queries),
    )


def test_rankings_are_scored_and_what_is_missing_is_named(tmp_path: Path) -> None:
    scores = evaluate_search(*write_both(tmp_path), FakeEncoder).as_dict()
    perfect = {"ndcg_at_10": 1.0, "recall_at_50": 1.0, "mrr": 1.0}
    assert scores == {
        "n": 2,
        "passages": 3,
        "hybrid": perfect,
        "words": perfect,
        "meaning": perfect,
        "untagged": perfect,
        "spread": perfect,
        "unanswerable": {"n": 1, "ids": ["q3"]},
        "incomplete": {"n": 1, "ids": ["q2"]},
    }


def test_grades_gain_one_and_three() -> None:
    scores = score_rankings([["x", "low", "high"]], [{"high": 2, "low": 1}])
    best = 3 / math.log2(2) + 1 / math.log2(3)
    got = 1 / math.log2(3) + 3 / math.log2(4)
    assert scores.ndcg_at_10 == round(got / best, 4)
    assert scores.recall_at_50 == 1
    assert scores.mrr == 0.5


def test_depths_are_ten_and_fifty() -> None:
    ranking = [f"x{number}" for number in range(60)]
    scores = score_rankings([ranking], [{"x10": 2, "x49": 1, "x50": 1, "absent": 1}])
    assert scores.ndcg_at_10 == 0
    assert scores.recall_at_50 == 0.5
    assert scores.mrr == round(1 / 11, 4)


def test_nothing_found_scores_nothing() -> None:
    assert vars(score_rankings([[]], [{"a": 1}])) == {
        "ndcg_at_10": 0.0,
        "recall_at_50": 0.0,
        "mrr": 0.0,
    }


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"query": "x", "relevant": []}, '"id"'),
        ({"id": "q", "relevant": []}, '"query"'),
        ({"id": "q", "query": " ", "relevant": []}, '"query"'),
        ({"id": "q", "query": "x"}, '"relevant"'),
        ({"id": "q", "query": "x", "relevant": ["a"]}, '"relevant"'),
        ({"id": "q", "query": "x", "relevant": [{"id": "a", "grade": 3}]}, '"relevant"'),
        ({"id": "q", "query": "x", "relevant": [{"id": "a", "grade": True}]}, '"relevant"'),
        ({"id": "q1", "query": "x", "relevant": []}, "came before"),
        (["q"], "object"),
    ],
)
def test_a_malformed_query_is_named_by_file_and_line(
    tmp_path: Path, row: object, problem: str
) -> None:
    path = write_lines(tmp_path / "queries.jsonl", [QUERIES[0], row])
    with pytest.raises(InvalidInputError, match=rf"queries\.jsonl, line 2: .*{problem}"):
        read_query_file(path)


def test_broken_json_and_missing_files_are_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text('{"id": \n')
    with pytest.raises(InvalidInputError, match=r"q\.jsonl, line 1"):
        read_query_file(tmp_path / "q.jsonl")
    with pytest.raises(InvalidInputError, match="cannot be read"):
        read_query_file(tmp_path / "none.jsonl")
    (tmp_path / "b.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidInputError, match="UTF-8"):
        read_query_file(tmp_path / "b.jsonl")


def test_queries_without_any_answer_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no query with a relevant passage"):
        evaluate_search(*write_both(tmp_path, QUERIES[2:]), FakeEncoder)


@pytest.mark.model
def test_the_real_encoder_finds_what_words_cannot(tmp_path: Path) -> None:
    query = {
        "id": "q",
        "query": "permission was seen as an obstacle",
        "relevant": [{"id": "a#2", "grade": 2}],
    }
    scores = evaluate_search(*write_both(tmp_path, [query]), shared_encoder)
    assert scores.meaning.mrr == 1.0
