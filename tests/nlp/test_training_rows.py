"""The passages that the heads are trained on."""

import json
import re
from pathlib import Path

import pytest

from nlp.codebook import load_codebook
from nlp.training_rows import load_training_rows

SHARED = (Path(__file__).parents[2] / ".." / "shared").resolve()
PAIRS = Path(__file__).parents[1] / "evals" / "stance_pairs.jsonl"


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def shingles(text: str, size: int = 5) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[i : i + size]) for i in range(max(1, len(words) - size + 1))}


def too_like(evaluated: list[str], *, share: float) -> list[tuple[str, str]]:
    """Pairs that share this part of the evaluated text's runs of five words, and at least three."""
    rows = [(row.row_id, shingles(row.text)) for row in load_training_rows()]
    holders: dict[tuple[str, ...], list[int]] = {}
    for number, (_, runs) in enumerate(rows):
        for run in runs:
            holders.setdefault(run, []).append(number)
    found = []
    for text in evaluated:
        runs = shingles(text)
        shared: dict[int, int] = {}
        for run in runs:
            for number in holders.get(run, ()):
                shared[number] = shared.get(number, 0) + 1
        found += [
            (rows[n][0], text) for n, count in shared.items() if count >= max(3, share * len(runs))
        ]
    return found


def test_every_row_uses_themes_of_the_codebook_and_no_text_comes_twice() -> None:
    rollup = load_codebook().rollup
    rows = load_training_rows()
    assert len(rows) >= 9480
    assert not [row.row_id for row in rows for code in row.codes if code.theme not in rollup]
    assert len({row.text for row in rows}) == len(rows)


def test_every_theme_has_rows_and_some_rows_have_none() -> None:
    rows = load_training_rows()
    coded = {code.theme for row in rows for code in row.codes}
    assert coded == set(load_codebook().rollup)
    assert sum(not row.codes for row in rows) > len(rows) / 5


def test_no_row_repeats_an_example_or_a_minimal_pair() -> None:
    examples = [each.text for theme in load_codebook().themes for each in theme.examples]
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    assert not too_like(
        examples + [p["text"] for pair in pairs for p in pair["passages"]], share=0.5
    )


def test_no_row_is_nearly_an_evaluation_passage() -> None:
    path = SHARED / "eval" / "dev_passages.jsonl"
    if not path.exists():
        pytest.skip("the evaluation passages are not here")
    texts = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    assert not too_like(texts, share=0.3)
