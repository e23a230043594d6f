"""Reading passages and labels from outside."""

import json
from pathlib import Path

import pytest

from corpus.errors import InvalidInputError
from corpus.model import Attribution, Kind
from nlp.jsonl import JsonLinesError, read_label_file, read_passage_file, read_passages


def test_passages_keep_their_order_and_an_absent_kind_is_other() -> None:
    lines = ['{"id": "b", "text": "x"}', "", '{"id": "a", "text": "y", "kind": "news", "n": 1}']
    found = list(read_passages(lines, name="stdin"))
    assert [(each.passage_id, each.kind) for each in found] == [("b", Kind.OTHER), ("a", Kind.NEWS)]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"text": "x"}', '"id" must be text'),
        ('{"id": "a", "text": 3}', '"text" must be text'),
        ('{"id": "a", "text": "x", "kind": "novel"}', "not one of review, briefing"),
    ],
)
def test_a_malformed_line_is_named_with_its_file(line: str, says: str) -> None:
    with pytest.raises(JsonLinesError, match=says) as caught:
        list(read_passages(['{"id": "0", "text": "x"}', line], name="mine.jsonl"))
    assert str(caught.value).startswith("mine.jsonl, line 2: ")


def test_an_id_given_twice_is_refused() -> None:
    with pytest.raises(JsonLinesError, match="came before"):
        list(read_passages(['{"id": "0", "text": "x"}'] * 2, name="stdin"))


def test_the_codebooks_words_for_attribution_are_read_as_ours(tmp_path: Path) -> None:
    code = {"theme": "checks-not-made", "stance": "background", "level": "system"}
    rows = [
        {"id": "a", "codes": [{**code, "attribution": "finding"}]},
        {"id": "b", "codes": [{**code, "attribution": "reported-finding"}], "on_topic": True},
    ]
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    read = [label.codes[0].attribution for label in read_label_file(path)]
    assert read == [Attribution.OWN_VOICE, Attribution.REPORTED]


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot be read"):
        read_passage_file(tmp_path / "none.jsonl")
