"""Signals, their scope, and the stance that rules alone give."""

import json
from pathlib import Path

from corpus.model import Kind, Span
from nlp.codebook import load_codebook
from nlp.signals import find_signals, load_signals
from nlp.stance_rules import decide_stance

PAIRS = Path(__file__).parents[1] / "evals" / "stance_pairs.jsonl"


def said(text: str) -> set[str]:
    return {match.says for match in find_signals(text, Span(0, len(text)))}


def stance(text: str, kind: Kind = Kind.REVIEW) -> str:
    return decide_stance(find_signals(text, Span(0, len(text))), kind)[0]


def test_absence_of_the_good_and_of_the_bad_are_told_apart() -> None:
    assert "absence-of-good" in said("There was no evidence that the alert was shared.")
    assert "absence-of-bad" in said("There was no evidence that consent was a barrier.")


def test_a_negation_ends_at_but() -> None:
    found = find_signals("It was not late but the school was told.", Span(0, 41))
    assert {match.says for match in found if match.facet == "stance"} >= {"absence-of-bad", "good"}


def test_only_the_nearest_thing_is_denied() -> None:
    assert stance("There was never any confusion between the two records.") == (
        "negated-or-hypothetical"
    )


def test_offsets_index_the_passage() -> None:
    text = "The nurse rang. The school was not told."
    for match in find_signals(text, Span(16, len(text))):
        assert 16 <= match.start_char < match.end_char <= len(text)


def test_every_signal_has_its_own_id() -> None:
    ids = [signal.signal_id for signal in load_signals()]
    assert len(ids) == len(set(ids)) > 30


def test_tricky_cases_of_the_codebook_get_their_stance_by_rules_alone() -> None:
    cases = [case for case in load_codebook().tricky_cases if case.codes]
    missed = [
        (case.number, case.text, stance(case.text))
        for case in cases
        if stance(case.text) not in {code.stance for code in case.codes}
    ]
    assert len(missed) <= 2, missed


def test_minimal_pairs_get_their_stances_by_rules_alone() -> None:
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    assert len(pairs) >= 300
    missed = [
        (pair["id"], passage["text"], passage["stance"])
        for pair in pairs
        for passage in pair["passages"]
        if stance(passage["text"], Kind(passage["kind"])) != passage["stance"]
    ]
    # The rules were written beside the first seventy pairs; the others are new to them.
    seen = {pair["id"] for pair in pairs if pair["difference"] == "first set"}
    assert len([one for one in missed if one[0] in seen]) <= 0.2 * 2 * len(seen), missed
    assert len(missed) <= 0.36 * 2 * len(pairs), missed


def test_every_minimal_pair_has_two_stances_and_a_theme_of_the_codebook() -> None:
    rollup = load_codebook().rollup
    for pair in map(json.loads, PAIRS.read_text(encoding="utf-8").splitlines()):
        assert pair["theme"] in rollup, pair["id"]
        assert len({passage["stance"] for passage in pair["passages"]}) == 2, pair["id"]
