"""Why a passage was coded: rules in words, cues, the history of judgements, and a dispute."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from portal_world import PortalWorld, make_world
from samples import make_code, make_finding, make_judgement

from corpus.model import Stance
from nlp.codebook import load_codebook
from nlp.rule_words import SAYS, rule_words
from nlp.signals import load_signals
from nlp.training_rows import load_training_rows


@pytest.fixture
def own(tmp_path: Path) -> PortalWorld:
    return make_world(tmp_path / "data")


def why(page: str) -> str:
    """The words of the section that says why."""
    section = page[page.index('<section aria-labelledby="why">') :].partition("</section>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", section)).split())


def test_every_signal_has_words_for_readers() -> None:
    assert {signal.says for signal in load_signals()} == set(SAYS)


def test_a_training_passage_is_told_as_an_invented_one() -> None:
    row = load_training_rows()[-1]
    told = rule_words(f"training:{row.row_id}")
    assert told == f"the invented training passage nearest to it: {row.text}"
    for unknown in ("training:none:1", "training:passing-on:999999", "training:../x:1", "NO-1"):
        assert rule_words(unknown) is None


def test_rule_cue_evidence_and_score_are_shown_in_words(own: PortalWorld) -> None:
    theme = load_codebook().theme("threshold-mismatch")
    passage = own.report_2013[0]
    finding = make_finding(
        passage,
        make_code(theme.theme_id),
        score=0.83,
        support=(theme.cues[0].cue_id, "NEG-002", "UNKNOWN-9"),
    )
    own.store.put_findings({passage.passage_id: [finding]}, tagger_version="t1")
    told = why(own.get(f"/passages/{passage.passage_id}"))
    assert f"the cue “{theme.cues[0].phrase}” ({theme.cues[0].cue_id})" in told
    assert f"{SAYS['negation']} (NEG-002)" in told
    assert "UNKNOWN-9" in told
    assert "Score 0.83 of 1" in told
    assert "Words it rests on Each" in told
    assert " ".join(theme.definition.split()) in told
    assert "The text asserts that the failing happened or exists." in told
    assert "Nobody has judged this passage yet" in told


def test_every_judgement_is_told_and_the_machines_reading_stays_beside(own: PortalWorld) -> None:
    passage = own.report_2013[0]
    changed = make_code("siloed-decisions", Stance.GOOD_PRACTICE)
    own.store.add_judgement(make_judgement(passage, changed, coder="first-coder"))
    own.store.add_judgement(make_judgement(passage, coder="second-coder"))
    told = why(own.get(f"/passages/{passage.passage_id}"))
    assert told.index("first-coder") < told.index("second-coder")
    assert "Good practice found" in told
    assert "Read, and no theme found in it." in told
    machine = told[told.index("What the machine says, which does not stand here:") :]
    assert load_codebook().theme("siloed-decisions").label in machine


def test_a_dispute_is_mailed_with_the_passages_address(world: PortalWorld) -> None:
    passage_id = world.report_2013[0].passage_id
    link = re.search(
        r'href="(mailto:[^"]+)"[^>]*>Dispute this coding', world.get(f"/passages/{passage_id}")
    )
    assert link is not None
    assert f"/passages/{passage_id}\nSnapshot" in unquote(unescape(link[1]))
