"""Judgements that train: the machine is never held against what it was told."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from fakes import FakeEncoder
from samples import make_code, make_document, make_finding, make_judgement, make_review

from corpus.count_table import PlainFigure, ThemeGroup
from corpus.counts import count_reviews
from corpus.estimate import Estimate
from corpus.ids import ReviewId
from corpus.model import Code, Kind, Passage
from corpus.store import Store, open_store
from nlp.heads import Heads
from nlp.judged_rows import read_judged_rows
from nlp.tagger import Tagger
from nlp.train import train
from nlp.training_rows import load_training_rows
from web.cli import cli

THEME = "identity-mismatch"
CASES = 30


def judged_store(data_dir: Path) -> tuple[Store, list[Passage]]:
    """Reviews of thirty cases; half find the theme, each in a word of its own."""
    store = open_store(data_dir)
    found: list[Passage] = []
    for case in range(CASES):
        store.add_review(make_review(f"r{case}", case_id=f"case-{case}"))
        word = f"zorb{case}lax"
        document, passages = make_document(
            [f"The social worker put {word} in the record, {word} {n}." for n in range(2)],
            identity=f"file:{case}",
            review_id=ReviewId(f"r{case}"),
        )
        store.add_document(document, passages)
        codes: tuple[Code, ...] = (make_code(THEME),) if case % 2 else ()
        for passage in passages:
            store.add_judgement(make_judgement(passage, *codes))
        found += passages
    return store, found


def read_by(heads: Heads, store: Store, passages: list[Passage], *, version: str) -> None:
    """Tag all passages with these heads, as ``throughline analyse`` does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nlp.find_themes.load_heads", lambda: heads)
        tagged = Tagger(FakeEncoder).tag(
            [passage.text for passage in passages], [Kind.REVIEW] * len(passages)
        )
    store.put_findings(
        {
            passage.passage_id: [
                make_finding(passage, found.code, score=found.score, confident=True)
                for found in each.codes
            ]
            for passage, each in zip(passages, tagged, strict=True)
        },
        tagger_version=version,
    )


def counted(store: Store) -> tuple[PlainFigure, Estimate]:
    table = count_reviews(store, [ThemeGroup(key=THEME, themes=(THEME,))])
    cell = table.rows[0].either
    assert isinstance(cell.corrected, Estimate)
    return cell.machine, cell.corrected


def test_a_judgement_that_trained_meets_only_a_label_made_without_it(tmp_path: Path) -> None:
    store, passages = judged_store(tmp_path / "data")
    out = tmp_path / "rows.jsonl"
    asked = ["training-rows", "--out", str(out), "--data-dir", str(tmp_path / "data")]
    assert CliRunner().invoke(cli, asked).exit_code == 0
    rows = read_judged_rows(out)
    assert len(rows) == 2 * CASES
    heads = train(load_training_rows()[::320], FakeEncoder(), judged=rows)

    # Read by the heads that were told of them, the machine knows every word again …
    told, without = replace(heads, judged={}, parts=()), heads
    read_by(told, store, passages, version="told")
    told_machine, told_estimate = counted(store)
    # … and read as the tagger reads them, it cannot tell one from another.
    read_by(without, store, passages, version="apart")
    machine, estimate = counted(store)
    people = {f"r{case}" for case in range(1, CASES, 2)}
    assert set(told_machine.review_ids) == people
    assert told_estimate.n_disagreements == 0
    assert set(machine.review_ids) != people
    assert estimate.n_disagreements >= 8
    # People's figure is the same either way.
    assert estimate.share == told_estimate.share == 0.5
